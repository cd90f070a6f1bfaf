# SPDX-License-Identifier: Apache-2.0
"""Edits a file on this machine, as src/main.c does on a board's file systems: the same is left."""

import pathlib
import shutil
import subprocess
import sys

# What is typed, and what is answered.
SESSIONS = [("a\none\ntwo\n.\n1\na\nbetween\n.\n1,$n\nw\nq\n", "one\n1 one\n2 between\n3 two\n3 lines\n"),
            ("2\nd\n1,$p\nx\nq\n", "between\none\ntwo\n?\n")]
LEFT = "one\nbetween\ntwo\n"


def main():
    tool, program, card = (pathlib.Path(argument) for argument in sys.argv[1:])
    shutil.rmtree(card, ignore_errors=True)
    card.mkdir(parents=True)
    for typed, answered in SESSIONS:
        done = subprocess.run([tool, "run", "-d", f"/={card}", program, "--", "/note.txt"], input=typed, capture_output=True,
                              text=True, timeout=60)
        if (done.returncode, done.stdout) != (0, answered):
            raise SystemExit(f"ed, on this machine: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    if (card / "note.txt").read_text() != LEFT:
        raise SystemExit(f"ed, on this machine: left {(card / 'note.txt').read_text()!r}")


if __name__ == "__main__":
    main()
