"""Tests of what ends the configuration of a firmware: with the reason, in our words. Needs a Zephyr."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from places import REPO

PROJECT = """cmake_minimum_required(VERSION 3.20.0)
list(APPEND EXTRA_ZEPHYR_MODULES {repo})
find_package(Zephyr REQUIRED HINTS $ENV{{ZEPHYR_BASE}})
project(refused)
file(WRITE ${{CMAKE_BINARY_DIR}}/main.c "int main(void) {{ return 0; }}")
target_sources(app PRIVATE ${{CMAKE_BINARY_DIR}}/main.c)
{apps}
"""
APP = f"MODULE {REPO}/tests/guests/returns.wat"


class Refusals(unittest.TestCase):
    def configure(self, board, apps="", status=1, config="CONFIG_WASM=y\n"):
        """What CMake says of a firmware with these apps."""
        with tempfile.TemporaryDirectory() as place:
            place = pathlib.Path(place)
            (place / "CMakeLists.txt").write_text(PROJECT.format(repo=REPO, apps=apps))
            (place / "prj.conf").write_text(config)
            done = subprocess.run(["cmake", "-GNinja", "-B", "build", f"-DBOARD={board}", "."], cwd=place, env=os.environ,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(bool(done.returncode), bool(status), done.stdout[-3000:])
        # As CMake has broken its lines.
        return " ".join(done.stdout.split())

    def test_no_compare_and_swap(self):
        self.assertIn("has no compare-and-swap (thumbv6m-none-eabi)", self.configure("qemu_cortex_m0"))

    def test_no_rust_target(self):
        text = self.configure("qemu_riscv32e")
        self.assertIn("has CONFIG_WASM=y: this image has no apps (CONFIG_WASM=n): zephyr-lang-rust has no Rust target for", text)

    def test_several_cores(self):
        self.assertIn("apps run on one core: set CONFIG_SMP=n", self.configure("qemu_riscv32/qemu_virt_riscv32/smp"))

    def test_not_asked_for(self):
        """A firmware without apps that has the module in its workspace is nobody's business; one with apps is."""
        self.configure("qemu_cortex_m0", config="", status=0)
        text = self.configure("native_sim/native/64", f"zephyr_wasm_app(one {APP})", config="")
        self.assertIn("zephyr_wasm_app(one): this image has no apps (CONFIG_WASM=n): set CONFIG_WASM=y", text)

    def test_apps(self):
        board = "native_sim/native/64"
        self.assertIn("zephyr_wasm_app(one): CRATE: there is no", self.configure(board, "zephyr_wasm_app(one CRATE apps/one)"))
        self.assertIn("zephyr_wasm_app(one): there is an app of this name already",
                      self.configure(board, f"zephyr_wasm_app(one {APP})\nzephyr_wasm_app(one {APP})"))
        three = "\n".join(f"zephyr_wasm_app({name} {APP})" for name in ("one", "two", "three"))
        self.assertIn("3 apps are embedded, and CONFIG_WASM_MAX_APPS=2", self.configure(board, three, status=0))


if __name__ == "__main__":
    unittest.main()
