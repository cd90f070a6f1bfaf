"""What is tested without a board: formatting, lints, declarations, and Rust's tests."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading

from places import REPO
from report import Case

RUST = REPO / "rust"
# Lines of `cargo test`: which binary runs, and how each test of it ended.
BINARY = re.compile(r"^ +(?:Running (?:unittests )?(\S+) \(.*/(\S+)-[0-9a-f]+\)|Doc-tests (\S+))")
TEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)")
RESULT = re.compile(r"^test result: .* finished in ([0-9.]+)s")


def cargo(builds, command, *arguments):
    """A command of Cargo's in the directory that all host builds share."""
    return ["cargo", command, "--profile", "host", "--target-dir", str(builds / "host"), *arguments]


def tool(report, builds):
    """The command line tool, and beside it what CMake reads declarations by: those of Rust's tests, if they have run, so that
    they are not built with other features again."""
    path = builds / "host" / "host" / "zephyr-wasm"
    if any(case.name in ("rust: builds", "tool: builds") and case.status == "passed" for case in report.cases):
        return path
    built = report.check("tool: builds", cargo(builds, "build", "--package", "zephyr-wasm-cli",
                                                 "--package", "zephyr-wasm-declare"), cwd=RUST)
    return path if built else None


def with_tools(path, env=None):
    """The environment in which CMake does not build these again."""
    declare = path.with_name("zephyr-wasm-declare")
    return {**(os.environ if env is None else env), "ZEPHYR_WASM_TOOL": str(path), "ZEPHYR_WASM_DECLARE": str(declare)}


def has(*command):
    """Whether a command is here."""
    try:
        return subprocess.run(command, capture_output=True, cwd=RUST).returncode == 0
    except FileNotFoundError:
        return False


def rustfmt(report, _):
    """The format of Rust."""
    if not has("cargo", "fmt", "--version"):
        return report.skip("host", "rustfmt", "not part of this Rust: rustup component add rustfmt")
    # Cargo does not find the modules of host APIs, whose list the build makes.
    apis = [str(path) for wit in sorted((REPO / "wit").glob("*.wit")) for path in sorted(RUST.glob(f"*/src/{wit.stem}.rs"))]
    apis += [str(path) for wit in sorted((REPO / "wit").glob("*.wit")) for path in sorted(RUST.glob(f"*/src/{wit.stem}/mod.rs"))]
    return (report.check("rustfmt", ["cargo", "fmt", "--check"], cwd=RUST)
            and report.check("rustfmt: host APIs", ["rustfmt", "--check", "--edition", "2024", *apis], cwd=RUST))


def clang_format(report, _):
    """The format of C."""
    names = [f"clang-format-{version}" for version in (22, 21, 20, 19)] + ["clang-format"]
    formatter = next(filter(shutil.which, names), None)
    if not formatter:
        return report.skip("host", "clang-format", "not installed: scripts/setup")
    files = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.cpp"], cwd=REPO, capture_output=True, text=True)
    if not files.stdout:
        return report.skip("host", "clang-format", f"git does not list the files: {files.stderr.strip()}")
    return report.check("clang-format", [formatter, "--dry-run", "--Werror", *files.stdout.split()], cwd=REPO)


def layers(report, _):
    """Every API has its files, symbol and pages."""
    return report.check("layers", [sys.executable, str(REPO / "scripts/lib/check_layers.py")])


def facts(report, _):
    """What stands in several languages says the same in each."""
    return report.check("facts", [sys.executable, "-m", "unittest", "-v", "test_facts"], cwd=REPO / "scripts/lib/testing")


def scenarios(report, _):
    """Every scenario says its board of the short run, or that it has none, and why."""
    if not has(sys.executable, "-c", "import yaml"):
        return report.skip("host", "scenarios", "no PyYAML for Python here; scripts/setup installs it where there is a Zephyr")
    return report.check("scenarios", [sys.executable, str(REPO / "scripts/lib/testing/scenarios.py")])


def reuse(report, _):
    """What was built is used again only as it was, and what apps say on boards and on this machine is compared as it has to be."""
    if not has(sys.executable, "-c", "import yaml"):
        return report.skip("host", "reuse", "no PyYAML for Python here; scripts/setup installs it where there is a Zephyr")
    return report.check("reuse", [sys.executable, "-m", "unittest", "-v", "test_reuse", "test_agreement"],
                        cwd=REPO / "scripts/lib/testing")


