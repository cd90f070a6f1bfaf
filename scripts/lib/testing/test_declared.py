"""Tests that a difference between Rust and C does not compile: in an argument, a field, a number, or a grant."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

from places import REPO

PROJECT = f"""cmake_minimum_required(VERSION 3.20.0)
list(APPEND EXTRA_ZEPHYR_MODULES {REPO})
find_package(Zephyr REQUIRED HINTS $ENV{{ZEPHYR_BASE}})
project(declared)
file(WRITE ${{CMAKE_BINARY_DIR}}/main.c "int main(void) {{ return 0; }}")
target_sources(app PRIVATE ${{CMAKE_BINARY_DIR}}/main.c)
"""
# User mode, so that what a manifest grants is asked for in C.
CONFIG = """CONFIG_WASM=y
CONFIG_USERSPACE=y
CONFIG_WASM_USERSPACE=y
CONFIG_PRIVILEGED_STACK_SIZE=2048
CONFIG_WASM_API_GPIO=y
CONFIG_GPIO=y
CONFIG_WASM_API_RANDOM=y
CONFIG_TEST_RANDOM_GENERATOR=y
"""
# What the sources include that the build writes.
HEADERS = r"zephyr/include/generated/zephyr/(?:syscall_list|offsets|version|cmake_intdef)[\w.]*"
# What the tool reads.
READ = ["rust/platform-zephyr/src", "rust/api/src", "rust/cli/src/image", "rust/engine/src", "rust/supervise/src", "wit"]


class Declared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        place = pathlib.Path(cls.place.name)
        (place / "CMakeLists.txt").write_text(PROJECT)
        (place / "prj.conf").write_text(CONFIG)
        cls.run_in(place, "cmake", "-GNinja", "-B", "build", "-DBOARD=mps2/an385", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", ".")
        cls.build = place / "build"
        cache = (cls.build / "CMakeCache.txt").read_text()
        cls.declared = pathlib.Path(re.search(r"^ZEPHYR_WASM_DECLARED:\w+=(.*)$", cache, re.MULTILINE)[1])
        cls.tool = os.environ.get("ZEPHYR_WASM_DECLARE") or \
            re.search(r"^ZEPHYR_WASM_CACHE:\w+=(.*)$", cache, re.MULTILINE)[1] + "/host/host/zephyr-wasm-declare"
        targets = cls.run_in(cls.build, "ninja", "-t", "targets", "all")
        cls.run_in(cls.build, "ninja", *sorted(set(re.findall(rf"^({HEADERS}):", targets, re.MULTILINE))))
        cls.commands = {pathlib.Path(one["file"]).name: one for one in json.loads((cls.build / "compile_commands.json").read_text())}

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def run_in(cls, place, *command):
        done = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise AssertionError(f"{shlex.join(command)}\n{done.stdout[-3000:]}")
        return done.stdout

    def compiled(self, source, file="", was="", becomes=""):
        """Returns the compiler's output for a C source, after a change in a Rust file, if one is given."""
        with tempfile.TemporaryDirectory() as place:
            for part in READ:
                shutil.copytree(REPO / part, pathlib.Path(place, part))
            if file:
                path = pathlib.Path(place, file)
                text = path.read_text()
                self.assertEqual(text.count(was), 1, f"{file}: {was}")
                path.write_text(text.replace(was, becomes))
            config = pathlib.Path(place, ".config")
            config.write_text("".join(f"CONFIG_WASM_{symbol}=y\n" for symbol in ("API_GPIO", "API_RANDOM", "USERSPACE")))
            self.run_in(place, self.tool, f"--checkout={place}", f"--output={place}/declared", f"--config={config}")
            command = self.commands[source]["command"].replace(str(self.declared), f"{place}/declared")
            arguments = shlex.split(command)
            arguments[arguments.index("-o") + 1] = "/dev/null"
            done = subprocess.run([*arguments, "-fdiagnostics-color=never"], cwd=self.build, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            # Some locales have other apostrophes.
            said = done.stdout.replace("‘", "'").replace("’", "'")
            self.assertEqual("error:" in said, bool(done.returncode), said)
            return said

    def refused(self, expected, *change):
        said = self.compiled(*change)
        self.assertIn(expected, said)
        print(next(line for line in said.splitlines() if "error:" in line))

    def test_as_they_are(self):
        for source in ("gpio.c", "random.c", "zephyr_wasm_layouts.c", "gate.c"):
            self.assertNotIn("error:", self.compiled(source))

    def test_the_type_of_an_argument(self):
        self.refused("error: conflicting types for 'zephyr_wasm_gpio_set'", "gpio.c", "rust/platform-zephyr/src/gpio.rs",
                     "zephyr_wasm_gpio_set(line: u32, active: bool)", "zephyr_wasm_gpio_set(line: u32, active: u32)")

    def test_an_argument_more(self):
        self.refused("error: conflicting types for 'zephyr_wasm_random_fill'", "random.c", "rust/platform-zephyr/src/random.rs",
                     "length: usize)", "length: usize, more: u32)")

    def test_the_name_of_a_function(self):
        self.refused("error: no previous prototype for 'zephyr_wasm_random_fill'", "random.c",
                     "rust/platform-zephyr/src/random.rs", "fn zephyr_wasm_random_fill", "fn zephyr_wasm_random_fills")

    def test_a_function_in_rust(self):
        self.refused("error: too few arguments to function 'zephyr_wasm_rs_granted'", "gate.c", "rust/platform-zephyr/src/entry.rs",
                     "    wanted: *const c_char,\n    length: usize,\n) -> bool {\n    // SAFETY: as promised by the caller.\n    let (module, kind",
                     "    wanted: *const c_char,\n    length: usize,\n    more: u32,\n) -> bool {\n    // SAFETY: as promised by the caller.\n    let (module, kind")

    def test_a_field_of_a_structure(self):
        for was, becomes in (("pub heap: u32,", "pub heap: u8,"), ("pub priority: i32,\n", "pub priority: i32,\n    pub more: u32,\n")):
            with self.subTest(becomes):
                self.refused("of struct zephyr_wasm_manifest is another in Rust" if "u8" in becomes else "struct zephyr_wasm_manifest",
                             "zephyr_wasm_layouts.c", "rust/platform-zephyr/src/sys.rs", *self.in_manifest(was, becomes))

    def in_manifest(self, was, becomes):
        """Returns a change in struct Manifest only, because other structures have fields of the same name."""
        text = (REPO / "rust/platform-zephyr/src/sys.rs").read_text()
        manifest = re.search(r"pub struct Manifest \{.*?\n\}", text, re.DOTALL)[0]
        return manifest, manifest.replace(was, becomes)

    def test_a_number(self):
        self.refused("ZEPHYR_WASM_MESSAGE_SIZE is 160 in sys.rs", "zephyr_wasm_layouts.c", "rust/platform-zephyr/src/sys.rs",
                     "usize = 161;", "usize = 160;")

    def test_a_record_of_the_store(self):
        record = "rust/cli/src/image/record.rs"
        self.refused("of struct record_entry is another in Rust", "zephyr_wasm_layouts.c", record, "pub size: u32,", "pub size: u16,")
        self.refused("RECORD_IS_CONFIRMED is 8 in record.rs", "zephyr_wasm_layouts.c", record, "CONFIRMED: u8 = 4;", "CONFIRMED: u8 = 8;")

    def test_a_grant(self):
        """C has a check that Rust does not name any more, or lacks one that Rust names."""
        declared = ("rust/platform-zephyr/src/gpio.rs", "#[grants(zephyr_wasm_gpio_may_open)]")
        self.refused("error: no previous prototype for 'zephyr_wasm_gpio_may_open'", "gpio.c", *declared, "#[grants(none)]")
        self.refused("error: no previous prototype for 'zephyr_wasm_gpio_may_open'", "gpio.c", *declared,
                     "#[grants(zephyr_wasm_gpio_may_use)]")


if __name__ == "__main__":
    unittest.main()
