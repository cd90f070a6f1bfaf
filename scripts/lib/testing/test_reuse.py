"""Tests of firmware.py: a build of an earlier run is used again only if it would be configured the same way; names of boards."""

import dataclasses
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import firmware  # noqa: E402
from scenarios import scenarios  # noqa: E402


class Reuse(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.scenario = dataclasses.replace(scenarios()[0], name="one", file=self.place / "app/testcase.yaml", declared="a board")
        self.out = self.place / "out"
        self.env = {"ZEPHYR_BASE": str(self.place), "GIT_CEILING_DIRECTORIES": str(self.place.parent)}
        self.build = self.out / "board/one"

    def run_once(self):
        """Runs once. Returns whether the earlier build was kept; otherwise, this run builds it."""
        said = firmware.declarations([self.scenario])
        firmware.reuse(self.out, self.env, said)
        kept = self.build.exists()
        self.build.mkdir(parents=True, exist_ok=True)
        (self.build / "CMakeCache.txt").touch()
        firmware.remember(self.out, said)
        return kept

    def test_is_kept_where_nothing_changed(self):
        self.assertFalse(self.run_once())
        self.assertTrue(self.run_once())

    def test_is_built_again_for_a_file_that_cmake_looked_for_once(self):
        for name in ("app.overlay", "boards/one.conf", "boards/one.overlay", "dts/bindings/one.yaml", "more.conf"):
            self.run_once()
            file = self.place / "app" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            self.assertFalse(self.run_once(), name)
            file.unlink()
            self.assertFalse(self.run_once(), name)

    def test_is_built_again_where_the_scenario_says_something_else(self):
        self.run_once()
        self.scenario = dataclasses.replace(self.scenario, declared="another board")
        self.assertFalse(self.run_once())


class Boards(unittest.TestCase):
    def test_twister_says_more(self):
        for platform, board in (("qemu_cortex_m3/ti_lm3s6965", "qemu_cortex_m3"), ("rpi_pico/rp2040", "rpi_pico"),
                                ("rpi_pico2/rp2350a/m33", "rpi_pico2/rp2350a/m33"), ("mps2/an386/qemu", "mps2/an386/qemu")):
            self.assertEqual(firmware.own_name(platform), board)

    def test_directories_of_twister(self):
        for name, board in (("qemu_cortex_m3_ti_lm3s6965", "qemu_cortex_m3"), ("rpi_pico_rp2040", "rpi_pico"),
                            ("mps2_an386_qemu", "mps2/an386/qemu"), ("mps2_an385", "mps2/an385")):
            self.assertEqual(firmware.board_of(pathlib.Path("out", name, "one"), pathlib.Path("out")), board)


if __name__ == "__main__":
    unittest.main()
