# SPDX-License-Identifier: Apache-2.0
"""Talks to the app of ../shelf, wherever that runs: by packets of our own, by libcoap's client, and by aiocoap as
its client and its server."""

import argparse
import asyncio
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile

import aiocoap
from aiocoap import resource
from aiocoap.numbers.optionnumbers import OptionNumber

CON, NON, ACK, RST = range(4)
GET, POST, PUT, DELETE, FETCH = range(1, 6)
PATH = (11, b"store")


def encoded(options):
    """Options by their numbers."""
    def part(number):
        if number < 13:
            return number, b""
        return (13, bytes([number - 13])) if number < 269 else (14, struct.pack(">H", number - 269))

    out, last = b"", 0
    for number, value in sorted(options, key=lambda option: option[0]):
        (delta, delta_more), (length, length_more) = part(number - last), part(len(value))
        out += bytes([delta << 4 | length]) + delta_more + length_more + value
        last = number
    return out


class Raw:
    """A client that says just what it is told to."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.id = 0x4000

    def packet(self, code, options=(), payload=b"", kind=CON, token=b"\1\2", version=1):
        self.id += 1
        head = bytes([version << 6 | kind << 4 | len(token), code]) + struct.pack(">H", self.id)
        return head + token + encoded(options) + (b"\xff" + payload if payload else b"")

    def receive(self, timeout):
        """Type, code as 2.05, payload and number of what comes; None if nothing does."""
        self.socket.settimeout(timeout)
        try:
            answer = self.socket.recv(2048)
        except (TimeoutError, ConnectionError):
            return None
        at, last = 4 + (answer[0] & 15), 0
        while at < len(answer) and answer[at] != 0xff:
            delta, length = answer[at] >> 4, answer[at] & 15
            at += 1 + (delta == 13) + 2 * (delta == 14)
            if length == 13:
                length, at = 13 + answer[at], at + 1
            at, last = at + length, last + delta
        code = f"{answer[1] >> 5}.{answer[1] & 31:02}"
        return (answer[0] >> 4) & 3, code, answer[at + 1:], struct.unpack(">H", answer[2:4])[0]

    def ask(self, packet, timeout=5.0):
        """What is answered to it: its type, code and payload."""
        self.socket.send(packet)
        answer = self.receive(timeout)
        return answer and answer[:3]

    def code(self, *arguments, **named):
        """The code of the answer to a packet."""
        return self.ask(self.packet(*arguments, **named))[1]


def packets(port):
    """What a server has to say to packets that clients of other makers were seen to send, and what not."""
    raw = Raw(port)
    assert raw.code(PUT, [PATH], b"whole") == "2.04"
    whole = (ACK, "2.05", b"whole")

    def unchanged(*arguments, expected):
        assert raw.code(*arguments) == expected, arguments
        assert raw.ask(raw.packet(GET, [PATH])) == whole, arguments

    unchanged(PUT, [PATH, (99, b"x")], b"half", expected="4.02")
    unchanged(PUT, [PATH, (5, b"")], b"half", expected="4.12")
    unchanged(PUT, [PATH, (1, b"tag")], b"half", expected="4.12")
    unchanged(PUT, [PATH, (27, b"\x08")], b"0123456789abcdef", expected="2.31")
    unchanged(PUT, [PATH, (27, b"\x38")], b"0123456789abcdef", expected="4.08")
    unchanged(PUT, [PATH, (27, b"\x08"), (60, b"\x7f\xff")], b"0123456789abcdef", expected="4.13")
    unchanged(GET, [(35, b"coap://x/store")], expected="5.05")
    assert raw.code(PUT, [PATH, (1, b"")], b"whole") == "2.04"
    assert raw.ask(raw.packet(GET, [(3, b"a-board-of-a-long-name.example.com"), PATH])) == whole
    assert raw.ask(raw.packet(GET, [PATH, (15, b"n=1")])) == whole
    assert raw.ask(raw.packet(GET, [PATH], token=b"12345678")) == whole
    assert raw.ask(raw.packet(GET, [PATH], kind=NON)) == (NON, "2.05", b"whole")
    assert raw.ask(raw.packet(GET, [(11, b"none")], kind=NON))[:2] == (NON, "4.04")
    assert raw.code(FETCH, [PATH]) == "4.05"
    assert raw.code(30, [PATH]) == "4.05"
    # Twice is once.
    once = raw.packet(POST, [PATH, (11, b"count")])
    first = raw.ask(once)
    assert first[:2] == (ACK, "2.04")
    assert (raw.ask(once), raw.ask(once)) == (first, first)
    again = raw.ask(raw.packet(POST, [PATH, (11, b"count")]))
    assert int(again[2]) == int(first[2]) + 1
    # Paths as they are, or not at all.
    deep = [PATH] + [(11, b"%d" % number) for number in range(12)]
    assert raw.ask(raw.packet(GET, deep))[2] == b"store/0/1/2/3/4/5/6/7/8/9/10/11"
    assert raw.ask(raw.packet(GET, [PATH, (11, b"x" * 57)]))[2] == b"store/" + b"x" * 57
    for segments in ([b"x" * 58], [b"x" * 255], [b"a/b"], [b"a\0b"], [b".."], [b"\xff\xfe"], [b"1"] * 40):
        assert raw.code(GET, [PATH] + [(11, segment) for segment in segments]) == "4.04", segments
    assert raw.code(GET, [(11, b"store\0x")]) == "4.04"
    # What is no message is refused or ignored.
    assert raw.ask(raw.packet(0, token=b""))[:2] == (RST, "0.00")
    assert raw.ask(b"\x49\x01\x10\x10123456789")[:2] == (RST, "0.00")
    assert raw.ask(b"\x40\x01\x10\x11\xff")[:2] == (RST, "0.00")
    for silent in (b"\x40\x01", b"\x50\x00\x10\x12", raw.packet(GET, [PATH], version=2)):
        assert raw.ask(silent, timeout=0.5) is None, silent
    assert b"</store>;obs" in raw.ask(raw.packet(GET, [(11, b".well-known"), (11, b"core")]))[2]
    refused(raw)


def refused(raw):
    """Who refuses what it is told is told no more."""
    assert raw.code(GET, [PATH, (6, b"")], token=b"watch") == "2.05"
    other = Raw(raw.socket.getpeername()[1])
    other.id = 0x6000
    assert other.ask(other.packet(PUT, [PATH], b"told")) == (ACK, "2.04", b"1")
    kind, code, payload, number = raw.receive(5.0)
    assert (kind, code, payload) == (CON, "2.05", b"told")
    # What is not acknowledged comes again, and only the newest does.
    assert other.ask(other.packet(PUT, [PATH], b"newer")) == (ACK, "2.04", b"1")
    kind, code, payload, newer = raw.receive(5.0)
    assert (kind, code, payload) == (CON, "2.05", b"newer") and newer != number
    raw.socket.send(struct.pack(">BBH", 0x40 | RST << 4, 0, newer))
    assert other.ask(other.packet(GET, [PATH])) == (ACK, "2.05", b"newer")
    assert other.ask(other.packet(PUT, [PATH], b"untold")) == (ACK, "2.04", b"0")


def pattern(size):
    """Bytes of which no two blocks are the same."""
    return b"".join(struct.pack(">H", number) for number in range(size // 2 + 1))[:size]


async def client(port, size):
    """What aiocoap's client does with a server."""
    context = await aiocoap.Context.create_client_context()

    async def ask(code, path="store", payload=b"", **options):
        message = aiocoap.Message(code=code, uri=f"coap://127.0.0.1:{port}/{path}", payload=payload, **options)
        return await asyncio.wait_for(context.request(message).response, 30)

    try:
        for length in (0, 1, 16, 63, 64, 65, 200, size - 1, size):
            body = pattern(length)
            assert (await ask(aiocoap.PUT, payload=body)).code == aiocoap.CHANGED, length
            answer = await ask(aiocoap.GET)
            assert (answer.code, answer.payload) == (aiocoap.CONTENT, body), length
        for length in (size + 1, size + 1024):
            answer = await ask(aiocoap.PUT, payload=pattern(length))
            assert (answer.code, answer.opt.size1) == (aiocoap.REQUEST_ENTITY_TOO_LARGE, size), answer
        assert (await ask(aiocoap.GET)).payload == pattern(size)
        assert (await ask(aiocoap.PUT, payload=b"x", if_none_match=True)).code == aiocoap.PRECONDITION_FAILED
        await observer(context, port, ask, size)
    finally:
        await context.shutdown()


