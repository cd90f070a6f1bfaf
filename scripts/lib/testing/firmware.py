"""Samples and tests in firmware: builds and runs them by twister, and takes what it reports."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from report import Case
from scenarios import REPO, ROOTS, scenarios

sys.path.insert(0, str(REPO / "scripts" / "lib"))
import footprint  # noqa: E402 (found by the line above)

# Where all that fits is built and run.
RUN_BOARDS = ["qemu_cortex_m3", "qemu_riscv32", "native_sim/native/64", "mps2/an385"]
# A line of twister's about an image that is done: how many of how many, board, scenario, result, and how long it ran.
DONE = re.compile(r"(\d+)/(\d+) (\S+) +(\S+) +(PASSED|FAILED|ERROR|SKIPPED|NOT RUN)\b(.*)")
# A line of twister's log about an image that it begins.
BUILDING = re.compile(r"DEBUG - Building (\S+) for (\S+)")
# What twister says of what it has not built.
NOT_HERE = ("filtered", "skipped")


def short_name(board):
    """The name of a board as the first word says it: twister and scenarios spell out the rest differently."""
    return board.split("/")[0]


def plan(options):
    """What to run: pairs of scenario and board, those that the short run leaves, and those whose board is not here."""
    chosen, left, lacking = [], [], []
    here = RUN_BOARDS + os.environ.get("ZEPHYR_WASM_BUILT_BOARDS", "").split()
    for scenario in scenarios():
        if options.only and not re.search(options.only, scenario.name):
            continue
        for board in scenario.boards:
            if options.board and short_name(board) not in map(short_name, options.board):
                continue
            if board not in here:
                lacking.append((scenario, board))
            elif options.all or options.board or board in scenario.short:
                chosen.append((scenario, board))
            else:
                left.append((scenario, board))
    return chosen, left, lacking


def tool(report, builds):
    """The command line tool: that of Rust's tests, if they have run, so that it is not built with other features again."""
    path = builds / "desk" / "desk" / "zephyr-wasm"
    if any(case.name == "rust: builds" and case.status == "passed" for case in report.cases):
        return path
    command = ["cargo", "build", "--profile", "desk", "--target-dir", str(builds / "desk"), "--package", "zephyr-wasm-cli"]
    return path if report.check("tool: builds", command, cwd=REPO / "rust") else None


def environment(builds):
    """What makes many images quick to build.

    Zephyr's files are mostly the same in all images of a board. ccache does not see that by itself: the build's directory
    and the application's are among the options, and what Python's sets put into generated headers has another order each
    time. Python's compiled modules are kept, too, some seconds of each image.
    """
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env.update(
        CCACHE_BASEDIR=str(builds / "twister"),
        CCACHE_NOHASHDIR="1",
        CCACHE_IGNOREOPTIONS="-fmacro-prefix-map=*",
        PYTHONHASHSEED="0",
        PYTHONPYCACHEPREFIX=str(builds.parent / "pycache"),
    )
    return env


def reuse(out, env):
    """Keeps what an earlier run has built if it was built for the same Zephyr, without what it left by running."""
    key = "\n".join(env.get(name, "") for name in ("ZEPHYR_BASE", "ZEPHYR_TOOLCHAIN_VARIANT", "ZEPHYR_SDK_INSTALL_DIR"))
    key += subprocess.run(["git", "rev-parse", "HEAD"], cwd=env["ZEPHYR_BASE"], capture_output=True, text=True).stdout
    stamp = out / "built_for"
    if not stamp.exists() or stamp.read_text() != key:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        stamp.write_text(key)
    # The results of this run are of this run.
    for name in ("twister.json", "twister.log"):
        (out / name).unlink(missing_ok=True)
    for cache in out.rglob("CMakeCache.txt"):
        for pattern in ("*.bin", "*.log", "*.xml", "*.json"):
            for left in cache.parent.glob(pattern):
                left.unlink()


