"""Samples and tests in firmware: builds and runs them by twister, and reads its results."""

import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import agreement
from host import tool, wasi_testsuite_checkout, with_tools
from places import REPO
from report import Case
from scenarios import ALL_ONLY, scenarios

sys.path.insert(0, str(REPO / "scripts" / "lib"))
import footprint  # noqa: E402 (found by the line above)

# The boards that need nothing but Zephyr. scripts/lib/rust.sh has the others.
RUN_BOARDS = ["qemu_cortex_m3", "qemu_riscv32", "native_sim/native/64", "mps2/an385"]
# Zephyr's boards as QEMU has them, which twister would not find by itself.
BOARD_ROOT = REPO / "tests" / "boards"
# A line of twister about an image that is done: its number, the number of images, board, scenario, result, and duration.
DONE = re.compile(r"(\d+)/(\d+) (\S+) +(\S+) +(PASSED|FAILED|ERROR|SKIPPED|NOT RUN)\b(.*)")
# A line of twister's log about an image that it begins to build.
BUILDING = re.compile(r"DEBUG - Building (\S+) for (\S+)")
# What gives an image a Rust library of its own, and the files that say it.
OWN_RUST = re.compile(r"zephyr_wasm_api\(|rust_cargo_application\(|WASM_(PROFILE|BUILD_STD|COOPERATIVE)|WASM_VALIDATE=n")
OWN_RUST_FILES = ("CMakeLists.txt", "*.conf", "*.yaml", "boards/*.conf")
# Files that Zephyr looks for only when an image is first configured: later, it does not notice a new one.
FOUND_ONCE = ("*.conf", "*.overlay", "boards/*", "socs/*", "dts/**/*", "sysbuild*")
# The tag of scenarios that run the wasi-testsuite.
WASI_TESTSUITE = "wasi-testsuite"
# Twister's results for what it has not built.
NOT_HERE = ("filtered", "skipped")


def is_board(board, asked):
    """Whether a board is the one that was asked for, by its name or by the first parts of it."""
    return board == asked or board.startswith(f"{asked}/") or asked.startswith(f"{board}/")


@functools.cache
def known_boards():
    """Returns the boards of all scenarios, as they name them."""
    return sorted({board for scenario in scenarios() for board in scenario.boards})


def own_name(platform):
    """Returns a board as scenarios name it: twister may add parts, as in qemu_cortex_m3/ti_lm3s6965."""
    return next((board for board in known_boards() if platform == board or platform.startswith(f"{board}/")), platform)


def plan(options):
    """Returns pairs of scenario and board: those to run, those that only --all runs, and those that cannot run, with reasons."""
    chosen, left, lacking = [], [], []
    here = RUN_BOARDS + os.environ.get("ZEPHYR_WASM_MORE_BOARDS", "").split()
    # The scenarios whose images the checks sizes and agreement need.
    wanted = {image["scenario"] for image in footprint.images()} if options.only and "sizes" in options.checks else set()
    if options.only and "agreement" in options.checks:
        wanted |= {scenario.name for scenario in scenarios() if is_sample(scenario) and not scenario.is_all_only}
    for scenario in scenarios():
        if options.only and scenario.name not in wanted and not re.search(options.only, scenario.name):
            continue
        for board in scenario.boards:
            if options.board and not any(is_board(board, asked) for asked in options.board):
                continue
            named = options.only and scenario.is_all_only
            is_wanted = options.all or options.board or named or board in scenario.short
            lack = None
            if board not in here:
                lack = f"this workspace lacks {', '.join(scenario.modules) or f'what {board} needs'}"
            elif WASI_TESTSUITE in scenario.tags and not wasi_testsuite_checkout():
                lack = "WASI_TESTSUITE names no checkout of it"
            if lack is None:
                (chosen if is_wanted else left).append((scenario, board))
            elif is_wanted:
                lacking.append((scenario, board, lack))
    return chosen, left, lacking


def environment(builds):
    """Returns the environment for twister. It keeps Python's compiled modules, which saves some seconds for each image."""
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(builds.parent / "pycache")
    return env


def builds_rust(directory):
    """Whether an image in a directory has a Rust library that few others share, which takes a minute of one core."""
    files = [file for pattern in OWN_RUST_FILES for file in directory.glob(pattern)]
    return any(OWN_RUST.search(file.read_text()) for file in files)


def is_rust(directory):
    """Whether the firmware in a directory is written in Rust, which takes minutes of one core."""
    return "rust_cargo_application(" in (directory / "CMakeLists.txt").read_text()