def west(report, _):
    """A workspace by west: of README.md's manifest, of this repository, and beside another Zephyr."""
    if not has("west", "--version"):
        return report.skip("host", "west", "no west here; scripts/setup installs it where there is a Zephyr")
    return report.check("west", [sys.executable, "-m", "unittest", "-v", "test_west"], cwd=REPO / "scripts/lib/testing")


def setup(report, _):
    """The set-up: a Zephyr by west, what it says is missing, and what it installs."""
    if not has("west", "--version"):
        return report.skip("host", "setup", "no west here; scripts/setup installs it where there is a Zephyr")
    return report.check("setup", [sys.executable, "-m", "unittest", "-v", "test_setup"], cwd=REPO / "scripts/lib/testing")


def refusals(report, builds):
    """What cannot be built, and apps that cannot be there, end the configuration with the reason; what differs between Rust and
    C does not compile."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "refusals", lack)
    path = tool(report, builds)
    if not path:
        return False
    return report.check("refusals", [sys.executable, "-m", "unittest", "-v", "test_refusals", "test_declared"],
                        cwd=REPO / "scripts/lib/testing", env=with_tools(path))


def added(report, builds):
    """A host API is added by its own files and one line."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "added", lack)
    return report.check("added", [sys.executable, "-m", "unittest", "-v", "test_added"], cwd=REPO / "scripts/lib/testing",
                        env=os.environ | {"ZEPHYR_WASM_BUILDS": str(builds)})


def first(report, builds):
    """The first firmware of README.md, with an app of `new`, on four boards."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "first", lack)
    path = tool(report, builds)
    if not path:
        return False
    return report.check("first", [sys.executable, "-m", "unittest", "-v", "test_first"], cwd=REPO / "scripts/lib/testing",
                        env=with_tools(path))


def demo(report, _):
    """The demo, to its table: it fails where an app does not do what it should."""
    return report.check("demo", [str(REPO / "scripts/demo")])


def gate(report, _):
    """Zephyr's own system calls are closed to apps, or the build ends. rust/declare has the tests of the others."""
    return report.check("gate", [sys.executable, "-m", "unittest", "-v", "test_closed"],
                        cwd=REPO / "scripts/lib/testing")


def rust(report, builds, meanwhile=None):
    """Unit, property and guest tests, and the WebAssembly specification's."""
    # Apps that tests build share what they have in common with those of firmware.
    env = {**os.environ, "ZEPHYR_WASM_GUESTS": str(builds / "guests")}
    if not report.check("rust: builds", cargo(builds, "test", "--no-run"), cwd=RUST, env=env):
        return
    found, binary, without_result = [], "rust", []

    def take(line):
        nonlocal binary
        if match := BINARY.match(line):
            binary = f"{match[2] or match[3]} {match[1] or 'doc'}"
            without_result.append(binary)
        elif match := TEST.match(line):
            found.append((binary, match[1], match[2]))
        elif match := RESULT.match(line):
            if binary in without_result:
                without_result.remove(binary)
            of_binary = [test for test in found if test[0] == binary]
            report.note(f"{binary}: {len(of_binary)} tests in {match[1]} s")
        elif line.startswith(("---- ", "error", "thread ")) or "panicked" in line:
            print(line, end="", flush=True)

    other = threading.Thread(target=meanwhile or (lambda: None))
    other.start()
    _, output, passed = report.run("rust: tests", cargo(builds, "test", "--no-fail-fast"), cwd=RUST, env=env, on_line=take)
    other.join()
    for binary_name, name, result in found:
        status = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}[result]
        report.add(Case(binary_name, name, status, reason="" if status == "passed" else output))
    for binary_name in without_result:
        report.add(Case(binary_name, "comes to its end", "failed", reason=output))
    if not passed and not without_result and not any(result == "FAILED" for _, _, result in found):
        report.add(Case("host", "rust: tests", "failed", reason=output))


def coap(report, builds):
    """An app that serves and asks by CoAP, with aiocoap and packets of other clients at the other end."""
    if not has(sys.executable, "-c", "import aiocoap"):
        return report.skip("host", "coap", "no aiocoap for Python here; scripts/setup installs it where there is a Zephyr")
    path = tool(report, builds)
    if path is None:
        return None
    place, target = REPO / "tests/coap", builds / "guests"
    env = {name: value for name, value in os.environ.items() if name != "RUSTFLAGS"}
    build = ["cargo", "rustc", "--lib", "--release", "--target", "wasm32v1-none", "--target-dir", str(target),
             "--config", 'profile.release.panic="abort"', "--config", 'profile.release.opt-level="z"']
    if not report.check("coap: builds", build, cwd=place / "shelf", env=env):
        return None
    return report.check("coap", [sys.executable, str(place / "pytest/talk.py"), str(path),
                                 str(target / "wasm32v1-none/release/shelf.wasm"), str(place / "shelf/app.toml")])


