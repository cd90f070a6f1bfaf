"""Samples and tests in firmware: builds and runs them by twister, and takes what it reports."""

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

# Where all that fits is built and run.
RUN_BOARDS = ["qemu_cortex_m3", "qemu_riscv32", "native_sim/native/64", "mps2/an385"]
# A line of twister's about an image that is done: how many of how many, board, scenario, result, and how long it ran.
DONE = re.compile(r"(\d+)/(\d+) (\S+) +(\S+) +(PASSED|FAILED|ERROR|SKIPPED|NOT RUN)\b(.*)")
# A line of twister's log about an image that it begins.
BUILDING = re.compile(r"DEBUG - Building (\S+) for (\S+)")
# What makes a Rust library another one, and where that is said.
OWN_RUST = re.compile(r"zephyr_wasm_api\(|rust_cargo_application\(|WASM_(PROFILE|BUILD_STD|COOPERATIVE)|WASM_VALIDATE=n")
OWN_RUST_FILES = ("CMakeLists.txt", "*.conf", "*.yaml", "boards/*.conf")
# What Zephyr looks for when an image is first configured, and keeps: a file of it that is new is not seen again.
FOUND_ONCE = ("*.conf", "*.overlay", "boards/*", "socs/*", "dts/**/*", "sysbuild*")
# The tag of what runs the wasi-testsuite.
WASI_TESTSUITE = "wasi-testsuite"
# What twister says of what it has not built.
NOT_HERE = ("filtered", "skipped")


def short_name(board):
    """The name of a board as the first word says it: twister and scenarios spell out the rest differently."""
    return board.split("/")[0]


def is_board(board, asked):
    """Whether a board is the one that somebody asks for by its name, or by the first words of it."""
    return board == asked or board.startswith(f"{asked}/") or asked.startswith(f"{board}/")


def plan(options):
    """What to run: pairs of scenario and board, those that the short run leaves, and those that cannot be, with reasons."""
    chosen, left, lacking = [], [], []
    here = RUN_BOARDS + os.environ.get("ZEPHYR_WASM_BUILT_BOARDS", "").split()
    # The checks of sizes and of agreement are of these.
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
    """Python's compiled modules are kept: some seconds of each image."""
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPYCACHEPREFIX"] = str(builds.parent / "pycache")
    return env


def builds_rust(directory):
    """Whether an image there has a Rust library that hardly any other has, which takes a minute of one core."""
    files = [file for pattern in OWN_RUST_FILES for file in directory.glob(pattern)]
    return any(OWN_RUST.search(file.read_text()) for file in files)


def is_rust(directory):
    """Whether all of a firmware there is Rust, which takes minutes of one core."""
    return "rust_cargo_application(" in (directory / "CMakeLists.txt").read_text()


