#!/usr/bin/env python3
"""Writes the guests that are too large to be written by hand: large.py <directory>

Each is as the others here: what it does in the first line, how it ends in the second.
"""

import pathlib
import sys

RUN = '(func (export "run") (result i32) i32.const 0)'
OUT_OF_MEMORY = 'OUT_OF_MEMORY 0 "out of memory"'
RETURNED = 'RETURNED 0 "returned"'


def guests():
    many = 100_000
    yield "many_types", f"A module of {many} types.", OUT_OF_MEMORY, lines("(type (func))", many) + RUN
    yield "many_functions", f"A module of {many} functions.", OUT_OF_MEMORY, lines("(func)", many) + RUN
    yield "many_globals", "A module of 20,000 globals.", OUT_OF_MEMORY, lines("(global i64 (i64.const 1))", 20_000) + RUN
    exports = "".join(f'(export "f{n}" (func 0))\n' for n in range(10_000))
    yield "many_exports", "One function under 10,000 names.", OUT_OF_MEMORY, exports + RUN
    yield "many_segments", "A module of 20,000 data segments.", OUT_OF_MEMORY, lines('(data "x")', 20_000) + RUN
    time = '(import "wasi:clocks/monotonic-clock@0.3.0" "now" (func (result i64)))'
    yield "many_imports", "One function imported 5,000 times.", OUT_OF_MEMORY, lines(time, 5_000) + RUN
    name = "n" * many
    yield "long_name", "An export with a name of 100,000 characters.", OUT_OF_MEMORY, f'(export "{name}" (func 0))\n' + RUN
    custom = f'(@custom "notes" "{name}")\n'
    yield "long_custom_section", "A custom section of 100,000 bytes, which is not read.", RETURNED, custom + RUN
    deep = 65_536
    nested = RUN.replace("i32.const 0", "\n" + lines("block", deep) + lines("end", deep) + "i32.const 0")
    yield "nested_blocks", f"{deep} nested blocks.", OUT_OF_MEMORY, nested
    branch = "(func block (br_table " + "0 " * 50_000 + "(i32.const 7)) end)\n"
    calls = RUN.replace("i32.const 0", "(call 0) (call 1) (call 2) (call 3) i32.const 0")
    yield "wide_branches", "Four branches with 50,000 targets each.", OUT_OF_MEMORY, branch * 4 + calls
    params = " ".join(["i32"] * 1_001)
    wide = f"(func (param {params}))\n" + RUN
    sum_of_many = "(global i32 i32.const 0\n" + lines("i32.const 1 i32.add", 5_000) + ")\n"
    idea = "A constant that is a sum of 5,000 numbers, which the engine would compute by 5,000 nested calls."
    lacks = 'REFUSED INVALID "uses a proposal that this engine lacks"'
    yield "refused_invalid_constant", idea, lacks, sum_of_many + RUN
    yield "refused_invalid_params", "A function of 1,001 parameters.", 'REFUSED INVALID "malformed, invalid"', wide


def lines(line, count):
    return (line + "\n") * count


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.wat"):
        old.unlink()
    for name, idea, end, body in guests():
        (directory / f"{name}.wat").write_text(f";; {idea}\n;; end: {end}\n(module\n{body})\n")


if __name__ == "__main__":
    main()
