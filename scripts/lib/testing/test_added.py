"""Tests that a host API can be added by its own files and one line, because no list of host APIs is written by hand."""

import os
import pathlib
import shutil
import subprocess
import unittest

from places import REPO

# Of a host API with one function: these files, and the line in wit/app.wit.
FILES = {
    "wit/triple.wit": """/// Numbers, three times as large.
package zephyr:triple@0.1.0;

/// Numbers.
interface triple {
    /// Three times the value.
    of: func(value: u32) -> u32;
}
""",
    "rust/api/src/triple.rs": """//! `zephyr:triple`: numbers, three times as large.

use crate::bindings::zephyr_triple_triple::Host;
use zephyr_wasm_runtime::{App, Platform};

/// What multiplies.
pub trait Device: Platform {
    /// Three times the value.
    fn triple(&self, value: u32) -> u32;
}

impl<P: Device> Host for App<P> {
    fn of(&mut self, value: u32) -> u32 {
        self.platform.triple(value)
    }
}
""",
    "rust/platform-zephyr/src/triple.rs": """//! `zephyr:triple` in C.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use zephyr_wasm_api::triple::Device;

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_triple_of(value: u32) -> u32;
}

impl Device for Zephyr {
    fn triple(&self, value: u32) -> u32 {
        zephyr_wasm_triple_of(value)
    }
}
""",
    "rust/platform-host/src/triple.rs": """//! `zephyr:triple` here.

use crate::platform::HostPlatform;
use zephyr_wasm_api::triple::Device;

impl Device for HostPlatform {
    fn triple(&self, value: u32) -> u32 {
        value.wrapping_mul(3)
    }
}
""",
    "src/api/triple/triple.c": """#include "zephyr_wasm_declared.h"

uint32_t zephyr_wasm_triple_of(uint32_t value)
{
	return value * 3;
}
""",
    "src/api/triple/CMakeLists.txt": "zephyr_library_sources_ifdef(CONFIG_WASM_API_TRIPLE triple.c)\n",
    "src/api/triple/Kconfig": 'config WASM_API_TRIPLE\n\tbool "zephyr:triple"\n',
}
IMPORT = "    import zephyr:triple/triple@0.1.0;\n"

# A firmware whose app uses it.
FIRMWARE = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.20.0)
list(APPEND EXTRA_ZEPHYR_MODULES ${CMAKE_CURRENT_LIST_DIR}/..)
find_package(Zephyr REQUIRED HINTS $ENV{ZEPHYR_BASE})
project(firmware)
target_sources(app PRIVATE main.c)
zephyr_wasm_app(asker CRATE asker)
""",
    "prj.conf": "CONFIG_WASM=y\nCONFIG_LOG=y\nCONFIG_LOG_MODE_MINIMAL=y\nCONFIG_WASM_API_TRIPLE=y\nCONFIG_WASM_METRICS=y\n",
    "main.c": "#include <zephyr_wasm/zephyr_wasm.h>\n\nint main(void)\n{\n\treturn zephyr_wasm_start_all();\n}\n",
    "asker/Cargo.toml": """[package]
name = "asker"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
zephyr-wasm-guest = { path = "../../guest/rust" }

[workspace]
""",
    "asker/app.toml": 'name = "asker"\n\n[imports]\nlog = true\ntriple = true\n',
    "asker/src/lib.rs": """#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::{app, triple};

app!(run, arena = 64);

fn run() {
    Line::new().text("three times 14 is ").number(triple::of(14).into()).info();
}
""",
}


def put(path, text):
    """Writes a file if its content differs. Otherwise, what depends on it would be built again."""
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


class Added(unittest.TestCase):
    def test_a_host_api(self):
        place = pathlib.Path(os.environ["ZEPHYR_WASM_BUILDS"]) / "added"
        copy = place / "checkout"
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=REPO, stdout=subprocess.PIPE,
                                text=True, check=True).stdout.split("\n")
        files = {name: (REPO / name).read_bytes() for name in listed if name and (REPO / name).is_file()}
        self.assertNotIn("triple", {pathlib.Path(name).stem for name in files})
        files |= {name: text.encode() for name, text in FILES.items()}
        files |= {f"added/{name}": text.encode() for name, text in FIRMWARE.items()}
        world = files["wit/app.wit"].decode()
        first = world.index("    import ")
        files["wit/app.wit"] = (world[:first] + IMPORT + world[first:]).encode()
        for path in [path for path in copy.rglob("*") if path.is_file() and path.name != "Cargo.lock"]:
            if str(path.relative_to(copy)) not in files:
                path.unlink()
        for name, text in files.items():
            put(copy / name, text)

        # Its own tools, and what they have built.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ZEPHYR_WASM_")}
        environment["ZEPHYR_WASM_CACHE"] = str(place / "cache")
        shutil.rmtree(place / "build", ignore_errors=True)
        for command in (["cmake", "-GNinja", "-B", str(place / "build"), "-DBOARD=native_sim/native/64", str(copy / "added")],
                        ["ninja", "-C", str(place / "build")]):
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, 0, done.stdout[-4000:])
        ran = subprocess.run([str(place / "build/zephyr/zephyr.exe"), "-stop_at=2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, timeout=60)
        self.assertIn("asker: three times 14 is 42", ran.stdout)


if __name__ == "__main__":
    unittest.main()
