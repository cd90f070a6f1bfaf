"""Makes tables, and with --docs the page and its plot, of what benchmarks/run has measured."""

import math
import pathlib
import sys

from plot import plot
from results import COMPILED, INTERPRETED, KERNELS, PROFILES, Results

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- benchmarks/run --docs writes from here -->\n", "<!-- to here -->\n"
M3, RISCV = "mps2/an385", "qemu_riscv32"
CALLS = [
    ("no argument, the engine alone", "engine_none"),
    ("no argument", "none"),
    ("three integers, the engine alone", "engine_three"),
    ("three integers", "three"),
    ("a string of 64 bytes", "text"),
    ("a list of 64 bytes returned", "bytes"),
]
SWITCHES = [
    ("from a thread in C to another", "threads"),
    ("from an app to another, by a host call", "apps"),
    ("a thread in C woken until it waits again", "wake thread"),
    ("an app woken until it waits again", "wake app"),
]
# CoreMark and a host call without arguments on mps2/an385, measured once with ENGINE.
OTHERS = [
    ("WAMR, compiled ahead of time", 2.58e6, 131),
    ("the same, run from flash", 2.69e6, None),
    ("wasm2c, addresses checked in 32 bits", 2.27e6, 5),
    ("WAMR, fast interpreter", 21.05e6, 213),
    ("wasm3", 25.97e6, 67),
]
LOADED = ["minimal", "hello_c", "hello_rust", "coremark", "functions_20_kb"]
# What is filled as a compiled guest starts, beside memory: its stack (compiled.conf).
COMPILED_FILLED = 8192


def number(value, unit=1):
    """A number for people; nothing for none."""
    if value is None:
        return ""
    return f"{value / unit:.2f}" if unit > 1 else f"{value:,.0f}"


