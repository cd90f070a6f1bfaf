# SPDX-License-Identifier: Apache-2.0
"""What arrives runs as machine code."""

from conftest import Tool
from test_board import port


def test_what_arrives_runs_as_machine_code(dut, build):
    tool = Tool(build, ["--udp", f"127.0.0.1:{port(build)}"])
    tool.done("push", tool.file("greeter_2"), tool.file("counter"))
    assert "code      compiled" in tool.done("info", "greeter")
    assert "code      compiled" in tool.done("info", "counter")
    assert "compiled" in tool.done("ps")
