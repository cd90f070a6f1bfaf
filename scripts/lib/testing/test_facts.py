"""Tests that numbers are the same in all languages that they are written in, where no compiler sees both."""

import pathlib
import re
import unittest

REPO = pathlib.Path(__file__).resolve().parents[3]

# All of our symbols.
KCONFIG = "\n".join(file.read_text() for file in (REPO / "Kconfig", *sorted(REPO.glob("src/**/Kconfig"))))

# How a macro in C, a constant in Rust and a default in Kconfig are written.
MACRO, CONSTANT, DEFAULT = r"#define {} (\d+)\b", r"const {}: \w+ = ([\d_]+);", r"config {}\n(?:\t.*\n)*?\tdefault (\d+)\n"

# How the defaults of `zephyr-wasm run` without --board are written.
HOST = r'"CONFIG_{}" = ([\d_]+),'

# For each fact: the files, the patterns, and how much larger the number is there, as a C macro includes the final zero.
FACTS = {
    "the longest name of an app": [
        ("include/zephyr_wasm/store.h", MACRO.format("ZEPHYR_WASM_NAME_SIZE"), 1),
        ("rust/manifest/src/keys.rs", CONSTANT.format("LONGEST_NAME"), 0),
        ("docs/wasi.md", r"(\d+) characters at most", 0),
    ],
    "what part of an app's memory is not for growth": [
        ("src/core/linear.c", MACRO.format("SLACK_PART"), 0),
        ("rust/platform-host/src/whole.rs", CONSTANT.format("SLACK_PART"), 0),
    ],
    "the most of an app's memory that is not for growth": [
        ("src/core/linear.c", MACRO.format("SLACK_MOST"), 0),
        ("rust/platform-host/src/whole.rs", CONSTANT.format("SLACK_MOST"), 0),
    ],
    "the steps to the room behind a linear memory": [
        ("src/core/linear.c", MACRO.format("ROOM_STEP"), 0),
        ("rust/platform-host/src/whole.rs", CONSTANT.format("ROOM_STEP"), 0),
    ],
    "the first wait before an app is started again": [
        ("src/observe/Kconfig", DEFAULT.format("WASM_BACKOFF_MIN_MS"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_BACKOFF_MIN_MS"), 0),
    ],
    "the longest wait before an app is started again": [
        ("src/observe/Kconfig", DEFAULT.format("WASM_BACKOFF_MAX_MS"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_BACKOFF_MAX_MS"), 0),
    ],
    "what a compiled app leaves of its margin for the way out": [
        ("cmake/compiled.cmake", r"else\(\)\n    set\(way_out (\d+)\)", 0),
        ("docs/compiled.md", r"the margin less (\d+) bytes", 0),
    ],
    "the same where pointers have 64 bits": [
        ("cmake/compiled.cmake", r"if\(CONFIG_64BIT\)\n    set\(way_out (\d+)\)", 0),
        ("docs/compiled.md", r"(\d+) where pointers have 64 bits\)", 0),
    ],
    "the same on a Cortex-M with registers for floats": [
        ("cmake/compiled.cmake", r"FPU\)\n    set\(way_out (\d+)\)", 0),
        ("docs/compiled.md", r"\((\d+) on a Cortex-M with `CONFIG_FPU=y`", 0),
    ],
    "the most parameters of a function of a compiled app": [
        ("rust/compile/src/module.rs", CONSTANT.format("MOST_PARAMETERS"), 0),
        ("docs/compiled.md", r"may have at most (\d+) parameters", 0),
    ],
    "the longest topic": [
        ("rust/api/src/message.rs", CONSTANT.format("LONGEST_TOPIC"), 0),
        ("wit/message.wit", r"topic is empty, longer than (\d+) bytes", 0),
    ],
    "the longest key of storage": [
        ("rust/api/src/storage.rs", CONSTANT.format("LONGEST_KEY"), 0),
        ("wit/storage.wit", r"key is empty, longer than (\d+) bytes", 0),
    ],
    "the longest path of CoAP": [
        ("rust/api/src/coap/mod.rs", CONSTANT.format("LONGEST_PATH"), 0),
        ("wit/coap.wit", r"path is empty, longer than (\d+) bytes", 0),
    ],
    "the longest value of Bluetooth": [
        ("rust/api/src/ble.rs", CONSTANT.format("LONGEST_VALUE"), 0),
        ("wit/ble.wit", r"Sets the value, up to (\d+) bytes", 0),
    ],
    "the most bytes of an advertisement": [
        ("rust/platform-zephyr/src/ble.rs", CONSTANT.format("DATA_SIZE"), 0),
        ("wit/ble.wit", r"Its data, up to (\d+) bytes", 0),
    ],
    "the longest path of WASI": [
        ("rust/api/src/wasi/mod.rs", CONSTANT.format("LONGEST_PATH"), 0),
        ("docs/wasi.md", r"A path has at most (\d+) bytes", 0),
    ],
    "the longest name of a pipe": [
        ("src/wasi/pipe.c", MACRO.format("NAME_SIZE"), 1),
        ("rust/api/src/wasi/mod.rs", r"`pipe:NAME` \(at most (\d+) bytes\)", 0),
        ("rust/platform-host/src/wasi/streams.rs", CONSTANT.format("LONGEST_NAME"), 0),
        ("include/zephyr_wasm/command.h", r"A name of 1 to (\d+) bytes", 0),
    ],
    "the shortest period, of timers and samples": [
        ("src/api/timer/Kconfig", DEFAULT.format("WASM_TIMER_PERIOD_MIN_US"), 0),
        ("src/api/sensor/Kconfig", DEFAULT.format("WASM_SENSOR_PERIOD_MIN_US"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_TIMER_PERIOD_MIN_US"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_SENSOR_PERIOD_MIN_US"), 0),
    ],
    "the lowest rate of a serial port": [
        ("src/api/uart/Kconfig", DEFAULT.format("WASM_UART_RATE_MIN"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_UART_RATE_MIN"), 0),
    ],
    "the highest rate of a serial port": [
        ("src/api/uart/Kconfig", DEFAULT.format("WASM_UART_RATE_MAX"), 0),
        ("rust/platform-host/src/configured.rs", HOST.format("WASM_UART_RATE_MAX"), 0),
    ],
    "the group of MCUmgr": [
        ("src/manage/smp/Kconfig", DEFAULT.format("WASM_SMP_GROUP"), 0),
        ("rust/cli/src/remote/protocol.rs", CONSTANT.format("GROUP"), 0),
        ("docs/store.md", r"`CONFIG_WASM_SMP_GROUP` \((\d+)\)", 0),
    ],
}

# The versions of LLVM that are looked for, the newest first.
LLVM = {
    "scripts/lib/llvm.sh": r"LLVM_VERSIONS=\(([\d ]+)\)",
    "scripts/lib/testing/host.py": r'clang-format-\{version\}" for version in \(([\d, ]+)\)',
    "cmake/app.cmake": r"NAMES ((?:clang-\d+ )+)clang\)",
}

# The numbers of host APIs and of WASI that a firmware is configured to have and `zephyr-wasm run` does not take from it.
OF_BOARDS_ALONE = {
    "what Zephyr keeps room for": [
        "ZVFS_OPEN_ADD_SIZE_WASM_SOCKETS", "ZVFS_OPEN_ADD_SIZE_WASM_COAP_SERVER", "ZVFS_OPEN_ADD_SIZE_WASM_COAP_REQUESTS",
        "ZVFS_OPEN_ADD_SIZE_WASM_HTTP_REQUESTS", "ZVFS_EVENTFD_ADD_SIZE_WASM_COAP"],
    "what an app may do in a time, which `zephyr-wasm run` does not count": [
        "WASM_LOG_LINES_PER_SECOND", "WASM_STORAGE_WRITES_PER_HOUR", "WASM_STORAGE_WRITES_AT_ONCE", "WASM_NET_INTERVAL_MS",
        "WASM_BLE_INTERVAL_MS", "WASM_WASI_WRITES_PER_HOUR", "WASM_WASI_WRITES_AT_ONCE"],
    "threads of the firmware": ["WASM_SENSOR_STACK_SIZE", "WASM_SENSOR_PRIORITY", "WASM_COAP_STACK_SIZE"],
    "flash that has settings of the firmware, too": ["WASM_STORAGE_SHARE_PERCENT"],
    "how a firmware sends what an app may send at once": ["WASM_SOCKETS_SLICE_MS"],
    "--coap-port": ["WASM_COAP_PORT"],
    "the shell": ["WASM_SHELL_RUN_STAGE_COUNT"],
}

# The locks of src/ that no thread of an app takes.
OF_FIRMWARE_ALONE = {
    "src/manage/shell/call.c": "taken by the thread of a shell",
    "src/store/store.c": "taken by whoever installs, starts and erases apps, and by the work queue that looks after trials",
    "src/wasi/shell_run.c": "taken by the thread of a shell",
}


class Facts(unittest.TestCase):
    def found(self, place, pattern):
        """Returns the only match of a pattern in a file."""
        found = re.findall(pattern, (REPO / place).read_text(), re.M)
        self.assertEqual(len(found), 1, f"{place}: expected {pattern} once")
        return found[0]

    def test_numbers(self):
        for fact, places in FACTS.items():
            with self.subTest(fact):
                numbers = {f"{place}: {pattern}": int(self.found(place, pattern).replace("_", "")) - more
                           for place, pattern, more in places}
                self.assertEqual(len(numbers), len(places))
                self.assertEqual(len(set(numbers.values())), 1, f"{fact}: {numbers}")

    def test_symbols_that_the_host_reads(self):
        """The symbols that `zephyr-wasm run` reads from a board's .config exist. Otherwise, it would use its own defaults."""
        known = {symbol for symbol in re.findall(r"^(?:menu)?config (\w+)", KCONFIG, re.M)}
        # Defined by Zephyr's template for the log of a module.
        known.add(self.found("Kconfig", r"^module = (\w+)$") + "_LOG_LEVEL")
        for place in ("rust/platform-host/src/configured.rs", "rust/cli/src/fits.rs"):
            symbols = re.findall(r'"CONFIG_(\w+)"', (REPO / place).read_text())
            self.assertGreater(len(symbols), 3, place)
            self.assertLessEqual(set(symbols), known, place)

    def test_keys_of_manifests(self):
        """The symbols of a manifest's keys exist, and the files that are named as their readers read them."""
        symbols = set(re.findall(r"^config (\w+)", KCONFIG, re.M))
        read = {}
        for file in (*REPO.glob("src/**/*.c"), *REPO.glob("rust/*/src/**/*.rs")):
            read.setdefault(file.name, []).append(file.read_text())
        row = r'^ +([A-Z_]+) "([a-z-]+)": .*(limit\(|of\().*"(\w*)"(?:, of_region)?\), "([\w.]+)";$'
        table = (REPO / "rust/manifest/src/table.rs").read_text()
        rows = re.findall(row, table, re.M)
        self.assertEqual(len(rows), table.count('";\n') , "a row that is not understood")
        for key, name, bound, symbol, file in rows:
            with self.subTest(name):
                symbol = f"WASM_APP_{symbol}" if bound == "limit(" else symbol
                self.assertTrue(symbol == "" or symbol in symbols, symbol)
                macro = "ZEPHYR_WASM_KEY_" + name.replace("-", "_").upper()
                words = [rf"\b{key}\.name\b", rf"\b{macro}\b"]
                is_limit = bound == "limit(" and file == "limits.rs"
                self.assertTrue(is_limit or any(re.search(word, text) for text in read[file] for word in words), file)

    def test_times_are_read_once(self):
        """No conversion of time reads the clock in its argument: Zephyr's are macros, and some evaluate that twice."""
        reads = r"\bk_\w+_to_\w+_(?:floor|near|ceil)(?:32|64)\([^;]*\bk_(?:uptime|cycle)_\w+\("
        for file in (*REPO.glob("src/**/*.[ch]"), *REPO.glob("include/**/*.h")):
            self.assertIsNone(re.search(reads, file.read_text()), file.relative_to(REPO))

    def test_locks_are_released(self):
        """Each lock that an app's thread takes is released if the thread ends by a fault (src/core/locks.h)."""
        defined = r"K_MUTEX_DEFINE\((\w+)\)|\bstruct k_mutex (\w+)(?:\[\w+\])?;"
        of_firmware = set()
        for file in sorted(REPO.glob("src/**/*.[ch]")):
            text, place = file.read_text(), str(file.relative_to(REPO))
            for names in re.findall(defined, text):
                if place in OF_FIRMWARE_ALONE:
                    of_firmware.add(place)
                else:
                    self.assertRegex(text, rf"ZEPHYR_WASM_LOCKS_DEFINE\(\w+, &{''.join(names)}, 1\);", place)
        self.assertEqual(of_firmware, set(OF_FIRMWARE_ALONE))

    def test_hidden_apis(self):
        """If menuconfig hides an API, a comment says what the API needs."""
        apis = re.findall(r'^config WASM_API_[A-Z0-9]+\n\tbool "[^"]+ \(([^")]+)\)"\n((?:\t.*\n|\n(?=\t))*)', KCONFIG, re.M)
        self.assertEqual(len(apis), len(re.findall(r"^config WASM_API_[A-Z0-9]+$", KCONFIG, re.M)))
        for name, rest in apis:
            for needs in re.findall(r"^\tdepends on (.*)$", rest, re.M):
                with self.subTest(name):
                    words = needs.replace("&&", "and").replace("||", "or")
                    hidden = f"!({needs})" if " " in needs else f"!{needs}"
                    self.assertIn(f'\ncomment "{name} needs {words}"\n\tdepends on {hidden}\n', KCONFIG)

    def test_numbers_of_boards(self):
        """`zephyr-wasm run --board` takes each number of a firmware's configuration, or OF_BOARDS_ALONE says why not."""
        number = r"^config (\w+)\n\t(?:int|hex)\b"
        files = [*REPO.glob("src/api/*/Kconfig"), *REPO.glob("src/net/Kconfig"), *REPO.glob("src/wasi/Kconfig")]
        there = {symbol for file in files for symbol in re.findall(number, file.read_text(), re.M)}
        taken = set(re.findall(r'"CONFIG_(\w+)"', (REPO / "rust/platform-host/src/configured.rs").read_text()))
        left = {symbol for symbols in OF_BOARDS_ALONE.values() for symbol in symbols}
        self.assertGreater(len(there), 40)
        self.assertEqual(there - taken, left)

    def test_ranges_that_the_host_takes(self):
        configured = (REPO / "rust/platform-host/src/configured.rs").read_text()
        compared = 0
        for symbol, least, most in re.findall(r'"CONFIG_(\w+)" = .*, (\d+)\.\.=([\d_]+),', configured):
            found = re.search(rf"^config {symbol}\n(?:\t.*\n)*?\trange (\d+) (\d+)\n", KCONFIG, re.M)
            # Some ranges begin at another symbol, or are Zephyr's.
            if found:
                compared += 1
                self.assertEqual((found[1], found[2]), (least, most.replace("_", "")), symbol)
        self.assertGreater(compared, 25)

    def test_versions_of_llvm(self):
        versions = {place: re.findall(r"\d+", self.found(place, pattern)) for place, pattern in LLVM.items()}
        linkers = re.findall(r"wasm-ld-(\d+)", (REPO / "cmake/app.cmake").read_text())
        self.assertEqual([*versions.values()], [linkers] * len(versions), versions)


if __name__ == "__main__":
    unittest.main()
