"""The checks that need no board: formatting, lints, declarations, Rust's tests, and others."""

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
# Lines of `cargo test`: which binary runs, how each of its tests has ended, and how long all took.
BINARY = re.compile(r"^ +(?:Running (?:unittests )?(\S+) \(.*/(\S+)-[0-9a-f]+\)|Doc-tests (\S+))")
TEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)")
RESULT = re.compile(r"^test result: .* finished in ([0-9.]+)s")
# A line of `unittest -v`: what a test is, and how it has ended.
UNITTEST = re.compile(r"^(.+) \.\.\. (?:(ok|FAIL|ERROR)|skipped ['\"](.*)['\"])$")
# What a test says that cannot run here, which the harness takes for one that has passed: `skipped()` of rust/cli/tests/tool.
SKIPPED = re.compile(r"^skipped: (\S+): (.+)")


def cargo(builds, command, *arguments):
    """Returns a command of Cargo that uses the directory that all host builds share."""
    return ["cargo", command, "--profile", "host", "--target-dir", str(builds / "host"), *arguments]


def tool(report, builds):
    """Builds the command line tool and zephyr-wasm-declare, and returns the tool's path. If Rust's tests have run, takes
    their builds: the features would be others, and all would be built again."""
    path = builds / "host" / "host" / "zephyr-wasm"
    if any(case.name in ("rust: builds", "tool: builds") and case.status == "passed" for case in report.cases):
        return path
    built = report.check("tool: builds", cargo(builds, "build", "--package", "zephyr-wasm-cli",
                                                 "--package", "zephyr-wasm-declare"), cwd=RUST)
    return path if built else None


def with_tools(path, env=None):
    """Returns an environment in which CMake uses these tools, and does not build them again."""
    declare = path.with_name("zephyr-wasm-declare")
    return {**(os.environ if env is None else env), "ZEPHYR_WASM_TOOL": str(path), "ZEPHYR_WASM_DECLARE": str(declare)}


def has(*command):
    """Whether a command runs successfully here."""
    try:
        return subprocess.run(command, capture_output=True, cwd=RUST).returncode == 0
    except FileNotFoundError:
        return False


def rustfmt(report, _):
    """Rust sources are formatted."""
    if not has("cargo", "fmt", "--version"):
        return report.skip("host", "rustfmt", "not part of this Rust: rustup component add rustfmt")
    # Cargo does not find the modules of host APIs, because the build generates their list.
    apis = [str(path) for wit in sorted((REPO / "wit").glob("*.wit")) for path in sorted(RUST.glob(f"*/src/{wit.stem}.rs"))]
    apis += [str(path) for wit in sorted((REPO / "wit").glob("*.wit")) for path in sorted(RUST.glob(f"*/src/{wit.stem}/mod.rs"))]
    return (report.check("rustfmt", ["cargo", "fmt", "--check"], cwd=RUST)
            and report.check("rustfmt: host APIs", ["rustfmt", "--check", "--edition", "2024", *apis], cwd=RUST))


def clang_format(report, _):
    """C sources are formatted."""
    names = [f"clang-format-{version}" for version in (22, 21, 20, 19)] + ["clang-format"]
    formatter = next(filter(shutil.which, names), None)
    if not formatter:
        return report.skip("host", "clang-format", "not installed: scripts/setup")
    files = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.cpp"], cwd=REPO, capture_output=True, text=True)
    if not files.stdout:
        return report.skip("host", "clang-format", f"git does not list the files: {files.stderr.strip()}")
    return report.check("clang-format", [formatter, "--dry-run", "--Werror", *files.stdout.split()], cwd=REPO)


def layers(report, _):
    """Each host API has its files and its symbol, and no folder or module includes one above it."""
    return report.check("layers", [sys.executable, str(REPO / "scripts/lib/check_layers.py")])


def facts(report, _):
    """Numbers that are written in several languages are the same in each."""
    return report.check("facts", [sys.executable, "-m", "unittest", "-v", "test_facts"], cwd=REPO / "scripts/lib/testing")


def scenarios(report, _):
    """Each scenario names its board of the short run, or that it has none, with the reason."""
    if not has(sys.executable, "-c", "import yaml"):
        return report.skip("host", "scenarios", "no PyYAML for Python here; scripts/setup installs it where there is a Zephyr")
    return report.check("scenarios", [sys.executable, str(REPO / "scripts/lib/testing/scenarios.py")])


def reuse(report, _):
    """Builds are reused only if nothing has changed, and the check agreement finds differences."""
    if not has(sys.executable, "-c", "import yaml"):
        return report.skip("host", "reuse", "no PyYAML for Python here; scripts/setup installs it where there is a Zephyr")
    return report.check("reuse", [sys.executable, "-m", "unittest", "-v", "test_reuse", "test_agreement"],
                        cwd=REPO / "scripts/lib/testing")


def west(report, _):
    """West makes a workspace: from README.md's manifest, from this repository, and with another Zephyr."""
    if not has("west", "--version"):
        return report.skip("host", "west", "no west here; scripts/setup installs it where there is a Zephyr")
    return report.check("west", [sys.executable, "-m", "unittest", "-v", "test_west"], cwd=REPO / "scripts/lib/testing")


def setup(report, _):
    """The set-up fetches a Zephyr by west, reports what is missing, and installs it."""
    if not has("west", "--version"):
        return report.skip("host", "setup", "no west here; scripts/setup installs it where there is a Zephyr")
    return report.check("setup", [sys.executable, "-m", "unittest", "-v", "test_setup"], cwd=REPO / "scripts/lib/testing")


