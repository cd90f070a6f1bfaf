"""Makes tables, and with --docs the page and its plot, of what benchmarks/run has measured."""

import pathlib
import sys

from plot import plot
from results import KERNELS, PROFILES, Results

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
LOADED = ["minimal", "hello_c", "hello_rust", "coremark", "functions_20_kb"]


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
    ]
    return table(
        ["what", "at most", "is", ""],
        [(title, number(limit), number(value), "" if value is None else "yes" if value <= limit else "no")
         for title, limit, value in rows if value is not None],
    )


def of_board(results, board):
    """The tables of a board."""
    profiles = [p for p in [*PROFILES, "host"] if results.run(board, p, "fib") is not None]
    text = f"### {board}\n\nMillions of instructions, and in brackets how many times those of the same in C.\n\n"
    rows = []
    for guest in KERNELS:
        native = results.native(board, profiles[-1], guest)
        row = [guest, number(native, 1_000_000)]
        for profile in profiles:
            run = results.run(board, profile, guest)
            row.append("" if run is None else f"{number(run, 1_000_000)} ({run / native:.0f})")
        rows.append(row)
    text += table(["guest", "C", *profiles], rows)
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
    return "\n".join(part for part in [text, calls, loads, memory] if part)


def main():
    results = Results(sys.argv[1])
    text = ""
    if results.engine == "zephyr-wasm":
        text += f"### Targets\n\n{targets(results)}\n"
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
