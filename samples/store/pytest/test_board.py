# SPDX-License-Identifier: Apache-2.0
"""The same on a board with a network of its own, through Zephyr's own SMP over UDP."""

import pathlib
import re

from conftest import Tool


def port(build):
    """Returns this machine's port that leads to the board, as its configuration has it."""
    config = pathlib.Path(build, "zephyr/.config").read_text()
    return re.search(r'^CONFIG_NET_QEMU_USER_EXTRA_ARGS="hostfwd=udp::(\d+)-', config, re.M)[1]


def test_apps_arrive_over_the_network(dut, build):
    dut.readlines_until(regex="started 1 apps", timeout=60)
    tool = Tool(build, ["--udp", f"127.0.0.1:{port(build)}"])
    tool.done("push", tool.file("greeter_1"), tool.file("atlas_1"))
    dut.readlines_until(regex="atlas: the table is whole", timeout=30)
    apps = tool.apps()
    assert apps["greeter"] == ("1.0.0", "current", "running"), apps
    assert apps["heartbeat"] == ("1.0.0", "embedded", "running"), apps
    tool.done("push", tool.file("atlas_2"))
    assert tool.apps()["atlas"] == ("3.1.0", "on trial", "running")
    tool.refused("is not signed", "push", tool.file("unsigned"))
    tool.done("rm", "atlas")
    assert "atlas" not in tool.apps()
