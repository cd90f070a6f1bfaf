"""Runs all tests that can run here, and counts them. scripts/test sets up what is missing, and calls this."""

import argparse
import contextlib
import fcntl
import os
import pathlib
import re
import sys
import traceback

import host
from places import REPO
from report import Case, Report

# Checks of built firmware, with what they check.
FIRMWARE_CHECKS = {
    "sizes": "the images that have ceilings in tests/footprint.toml, of those that were built",
    "agreement": "what the apps of samples say on this machine, beside what they said on the boards that were run",
}


def arguments():
    """Parses the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/test", description="Sets up and runs what can be tested here. Without options: the checks that need no "
        "board, and most scenarios of twister on one board (their integration platform): the short run.")
    parser.add_argument("--all", action="store_true", help="each scenario on every board that it allows")
    parser.add_argument("--board", action="append", default=[], metavar="BOARD",
                        help="the scenarios that this board allows, and no others; `host` for what needs no board; may be given again")
    parser.add_argument("--host", action="store_true", help="the same as --board host")
    parser.add_argument("--only", metavar="PATTERN", help="checks and scenarios whose name matches this regular expression")
    parser.add_argument("--list", action="store_true", help="say what would run, and where, and run nothing")
    parser.add_argument("--clean", action="store_true", help="build all images anew")
    parser.add_argument("--junit", metavar="FILE", help="where to write the results as JUnit XML; said at the end")
    parser.add_argument("--needs", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        re.compile(options.only or "")
    except re.error as error:
        parser.error(f"--only {options.only}: {error}")
    if options.host:
        options.board.append("host")
    options.no_firmware = set(options.board) == {"host"}
    names = [*host.CHECKS, *FIRMWARE_CHECKS]
    options.checks = [name for name in names if (re.search(options.only, name) if options.only else options.all or name not in host.ALL_ONLY)]
    if options.board and "host" not in options.board:
        options.checks = [name for name in options.checks if name in FIRMWARE_CHECKS]
    options.board = [board for board in options.board if board != "host"]
    if unknown := unknown_boards(options.board):
        parser.error(unknown)
    return options


def unknown_boards(asked):
    """Returns an error if a board is unknown, or None. Before the set-up, scenarios may not be readable: then None."""
    try:
        from firmware import is_board, known_boards
    except ModuleNotFoundError:
        return None
    wrong = [board for board in asked if not any(is_board(one, board) for one in known_boards())]
    names = ", ".join(known_boards())
    return f"--board {wrong[0]}: no scenario allows that board; there are: host, {names}" if wrong else None


def show(options):
    """Prints what would run."""
    for name in options.checks:
        print(f"{name:<34} {(host.CHECKS[name].__doc__ if name in host.CHECKS else FIRMWARE_CHECKS[name])}")
    if options.no_firmware:
        return
    try:
        import firmware
    except ModuleNotFoundError as error:
        print(f"scenarios of twister: cannot be listed: {error}; scripts/setup installs it where there is a Zephyr")
        return
    chosen, left, lacking = firmware.plan(options)
    for scenario in dict.fromkeys(scenario.name for scenario, *_ in chosen + left + lacking):
        def boards(pairs, scenario=scenario):
            return " ".join(board for found, board, *_ in pairs if found.name == scenario)
        more = "".join(f" ({text} {boards(pairs)})" for text, pairs in (("--all:", left), ("not here:", lacking)) if boards(pairs))
        print(f"{scenario:<34} {boards(chosen)}{more}")
    print(f"{len(chosen)} images, {len(left)} more with --all")
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        print(f"none of them would run: {lack}")


@contextlib.contextmanager
def told(report, name):
    """Makes an exception in a check a failure of that check, and not the end of the run."""
    try:
        yield
    except Exception:
        report.add(Case("scripts/test", name, "failed", reason=traceback.format_exc()))
        traceback.print_exc()


def run_firmware(report, options, builds):
    """Runs what needs a Zephyr, and returns whether there was anything to run."""
    lack = os.environ.get("ZEPHYR_WASM_NO_FIRMWARE")
    if options.no_firmware or lack:
        report.skip("firmware", "samples and tests", lack or "as asked")
        return False
    import firmware  # needs packages of Zephyr's Python environment

    return firmware.run(report, options, builds)


def main():
    """Runs the checks, then the firmware."""
    # Tests may print characters that the terminal does not have.
    sys.stdout.reconfigure(errors="replace")
    options = arguments()
    if options.needs:
        print("host" if options.no_firmware else "firmware")
        return 0
    if options.list:
        return show(options)
    builds = pathlib.Path(os.environ["ZEPHYR_WASM_BUILDS"])
    builds.mkdir(parents=True, exist_ok=True)
    (builds / "checkout").write_text(f"{REPO}\n")
    lock = (builds / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("another run of this checkout's tests is going on", file=sys.stderr)
        return 1
    report, ran = Report(), False

    def check(name, **more):
        with told(report, name):
            host.CHECKS[name](report, builds, **more)

    names = [name for name in options.checks if name in host.CHECKS]
    # Rust's tests leave a core unused, so clippy runs beside them.
    beside = {"rust": "clippy"} if {"rust", "clippy"} <= set(names) else {}
    try:
        for name in names:
            ran = True
            if name in beside:
                check(name, meanwhile=lambda name=name: check(beside[name]))
            elif name not in beside.values():
                check(name)
        with told(report, "firmware"):
            ran = run_firmware(report, options, builds) or ran
    except KeyboardInterrupt:
        ran = True
        report.add(Case("scripts/test", "the run", "failed", reason="interrupted"))
    if not ran:
        what = " ".join(sys.argv[1:])
        none = "no check and no scenario here is that: see --list"
        report.add(Case("scripts/test", what, "failed", reason=os.environ.get("ZEPHYR_WASM_NO_FIRMWARE", none)))
    return 0 if report.close(options.junit or builds / "junit.xml") else 1


if __name__ == "__main__":
    sys.exit(main())
