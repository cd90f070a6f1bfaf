# SPDX-License-Identifier: Apache-2.0
"""Runs the programs of this test on this machine, which is another file system, and looks at what they leave."""

import pathlib
import shutil
import subprocess
import sys


def main():
    tool, built, card = (pathlib.Path(argument) for argument in sys.argv[1:])

    def begin(program, *args, apps=1):
        shutil.rmtree(card, ignore_errors=True)
        card.mkdir(parents=True)
        command = [tool, "run", "--mount", f"/card={card}", "-d", "/=/card", *[built / f"{program}.wasm"] * apps, "--", *args]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise SystemExit(f"{program} {' '.join(args)}, on this machine: exit code {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")

    begin("posix", "host")
    begin("shared", "removes-a-tree", "200")
    if left := list(card.rglob("*")):
        raise SystemExit(f"removes-a-tree, on this machine: expected nothing to be left; there is {left}")
    begin("shared", "appends", "/log", "one", apps=2)
    if (card / "log").read_bytes() != b"one\n" * 100:
        raise SystemExit("two programs that append, on this machine: expected 100 lines of both in the file")


if __name__ == "__main__":
    main()
