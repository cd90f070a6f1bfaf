"""Tests that agreement.py finds what an app logs differently."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import agreement  # noqa: E402
from scenarios import scenarios  # noqa: E402

BOARD = """*** Booting Zephyr ***
[00:00:00.010,000] <inf> zephyr_wasm: one: hello
[00:00:00.020,000] <inf> zephyr_wasm: one: hello
[00:00:00.030,000] \x1b[1;31m<err> zephyr_wasm: two: trapped: no\x1b[0m
[00:00:00.040,000] <inf> firmware: it runs
one: returned
"""
HOST = "[    0.001] <inf> one: hello\n[    0.002] <err> two: trapped: no\n[    0.003] <inf> one: returned\n"


def compared(board, host, apps=("one", "two"), unlike=()):
    """Returns the differences between two logs."""
    return agreement.differences(agreement.said(board, apps, unlike), agreement.said(host, apps, unlike))


class Agreement(unittest.TestCase):
    def test_all_forms_of_a_line_are_read(self):
        said = agreement.said(BOARD, ["one", "two"])
        self.assertEqual(said, {"one": [("inf", "hello"), ("", "returned")], "two": [("err", "trapped: no")]})

    def test_the_same_is_the_same(self):
        self.assertEqual(compared(BOARD, HOST), [])

    def test_another_text_level_order_or_end_is_found(self):
        for other in (HOST.replace("hello", "hallo"), HOST.replace("<err>", "<wrn>"), HOST.replace("trapped: no", "returned"),
                      "".join(reversed(HOST.splitlines(True))), HOST.replace("[    0.003] <inf> one: returned\n", "")):
            self.assertNotEqual(compared(BOARD, other), [], other)

    def test_a_board_that_was_stopped_has_said_less(self):
        self.assertEqual(compared(BOARD.replace("one: returned\n", ""), HOST), [])

    def test_a_board_that_says_nothing_is_found(self):
        self.assertNotEqual(compared("*** Booting Zephyr ***\n", HOST), [])

    def test_what_may_differ_is_left_out(self):
        self.assertEqual(compared(BOARD, HOST.replace("hello", "12 ms"), unlike=["hello", "[0-9]+ ms"]), [])

    def test_what_is_said_of_samples_is_of_samples(self):
        known = {scenario.name for scenario in scenarios()} | {scenario.file.parent.name for scenario in scenarios()}
        for name, entry in agreement.declared().items():
            self.assertIn(name, known)
            self.assertLessEqual(set(entry), {"host", "left", "unlike"}, name)


if __name__ == "__main__":
    unittest.main()