def refusals(report, builds):
    """A firmware that cannot be built is refused with the reason. A difference between Rust and C does not compile."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "refusals", lack)
    path = tool(report, builds)
    if not path:
        return False
    return report.check("refusals", [sys.executable, "-m", "unittest", "-v", "test_refusals", "test_declared"],
                        cwd=REPO / "scripts/lib/testing", env=with_tools(path))


def added(report, builds):
    """A host API can be added by its own files and one line."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "added", lack)
    return report.check("added", [sys.executable, "-m", "unittest", "-v", "test_added"], cwd=REPO / "scripts/lib/testing",
                        env=os.environ | {"ZEPHYR_WASM_BUILDS": str(builds)})


def first(report, builds):
    """README.md's first firmware, with an app of `new`, builds on four boards and runs."""
    if lack := os.environ.get("ZEPHYR_WASM_NO_FIRMWARE"):
        return report.skip("host", "first", lack)
    path = tool(report, builds)
    if not path:
        return False
    return report.check("first", [sys.executable, "-m", "unittest", "-v", "test_first"], cwd=REPO / "scripts/lib/testing",
                        env=with_tools(path))


def demo(report, _):
    """The demo runs up to its table. It fails if an app does not do what it should."""
    return report.check("demo", [str(REPO / "scripts/demo")])


def gate(report, _):
    """Zephyr's own system calls are closed to apps, or the build ends. rust/declare has the tests of the gate."""
    return report.check("gate", [sys.executable, "-m", "unittest", "-v", "test_closed"],
                        cwd=REPO / "scripts/lib/testing")


def rust(report, builds, meanwhile=None):
    """Rust's unit, property and guest tests, and the tests of the WebAssembly specification."""
    # Apps that tests build share a target directory with those of firmware.
    env = {**os.environ, "ZEPHYR_WASM_GUESTS": str(builds / "guests")}
    if not report.check("rust: builds", cargo(builds, "test", "--no-run"), cwd=RUST, env=env):
        return
    found, binary, without_result, why = [], "rust", [], {}

    def take(line):
        nonlocal binary
        if match := BINARY.match(line):
            binary = f"{match[2] or match[3]} {match[1] or 'doc'}"
            without_result.append(binary)
        elif match := TEST.match(line):
            found.append((binary, match[1], match[2]))
        elif match := SKIPPED.match(line):
            why[binary, match[1]] = match[2]
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
        reason = "" if status == "passed" else output
        if status == "passed" and (binary_name, name) in why:
            status, reason = "skipped", why[binary_name, name]
        report.add(Case(binary_name, name, status, reason=reason))
    for binary_name in without_result:
        report.add(Case(binary_name, "comes to its end", "failed", reason=output))
    if not passed and not without_result and not any(result == "FAILED" for _, _, result in found):
        report.add(Case("host", "rust: tests", "failed", reason=output))


def coap(report, builds):
    """An app that is a CoAP server and client talks to aiocoap, and receives packets of other clients."""
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


# How many modules are compared, and the seed of the first; and within how many modules a known fault has to be found.
DIFFERENTIAL_MODULES, DIFFERENTIAL_SEED, KNOWN_MODULES = 1200, 1, 200


def differential(report, builds):
    """The engine's results of generated modules are those of wasmtime."""
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
    # Checks that it finds faults: each of those that the engine is known to have.
    for known in ("selects", "blocks", "tables"):
        report.check(f"differential: finds {known}", [*command, "--modules", str(KNOWN_MODULES), "--known", known], **options)


def clippy(report, builds):
    """Lints of Rust. They run beside Rust's tests, and use what those have built for this machine."""
    if not has("cargo", "clippy", "--version"):
        return report.skip("host", "clippy", "not part of this Rust: rustup component add clippy")
    report.check("clippy", cargo(builds, "clippy", "--all-targets", "--", "-D", "warnings"), cwd=RUST)
    features = ["-p", "zephyr-wasm", "--features", "cooperative,validate"]
    return report.check("clippy: cooperative", cargo(builds, "clippy", *features, "--", "-D", "warnings"), cwd=RUST)


def toolchains(report, builds):
    """Programs of other toolchains, built by the options that docs/toolchains.md has, run on this machine."""
    path = tool(report, builds)
    if path is None:
        return
    place = REPO / "tests/toolchains"
    # What cannot be fetched is skipped, test by test.
    report.check("toolchains: fetches", [sys.executable, str(place / "tools.py"), "fetch"])
    results = []

    def take(line):
        if match := UNITTEST.match(line):
            results.append(match)

    _, output, passed = report.run("toolchains: builds and runs", [sys.executable, "-m", "unittest", "-v", "test_toolchains"],
                                   cwd=place, env=with_tools(path), on_line=take)
    for name, result, reason in (match.groups() for match in results):
        status = "skipped" if reason else "passed" if result == "ok" else "failed"
        report.add(Case("toolchains", name, status, reason=reason or ("" if result == "ok" else output)))
    if not passed and all(match[2] == "ok" or match[3] for match in results):
        report.add(Case("toolchains", "comes to its end", "failed", reason=output))


def wasi_testsuite_checkout():
    """Returns the checkout of the wasi-testsuite that WASI_TESTSUITE names, or None."""
    checkout = os.environ.get("WASI_TESTSUITE", "")
    return checkout if pathlib.Path(checkout or "/nowhere").is_dir() else None


def wasi_testsuite(report, builds):
    """The cases of the wasi-testsuite, if there is a checkout of it."""
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


# Checks that run only with --all or by name: they take long (a minute of configurations, six images), or change rarely.
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
    "toolchains": toolchains,
    "first": first,
    "demo": demo,
    "clippy": clippy,
    "wasi-testsuite": wasi_testsuite,
}
