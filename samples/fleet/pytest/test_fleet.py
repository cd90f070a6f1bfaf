# SPDX-License-Identifier: Apache-2.0
"""What of a server of LwM2M is needed: registration, packages by CoAP, and Software Management (object 9)."""

import asyncio
import pathlib

import pytest

aiocoap = pytest.importorskip("aiocoap")
from aiocoap import resource  # noqa: E402

TEXT, TLV = 0, 11542
STATE, RESULT, INSTALL, ACTIVATE, DEACTIVATE, UNINSTALL = 7, 9, 4, 10, 11, 6
INITIAL, DELIVERED, INSTALLED = 0, 3, 4
SUCCESS, INSTALLATION_FAILED = 2, 58

# What a board calls this machine, and where it looks for its server there: boards/ has the other end.
PLACES = {"mps2/an385": ("10.0.2.2", 15685), "native_sim/native/64": ("127.0.0.1", 25685)}


class Registrations(resource.Resource):
    """`/rd`: clients come here first."""

    def __init__(self):
        super().__init__()
        self.came = asyncio.get_running_loop().create_future()

    async def render_post(self, request):
        if not self.came.done():
            self.came.set_result((request.remote, request.opt.uri_query, request.payload))
        return aiocoap.Message(code=aiocoap.CREATED, location_path=("rd", "1"))


class Renewals(resource.Resource):
    async def render_post(self, request):
        return aiocoap.Message(code=aiocoap.CHANGED)


class Package(resource.Resource):
    """Gives out its blocks by itself, to tell with each how large the package is: a board makes room for it."""

    def __init__(self, file):
        super().__init__()
        self.bytes = file.read_bytes()

    async def needs_blockwise_assembly(self, request):
        return False

    async def render_get(self, request):
        wanted = request.opt.block2
        number, exponent = (wanted.block_number, wanted.size_exponent) if wanted else (0, 5)
        size = 16 << exponent
        part = self.bytes[number * size : (number + 1) * size]
        answer = aiocoap.Message(code=aiocoap.CONTENT, payload=part)
        answer.opt.block2 = (number, (number + 1) * size < len(self.bytes), exponent)
        answer.opt.size2 = len(self.bytes)
        return answer


class Server:
    def __init__(self, build, host, port):
        self.build, self.host, self.port = pathlib.Path(build), host, port

    async def __aenter__(self):
        self.registrations = Registrations()
        site = resource.Site()
        site.add_resource(["rd"], self.registrations)
        site.add_resource(["rd", "1"], Renewals())
        for file in (self.build / "wasm").glob("*.wasm"):
            site.add_resource(["apps", file.name], Package(file))
        self.context = await aiocoap.Context.create_server_context(site, bind=("0.0.0.0", self.port))
        return self

    async def __aexit__(self, *_):
        await self.context.shutdown()

    async def registered(self):
        self.board, query, objects = await asyncio.wait_for(self.registrations.came, timeout=60)
        assert any("ep=zephyr-wasm" in part for part in query) and b"</9/0>" in objects, (query, objects)

    async def ask(self, code, instance, number, payload=b""):
        message = aiocoap.Message(code=code, payload=payload, uri_path=("9", str(instance), str(number)))
        message.remote = self.board
        if code == aiocoap.GET:
            message.opt.accept = TEXT
        elif payload:
            message.opt.content_format = TEXT
        answer = await asyncio.wait_for(self.context.request(message).response, timeout=30)
        assert answer.code.is_successful(), (instance, number, answer.code, answer.payload)
        return answer.payload.decode()

    async def may_delete(self, *path):
        message = aiocoap.Message(code=aiocoap.DELETE, uri_path=tuple(str(part) for part in path))
        message.remote = self.board
        answer = await asyncio.wait_for(self.context.request(message).response, timeout=30)
        return answer.code.is_successful()

    async def begin(self, *path, payload, content_format=TEXT):
        """The first block of 16 bytes of what is written in blocks."""
        message = aiocoap.Message(code=aiocoap.PUT, payload=payload, uri_path=tuple(str(part) for part in path))
        message.remote = self.board
        message.opt.content_format = content_format
        message.opt.block1 = (0, True, 0)
        request = self.context.request(message, handle_blockwise=False)
        return (await asyncio.wait_for(request.response, timeout=30)).code

    async def write(self, *path, payload):
        """What is written whole, as TLV."""
        message = aiocoap.Message(code=aiocoap.PUT, payload=payload, uri_path=tuple(str(part) for part in path))
        message.remote = self.board
        message.opt.content_format = TLV
        return (await asyncio.wait_for(self.context.request(message).response, timeout=30)).code

    async def execute(self, instance, number):
        await self.ask(aiocoap.POST, instance, number)

    async def deliver(self, instance, name):
        uri = f"coap://{self.host}:{self.port}/apps/{name}.wasm"
        await self.ask(aiocoap.PUT, instance, 3, uri.encode())
        await self.reaches(instance, DELIVERED)

    async def reaches(self, instance, state):
        for _ in range(100):
            now = int(await self.ask(aiocoap.GET, instance, STATE))
            if now == state:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"state {now}, result {await self.ask(aiocoap.GET, instance, RESULT)}")