def directories(chosen):
    """Returns the directories of the scenarios in the order for twister, which builds the last ones first.

    Those with a Rust library of their own are spread among the others. Two of them would wait for each other, and at the
    end, no other builds would be left for the other cores. The others are ordered by board, so that all but the first of a
    board find its library. Firmware in Rust takes longest, and is begun first.
    """
    boards = {}
    for scenario, board in chosen:
        boards.setdefault(scenario.file.parent, board)
    found = sorted(boards, key=boards.get)
    slow = [directory for directory in found if builds_rust(directory)]
    quick = [directory for directory in found if directory not in slow]
    order, each = [], -(-len(quick) // (len(slow) + 1))
    while slow or quick:
        order += slow[:1] + quick[:each]
        slow, quick = slow[1:], quick[each:]
    order.sort(key=lambda directory: not is_rust(directory))
    return order[::-1]


def built_in(out):
    """Finds the build directories of images, without searching the tens of thousands of files in them."""
    for place, below, files in os.walk(out):
        if "CMakeCache.txt" in files:
            below.clear()
            yield pathlib.Path(place)


def declarations(of):
    """Returns, for each scenario, its declaration and the names of the files that CMake looks for in its first run only."""
    shared = [file for folder in ("boards", "dts", "tests/boards") for file in (REPO / folder).rglob("*")]
    found = {}
    for scenario in of:
        files = [file for pattern in FOUND_ONCE for file in scenario.file.parent.glob(pattern)]
        found[scenario.name] = "\n".join([scenario.declared, *sorted(str(file) for file in files + shared)])
    return found


def declaration(path, declared):
    """Returns a hash of the declaration of a build's scenario; None if there is no such scenario."""
    found = declared.get(path.name)
    return hashlib.sha256(found.encode()).hexdigest() if found else None


def reuse(out, env, declared):
    """Keeps the builds of an earlier run for the same Zephyr and scenario, and removes their results and all other builds."""
    key = "\n".join(env.get(name, "") for name in ("ZEPHYR_BASE", "ZEPHYR_TOOLCHAIN_VARIANT", "ZEPHYR_SDK_INSTALL_DIR"))
    key += subprocess.run(["git", "rev-parse", "HEAD"], cwd=env["ZEPHYR_BASE"], capture_output=True, text=True).stdout
    stamp = out / "built_for"
    if not stamp.exists() or stamp.read_text() != key:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        stamp.write_text(key)
    # Results of an earlier run must not be taken for those of this run.
    for name in ("twister.json", "twister.log"):
        (out / name).unlink(missing_ok=True)
    for place in list(built_in(out)):
        built_as = place / "built_as"
        if not built_as.exists() or built_as.read_text() != declaration(place, declared):
            shutil.rmtree(place)
            continue
        for pattern in ("*.bin", "*.log", "*.xml", "*.json"):
            for left in place.glob(pattern):
                left.unlink()


def remember(out, declared):
    """Notes in each build directory for which declaration it was built."""
    for place in built_in(out):
        if text := declaration(place, declared):
            (place / "built_as").write_text(text)


def run(report, options, builds):
    """Runs the planned scenarios, adds their cases, and returns whether there was anything to run."""
    chosen, left, lacking = plan(options)
    for scenario, board, reason in lacking:
        report.skip(board, scenario.name, reason)
    if not chosen:
        return bool(lacking)
    out, env, built = builds / "twister", environment(builds), tool(report, builds)
    if built is None:
        return True
    env = with_tools(built, env)
    env["ZEPHYR_WASM_BINDINGS"] = str(builds / "host_bindings")
    subprocess.run([built, "host-bindings", "--output", env["ZEPHYR_WASM_BINDINGS"]], check=True)
    if options.clean:
        shutil.rmtree(out, ignore_errors=True)
    said = declarations(scenarios())
    reuse(out, env, said)
    # Many more builds than cores, with at most two compilers each. Images build their Rust libraries one after the other,
    # mostly on one core. Besides those that wait for that, there have to be builds that can use the other cores.
    env["CMAKE_BUILD_PARALLEL_LEVEL"] = "2"
    command = [f"{env['ZEPHYR_BASE']}/scripts/twister", "-v", "-j", str(os.cpu_count() * 4), "-O", str(out), "--no-clean",
               "--force-toolchain", "--disable-warnings-as-errors", "--retry-failed", "1", "--inline-logs",
               "--overflow-as-errors", "--board-root", str(BOARD_ROOT)]
    # That of CMake, which twister does not say. It is in no workspace: `west boards` of our users has no board of our tests.
    command.append(f"-x=BOARD_ROOT={BOARD_ROOT.parent}")
    # ccache costs more than it saves, because no two scenarios configure Zephyr alike.
    command.append("-x=USE_CCACHE=0")
    # These images are not debugged. `west build` makes images with debug information.
    command.append("-x=ZEPHYR_WASM_NO_DEBUG_INFO=1")
    command += [arg for directory in directories(chosen) for arg in ("-T", str(directory))]
    command += [arg for board in dict.fromkeys(board for _, board in chosen) for arg in ("-p", board)]
    if options.only:
        command += [arg for name in dict.fromkeys(scenario.name for scenario, _ in chosen) for arg in ("-s", name)]
    if not (options.all or options.board):
        command.append("--integration")
        if not options.only:
            command += ["--exclude-tag", ALL_ONLY]
    if not wasi_testsuite_checkout():
        command += ["--exclude-tag", WASI_TESTSUITE]

    def show(line):
        if done := DONE.search(line):
            number, total, board, name, result, ran = done.groups()
            ran = re.search(r"\d+\.\d+s", ran)
            report.note(f"{number}/{total} {name} on {own_name(board)}: {result.lower()}{f' in {ran[0]}' if ran else ''}")
        elif re.search(r"\bERROR\b|rror:|FAILED", line):
            print(line, end="", flush=True)

    def doing():
        building = BUILDING.findall((out / "twister.log").read_text(errors="replace")) if (out / "twister.log").exists() else []
        return ", ".join(f"{pathlib.Path(place).name} for {own_name(board)}" for place, board in building[-2:])

    only = {scenario.name for scenario, _ in left} - {scenario.name for scenario, _ in chosen}
    amount = f"{len(chosen)} images" + (f" ({len(left)} more with --all; {len(only)} scenarios are only there)" if left else "")
    failed = report.count("failed")
    _, output, passed = report.run(f"firmware: {amount}", command, on_line=show, doing=doing, env=env)
    remember(out, said)
    good = cases(report, chosen, out / "twister.json")
    if not passed and report.count("failed") == failed:
        report.add(Case("firmware", "twister", "failed", reason=output))
    if "sizes" in options.checks:
        sizes(report, good, out)
    if "agreement" in options.checks:
        agreement.check(report, env["ZEPHYR_WASM_TOOL"], logs_of_samples(good, out))
    return True


def results(path):
    """Returns twister's results of the images; none if it has not written any."""
    try:
        return json.loads(path.read_text())["testsuites"]
    except (OSError, ValueError, KeyError):
        return []


def cases(report, chosen, path):
    """Adds each test case of each image. Returns the images without a failure, as names of scenario and board.

    An image that was planned and has no result counts as failed.
    """
    missing = {(scenario.name, board): scenario for scenario, board in chosen}
    good = set()
    for suite in results(path):
        status, name = suite.get("status"), suite["name"].rsplit("/", 1)[-1]
        board = own_name(suite["platform"])
        if status in NOT_HERE:
            continue
        scenario = missing.pop((name, board), None)
        seconds = float(suite.get("execution_time") or 0)
        if suite.get("retries"):
            report.note(f"{name} on {board}: tried {int(suite['retries']) + 1} times")
        if status == "not run" and scenario and scenario.build_only:
            report.add(Case(board, f"{name} builds", "passed", float(suite.get("build_time") or 0)))
            good.add((name, board))
            continue
        reason = "\n".join(filter(None, [(suite.get("log") or "")[-8000:], suite.get("reason") or status]))
        found = [(case["identifier"], case.get("status")) for case in suite.get("testcases", [])]
        for case, result in found:
            if result in NOT_HERE:
                report.skip(board, case, suite.get("reason") or "")
            else:
                passed = result == "passed"
                report.add(Case(board, case, "passed" if passed else "failed", seconds / len(found), "" if passed else reason))
        if status == "passed":
            good.add((name, board))
            if not found:
                report.add(Case(board, name, "passed", seconds))
        elif all(result in ("passed", *NOT_HERE) for _, result in found):
            report.add(Case(board, name, "failed", seconds, reason))
    for name, board in sorted(missing):
        report.add(Case(board, name, "failed", reason="twister has no result of it"))
    return good


def is_sample(scenario):
    """Whether a scenario belongs to a sample."""
    return (REPO / "samples") in scenario.file.parents


def logs_of_samples(good, out):
    """Returns the build directories of the samples that have run, by scenario and board."""
    samples = {scenario.name for scenario in scenarios() if is_sample(scenario)}
    found = {}
    for place in built_in(out):
        board = next((board for name, board in good if name == place.name and board_of(place, out) == board), None)
        if board and place.name in samples and (place / "handler.log").exists():
            found[place.name, board] = place
    return found


def board_of(place, out):
    """Returns the board of a directory of twister, in whose name slashes are underscores."""
    name = place.relative_to(out).parts[0]
    return next((board for board in known_boards() if footprint.is_directory_of(name, board)), name)


def sizes(report, built, out):
    """Compares the built images that have ceilings with these."""
    report.say("sizes of what was built, and their ceilings")
    for image in footprint.images():
        if (image["scenario"], image["board"]) in built:
            line, above = footprint.compare(built_in(out), image)
            report.note(line)
            report.add(Case("sizes", image["name"], "failed" if above else "passed", reason="\n".join(above)))
