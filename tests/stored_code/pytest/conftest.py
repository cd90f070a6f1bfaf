# SPDX-License-Identifier: Apache-2.0
"""A board in QEMU whose only serial port is a terminal of this machine, and whose memory outlives its resets; and the tool."""

import json
import pathlib
import re
import socket
import subprocess
import time

import pytest

# As Zephyr starts them, without the console.
MACHINES = {
    "mps2/an385": ["qemu-system-arm", "-cpu", "cortex-m3", "-machine", "mps2-an385", "-vga", "none"],
    "qemu_riscv32": ["qemu-system-riscv32", "-machine", "virt", "-bios", "none", "-m", "256"],
}


class Board:
    """It, while it is on. Without power, what it has in its simulated flash would be gone."""

    def __init__(self, build, platform, directory):
        control = directory / "qmp"
        image = pathlib.Path(build) / "zephyr" / "zephyr.elf"
        # With or without what the board's name is short for.
        machine = next(MACHINES[name] for name in MACHINES if platform == name or platform.startswith(f"{name}/"))
        self.log = directory / "qemu.log"
        self.process = subprocess.Popen(
            [*machine, "-display", "none", "-monitor", "none", "-serial", "pty", "-kernel", image,
             "-qmp", f"unix:{control},server=on,wait=off"], stdout=self.log.open("w"), stderr=subprocess.STDOUT)
        self.serial = self.wait_for(lambda: re.search(r"redirected to (\S+)", self.log.read_text()))[1]
        self.socket = socket.socket(socket.AF_UNIX)
        self.wait_for(control.exists)
        self.socket.connect(str(control))
        self.control = self.socket.makefile("rw")
        self.read()
        self.command("qmp_capabilities")

    def wait_for(self, condition):
        for _ in range(100):
            if found := condition():
                return found
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def read(self):
        return json.loads(self.control.readline())

    def command(self, name):
        self.control.write(json.dumps({"execute": name}) + "\n")
        self.control.flush()
        while "return" not in (answer := self.read()):
            assert "error" not in answer, answer

    def reset(self):
        """At once, whatever it is doing."""
        self.command("system_reset")

    def power_off(self):
        self.process.kill()
        self.process.wait()
        self.socket.close()


class Tool:
    """`zephyr-wasm`, with what the build has made."""

    def __init__(self, build, board):
        self.build = pathlib.Path(build)
        self.path = (self.build / "zephyr_wasm_cli.txt").read_text()
        self.board = board

    def start(self, *arguments):
        return subprocess.Popen([self.path, *arguments, "--serial", self.board.serial], text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def run(self, *arguments):
        """Its exit code, and all that it has said."""
        process = self.start(*arguments)
        text, _ = process.communicate(timeout=60)
        print(" ".join(arguments), "->", process.returncode, text)
        return process.returncode, text

    def explain(self, *arguments):
        return subprocess.run([self.path, "explain", *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=True).stdout

    def done(self, *arguments):
        code, text = self.run(*arguments)
        assert code == 0, text
        return text

    def file(self, name):
        return str(self.build / "wasm" / f"{name}.wasm")

    def apps(self):
        """What is to run of each name: its version, its state, what it does, and whether it is compiled."""
        lines = [json.loads(line) for line in self.done("ps", "--json").splitlines()]
        return {app["name"]: (app["version"], app["state"], app["run"], app.get("compiled")) for app in lines
                if app["state"] != "previous"}


@pytest.fixture
def build(twister_harness_config):
    return twister_harness_config.devices[0].build_dir


@pytest.fixture
def board(twister_harness_config, build, tmp_path):
    board = Board(build, twister_harness_config.devices[0].platform, tmp_path)
    yield board
    board.power_off()


@pytest.fixture
def tool(build, board):
    return Tool(build, board)
