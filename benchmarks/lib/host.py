"""Counts the instructions of the benchmarks' guests on this machine with callgrind: by `zephyr-wasm run`, and in C."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1]
PORT = BENCHMARKS / "coremark"
CALLGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
MAIN = "int BENCHMARK(void); int main(void) { return BENCHMARK() == -1; }"


def instructions(command, *options):
    """What a command executes in all. What it exits with is the guest's result."""
    run = subprocess.run([*CALLGRIND, *options, *command], capture_output=True, text=True)
    collected = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode < 0 or not collected:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{run.stdout}{run.stderr}")
    return int(collected[1])


def sources(name, coremark):
    """The files of a kernel, and the options to build them with."""
    if name != "coremark":
        return [BENCHMARKS / "kernels" / f"{name}.c"], []
    parts = ("main", "list_join", "matrix", "state", "util")
    return [PORT / "core_portme.c", *(coremark / f"core_{part}.c" for part in parts)], [f"-I{PORT}", f"-I{coremark}"]


def native(name, coremark, directory):
    """What the kernel takes that is built for this machine."""
    main, program = directory / "main.c", directory / name
    main.write_text(MAIN)
    files, options = sources(name, coremark)
    subprocess.run(["cc", "-O2", "-w", "-DBENCHMARK=benchmark", *options, "-o", program, *files, main], check=True)
    return instructions([program], "--toggle-collect=benchmark")


def main():
    tool, guests, coremark = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    nothing = instructions([tool, "run", guests / "minimal.wasm"])
    names = sorted(path.stem for path in (BENCHMARKS / "kernels").glob("*.c"))
    if (guests / "coremark.wasm").exists() and sys.argv[3]:
        names.append("coremark")
    with tempfile.TemporaryDirectory() as directory:
        for name in names:
            record = {
                "board": "host",
                "profile": "host",
                "guest": name,
                "instructions": instructions([tool, "run", guests / f"{name}.wasm"]) - nothing,
                "native_instructions": native(name, coremark, pathlib.Path(directory)),
            }
            print(json.dumps(record), flush=True)


if __name__ == "__main__":
    main()
