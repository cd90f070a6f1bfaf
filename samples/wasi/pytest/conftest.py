# SPDX-License-Identifier: Apache-2.0
"""An operator at the shell of a board with a card."""

import re
import time

import pytest
from twister_harness import DeviceAdapter
from twister_harness.exceptions import TwisterHarnessTimeoutException

PROMPT = "uart:~$"
PATIENCE = 60
LOG = re.compile(r"<(inf|wrn|err)> ")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Operator:
    def __init__(self, dut: DeviceAdapter):
        self.dut = dut

    def run(self, command, *typed):
        """Runs a command, types what it asks for, and returns the lines that came back until the next prompt."""
        self.dut.clear_buffer()
        self.dut.write(f"{command}\n".encode())
        self.dut.readlines_until(regex=re.escape(command[-20:]), timeout=PATIENCE)
        for keys in typed:
            time.sleep(1)
            self.dut.write(keys)
        return self.prompt()

    def prompt(self):
        """Waits for the prompt, and returns the lines before it."""
        lines, until = [], time.time() + PATIENCE
        while time.time() < until:
            # Only a line that is ended is seen; a program that does not read takes no notice.
            self.dut.write(b"\n")
            try:
                while True:
                    line = self.dut.readline(timeout=0.5)
                    if PROMPT in line:
                        return [line for line in lines if line.strip() and not LOG.search(line)]
                    lines.append(COLOUR.sub("", line).strip())
            except TwisterHarnessTimeoutException:
                continue
        raise AssertionError(f"no end: {lines}")

    def exit_code(self):
        return int(self.run("retval")[-1])


@pytest.fixture
def operator(dut: DeviceAdapter):
    lines = dut.readlines_until(regex="(programs|files) on", timeout=PATIENCE)
    operator = Operator(dut)
    operator.card = re.search(r"(?:programs|files) on (\S+):", lines[-1]).group(1)
    operator.prompt()
    return operator
