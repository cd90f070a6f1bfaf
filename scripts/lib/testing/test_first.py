"""Tests README.md's first firmware, with an app of `zephyr-wasm new`: it builds on four boards, and runs. Needs a Zephyr."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from places import REPO

BOARDS = ["native_sim/native/64", "qemu_cortex_m3", "qemu_riscv32", "mps2/an385"]


def files():
    """Returns the files that README.md says to write, by name."""
    text = (REPO / "README.md").read_text()
    [section] = re.findall(r"^## The first firmware\n(.*?)^## ", text, re.M | re.S)
    fenced = dict(re.findall(r"`(CMakeLists\.txt|src/main\.c)`:\n\n```\w+\n(.*?)```", section, re.S))
    indented = {name: re.sub(r"^    ", "", lines, flags=re.M)
                for name, lines in re.findall(r"`([\w/]+\.conf)`:\n\n((?:    .*\n)+)", section)}
    return fenced | indented


class First(unittest.TestCase):
    def run_here(self, *command, **more):
        """Runs a command in the firmware's directory. It has to succeed."""
        done = subprocess.run(command, cwd=self.place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
        self.assertEqual(done.returncode, 0, f"{' '.join(map(str, command))}: {done.stdout[-3000:]}")
        return done.stdout

    def test_builds_and_runs(self):
        with tempfile.TemporaryDirectory() as place:
            self.place = pathlib.Path(place)
            found = files()
            self.assertEqual(set(found), {"prj.conf", "boards/qemu_cortex_m3.conf", "CMakeLists.txt", "src/main.c"})
            for name, text in found.items():
                (self.place / name).parent.mkdir(parents=True, exist_ok=True)
                (self.place / name).write_text(text)
            self.run_here(os.environ["ZEPHYR_WASM_TOOL"], "new", "apps/hello")
            for board in BOARDS:
                with self.subTest(board):
                    build = board.replace("/", "_")
                    # Named here, because this is no west workspace that has this repository as a module.
                    self.run_here("cmake", "-GNinja", "-B", build, f"-DBOARD={board}", f"-DEXTRA_ZEPHYR_MODULES={REPO}", ".")
                    told = self.run_here("ninja", "-C", build)
                    self.assertNotIn("warning: the firmware will refuse", told)
            self.assertIn("hello", self.run_here("./native_sim_native_64/zephyr/zephyr.exe", "-stop_at=2"))


if __name__ == "__main__":
    unittest.main()