async def observer(context, port, ask, size):
    """What is observed is told, also in blocks."""
    message = aiocoap.Message(code=aiocoap.GET, uri=f"coap://127.0.0.1:{port}/store", observe=0)
    request = context.request(message)
    first = await asyncio.wait_for(request.response, 30)
    assert first.payload == pattern(size)
    told = asyncio.Queue()
    request.observation.register_callback(told.put_nowait)
    request.observation.register_errback(lambda error: None)
    for body in (b"one", b"two", pattern(size)):
        assert (await ask(aiocoap.PUT, payload=body)).payload == b"1"
        assert (await asyncio.wait_for(told.get(), 30)).payload == body
    # aiocoap goes on acknowledging for a while; who refuses is in refused().
    request.observation.cancel()


class Kept(resource.Resource):
    """Keeps what is PUT there."""

    def __init__(self, payload):
        super().__init__()
        self.payload = payload

    async def render_get(self, _):
        return aiocoap.Message(code=aiocoap.CONTENT, payload=self.payload)

    async def render_put(self, request):
        self.payload = request.payload
        return aiocoap.Message(code=aiocoap.CHANGED, payload=b"kept")


class Slow(resource.Resource):
    """Acknowledges, and answers later."""

    async def render_get(self, _):
        await asyncio.sleep(1)
        return aiocoap.Message(code=aiocoap.CONTENT, payload=b"late")


