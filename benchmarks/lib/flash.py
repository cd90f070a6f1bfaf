"""How large the code of compiled guests is, by the objects of a build, and what the board reads of them beside it."""

import json
import pathlib
import sys

from elftools.elf.elffile import ELFFile

SHF_ALLOC = 2


def in_flash(file):
    """The bytes of an object that become part of an image."""
    with open(file, "rb") as stream:
        return sum(section["sh_size"] for section in ELFFile(stream).iter_sections() if section["sh_flags"] & SHF_ALLOC)


def main():
    build = pathlib.Path(sys.argv[1])
    for file in sorted(build.glob("CMakeFiles/app.dir/wasm/*/compiled.c.obj")):
        name = file.parent.name
        outside = build / "wasm" / name / f"{name}.outside.wasm"
        print(json.dumps({"code": name, "bytes": in_flash(file), "outside": outside.stat().st_size}))


if __name__ == "__main__":
    main()