# How many modules are compared, and the first of them; and how many what is known to be wrong may take to be found.
DIFFERENTIAL_MODULES, DIFFERENTIAL_SEED, KNOWN_MODULES = 1200, 1, 200


def differential(report, builds):
    """Generated modules, whose results are compared with wasmtime's."""
    place = os.environ.get("ZEPHYR_WASM_WASMTIME", "")
    env = {**os.environ, "PYTHONPATH": place}
    if not pathlib.Path(place, "wasmtime").is_dir():
        return report.skip("host", "differential", "no wasmtime for Python: scripts/setup says why")
    if not report.check("differential: builds", cargo(builds, "build", "--example", "differential"), cwd=RUST):
        return
    command = [sys.executable, str(REPO / "scripts/lib/differential.py"), str(builds / "host/host/examples/differential"),
               "--seed", str(DIFFERENTIAL_SEED)]
    options = {"env": env, "on_line": lambda line: report.note(line.rstrip())}
    keep = str(builds / "differential")
    report.check("differential", [*command, "--modules", str(DIFFERENTIAL_MODULES), "--keep", keep], **options)
    # That it would find something: what the engine is known to compute wrongly, each by itself.
    for known in ("selects", "blocks", "tables"):
        report.check(f"differential: finds {known}", [*command, "--modules", str(KNOWN_MODULES), "--known", known], **options)


def clippy(report, builds):
    """Lints of Rust, while its tests run, of which it takes what is built for this machine."""
    if not has("cargo", "clippy", "--version"):
        return report.skip("host", "clippy", "not part of this Rust: rustup component add clippy")
    report.check("clippy", cargo(builds, "clippy", "--all-targets", "--", "-D", "warnings"), cwd=RUST)
    features = ["-p", "zephyr-wasm", "--features", "cooperative,validate"]
    return report.check("clippy: cooperative", cargo(builds, "clippy", *features, "--", "-D", "warnings"), cwd=RUST)


def wasi_testsuite_checkout():
    """Where a checkout of the wasi-testsuite with built tests is, if WASI_TESTSUITE says it."""
    checkout = os.environ.get("WASI_TESTSUITE", "")
    return checkout if pathlib.Path(checkout or "/nowhere").is_dir() else None


def wasi_testsuite(report, builds):
    """The cases of the wasi-testsuite, where there is one."""
    checkout = wasi_testsuite_checkout()
    if checkout is None:
        return report.skip("host", "wasi-testsuite", "WASI_TESTSUITE names no checkout of it")
    if tool(report, builds) is None:
        return
    lines = []
    report.run("wasi-testsuite", [sys.executable, str(REPO / "scripts/lib/wasi_testsuite.py"),
                                  str(builds / "host/host/zephyr-wasm"), checkout,
                                  str(REPO / "tests/wasi_testsuite/expectations.toml")], on_line=lines.append)
    counts = re.fullmatch(r"(\d+) (\d+) .*", lines[-1].strip()) if lines else None
    good, bad = (int(counts[1]), int(counts[2])) if counts else (0, 1)
    for number in range(good + bad):
        status = "passed" if number < good else "failed"
        report.add(Case("wasi-testsuite", f"case {number + 1}", status, reason="" if number < good else "".join(lines)))


# What only --all runs, or who names it: a minute of configurations, six images, and what changes rarely.
ALL_ONLY = {"refusals", "added", "first", "demo", "setup"}

# The checks by name, in the order in which they run.
CHECKS = {
    "rustfmt": rustfmt,
    "clang-format": clang_format,
    "layers": layers,
    "facts": facts,
    "scenarios": scenarios,
    "reuse": reuse,
    "west": west,
    "setup": setup,
    "refusals": refusals,
    "added": added,
    "gate": gate,
    "rust": rust,
    "coap": coap,
    "differential": differential,
    "first": first,
    "demo": demo,
    "clippy": clippy,
    "wasi-testsuite": wasi_testsuite,
}
