# SPDX-License-Identifier: Apache-2.0
"""The tool by serial port, several boards, and clients that know nothing of us."""

import asyncio
import hashlib
import os
import select
import struct
import time
import tty

import pytest
from conftest import Tool


def test_a_serial_port_does_as_well(board, build):
    tool = Tool(build, ["--serial", board.serial()])
    tool.done("push", tool.file("counter"), tool.file("atlas_1"))
    assert tool.apps()["counter"] == ("0.1.0", "current", "running")
    tool.done("stop", "counter")
    assert tool.apps()["counter"] == ("0.1.0", "current", "killed")
    tool.done("start", "counter")
    assert "state     running" in tool.done("info", "counter")


def test_a_frame_of_nothing_is_no_request(board, build):
    """Of a packet of no bytes, Zephyr takes the two of its CRC: it would be one of 65,534."""
    port = os.open(board.serial(), os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    os.write(port, b"\x06\x09AAA=\n")
    readable, _, _ = select.select([port], [], [], 1)
    os.close(port)
    assert not readable
    assert Tool(build, ["--serial", board.serial()]).apps() is not None


def test_what_is_refused_is_told(board, tool):
    tool.refused("unsigned 0.1.0 is not signed", "push", tool.file("unsigned"))
    tool.done("push", tool.file("greeter_2"))
    assert "is installed already, and runs" in tool.done("push", tool.file("greeter_2"))
    tool.done("stop", "greeter")
    assert "is installed already, and started" in tool.done("push", tool.file("greeter_2"))
    assert tool.apps()["greeter"] == ("1.1.0", "current", "running")
    tool.refused("greeter 1.0.0 is not later than 1.1.0", "push", tool.file("greeter_1"))
    tool.refused("no app \"nobody\" is installed", "start", "nobody")
    tool.refused("no version of \"greeter\" before", "rollback", "greeter")
    assert tool.apps()["greeter"] == ("1.1.0", "current", "running")


def test_a_fleet_is_updated_in_stages(board, build, tmp_path):
    devices = tmp_path / "fleet.toml"
    devices.write_text(
        '[[board]]\nname = "kitchen"\nudp = "127.0.0.1"\n'
        '[[board]]\nname = "attic"\nudp = "127.0.0.1:9"\n'
        '[[board]]\nname = "cellar"\nudp = "127.0.0.1"\n'
    )
    tool = Tool(build, [])
    fleet = ["push", tool.file("greeter_1"), "--all", "--devices", str(devices), "--timeout", "200", "--retries", "0"]
    code, text = tool.run(*fleet, "--stages", "34,67,100", "--jobs", "1")
    assert code != 0 and "2 boards updated, 1 failed, 0 not tried" not in text
    assert "boards 1 to 2 of 3" in text and "attic" in text and "1 not tried" in text, text
    code, text = tool.run(*fleet, "--tolerate", "1")
    assert "2 boards updated, 1 failed, 0 not tried" in text, text


def test_stock_clients_find_what_they_know(board, tool):
    tool.done("push", tool.file("greeter_bad"))
    time.sleep(3)
    tool.done("start", "greeter")
    time.sleep(2)
    smpclient = pytest.importorskip("smpclient")
    from smpclient.requests.os_management import EchoWrite
    from smpclient.requests.statistics_management import GroupData, ListOfGroups
    from smpclient.transport.udp import SMPUDPTransport

    async def talk():
        async with smpclient.SMPClient(SMPUDPTransport(), "127.0.0.1") as client:
            echo = await client.request(EchoWrite(d="anyone there?"))
            assert echo.r == "anyone there?"
            groups = await client.request(ListOfGroups())
            assert "wasm:greeter" in groups.stat_list, groups
            greeter = (await client.request(GroupData(name="wasm:greeter"))).fields
            assert greeter["starts"] == 2 and greeter["failures"] == 2 and greeter["traps"] == 0, greeter
            assert greeter["log_lines"] == 2 and greeter["heap_peak"] > 1000, greeter

    asyncio.run(talk())


def firmware_image(size):
    """An image as MCUboot's tool makes one, but for a signature: header, bytes, and the SHA-256 of both."""
    header = struct.pack("<IIHHIIBBHII", 0x96F3B83D, 0, 32, 0, size, 0, 1, 2, 3, 4, 0)
    body = header + bytes(index % 251 for index in range(size))
    digest = hashlib.sha256(body).digest()
    return body + struct.pack("<HH", 0x6907, 4 + 4 + len(digest)) + struct.pack("<HH", 0x10, len(digest)) + digest


def test_firmware_and_apps_are_uploaded_side_by_side(board, tool, build):
    if "CONFIG_MCUMGR_GRP_IMG=y" not in (build / "zephyr" / ".config").read_text():
        pytest.skip("no image group: the workspace has no MCUboot")
    smpclient = pytest.importorskip("smpclient")
    from smpclient.requests.image_management import ImageStatesRead
    from smpclient.transport.udp import SMPUDPTransport

    async def upload():
        async with smpclient.SMPClient(SMPUDPTransport(mtu=512), "127.0.0.1") as client:
            push = None
            async for offset in client.upload(firmware_image(40000), slot=0):
                # By our tool, in the middle of that.
                if push is None and offset > 10000:
                    push = tool.start("push", tool.file("atlas_1"))
            text, _ = push.communicate(timeout=60)
            assert push.returncode == 0, text
            states = await client.request(ImageStatesRead())
            assert [(image.slot, image.version) for image in states.images] == [(1, "1.2.3.4")], states

    asyncio.run(upload())
    assert tool.apps()["atlas"] == ("3.0.0", "current", "running")
