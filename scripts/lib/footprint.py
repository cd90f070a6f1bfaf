"""Reports the images of tests/footprint.toml by component, against others; scripts/test compares them with their ceilings.

    footprint.py list                    prints a line for each image: name, board, sample, options
    footprint.py report NOW [BEFORE]     of builds in NOW/<name>, with the change against those in BEFORE/<name>
"""

import pathlib
import sys
import tomllib

from footprint_map import REPO, Footprint

CEILINGS = REPO / "tests" / "footprint.toml"


def images():
    """The images that have ceilings."""
    return tomllib.loads(CEILINGS.read_text())["image"]


def measures(footprint):
    """The figures of an image that have ceilings: by name, total and component."""
    figures = {}
    for kind, parts in (("flash", footprint.flash), ("ram", footprint.ram)):
        if parts:
            figures[kind] = sum(parts.values())
    loaded = footprint.flash or footprint.ram
    figures["engine"] = sum(size for part, size in loaded.items() if part.startswith("engine"))
    return figures


def row(title, now, before):
    """A line of the table; the change is that of both."""
    cells = [f"{now[kind].get(title, 0):>9,}" for kind in now]
    if before:
        cells += [f"{now[kind].get(title, 0) - before[kind].get(title, 0):>+9,}" for kind in now]
    return f"| {title:<36} | {' | '.join(cells)} |"


def parts(footprint):
    """Flash and RAM by component, with their sums; RAM alone for a board that runs from it."""
    kinds = {"flash": footprint.flash, "RAM": footprint.ram}
    return {kind: {**sizes, "in all": sum(sizes.values())} for kind, sizes in kinds.items() if sizes}


def report(now_directory, before_directory):
    """Prints a table for each image."""
    for image in images():
        now = parts(Footprint(now_directory / image["name"] / "zephyr" / "zephyr.map"))
        before = None
        if before_directory and (before_directory / image["name"] / "zephyr" / "zephyr.map").exists():
            before = parts(Footprint(before_directory / image["name"] / "zephyr" / "zephyr.map"))
        header = [f"{kind:>9}" for kind in now] + ([f"{kind + ' +':>9}" for kind in now] if before else [])
        print(f"\n### {image['name']}: {image['sample']} on {image['board']}\n")
        print(f"| {'component':<36} | {' | '.join(header)} |")
        print(f"|{'-' * 38}|{'|'.join('-' * 10 + ':' for _ in header)}|")
        titles = set().union(*now.values(), *(before or {}).values())
        first = next(iter(now))
        for title in sorted(titles, key=lambda title: (title == "in all", -now[first].get(title, 0), title)):
            print(row(title, now, before))


def is_directory_of(name, board):
    """Whether twister's directory of this name is that of a board: it has underscores for slashes, and may have more parts."""
    board = board.replace("/", "_")
    return name == board or name.startswith(f"{board}_")


def find_map(places, image):
    """The map that twister has left of an image in one of these places."""
    found = [place / "zephyr" / "zephyr.map" for place in places
             if place.name == image["scenario"] and any(is_directory_of(part, image["board"]) for part in place.parts)]
    return next((path for path in found if path.exists()), None)


def compare(places, image):
    """Compares an image that twister has built with its ceilings: a line of its figures, and a line for each that is above."""
    path = find_map(places, image)
    if path is None:
        return f"{image['name']}: no map", [f"{image['scenario']} was not built for {image['board']}"]
    figures = measures(Footprint(path))
    above = [f"{image['name']}: {kind} is {size:,} B, and may be {image[kind]:,} B: see `scripts/footprint --against main~` "
             f"for what grew, or raise it in tests/footprint.toml and say why"
             for kind, size in figures.items() if size > image.get(kind, size)]
    return f"{image['name']}: " + ", ".join(f"{kind} {size:,} B" for kind, size in figures.items()), above


def main():
    match sys.argv[1:]:
        case ["list"]:
            for image in images():
                print(image["name"], image["board"], image["sample"], *image.get("options", []))
        case ["report", now, *before]:
            report(pathlib.Path(now), pathlib.Path(before[0]) if before else None)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
