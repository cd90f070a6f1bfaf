"""Makes tables, and with --docs the page docs/isolation.md, of what scripts/isolation has measured."""

import json
import pathlib
import re
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "isolation.md"
BEGIN, END = "<!-- scripts/isolation --docs writes from here -->\n", "<!-- to here -->\n"

# The clock of mps2/an385 counts 25 million cycles a second, and QEMU executes an instruction in a nanosecond.
INSTRUCTIONS = 40
GUEST = re.compile(r"^(\S+)\s+(-?\d+) us\s*$", re.MULTILINE)


def table(header, rows):
    """A table in Markdown, the first column of text."""
    lines = [f"| {' | '.join(header)} |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def ends(log):
    """What stops and kills took, by where the app was."""
    measured = {}
    for line in log.splitlines():
        if line.startswith("{"):
            found = json.loads(line)
            how = "stop" if "stop" in found else "kill"
            measured.setdefault(found[how], {})[how] = found
    rows = []
    for state, by in measured.items():
        row = [state]
        for how in ("kill", "stop"):
            found = by.get(how)
            row += [f"{found[key] * INSTRUCTIONS:,}" if found else "" for key in ("mean_cycles", "most_cycles")]
        rows.append(row)
    count = max(found["count"] for by in measured.values() for found in by.values())
    return count, table(["from", "kill, mean", "kill, most", "stop, mean", "stop, most"], rows)


def lateness(log):
    """By how much the neighbour was later beside each guest than alone. The most frequent value needs no names."""
    by_value = {}
    for name, us in GUEST.findall(log):
        by_value.setdefault(int(us), []).append(name)
    usual = max(by_value, key=lambda us: len(by_value[us]))
    rows = [["all others" if len(by_value) > 1 else "every guest", f"{usual}"]]
    rows += [[", ".join(f"`{name}`" for name in names), f"{us}"] for us, names in sorted(by_value.items()) if us != usual]
    return table(["beside", "later than alone, in us"], rows)


def options(text):
    """What each option adds to an image with none of them."""
    sizes = [(int(flash), int(ram), title) for flash, ram, title in (line.split(" ", 2) for line in text.splitlines())]
    base_flash, base_ram, _ = sizes[0]
    rows = [[sizes[0][2], f"{base_flash:,}", f"{base_ram:,}"]]
    rows += [[title, f"{flash - base_flash:+,}", f"{ram - base_ram:+,}"] for flash, ram, title in sizes[1:]]
    return table(["option", "flash, in bytes", "RAM, in bytes"], rows)


def main():
    results = pathlib.Path(sys.argv[1])
    count, kills = ends((results / "waits.log").read_text(errors="replace"))
    late = lateness((results / "runtime.log").read_text(errors="replace"))
    text = (
        f"### The end of an app, in instructions ({count:,} each)\n\n{kills}\n"
        f"### A neighbour beside each hostile guest\n\n{late}\n"
        f"### What options cost\n\n{options((results / 'options').read_text())}"
    )
    print(text)
    if "--docs" in sys.argv:
        page = PAGE.read_text()
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(page[:start] + "\n" + text + "\n" + page[end:])


if __name__ == "__main__":
    main()
