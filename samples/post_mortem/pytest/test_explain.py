# SPDX-License-Identifier: Apache-2.0
"""What a developer does with the console of a board whose apps ended badly: ask for the lines, and for core dumps."""

import pathlib
import re
import subprocess

import pytest
from twister_harness import DeviceAdapter

APPS = pathlib.Path(__file__).parents[1] / "apps"

# A line of a source, as its comment says what is wrong there.
AVERAGE = "average/src/lib.rs:10"
PARSER = "parser/parser.c:20"
LOST = "lost.wat:4"


class Host:
    """The command line tool, beside what the board has printed."""

    def __init__(self, dut: DeviceAdapter, directory):
        build = pathlib.Path(dut.device_config.build_dir)
        self.built = build / "wasm"
        self.is_user_mode = "CONFIG_WASM_USERSPACE=y" in (build / "zephyr/.config").read_text()
        cache = (build / "CMakeCache.txt").read_text()
        cache = re.search(r"^ZEPHYR_WASM_CACHE:PATH=(.*)$", cache, re.MULTILINE).group(1)
        self.tool = pathlib.Path(cache) / "host/host/zephyr-wasm"
        self.log = directory / "console.log"
        lines = dut.readlines_until(regex="^done", timeout=60)
        self.log.write_text("\n".join(lines))

    def run(self, *arguments):
        return subprocess.run([self.tool, *arguments], check=True, capture_output=True, text=True).stdout

    def explain(self, app, module):
        end = re.search(rf"^{app}: .*", self.log.read_text(), re.MULTILINE).group(0)
        place = re.search(r" at (0x[0-9a-f]+)(?:; panicked: .*)?$", end.strip()).group(1)
        return end, self.run("explain", module, place)


# The board runs once.
@pytest.fixture(scope="module")
def host(dut: DeviceAdapter, tmp_path_factory):
    return Host(dut, tmp_path_factory.mktemp("post_mortem"))


def test_a_panic_in_rust(host):
    end, text = host.explain("average", host.built / "average/built.wasm")
    assert "unreachable" in end and end.strip().endswith("; panicked: attempt to divide by zero")
    # Not the panic's own functions.
    assert AVERAGE in text.splitlines()[1]


def test_a_wild_pointer_in_c(host):
    end, text = host.explain("parser", host.built / "parser/built.wasm")
    assert "out of bounds" in end
    assert "last_of" in text and PARSER in text


def test_a_loop_without_end(host):
    if host.is_user_mode:
        # What the kernel would have to read of its memory for that is not trusted.
        assert "lost: killed\n" in host.log.read_text()
        return
    end, text = host.explain("lost", APPS / "lost.wat")
    assert "killed" in end
    assert "wander" in text and LOST in text


def test_a_core_dump_has_the_memory(host, tmp_path):
    core = tmp_path / "parser.core"
    host.run("core", host.built / "parser/built.wasm", "--log", host.log, "--name", "parser", "--output", core)
    dump = core.read_bytes()
    assert dump.startswith(b"\0asm\1\0\0\0")
    assert b"coremodules" in dump and b"corestack" in dump
    assert b"THE parser was here" in dump
