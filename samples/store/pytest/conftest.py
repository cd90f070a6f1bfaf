# SPDX-License-Identifier: Apache-2.0
"""The tool, and boards that it speaks to."""

import json
import pathlib
import re
import subprocess
import time

import pytest


class Tool:
    """`zephyr-wasm`, with what the sample's build has made."""

    def __init__(self, build, address):
        self.build = pathlib.Path(build)
        self.path = (self.build / "zephyr_wasm_cli.txt").read_text()
        self.address = address

    def start(self, *arguments):
        return subprocess.Popen([self.path, *arguments, *self.address], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *arguments):
        """Its exit code, and all that it has said."""
        process = self.start(*arguments)
        text, _ = process.communicate(timeout=60)
        print(" ".join(arguments), "->", process.returncode, text)
        return process.returncode, text

    def done(self, *arguments):
        code, text = self.run(*arguments)
        assert code == 0, text
        return text

    def refused(self, words, *arguments):
        code, text = self.run(*arguments)
        assert code != 0 and words in text, text

    def file(self, name):
        return str(self.build / "wasm" / f"{name}.wasm")

    def apps(self):
        """What is to run of each name: its version, its state, and what it does."""
        lines = [json.loads(line) for line in self.done("ps", "--json").splitlines()]
        return {app["name"]: (app["version"], app["state"], app["run"]) for app in lines if app["state"] != "previous"}


class Board:
    """native_sim, with a flash that outlives its power."""

    def __init__(self, build, flash):
        self.command = [str(pathlib.Path(build) / "zephyr" / "zephyr.exe"), f"-flash={flash}"]
        self.log = pathlib.Path(build) / "board.log"
        self.process = None

    def power_on(self):
        self.process = subprocess.Popen(self.command, stdout=self.log.open("w"), stderr=subprocess.STDOUT)
        for _ in range(100):
            if "serving UDP" in self.text():
                return
            time.sleep(0.1)
        raise AssertionError(self.text())

    def power_off(self):
        self.process.kill()
        self.process.wait()

    def text(self):
        return self.log.read_text(errors="replace")

    def serial(self):
        """Its serial port for SMP."""
        return re.search(r"uart_1 connected to pseudotty: (\S+)", self.text()).group(1)


@pytest.fixture
def build(twister_harness_config):
    return twister_harness_config.devices[0].build_dir


@pytest.fixture
def board(build, tmp_path):
    board = Board(build, tmp_path / "flash.bin")
    board.power_on()
    yield board
    board.power_off()


@pytest.fixture
def tool(build):
    return Tool(build, ["--udp", "127.0.0.1"])