def test_a_server_installs_and_updates(dut, twister_harness_config):
    board = twister_harness_config.devices[0]
    build = board.build_dir

    async def serve():
        async with Server(build, *PLACES[board.platform]) as server:
            await server.registered()
            await server.deliver(0, "greeter_1")
            await server.execute(0, INSTALL)
            await server.reaches(0, INSTALLED)
            assert int(await server.ask(aiocoap.GET, 0, RESULT)) == SUCCESS
            assert await server.ask(aiocoap.GET, 0, 0) == "greeter"
            await server.execute(0, ACTIVATE)
            await asyncio.sleep(1)
            # The update is a package of its own.
            await server.deliver(1, "greeter_2")
            await server.execute(1, INSTALL)
            await server.reaches(1, INSTALLED)
            await server.execute(1, ACTIVATE)
            await asyncio.sleep(1)
            assert await server.ask(aiocoap.GET, 1, 1) == "1.1.0"
            await server.execute(1, DEACTIVATE)

    asyncio.run(serve())
    dut.readlines_until(regex="greeter: hello", timeout=5)
    dut.readlines_until(regex="greeter: hello again", timeout=5)


def test_what_is_not_signed_is_not_installed(dut, twister_harness_config):
    board = twister_harness_config.devices[0]
    build = board.build_dir

    async def serve():
        async with Server(build, *PLACES[board.platform]) as server:
            await server.registered()
            await server.deliver(0, "unsigned")
            await server.execute(0, INSTALL)
            assert int(await server.ask(aiocoap.GET, 0, STATE)) == DELIVERED
            assert int(await server.ask(aiocoap.GET, 0, RESULT)) == INSTALLATION_FAILED
            await server.execute(0, UNINSTALL)
            assert int(await server.ask(aiocoap.GET, 0, STATE)) == INITIAL

    asyncio.run(serve())
    dut.readlines_until(regex="unsigned 0.1.0 is not signed", timeout=5)


def test_a_server_deletes_no_instance(dut, twister_harness_config):
    """It could make one of any number then, by which Zephyr looks up what it calls."""
    board = twister_harness_config.devices[0]

    async def serve():
        async with Server(board.build_dir, *PLACES[board.platform]) as server:
            await server.registered()
            for path in ((5,), (5, 0), (5, 0, 3), (9, 0), (9, 1)):
                assert not await server.may_delete(*path), path
            await server.deliver(0, "unsigned")

    asyncio.run(serve())


def test_a_server_begins_many_blocks(dut, twister_harness_config):
    """Zephyr has places for three, and takes the second resource of bytes in a message for the rest of the first."""
    board = twister_harness_config.devices[0]

    async def serve():
        async with Server(board.build_dir, *PLACES[board.platform]) as server:
            await server.registered()
            for number in (1, 2, 3, 5, 6):
                code = await server.begin(1, 0, number, payload=b"%016d" % 60)
                assert code == aiocoap.CONTINUE, (number, code)
            package = bytes((0xC6, 0)) + b"abcdef"
            assert not (await server.begin(5, 0, payload=2 * package, content_format=TLV)).is_successful()
            await server.deliver(0, "unsigned")

    asyncio.run(serve())


def test_a_server_says_more_than_there_is(dut, twister_harness_config):
    """A list of 16 MiB, of which one item is there: Zephyr looks for the others until it has counted back to none."""
    board = twister_harness_config.devices[0]

    async def serve():
        async with Server(board.build_dir, *PLACES[board.platform]) as server:
            await server.registered()
            items = bytes((0x98, 8, 0xFF, 0xFF, 0xFF, 0x58, 0, 0xFF, 0xFF, 0xF0))
            assert not (await server.write(9, 0, payload=items)).is_successful()
            await server.deliver(0, "unsigned")

    asyncio.run(serve())
