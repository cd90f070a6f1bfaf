# SPDX-License-Identifier: Apache-2.0
"""Finds the compilers of other toolchains, fetches those that are of a registry, and builds a program by each.

    tools.py fetch                fetches what is missing here: by npm, by pip, by rustup
    tools.py build DIRECTORY      builds what can be built here for boards, and prints the names
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parents[1]
TABLE = HERE / "toolchains.toml"
# Where `fetch` puts them: beside what else scripts/setup has fetched, for all clones.
PLACE = pathlib.Path(os.environ.get("ZEPHYR_WASM_CACHE") or pathlib.Path.home() / ".cache/zephyr-wasm") / "toolchains"
SECONDS = 600


class Lacking(Exception):
    """What is not here, and how to get it."""


def table():
    """The toolchains of the table."""
    return tomllib.loads(TABLE.read_text())["toolchain"]


def package(name):
    """What `fetch` takes of a registry."""
    return tomllib.loads(TABLE.read_text())["packages"][name]


def first_of(*names):
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise Lacking(f"no {names[-1]}: scripts/setup")
    return found


def clang():
    return [first_of("clang-22", "clang-21", "clang-20", "clang-19", "clang")]


def wasi():
    """The options by which clang finds wasi-libc."""
    if sdk := os.environ.get("WASI_SDK_PATH"):
        return ["--target=wasm32-wasip1", f"--sysroot={sdk}/share/wasi-sysroot"]
    for target in ("wasm32-wasip1", "wasm32-wasi"):
        if pathlib.Path(f"/usr/lib/{target}/crt1-command.o").exists():
            return [f"--target={target}", "--sysroot=/usr", "-Wno-deprecated"]
    raise Lacking("no wasi-libc: scripts/setup")


def zig():
    python = PLACE / "zig/bin/python"
    if python.exists():
        return [str(python), "-m", "ziglang"]
    if path := shutil.which("zig"):
        return [path]
    raise Lacking("no Zig: tests/toolchains/tools.py fetch")


def asc():
    for path in (PLACE / "assemblyscript/node_modules/.bin/asc", shutil.which("asc")):
        if path and pathlib.Path(path).exists():
            return [str(path)]
    raise Lacking("no AssemblyScript: tests/toolchains/tools.py fetch")


TOOLS = {"clang": clang, "wasi": wasi, "zig": zig, "asc": asc, "rustc": lambda: [first_of("rustc")],
         "guest": lambda: [str(REPO / "guest/c")]}


def command(line, **values):
    """The words of a line of the table, with the tools that it names in braces."""
    words = []
    for word in line.split():
        if word[0] == "{" and word[-1] == "}" and word[1:-1] in TOOLS:
            words += TOOLS[word[1:-1]]()
        else:
            words.append(word.format(guest=TOOLS["guest"]()[0], **values))
    return words


def output(words, directory=HERE):
    """What a command prints. Raises CalledProcessError, with that in it, if it fails."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=directory, timeout=SECONDS)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, words, done.stdout)
    return done.stdout


def has_target(target):
    """Whether Rust compiles for a target."""
    root = output([*TOOLS["rustc"](), "--print", "sysroot"]).strip()
    return any(pathlib.Path(root, "lib/rustlib", target, "lib").glob("libcore-*.rlib"))


def version(toolchain):
    """Its version, as the table of docs has it."""
    words = output(command(toolchain["version"])).splitlines()[0].split()
    return next(word for word in words if word[0].isdigit())


def build(toolchain, directory):
    """Builds its program, and returns the file.

    Raises Lacking if something is not here, and CalledProcessError if it cannot be built."""
    target = toolchain.get("target")
    if target and not has_target(target):
        raise Lacking(f"no {target} in this Rust: tests/toolchains/tools.py fetch")
    path = pathlib.Path(directory).resolve() / f"{toolchain['name']}.wasm"
    output(command(toolchain["build"], source=HERE / "programs" / toolchain["source"], out=path))
    return path


def fetch():
    """Fetches what is missing, as far as there are programs that can; says what it does."""
    steps = [(f"Rust for {target}", lambda target=target: has_target(target), [["rustup", "target", "add", target]])
             for target in sorted({toolchain["target"] for toolchain in table() if "target" in toolchain})]
    place = str(PLACE / "zig")
    steps += [
        ("Zig", zig, [[sys.executable, "-m", "venv", place], [f"{place}/bin/pip", "install", "--quiet", package("zig")]]),
        ("AssemblyScript", asc,
         [["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(PLACE / "assemblyscript"),
           package("assemblyscript")]]),
    ]
    for name, find, commands in steps:
        try:
            if find():
                continue
        except Lacking:
            pass
        print(f"fetching {name}", flush=True)
        try:
            for words in commands:
                output(words)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"cannot fetch {name}: {error}\n{getattr(error, 'output', '') or ''}", flush=True)
            if name == "Zig":
                # A half of it would be taken for all.
                shutil.rmtree(place, ignore_errors=True)


def main():
    match sys.argv[1:]:
        case ["fetch"]:
            fetch()
        case ["build", directory]:
            pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
            for toolchain in table():
                if "refused" in toolchain:
                    continue
                try:
                    build(toolchain, directory)
                    print(toolchain["name"])
                except Lacking as why:
                    print(f"{toolchain['name']} is left out: {why}", file=sys.stderr)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
