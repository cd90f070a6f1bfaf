"""Runs what can be tested here, and counts it. scripts/test sets up what is missing and calls this."""

import argparse
import os
import pathlib
import re
import sys

import desk
from report import Case, Report

# Checks that belong to firmware.
FIRMWARE_CHECKS = {"sizes": "the images that have ceilings in tests/footprint.toml, of those that were built"}


def arguments():
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/test", description="Sets up and runs what can be tested here. Without options: the desk's checks, and "
        "each scenario of twister on one board (its integration platform): the short run.")
    parser.add_argument("--all", action="store_true", help="each scenario on every board that it allows")
    parser.add_argument("--board", action="append", default=[], metavar="BOARD",
                        help="the scenarios that this board allows, and no others; `desk` for what needs no board")
    parser.add_argument("--desk", action="store_true", help="the same as --board desk")
    parser.add_argument("--only", metavar="PATTERN", help="checks and scenarios whose name matches this regular expression")
    parser.add_argument("--list", action="store_true", help="say what would run, and where, and run nothing")
    parser.add_argument("--clean", action="store_true", help="build all images anew")
    parser.add_argument("--junit", metavar="FILE", help="where to write the results as JUnit XML; said at the end")
    options = parser.parse_args()
    if options.desk:
        options.board.append("desk")
    options.no_firmware = set(options.board) == {"desk"}
    names = [*desk.CHECKS, *FIRMWARE_CHECKS]
    options.checks = [name for name in names if not options.only or re.search(options.only, name)]
    if options.board and "desk" not in options.board:
        options.checks = [name for name in options.checks if name in FIRMWARE_CHECKS]
    options.board = [board for board in options.board if board != "desk"]
    return options


def show(options):
    """Prints what would run."""
    for name in options.checks:
        print(f"{name:<34} {(desk.CHECKS[name].__doc__ if name in desk.CHECKS else FIRMWARE_CHECKS[name])}")
    if options.no_firmware:
        return
    import firmware

    chosen, left, lacking = firmware.plan(options)
    for scenario in dict.fromkeys(scenario.name for scenario, _ in chosen + left + lacking):
        def boards(pairs, scenario=scenario):
            return " ".join(firmware.short_name(board) for found, board in pairs if found.name == scenario)
        more = "".join(f" ({text} {boards(pairs)})" for text, pairs in (("--all:", left), ("not here:", lacking)) if boards(pairs))
        print(f"{scenario:<34} {boards(chosen)}{more}")
    print(f"{len(chosen)} images, {len(left)} more with --all")


def main():
    """Runs the checks, then the firmware."""
    options = arguments()
    if options.list:
        return show(options)
    builds = pathlib.Path(os.environ["ZEPHYR_WASM_BUILDS"])
    report = Report()
    for name in options.checks:
        if name in desk.CHECKS:
            desk.CHECKS[name](report, builds)
    lack = os.environ.get("ZEPHYR_WASM_NO_FIRMWARE")
    if options.no_firmware:
        report.skip("firmware", "samples and tests", "as asked")
    elif lack:
        report.skip("firmware", "samples and tests", lack)
    else:
        import firmware  # needs what Zephyr's Python environment has

        firmware.run(report, options, builds)
    if not report.cases:
        what = " ".join(sys.argv[1:])
        report.add(Case("scripts/test", what, "failed", reason="no check and no scenario is that: see --list"))
    return 0 if report.close(options.junit or builds / "junit.xml") else 1


if __name__ == "__main__":
    sys.exit(main())