def table(header, rows):
    """A table in Markdown, without the rows that have no figure."""
    rows = [row for row in rows if any(row[1:])]
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [[cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
             for row in [header, *rows]]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "".join(f"| {' | '.join(line)} |\n" for line in [lines[0], rule, *lines[1:]])


def times(ratio):
    """How many times that of C."""
    return f"{ratio:.2f}" if ratio < 5 else f"{ratio:.0f}"


def mean(results, board, profile):
    """The geometric mean of how many times the instructions of C at -O2 the kernels take; none if not all were measured."""
    pairs = [(results.run(board, profile, guest), results.native(board, "-O2", guest)) for guest in KERNELS]
    if not all(run and native for run, native in pairs):
        return None
    return math.prod(run / native for run, native in pairs) ** (1 / len(pairs))


def most(values):
    """The largest of what was measured."""
    return max((value for value in values if value is not None), default=None)


def compiled_targets(results):
    """The same of compiled apps: rows of a title, a limit and a value."""
    code = [results.code(M3, "compiled-Os", guest)[0] for guest in KERNELS]
    wasm = [results.figure(M3, "compiled-Os", guest, "wasm_bytes") for guest in KERNELS]
    rows = []
    for kind in COMPILED:
        for board, core in (M3, "Cortex-M3"), (RISCV, "RISC-V"):
            rows.append((f"CoreMark, {kind}, {core}", 1.5e6, results.run(board, kind, "coremark")))
            rows.append((f"mean of the kernels, times C at -O2, {kind}, {core}", 1.35, mean(results, board, kind)))
            rows.append((f"host call without arguments, {kind}, {core}", 40, results.call(board, kind, "none")))
    return [
        *rows,
        ("flash of the kernels by their .wasm, compiled-Os, Cortex-M3", 1.0,
         None if None in code + wasm else sum(code) / sum(wasm)),
        ("memory beside an app's own, compiled-Os, Cortex-M3 (bytes)", 512,
         most(results.beside(M3, "compiled-Os", guest) for guest in LOADED)),
        ("native stack of hello_c, compiled-Os, Cortex-M3 (bytes)", 2048,
         results.figure(M3, "compiled-Os", "hello_c", "stack_peak")),
        ("start of hello_c beside filling memory, compiled-Os, Cortex-M3", 10e3,
         results.start(M3, "compiled-Os", "hello_c", COMPILED_FILLED)),
    ]


def targets(results):
    """What we want, and what there is."""
    rows = [
        ("CoreMark, speed, Cortex-M3", 19e6, results.run(M3, "speed", "coremark")),
        ("CoreMark, speed, RISC-V", 28e6, results.run(RISCV, "speed", "coremark")),
        ("CoreMark, balanced, Cortex-M3", 24e6, results.run(M3, "balanced", "coremark")),
        ("CoreMark, size, Cortex-M3", 26e6, results.run(M3, "size", "coremark")),
        ("host call without arguments, speed, Cortex-M3", 200, results.call(M3, "speed", "none")),
        ("load of 20 KB, not validated, size, Cortex-M3", 300e3, results.load(M3, "size", "functions_20_kb")),
        ("load of 20 KB, validated, balanced, Cortex-M3", 1.5e6, results.load(M3, "balanced", "functions_20_kb")),
        ("memory of the minimal app, size, Cortex-M3 (bytes)", 4096, results.figure(M3, "size", "minimal", "heap_peak")),
        ("native stack, size, Cortex-M3 (bytes)", 6144, results.figure(M3, "size", "coremark", "stack_peak")),
        *compiled_targets(results),
    ]

    def figure(value, limit):
        return f"{value:.2f}" if limit < 10 else number(value)

    return table(
        ["what", "at most", "is", ""],
        [(title, figure(limit, limit), figure(value, limit), "yes" if value <= limit else "no")
         for title, limit, value in rows if value is not None],
    )


def others(results):
    """Ours beside other engines."""
    rows = [(f"zephyr-wasm, {kind}", results.run(M3, kind, "coremark"), results.call(M3, kind, "none"))
            for kind in reversed([*INTERPRETED, *COMPILED])]
    level = results.native_levels(M3)[-1]
    native = results.native(M3, level, "coremark")
    return table(
        ["on mps2/an385", "CoreMark", f"times C at {level}", "host call"],
        [(title, number(run, 1_000_000), times(run / native) if run else "", number(call))
         for title, run, call in sorted([*rows, *OTHERS], key=lambda row: row[1] or 0) if run],
    )


def of_board(results, board):
    """The tables of a board."""
    profiles = [p for p in [*PROFILES, "host"] if results.run(board, p, "fib") is not None]
    levels = results.native_levels(board)
    text = f"### {board}\n\nMillions of instructions, and in brackets how many times those of the same in C at {levels[-1]}.\n\n"
    rows = []
    for guest in KERNELS:
        natives = [results.native(board, level, guest) for level in levels]
        row = [guest, *(number(native, 1_000_000) for native in natives)]
        for profile in profiles:
            run = results.run(board, profile, guest)
            row.append("" if run is None else f"{number(run, 1_000_000)} ({times(run / natives[-1])})")
        rows.append(row)
    means = [mean(results, board, profile) for profile in profiles]
    rows.append(["geometric mean", *("" for _ in levels), *("" if m is None else times(m) for m in means)])
    text += table(["guest", *(f"C {level}" for level in levels), *profiles], rows)
    calls = table(
        ["instructions of a call, or a switch", *profiles],
        [[title, *(number(results.call(board, p, kind)) for p in profiles)] for title, kind in CALLS]
        + [[title, *(number(results.switch(board, p, kind)) for p in profiles)] for title, kind in SWITCHES],
    )
    loads = table(
        ["instructions to the first of", "bytes", *profiles],
        [[guest, number(results.figure(board, profiles[0], guest, "wasm_bytes")),
          *(number(results.load(board, p, guest)) for p in profiles)] for guest in LOADED],
    )
    memory = table(
        ["memory in bytes at most of", "of it linear", *profiles],
        [[guest, number(results.figure(board, profiles[0], guest, "linear_memory")),
          *(number(results.figure(board, p, guest, "heap_peak")) for p in profiles)] for guest in LOADED]
        + [["native stack of coremark", "", *(number(results.figure(board, p, "coremark", "stack_peak")) for p in profiles)]],
    )
    compiled = [p for p in profiles if p in COMPILED]
    flash = table(
        ["flash in bytes of", "bytes of the .wasm", *(f"{p}, in all" for p in compiled), "of it outside"],
        [[guest, number(results.figure(board, compiled[0], guest, "wasm_bytes")),
          *(number(results.code(board, p, guest)[0]) for p in compiled), number(results.code(board, compiled[0], guest)[1])]
         for guest in dict.fromkeys([*KERNELS, *LOADED])],
    ) if compiled else ""
    return "\n".join(part for part in [text, calls, loads, memory, flash] if part)


def main():
    results = Results(sys.argv[1])
    text = ""
    if results.engine == "zephyr-wasm":
        text += f"### Targets\n\n{targets(results)}\n"
        if any(results.run(M3, kind, "coremark") for kind in COMPILED):
            text += f"### Other engines\n\nMillions of instructions, and the instructions of a call.\n\n{others(results)}\n"
    text += "\n".join(of_board(results, board) for board in results.boards())
    print(text)
    if "--docs" in sys.argv[2:]:
        page = DOCS / "performance.md"
        before, rest = page.read_text().split(BEGIN)
        page.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1])
        (DOCS / "performance.svg").write_text(plot(results, M3))
    for board, profile, guest in results.failed():
        sys.exit(f"{guest} failed on {board}, profile {profile}")


if __name__ == "__main__":
    main()