def directories(chosen):
    """Where the scenarios are, in the order in which twister wants them, which builds the last ones first.

    Those with a Rust library of their own are spread among the others: two of them would wait for each other, and at the
    end nobody else would be there to use the other cores. The others are in the order of their boards, so that all but the
    first of a board find its library. What is all of Rust takes the longest, and is begun first.
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
    """Where twister has built images: below that are tens of thousands of files, which are not looked at."""
    for place, below, files in os.walk(out):
        if "CMakeCache.txt" in files:
            below.clear()
            yield pathlib.Path(place)


def declarations(of):
    """What each of these scenarios says, and the names of the files that CMake looks for in its first run only."""
    shared = [file for folder in ("boards", "dts") for file in (REPO / folder).rglob("*")]
    found = {}
    for scenario in of:
        files = [file for pattern in FOUND_ONCE for file in scenario.file.parent.glob(pattern)]
        found[scenario.name] = "\n".join([scenario.declared, *sorted(str(file) for file in files + shared)])
    return found


def declaration(path, declared):
    """What the scenario of a build says, as short as it takes to see a change; None if there is no such scenario."""
    found = declared.get(path.name)
    return hashlib.sha256(found.encode()).hexdigest() if found else None


def reuse(out, env, declared):
    """Keeps what an earlier run has built for the same Zephyr and the same scenario, without what it left by running."""
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
    for place in list(built_in(out)):
        built_as = place / "built_as"
        if not built_as.exists() or built_as.read_text() != declaration(place, declared):
            shutil.rmtree(place)
            continue
        for pattern in ("*.bin", "*.log", "*.xml", "*.json"):
            for left in place.glob(pattern):
                left.unlink()


def remember(out, declared):
    """Notes of each build of what scenario it is."""
    for place in built_in(out):
        if text := declaration(place, declared):
            (place / "built_as").write_text(text)


def run(report, options, builds):
    """Runs what is planned, adds its cases, and returns whether there was anything to run."""
    chosen, left, lacking = plan(options)
    for scenario, board, reason in lacking:
        report.skip(short_name(board), scenario.name, reason)
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
    # Many more than there are cores, each of two compilers at most: one image after the other builds its Rust library, mostly
    # on one core, and with those that wait for it there have to be others that have something to do.
    env["CMAKE_BUILD_PARALLEL_LEVEL"] = "2"
    command = [f"{env['ZEPHYR_BASE']}/scripts/twister", "-v", "-j", str(os.cpu_count() * 4), "-O", str(out), "--no-clean",
               "--force-toolchain", "--disable-warnings-as-errors", "--retry-failed", "1", "--inline-logs",
               "--overflow-as-errors"]
    # What ccache adds to each compilation is more than it finds: no two scenarios configure Zephyr alike.
    command.append("-x=USE_CCACHE=0")
    # Nobody debugs these images; `west build` makes others.
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
            report.note(f"{number}/{total} {name} on {short_name(board)}: {result.lower()}{f' in {ran[0]}' if ran else ''}")
        elif re.search(r"\bERROR\b|rror:|FAILED", line):
            print(line, end="", flush=True)

    def doing():
        building = BUILDING.findall((out / "twister.log").read_text(errors="replace")) if (out / "twister.log").exists() else []
        return ", ".join(f"{pathlib.Path(place).name} for {short_name(board)}" for place, board in building[-2:])

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
    """What twister has written of each image; nothing, if it has not come to that."""
    try:
        return json.loads(path.read_text())["testsuites"]
    except (OSError, ValueError, KeyError):
        return []


def cases(report, chosen, path):
    """Adds each test case of each image, and returns the images without a failure, as names of scenario and board.

    What was planned and has no result has failed.
    """
    missing = {(scenario.name, short_name(board)): scenario for scenario, board in chosen}
    good = set()
    for suite in results(path):
        status, name = suite.get("status"), suite["name"].rsplit("/", 1)[-1]
        board = short_name(suite["platform"])
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
    """Whether a scenario is of one of the samples."""
    return (REPO / "samples") in scenario.file.parents


def logs_of_samples(good, out):
    """Where the samples were built that have run: by scenario and board."""
    samples = {scenario.name for scenario in scenarios() if is_sample(scenario)}
    found = {}
    for place in built_in(out):
        board = next((board for name, board in good if name == place.name and board_of(place, out) == board), None)
        if board and place.name in samples and (place / "handler.log").exists():
            found[place.name, board] = place
    return found


def board_of(place, out):
    """The first word of the board that a directory of twister's is of: its slashes are underscores there."""
    name = place.relative_to(out).parts[0]
    return next((short_name(board) for board in RUN_BOARDS if name.startswith(short_name(board))), name)


def sizes(report, built, out):
    """Compares the images that have ceilings, of those that were built."""
    report.say("sizes of what was built, and their ceilings")
    for image in footprint.images():
        if (image["scenario"], short_name(image["board"])) in built:
            line, above = footprint.compare(built_in(out), image)
            report.note(line)
            report.add(Case("sizes", image["name"], "failed" if above else "passed", reason="\n".join(above)))