def run(report, options, builds):
    """Runs what is planned, and adds its cases."""
    chosen, left, lacking = plan(options)
    for scenario, board in lacking:
        report.skip(short_name(board), scenario.name, f"this workspace lacks {', '.join(scenario.modules) or board}")
    if not chosen:
        return
    out, env, built = builds / "twister", environment(builds), tool(report, builds)
    if built is None:
        return
    env["ZEPHYR_WASM_TOOL"] = str(built)
    if options.clean:
        shutil.rmtree(out, ignore_errors=True)
    reuse(out, env)
    command = [f"{env['ZEPHYR_BASE']}/scripts/twister", "-v", "-j", str(os.cpu_count()), "-O", str(out), "--no-clean",
               "--force-toolchain", "--disable-warnings-as-errors", "--retry-failed", "1", "--inline-logs",
               "--overflow-as-errors"]
    command += [arg for root in ROOTS for arg in ("-T", str(REPO / root))]
    command += [arg for board in dict.fromkeys(board for _, board in chosen) for arg in ("-p", board)]
    if options.only:
        command += [arg for name in dict.fromkeys(scenario.name for scenario, _ in chosen) for arg in ("-s", name)]
    if not (options.all or options.board):
        command.append("--integration")

    def show(line):
        if done := DONE.search(line):
            number, total, board, name, result, ran = done.groups()
            ran = re.search(r"\d+\.\d+s", ran)
            report.note(f"{number}/{total} {name} on {short_name(board)}: {result.lower()}{f' in {ran[0]}' if ran else ''}")
        elif re.search(r"\bERROR\b|rror:|FAILED", line):
            print(line, end="", flush=True)

    def doing():
        building = BUILDING.findall((out / "twister.log").read_text(errors="replace")) if (out / "twister.log").exists() else []
        return ", ".join(f"{pathlib.Path(place).name} for {short_name(board)}" for place, board in building[-2:])

    amount = f"{len(chosen)} images" + (f" ({len(left)} more with --all)" if left else "")
    report.run(f"firmware: {amount}", command, on_line=show, doing=doing, env=env)
    cases(report, chosen, out / "twister.json")
    if "sizes" in options.checks:
        sizes(report, chosen, out)


def cases(report, chosen, path):
    """Adds each test case of each image; what was planned and has no result has failed."""
    suites = json.loads(path.read_text())["testsuites"] if path.exists() else []
    missing = {(scenario.name, short_name(board)) for scenario, board in chosen}
    for suite in suites:
        status, name = suite.get("status"), suite["name"].rsplit("/", 1)[-1]
        board = short_name(suite["platform"])
        if status in NOT_HERE:
            continue
        missing.discard((name, board))
        seconds = float(suite.get("execution_time") or 0)
        if status == "not run":
            report.add(Case(board, f"{name} builds", "passed", float(suite.get("build_time") or 0)))
            continue
        reason = "\n".join(filter(None, [suite.get("log", "")[-8000:], suite.get("reason") or status]))
        found = [(case["identifier"], case.get("status")) for case in suite.get("testcases", [])]
        for case, result in found:
            if result in NOT_HERE:
                report.skip(board, case, suite.get("reason", ""))
            else:
                passed = result == "passed"
                report.add(Case(board, case, "passed" if passed else "failed", seconds / len(found), "" if passed else reason))
        if status != "passed" and all(result in ("passed", *NOT_HERE) for _, result in found):
            report.add(Case(board, name, "failed", seconds, reason))
    for name, board in sorted(missing):
        report.add(Case(board, name, "failed", reason="twister has no result of it"))


def sizes(report, chosen, out):
    """Compares the images that have ceilings, of those that were built."""
    report.say("sizes of what was built, and their ceilings")
    built = {(scenario.name, board) for scenario, board in chosen}
    for image in footprint.images():
        if (image["scenario"], image["board"]) in built:
            line, above = footprint.compare(out, image)
            report.note(line)
            report.add(Case("sizes", image["name"], "failed" if above else "passed", reason="\n".join(above)))
