"""Checks that the modules of a crate have no dependency cycles, so that each can be understood without all others.

A module uses another if it names it behind `crate::` or `super::`. What `lib.rs` has itself, or re-exports, belongs to all.
"""

import pathlib
import re
import sys

REPO = pathlib.Path(__file__).resolve().parents[2]
USE = re.compile(r"\b(crate|(?:super::)*super)::(\{[^;]*?\}|\w+)", re.DOTALL)


def modules_of(folder):
    """The modules in a folder, each with its files; without the module that the folder itself is."""
    modules = {}
    for path in folder.glob("*.rs"):
        if path.name not in ("lib.rs", "main.rs", "mod.rs"):
            modules.setdefault(path.stem, []).append(path)
    for path in folder.iterdir():
        if path.is_dir():
            modules.setdefault(path.name, []).extend(path.rglob("*.rs"))
    return {name: files for name, files in modules.items() if files}


def first_names(tree):
    """The first names of the rest of a path: `a`, or each of `{a, b::c, d::{e, f}}`."""
    if not tree.startswith("{"):
        return [tree]
    while (flat := re.sub(r"(\w)::\{[^{}]*\}", r"\1", tree)) != tree:
        tree = flat
    return re.findall(r"(?:^\{|,)\s*(\w+)", tree)


def uses_of(folder, modules):
    """For each module, the modules beside it that it uses."""
    # The folder from which `super` is counted.
    crate = next(parent for parent in [folder, *folder.parents] if parent.name == "src")
    uses = {name: set() for name in modules}
    for name, files in modules.items():
        for path in files:
            text = re.sub(r"//[^\n]*", "", path.read_text())
            # What tests use is no part of it.
            text = text.split("#[cfg(test)]\nmod ")[0]
            parts = path.relative_to(crate).with_suffix("").parts
            place = parts[:-1] if parts[-1] == "mod" else parts
            for root, tree in USE.findall(text):
                at = () if root == "crate" else place[: len(place) - root.count("super")]
                names = first_names(tree)
                if at == folder.relative_to(crate).parts:
                    uses[name].update(names)
        uses[name] = (uses[name] & modules.keys()) - {name}
    return uses


def rings(uses):
    """The cycles: sets of modules in which each uses each other, directly or through others."""
    reached = {name: set(used) for name, used in uses.items()}
    for _ in uses:
        for name in uses:
            reached[name] = reached[name].union(*(reached[used] for used in reached[name]))
    found = {frozenset(other for other in reached[name] if name in reached[other]) for name in uses if name in reached[name]}
    return sorted(sorted(ring) for ring in found)


def main():
    bad = 0
    for crate in sorted(REPO.glob("rust/*/src")):
        for folder in [crate, *sorted(path for path in crate.rglob("*") if path.is_dir())]:
            relative = folder.relative_to(REPO).as_posix()
            modules = modules_of(folder)
            uses = uses_of(folder, modules)
            for ring in rings(uses):
                bad += 1
                print(f"{relative}: {', '.join(ring)} use each other in a ring:")
                for name in ring:
                    print(f"    {name} uses {', '.join(sorted(uses[name] & set(ring)))}")
                print("    give what both sides need a file of its own, or pass it as a parameter")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
