"""Reads a linker's map: the bytes of flash and RAM that each component of an image has."""

import collections
import pathlib
import re

REPO = pathlib.Path(__file__).resolve().parents[2]
APIS = {path.stem for path in (REPO / "wit").glob("*.wit")} - {"app"}
# What a debugger reads, and no board.
UNLOADED = re.compile(r"^(\.debug|\.comment|\.ARM\.attributes|\.riscv\.attributes|\.symtab|\.strtab|\.shstrtab|/DISCARD/|\.stab)")
OUTPUT = re.compile(r"^(\S+)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+load address 0x([0-9a-f]+))?)?\s*$")
INPUT = re.compile(r"^ (\*fill\*|[^\s*]\S*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$")
WRAPPED = re.compile(r"^\s{10,}0x([0-9a-f]+)\s+0x([0-9a-f]+)(?:\s+(\S.*))?$")
CRATE = re.compile(r"C(?:s[0-9A-Za-z]*)?_(\d+)(\w+)")

# Parts of the engine by what is in the path of a symbol.
ENGINE = [
    ("wasmparser9validator", "engine: validation"),
    ("6engine10translator", "engine: translation"),
    ("6engine8executor", "engine: execution"),
    ("into_func", "host calls: the engine's closures"),
    ("4Func4wrap", "host calls: the engine's closures"),
    ("OUTLINED_FUNCTION", "engine and runtime: outlined"),
]


def rust_component(symbol):
    """The component of a section in the library in Rust; its name ends in a symbol of v0 mangling."""
    if "8bindings" in symbol:
        return "host calls: bindings"
    for part, component in ENGINE:
        if part in symbol:
            return component
    crate = CRATE.search(symbol)
    if not crate:
        return "engine and runtime: constants" if ".rodata" in symbol else "Rust's library"
    name = crate[2][: int(crate[1])]
    match name:
        case "wasmi" | "wasmi_core" | "wasmi_collections" | "wasmi_ir":
            return "engine: the rest"
        case "wasmparser":
            return "engine: parsing"
        case "zephyr_wasm_api":
            api = re.match(r"zephyr_wasm_api(\d+)(\w+)", crate[2])
            return f"API {api[2][: int(api[1])]}" if api else "host calls: bindings"
        case "core" | "alloc" | "compiler_builtins" | "rustc_std_workspace_core":
            return "Rust's library"
        case _ if name.startswith("zephyr_wasm"):
            return "runtime"
        case _:
            return "Rust's library"


def c_component(source):
    """The component of a file in C of this module."""
    stem = source.removesuffix(".obj").removesuffix(".c")
    if stem == "region":
        return "apps' memory"
    if stem in APIS or stem.split("_")[0] in APIS:
        return f"API {stem.split('_')[0]}"
    if stem.startswith("shell"):
        return "shell"
    for folder in ("store", "smp", "wasi"):
        if (REPO / "src" / folder / f"{stem}.c").exists():
            return folder
    return "runtime"


def component(section, place):
    """The component that an input section is of."""
    if place is None:
        return "alignment"
    if "libzephyr_wasm_rust" in place or "librustapp" in place:
        return rust_component(section)
    if "libzephyr_wasm.a" in place:
        source = re.search(r"\((.*)\)", place)[1]
        of = c_component(source)
        return "apps' stacks" if of == "runtime" and section.startswith(".noinit") else of
    if "app/libapp.a" in place:
        return "application, with its apps"
    if re.search(r"/libc|libgcc|libm\.a|libpicolibc", place):
        return "C library"
    part = re.search(r"zephyr/(kernel|drivers|arch|subsys/net|subsys|lib|soc|boards|modules)/", place)
    if part and part[1] in ("kernel", "arch"):
        return "Zephyr: kernel"
    return f"Zephyr: {part[1]}" if part and part[1] in ("drivers", "subsys/net") else "Zephyr: the rest"


class Footprint:
    """The bytes of an image."""

    def __init__(self, path):
        self.flash, self.ram = collections.Counter(), collections.Counter()
        self.regions = {}
        memory, listing = path.read_text(errors="replace").split("Linker script and memory map", 1)
        for name, origin, length in re.findall(r"^(\w+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)", memory, re.MULTILINE):
            self.regions[name] = range(int(origin, 16), int(origin, 16) + int(length, 16))
        self._read(listing.splitlines())

    def _read(self, lines):
        loaded, output, name, counted = False, None, None, None
        for line in lines:
            if line and not line[0].isspace():
                if found := OUTPUT.match(line):
                    output, counted = found[1], None
                    loaded = found[4] is not None
                continue
            if found := re.match(r"^\s+0x[0-9a-f]+\s+0x[0-9a-f]+ load address", line):
                loaded = True
                continue
            if output is None or UNLOADED.match(output):
                continue
            if found := INPUT.match(line):
                self._add(found[1], int(found[2], 16), int(found[3], 16), found[4], loaded)
                name = None
            elif found := re.match(r"^ (\.\S+|COMMON)$", line):
                name = found[1]
            elif name and (found := WRAPPED.match(line)):
                self._add(name, int(found[1], 16), int(found[2], 16), found[3], loaded)
                name = None

    def _add(self, section, address, size, place, loaded):
        if size == 0 or (place is None and section != "*fill*"):
            return
        of = component(section, None if section == "*fill*" else place)
        in_ram = "RAM" in self.regions and address in self.regions["RAM"]
        if "FLASH" in self.regions and (loaded or address in self.regions["FLASH"]):
            self.flash[of] += size
        if in_ram:
            self.ram[of] += size