class Strange(resource.Resource):
    """Answers with an option that has to be understood."""

    async def render_get(self, _):
        message = aiocoap.Message(code=aiocoap.CONTENT, payload=b"strange")
        message.opt.add_option(OptionNumber(65003).create_option(value=b"x"))
        return message


async def server(port, address, own_port, size):
    """What the app's client does with aiocoap's server."""
    site = resource.Site()
    kept = Kept(b"")
    for name, one in (("kept", kept), ("slow", Slow()), ("strange", Strange())):
        site.add_resource([name], one)
    context = await aiocoap.Context.create_server_context(site, bind=("0.0.0.0", own_port))

    async def ask(line, body=b""):
        message = aiocoap.Message(code=aiocoap.POST, uri=f"coap://127.0.0.1:{port}/store/ask",
                                  payload=f"{address} {line}\n".encode() + body)
        return await asyncio.wait_for(context.request(message).response, 60)

    try:
        for length in (0, 1, 64, 65, 200, size):
            kept.payload = pattern(length)
            answer = await ask("get kept")
            assert (answer.code, answer.payload) == (aiocoap.CONTENT, pattern(length)), length
        for length in (0, 64, 65, size - 60):
            answer = await ask("put kept", pattern(length))
            assert (answer.code, answer.payload) == (aiocoap.CHANGED, b"kept"), length
            assert kept.payload == pattern(length), length
        kept.payload = pattern(size + 1)
        invalid, timeout = b"1", b"4"
        answer = await ask("get kept")
        assert (answer.code, answer.payload) == (aiocoap.INTERNAL_SERVER_ERROR, invalid), answer
        assert (await ask("get none")).code == aiocoap.NOT_FOUND
        assert (await ask("get slow")).payload == b"late"
        answer = await ask("get strange")
        assert (answer.code, answer.payload) == (aiocoap.INTERNAL_SERVER_ERROR, timeout), answer
    finally:
        await context.shutdown()


def libcoap(port, size):
    """What libcoap's client does with a server, where this machine has it."""
    tool = next(filter(None, map(shutil.which, ("coap-client-notls", "coap-client", "coap-client-gnutls"))), None)
    if tool is None:
        print("no coap-client here: libcoap's client is not tried")
        return

    def ask(method, body=None, *options):
        with tempfile.TemporaryDirectory() as place:
            sent, got = pathlib.Path(place, "sent"), pathlib.Path(place, "got")
            if body is not None:
                sent.write_bytes(body)
                options = (*options, "-f", str(sent))
            command = [tool, "-m", method, "-B", "20", "-o", str(got), *options, f"coap://127.0.0.1:{port}/store"]
            done = subprocess.run(command, capture_output=True, timeout=60, check=False)
            return got.read_bytes() if got.exists() else b"", done.stdout + done.stderr

    for length in (1, 63, 64, 65, 200, size):
        body = pattern(length)
        ask("put", body, "-b", "64")
        assert ask("get")[0] == body, length
        assert ask("get", None, "-b", "32")[0] == body, length
    assert b"4.13" in ask("put", pattern(size + 1), "-b", "64")[1]
    assert ask("get")[0] == pattern(size)


async def everything(port, address, own_port, size):
    """All of it: with the app's server at a port of this machine, and this machine's own where the app finds it."""
    await asyncio.to_thread(packets, port)
    await asyncio.to_thread(libcoap, port, size)
    await client(port, size)
    await server(port, address, own_port, size)


def free_port():
    """A port of UDP that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_port:
        any_port.bind(("0.0.0.0", 0))
        return any_port.getsockname()[1]


def main():
    """Runs the app on this machine, and talks to it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("tool")
    parser.add_argument("app")
    parser.add_argument("manifest")
    options = parser.parse_args()
    port, own_port, size = free_port(), free_port(), 4096
    command = [options.tool, "run", options.app, "--manifest", options.manifest, "--coap-port", str(port), "--coap-size", str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as host:
        try:
            for line in host.stdout:
                print(line, end="")
                if "serving" in line:
                    break
            asyncio.run(everything(port, f"127.0.0.1:{own_port}", own_port, size))
        finally:
            host.kill()
    print("all as it should be")


if __name__ == "__main__":
    main()
