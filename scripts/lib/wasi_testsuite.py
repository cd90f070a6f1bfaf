"""Runs the cases of the wasi-testsuite (github.com/WebAssembly/wasi-testsuite, a branch with built tests) by `zephyr-wasm run`.

    wasi_testsuite.py <zephyr-wasm> <suite> <expectations.toml>

Prints how many passed, failed and do not apply, and each failure. Those that do not apply are listed in the expectations,
each with its reason. One of them that passes is a failure, so that the list stays true.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib


def run(tool, test):
    spec = test.with_suffix(".json")
    spec = json.loads(spec.read_text()) if spec.exists() else {}
    with tempfile.TemporaryDirectory() as place:
        limits = {"time": 20000, "memory": 64 << 20, "heap": 128 << 20, "value-stack": 1 << 20, "call-depth": 1000}
        command = [tool, "run", *(f"--{name}={value}" for name, value in limits.items()), test]
        if "root" in spec:
            root = pathlib.Path(place) / "root"
            shutil.copytree(test.parent / spec["root"], root)
            for leftover in root.rglob("*.cleanup"):
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
            command += ["--dir", f"/={root}"]
        for name, value in spec.get("env", {}).items():
            command += ["--env", f"{name}={value}"]
        command += ["--", *spec.get("args", [])]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60)
    wrong = []
    if done.returncode != spec.get("exit_code", 0):
        wrong.append(f"exit code {done.returncode}")
    if "stdout" in spec and done.stdout != spec["stdout"]:
        wrong.append(f"stdout {done.stdout!r}")
    return f"{', '.join(wrong)}: {done.stderr.strip()[-300:]}" if wrong else None


def main():
    tool, suite, expectations = sys.argv[1:]
    known = tomllib.loads(pathlib.Path(expectations).read_text())
    passed = failed = unable = 0
    for test in sorted(pathlib.Path(suite).glob("tests/*/testsuite/wasm32-wasip1/*.wasm")):
        wrong = run(tool, test)
        if test.stem in known:
            unable += 1
            if wrong is None:
                failed += 1
                print(f"{test.stem} passes, and {expectations} says that it does not")
        elif wrong is None:
            passed += 1
        else:
            failed += 1
            print(f"{test.stem}: {wrong}")
    print(passed, failed, unable)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
