"""Tests of cmake/closed.py: system calls that are not named are closed, and input that it does not understand ends the build."""

import contextlib
import io
import pathlib
import re
import sys
import tempfile
import unittest

REPO = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPO / "cmake"))
import closed  # noqa: E402

OPEN = REPO / "src/user/open_calls.txt"
LIST = """
#define K_SYSCALL_LOG_PANIC 0
#define K_SYSCALL_ZEPHYR_WASM_GATE 1
#define K_SYSCALL_BAD 2
#define K_SYSCALL_LIMIT 3


/* Following syscalls are not used in image */
#define K_SYSCALL_USER_FAULT 4
"""
DISPATCH = """
__weak ALIAS_OF(handler_no_syscall)
uintptr_t z_mrsh_log_panic(uintptr_t arg1, void *ssf);

const _k_syscall_handler_t _k_syscall_table[K_SYSCALL_LIMIT] = {
	[K_SYSCALL_LOG_PANIC] = z_mrsh_log_panic,
	[K_SYSCALL_ZEPHYR_WASM_GATE] = z_mrsh_zephyr_wasm_gate,
	[K_SYSCALL_BAD] = handler_bad_syscall
};
"""


def generate(may, calls=DISPATCH, also=""):
    """Returns the generated C for an image with these system calls, some of them open to apps; or the error that ends the build."""
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        for name, text in [("open", may), ("dispatch", calls), ("list", LIST)]:
            (place / name).write_text(text)
        with contextlib.redirect_stdout(io.StringIO()):
            closed.main(["--out", f"{place}/out", "--dispatch", f"{place}/dispatch", "--list", f"{place}/list",
                         "--open", f"{place}/open", "--also", also])
        return (place / "out").read_text()


class Closed(unittest.TestCase):
    def refused(self, expected, *arguments):
        with self.assertRaises(SystemExit) as ended:
            generate(*arguments)
        self.assertIn(expected, str(ended.exception))

    def test_what_is_not_named_is_closed(self):
        c = generate("zephyr_wasm_gate: why\n")
        self.assertIn("\nCLOSED(log_panic)\nOPEN(zephyr_wasm_gate)\n", c)
        self.assertIn("\t[K_SYSCALL_LOG_PANIC] = closed_log_panic,\n", c)
        self.assertIn("\t[K_SYSCALL_ZEPHYR_WASM_GATE] = z_mrsh_zephyr_wasm_gate,\n", c)

    def test_a_new_call_of_zephyr_is_closed(self):
        more = DISPATCH.replace("\t[K_SYSCALL_LOG", "\t[K_SYSCALL_NEW] = z_mrsh_new,\n\t[K_SYSCALL_LOG")
        self.assertIn("\t[K_SYSCALL_NEW] = closed_new,\n", generate("zephyr_wasm_gate: why\n", more))

    def test_what_ends_its_caller_is_marked(self):
        more = DISPATCH.replace("\t[K_SYSCALL_LOG", "\t[K_SYSCALL_USER_FAULT] = z_mrsh_user_fault,\n\t[K_SYSCALL_LOG")
        c = generate("user_fault: why\n", more)
        self.assertIn("\nLAST(user_fault)\n", c)
        self.assertIn("\t[K_SYSCALL_USER_FAULT] = last_user_fault,\n", c)
        self.assertIn("\t[K_SYSCALL_USER_FAULT] = closed_user_fault,\n", generate("", more))

    def test_what_this_image_does_not_have_may_be_named(self):
        self.assertNotIn("user_fault", generate("user_fault: why\n"))

    def test_a_call_that_is_none(self):
        self.refused("no_more is no system call", "no_more: why\n")

    def test_what_firmware_opens(self):
        c = generate("", also="user_fault log_panic")
        self.assertIn("\nOPENED(log_panic)\n", c)
        self.assertIn("\t[K_SYSCALL_LOG_PANIC] = opened_log_panic,\n", c)
        self.refused("CONFIG_WASM_USERSPACE_CALLS: no_more is", "", DISPATCH, "no_more")

    def test_no_reason(self):
        for line in ["log_panic", "log_panic:", "log_panic: ", "log panic: why", "* : why"]:
            self.refused("open:2: expected `call: why", f"# Some.\n{line}\n")
        self.refused("each call once", "log_panic: why\nlog_panic: why\n")

    def test_another_zephyr(self):
        self.refused("another way", "", DISPATCH.replace("_k_syscall_table", "_k_calls"))
        for line in ["\tz_mrsh_log_panic,", "\t[0] = z_mrsh_log_panic,", "#endif"]:
            self.refused("expected `[K_SYSCALL", "", DISPATCH.replace("\t[K_SYSCALL_LOG_PANIC] = z_mrsh_log_panic,", line))
        self.refused("behind the table", "", DISPATCH.replace("};\n", ""))

    def test_all_that_is_open_is_attacked(self):
        # By a function of the same name, or by what Zephyr makes of one.
        made_of = {"user_fault": "k_panic"}
        attacks = "".join(file.read_text() for file in sorted((REPO / "tests/user_mode/src").glob("*.c")))
        firmware = re.search(r'CONFIG_WASM_USERSPACE_CALLS="(.+)"', (REPO / "tests/user_mode/prj.conf").read_text())
        for call in [*closed.open_calls(OPEN), *firmware.group(1).split()]:
            self.assertIn(f"{made_of.get(call, call)}(", attacks, f"tests/user_mode/src does not attack {call}")

    def test_docs_name_all_that_is_open(self):
        docs = (REPO / "docs/security.md").read_text()
        for call in closed.open_calls(OPEN):
            self.assertTrue(re.search(rf"`{call}`", docs), f"docs/security.md does not say that {call} is open")


if __name__ == "__main__":
    unittest.main()
