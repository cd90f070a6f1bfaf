"""Tests of the errors that end the configuration of a firmware, and of their messages. Needs a Zephyr."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

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
# A configuration with which apps can look up names.
NAMES = """CONFIG_NETWORKING=y
CONFIG_NET_IPV4=y
CONFIG_NET_UDP=y
CONFIG_NET_SOCKETS=y
CONFIG_NET_LOOPBACK=y
CONFIG_DNS_RESOLVER=y
CONFIG_TEST_RANDOM_GENERATOR=y
CONFIG_WASM_API_SOCKETS=y
"""
CRATE = """[package]
name = "{name}"
edition = "2024"
[lib]
{library}
[workspace]
"""
CRATES = {
    "main.c": "",
    "good.h": "#include <zephyr_wasm/core.h>\nint32_t good_f(ZEPHYR_WASM_TEXT(text));\n",
    "more.h": "void more_f(void);\n",
    "gpio.h": "void digitalWrite(uint32_t pin);\n",
    "bad.h": "#include <stdint.h>\n\nint32_t bad_f(const char *text);\n",
    "plain/Cargo.toml": CRATE.format(name="plain", library=""),
    "plain/src/lib.rs": "",
    "named/Cargo.toml": CRATE.format(name="named", library='name = "other"\ncrate-type = ["cdylib"]'),
    "named/src/lib.rs": "",
}


class Refusals(unittest.TestCase):
    def configure(self, board, apps="", status=1, config="CONFIG_WASM=y\n", files=None, options=()):
        """Returns the output of CMake for a firmware with these apps and files."""
        with tempfile.TemporaryDirectory() as place:
            self.write(place, apps, config, files)
            return self.cmake(place, status, f"-DBOARD={board}", *options)

    def write(self, place, apps="", config="CONFIG_WASM=y\n", files=None):
        texts = {"CMakeLists.txt": PROJECT.format(repo=REPO, apps=apps), "prj.conf": config, **(files or {})}
        for name, text in texts.items():
            path = pathlib.Path(place, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def cmake(self, place, status, *options):
        done = subprocess.run(["cmake", "-GNinja", "-B", "build", *options, "."], cwd=place, env=os.environ,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(bool(done.returncode), bool(status), done.stdout[-3000:])
        # In one line, because CMake wraps its messages.
        return " ".join(done.stdout.split())

    def ninja(self, place, status, target):
        """Returns the output of a part of a build that has been configured."""
        done = subprocess.run(["ninja", "-C", "build", target], cwd=place, env=os.environ,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(bool(done.returncode), bool(status), done.stdout[-3000:])
        return " ".join(done.stdout.split())

    def test_no_compare_and_swap(self):
        text = self.configure("qemu_cortex_m0")
        self.assertIn("has no compare-and-swap (thumbv6m-none-eabi), which the interpreter needs: set CONFIG_WASM_COMPILED=y", text)
        config = "CONFIG_WASM=y\nCONFIG_WASM_COMPILED=y\nCONFIG_WASM_INTERPRETER=n\n"
        self.configure("qemu_cortex_m0", f"zephyr_wasm_app(one {APP})", config=config, status=0)

    def test_no_rust_target(self):
        text = self.configure("qemu_riscv32e")
        self.assertIn("has CONFIG_WASM=y: this image has no apps (CONFIG_WASM=n): zephyr-lang-rust has no Rust target for", text)

    def test_several_cores(self):
        self.assertIn("apps run on one core: set CONFIG_SMP=n", self.configure("qemu_riscv32/qemu_virt_riscv32/smp"))

    def test_not_asked_for(self):
        """A firmware that has the module in its workspace, but no apps, builds anywhere. With apps, CONFIG_WASM is needed."""
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

    def test_kinds_of_apps(self):
        """An image interprets apps, or has them compiled, or both; and so has each of its apps."""
        board, compiled = "qemu_cortex_m3", "CONFIG_WASM=y\nCONFIG_WASM_COMPILED=y\nCONFIG_WASM_INTERPRETER=n\n"
        none = "CONFIG_WASM=y\nCONFIG_WASM_INTERPRETER=n\n"
        self.assertIn("this image can run no app: set CONFIG_WASM_INTERPRETER=y", self.configure(board, config=none))
        for option, config, reason in (
            ("COMPILED", "CONFIG_WASM=y\n", "COMPILED: this image runs no compiled apps: set CONFIG_WASM_COMPILED=y"),
            ("INTERPRETED", compiled, "INTERPRETED: this image interprets no apps: set CONFIG_WASM_INTERPRETER=y"),
            ("STORED", compiled, "STORED: this image interprets no apps: set CONFIG_WASM_INTERPRETER=y"),
            ("INTERPRETED COMPILED", "CONFIG_WASM=y\n", "INTERPRETED and COMPILED: an app is one of them"),
            ("UNCHECKED COMPILED", compiled, "COMPILED: what is UNCHECKED cannot be compiled"),
            ("STORED COMPILED", compiled, "runs no machine code of STORED apps: set CONFIG_WASM_COMPILED_STORE=y"),
        ):
            with self.subTest(option):
                self.assertIn(reason, self.configure(board, f"zephyr_wasm_app(one {option} {APP})", config=config))
        self.configure(board, f"zephyr_wasm_app(one {APP})", config=compiled, status=0)
        fpu = f"{compiled}CONFIG_FPU=y\nCONFIG_FPU_SHARING="
        self.assertIn("needs CONFIG_FPU_SHARING=y", self.configure("mps2/an386", config=f"{fpu}n\n"))
        self.configure("mps2/an386", config=f"{fpu}y\n", status=0)
        text = self.configure(board, config=f"{compiled}CONFIG_WASM_VALIDATE=y\n")
        self.assertIn("Kconfig has dropped what", text)
        self.assertIn("WASM_INTERPRETER", text)

    def test_limits_of_compiled_apps(self):
        """Limits of the interpreter do not count for a compiled app, and the build says so. The frame of one that is too large does."""
        large = "(call $get) " * 400 + "(i32.add) " * 399
        files = {
            "deep.wat": '(module (func (export "run") (result i32) (i32.const 0)))',
            "deep.toml": 'name = "deep"\ncall-depth = 1000\nvalue-stack = 512\n',
            "large.wat": f"""(module (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
                (func $get (result i32) (i32.wrap_i64 (call $random))) (export "get" (func $get))
                (func (export "run") (result i32) {large}))""",
        }
        compiled = "CONFIG_WASM=y\nCONFIG_WASM_COMPILED=y\n"
        apps = "zephyr_wasm_app(deep MODULE deep.wat)\nzephyr_wasm_app(large MODULE large.wat)"
        for config, kinds in ((compiled, "both"), (f"{compiled}CONFIG_WASM_INTERPRETER=n\n", "compiled")):
            with self.subTest(kinds), tempfile.TemporaryDirectory() as place:
                self.write(place, apps, config, files)
                self.cmake(place, 0, "-DBOARD=qemu_cortex_m3")
                text = self.ninja(place, 0, "wasm/deep/deep.c")
                for key in ("call-depth", "value-stack"):
                    self.assertIn(f"warning: deep: `{key}` in its manifest is for the interpreter only. What limits a compiled app's "
                                  "calls is its thread's stack: CONFIG_WASM_APP_STACK_SIZE", text)
                self.assertNotIn("the firmware will refuse", text)
                if kinds == "compiled":
                    text = self.ninja(place, 1, "CMakeFiles/app.dir/wasm/large/compiled.c.obj")
                    self.assertRegex(text, r"stack usage is \d+ bytes")
                    self.assertIn("raise CONFIG_WASM_COMPILED_STACK_MARGIN and CONFIG_WASM_APP_STACK_SIZE", text)

    def test_boards(self):
        """Boards that zephyr-lang-rust refuses with another message, or without one."""
        self.assertIn("has a Cortex-M85, for which zephyr-lang-rust has no Rust target", self.configure("mps3/corstone310/an555"))
        self.assertIn("reads it as it runs (CONFIG_TIMER_READS_ITS_FREQUENCY_AT_RUNTIME)",
                      self.configure("neorv32/neorv32/up5kdemo"))

    def test_board_of_tests(self):
        """A board that is there for tests is none of a workspace with this module."""
        board = "mps2/an386/qemu"
        self.assertIn("Board qualifiers `/an386/qemu` for board `mps2` not found", self.configure(board, config=""))
        self.configure(board, config="", status=0, options=[f"-DBOARD_ROOT={REPO}/tests"])

    def test_hard_float(self):
        """Rust's targets for RISC-V pass floating-point numbers in integer registers, so hard float is off by default."""
        config = "CONFIG_WASM=y\nCONFIG_FPU=y\n"
        self.configure("qemu_riscv32", config=config, status=0)
        self.assertIn("set CONFIG_FLOAT_HARD=n", self.configure("qemu_riscv32", config=f"{config}CONFIG_FLOAT_HARD=y\n"))

    def test_link_time_optimisation(self):
        """Link-time optimisation leaves out the wrappers of --wrap."""
        config = "CONFIG_WASM=y\nCONFIG_ISR_TABLES_LOCAL_DECLARATION=y\nCONFIG_LTO=y\n"
        self.configure("qemu_cortex_m3", config=config, status=0)
        text = self.configure("qemu_cortex_m3", config=config + NAMES)
        self.assertRegex(text, r"\(CONFIG_\w+\) has guards that the linker puts before")
        self.assertIn("leaves them out without a word: set CONFIG_LTO=n", text)

    def test_last_word(self):
        """The last of several assignments counts."""
        board = "qemu_riscv32/qemu_virt_riscv32/smp"
        off = {"off.conf": "CONFIG_WASM=n\n"}
        self.configure(board, status=0, options=["-DCONFIG_WASM=n"])
        self.configure(board, status=0, files={"off.conf": "# CONFIG_WASM is not set\n"}, options=["-DEXTRA_CONF_FILE=off.conf"])
        text = self.configure(board, files={**off, "on.conf": "CONFIG_WASM=y\n"}, options=["-DEXTRA_CONF_FILE=off.conf;on.conf"])
        self.assertIn("on.conf has CONFIG_WASM=y", text)

    def test_second_time(self):
        """Zephyr merges the configuration files once, and uses its own .config after that."""
        with tempfile.TemporaryDirectory() as place:
            self.write(place)
            for _ in range(2):
                self.assertIn("set CONFIG_SMP=n", self.cmake(place, 1, "-DBOARD=qemu_riscv32/qemu_virt_riscv32/smp"))
        with tempfile.TemporaryDirectory() as place:
            self.write(place)
            self.cmake(place, 0, "-DBOARD=native_sim/native/64")
            # Like menuconfig.
            config = pathlib.Path(place, "build/zephyr/.config")
            config.write_text(re.sub("^CONFIG_WASM=y$", "# CONFIG_WASM is not set", config.read_text(), flags=re.MULTILINE))
            self.cmake(place, 0)

    def test_dropped(self):
        """An option that is set without what it needs is refused. Kconfig would only warn."""
        config = "CONFIG_WASM=y\nCONFIG_USERSPACE=y\nCONFIG_WASM_USERSPACE=y\nCONFIG_INIT_STACKS=y\n"
        text = self.configure("qemu_riscv32", config=config)
        self.assertIn("CONFIG_WASM_USERSPACE needs !(RISCV && PMP_STACK_GUARD && INIT_STACKS)", text)
        text = self.configure("qemu_cortex_m3", config="CONFIG_WASM=y\nCONFIG_WASM_STORE=y\n")
        self.assertIn("CONFIG_WASM_STORE needs an enabled node of the devicetree with the label wasm_partition", text)
        config = "CONFIG_WASM=y\nCONFIG_WASM_COREDUMP=y\n"
        self.assertIn("CONFIG_WASM_COREDUMP needs WASM_TRACE", self.configure("native_sim/native/64", config=config))

    def test_store_without_a_way_in(self):
        """A store whose MCUmgr is dropped is refused: no app would reach it."""
        store = pathlib.Path(REPO, "samples/store")
        files = {str(path.relative_to(store)): path.read_text() for path in store.glob("boards/*")}
        config = store.joinpath("prj.conf").read_text().replace("CONFIG_ZCBOR=y\n", "")
        text = self.configure("mps2/an385", config=config + "CONFIG_WASM_STORE_UNSIGNED_ALLOWED=y\n", files=files)
        self.assertIn("CONFIG_MCUMGR needs ZCBOR", text)

    def test_lwm2m_without_dtls(self):
        """LwM2M without DTLS is refused: anybody who can send the board a packet could pose as its server."""
        fleet = pathlib.Path(REPO, "samples/fleet")
        files = {str(path.relative_to(fleet)): path.read_text() for path in fleet.glob("boards/*")}
        config = fleet.joinpath("prj.conf").read_text().replace("CONFIG_WASM_LWM2M_UNPROTECTED=y\n", "")
        text = self.configure("native_sim/native/64", config=config, files={**files, "Kconfig": fleet.joinpath("Kconfig").read_text()})
        self.assertIn("CONFIG_WASM_LWM2M needs LWM2M_DTLS_SUPPORT || WASM_LWM2M_UNPROTECTED", text)

    def test_turned_off(self):
        """An option that depends on one that is turned off is dropped without an error, except for WASM_USERSPACE."""
        config = "CONFIG_WASM=y\nCONFIG_WASM_TRACE=n\nCONFIG_WASM_COREDUMP=y\n"
        self.configure("native_sim/native/64", config=config, status=0)
        config = "CONFIG_WASM=y\nCONFIG_USERSPACE=n\nCONFIG_WASM_USERSPACE=y\n"
        self.assertIn("CONFIG_WASM_USERSPACE needs USERSPACE", self.configure("qemu_cortex_m3", config=config))

    def test_former_names(self):
        """A symbol that is set by its former name is set, with a message that says the new name."""
        with tempfile.TemporaryDirectory() as place:
            self.write(place, config="CONFIG_WASM=y\nCONFIG_WASM_TIMERS=7\n")
            text = self.cmake(place, 0, "-DBOARD=qemu_riscv32")
            config = pathlib.Path(place, "build/zephyr/.config").read_text()
        self.assertIn("CONFIG_WASM_TIMERS is called CONFIG_WASM_TIMER_COUNT now", text)
        self.assertIn("\nCONFIG_WASM_TIMER_COUNT=7\n", config)

    def test_store_without_keys(self):
        config = "CONFIG_WASM=y\nCONFIG_FLASH=y\nCONFIG_FLASH_MAP=y\nCONFIG_FLASH_PAGE_LAYOUT=y\nCONFIG_WASM_STORE=y\n"
        overlay = (REPO / "samples/store/boards/native_sim_native_64.overlay").read_text()
        for more, is_told in (("", True), ("CONFIG_WASM_STORE_ADDED_KEY_COUNT=1\n", False)):
            text = self.configure("native_sim/native/64", config=config + more, files={"app.overlay": overlay}, status=0)
            self.assertEqual("the store takes no app at all" in text, is_told)

    def test_files_of_apps(self):
        # In one build directory, so that CMake looks for a compiler only the first time.
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        for call, reason in {
            f"zephyr_wasm_app(one STORED KEY product.pem {APP})": "zephyr_wasm_app(one): KEY: there is no",
            "zephyr_wasm_app(one SOURCES main.c WIT wit WORLD one)": "zephyr_wasm_app(one): WIT: there is no",
            "zephyr_wasm_program(one SOURCES one.c)": "zephyr_wasm_program(one): SOURCES: there is no",
            "zephyr_wasm_program(one SOURCES main.c MANIFEST one.toml)": "zephyr_wasm_program(one): MANIFEST: there is no",
            "zephyr_wasm_program(one SOURCES main.c)\nzephyr_wasm_program(one SOURCES main.c)":
                "zephyr_wasm_program(one): there is a program or an app of this name already",
            "zephyr_wasm_api(one WIT wit SOURCES main.c)": "zephyr_wasm_api(one): WIT: there is no",
            "zephyr_wasm_api(one WIT main.c SOURCES one.c)": "zephyr_wasm_api(one): SOURCES: there is no",
            "zephyr_wasm_api(one WIT main.c CRATE one)": "zephyr_wasm_api(one): CRATE: there is no",
            "zephyr_wasm_api(one SOURCES main.c)": "zephyr_wasm_api(one): needs one of WIT and CORE",
            "zephyr_wasm_api(one WIT main.c MODULE env SOURCES main.c)": "zephyr_wasm_api(one): MODULE is of CORE",
            "zephyr_wasm_api(one CORE one.h SOURCES main.c)": "zephyr_wasm_api(one): CORE: there is no",
            "zephyr_wasm_api(one CORE good.h SOURCES main.c)": "CORE: the header has to be called one.h, not good.h",
            "zephyr_wasm_api(good CORE good.h CRATE plain)": "zephyr_wasm_api(good): CRATE is of WIT",
            "zephyr_wasm_api(good CORE good.h)": "zephyr_wasm_api(good): CORE needs SOURCES",
            "zephyr_wasm_api(good CORE good.h SOURCES one.c)": "zephyr_wasm_api(good): SOURCES: there is no",
            "zephyr_wasm_api(good CORE good.h MODULE zephyr:gpio/gpio SOURCES main.c)": "expected a module of letters, digits",
            "zephyr_wasm_api(good CORE good.h MODULE heap SOURCES main.c)": "expected a module that is no key of manifests",
            "zephyr_wasm_api(gpio CORE gpio.h SOURCES main.c)": "gpio.h: expected a name that is none of our own",
            "zephyr_wasm_api(bad CORE bad.h SOURCES main.c)": "bad.h:3: expected `ZEPHYR_WASM_IN(pointer, length)`",
            "zephyr_wasm_api(good CORE good.h MODULE env SOURCES main.c)\n"
            "zephyr_wasm_api(more CORE more.h MODULE env SOURCES main.c)":
                "more.h: expected a module of its own: `env` is that of good.h",
            "zephyr_wasm_component(one.wasm CRATE one)": "zephyr_wasm_component(one.wasm): CRATE: there is no",
            "zephyr_wasm_app(one CRATE plain)": "zephyr_wasm_app(one): CRATE: an app is a cdylib",
            "zephyr_wasm_app(one CRATE named)": "is called other: take that `name` out of [lib]",
        }.items():
            with self.subTest(call):
                self.write(place.name, call, files=CRATES)
                self.assertIn(reason, self.cmake(place.name, 1, "-DBOARD=native_sim/native/64"))

    def test_stack_of_host_calls(self):
        """CONFIG_WASM_USERSPACE doubles Zephyr's default, which is too small for host calls."""
        with tempfile.TemporaryDirectory() as place:
            self.write(place, config="CONFIG_WASM=y\nCONFIG_USERSPACE=y\nCONFIG_WASM_USERSPACE=y\n")
            self.cmake(place, 0, "-DBOARD=mps2/an385")
            self.assertIn("CONFIG_PRIVILEGED_STACK_SIZE=2048\n", pathlib.Path(place, "build/zephyr/.config").read_text())

    def test_stack_of_compiled_apps(self):
        """What is kept of it for host calls depends on which there are, and a stack is larger than that."""
        compiled = "CONFIG_WASM=y\nCONFIG_WASM_COMPILED=y\nCONFIG_WASM_INTERPRETER=n\nCONFIG_TEST_RANDOM_GENERATOR=y\n"
        ble = "CONFIG_BT=y\nCONFIG_BT_OBSERVER=y\nCONFIG_BT_PERIPHERAL=y\nCONFIG_WASM_API_BLE=y\nCONFIG_ENTROPY_GENERATOR=y\n"
        drbg = "CONFIG_MBEDTLS=y\nCONFIG_CTR_DRBG_CSPRNG_GENERATOR=y\n"
        for board, config, margin, stack in (
            ("qemu_cortex_m3", "", 1280, 2880),
            ("qemu_cortex_m3", "CONFIG_WASM_WASI=y\n", 1536, 4096),
            ("qemu_cortex_m3", "CONFIG_LOG=y\nCONFIG_LOG_MODE_IMMEDIATE=y\n", 2048, 4096),
            ("nrf52840dk/nrf52840", ble, 2048, 4096),
            ("nrf52840dk/nrf52840", ble + drbg, 4096, 8192),
        ):
            with self.subTest(config), tempfile.TemporaryDirectory() as place:
                self.write(place, config=compiled + config)
                self.cmake(place, 0, f"-DBOARD={board}")
                text = pathlib.Path(place, "build/zephyr/.config").read_text()
                self.assertIn(f"CONFIG_WASM_COMPILED_STACK_MARGIN={margin}\n", text)
                self.assertIn(f"CONFIG_WASM_APP_STACK_SIZE={stack}\n", text)

    @unittest.skipUnless(shutil.which("rustup"), "no rustup")
    def test_second_toolchain(self):
        """Each crate may have a Rust toolchain of its own."""
        library = 'crate-type = ["cdylib"]'
        files = {f"{name}/Cargo.toml": CRATE.format(name=name, library=library) for name in ("one", "two")}
        files |= {f"{name}/src/lib.rs": "" for name in ("one", "two")}
        files["two/rust-toolchain.toml"] = '[toolchain]\npath = "/nowhere"\n'
        text = self.configure("native_sim/native/64", "zephyr_wasm_app(one CRATE one)\nzephyr_wasm_app(two CRATE two)", files=files)
        self.assertRegex(text, r"rustc does not run in \S+/two \(1\): error:")

    def test_key(self):
        """The path of a key is relative to the CMakeLists.txt."""
        with tempfile.TemporaryDirectory() as place:
            self.write(place, f"zephyr_wasm_app(one STORED KEY product.pem {APP})", files={"product.pem": ""})
            self.cmake(place, 0, "-DBOARD=native_sim/native/64")
            self.assertIn(f"--key {place}/product.pem", pathlib.Path(place, "build/build.ninja").read_text())


class AtOnce(unittest.TestSuite):
    """Runs as many tests at once as there are cores, because each waits for CMake, which uses one core."""

    def run(self, result, debug=False):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda test: test.run(result), self))
        return result


def load_tests(loader, _tests, _pattern):
    return AtOnce(loader.loadTestsFromTestCase(Refusals))


if __name__ == "__main__":
    unittest.main()
