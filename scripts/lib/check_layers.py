"""Checks that each host API is in every layer under the same name, that no folder of src/ includes one above it, and that
modules in Rust have no dependency cycles."""

import pathlib
import re
import sys

import check_rings

REPO = pathlib.Path(__file__).resolve().parents[2]
LAYERS = ["rust/api/src/{}.rs", "rust/platform-zephyr/src/{}.rs", "rust/platform-host/src/{}.rs", "src/api/{0}/{0}.c",
          "src/api/{}/CMakeLists.txt", "src/api/{}/Kconfig"]
# The folders of src/. Each may include its own headers, and those of the folders before it. The core includes the core only: it
# calls whoever has defined an observer (src/core/observer.h), or asks an origin (src/core/images.h). The gate of src/user serves
# whatever is below it.
FOLDERS = ["core", "compiled", "observe", "net", "api", "user", "store", "manage", "wasi"]


def main():
    missing = []
    apis = sorted(path.stem for path in (REPO / "wit").glob("*.wit") if path.stem != "app")
    for api in apis:
        for layer in LAYERS:
            path = REPO / layer.format(api)
            # A module in Rust may be a folder.
            if not path.exists() and not (path.suffix == ".rs" and path.with_suffix("").joinpath("mod.rs").exists()):
                missing.append(layer.format(api))
        kconfig, symbol = REPO / f"src/api/{api}/Kconfig", f"WASM_API_{api.upper()}"
        if kconfig.exists() and not re.search(rf"^config {symbol}$", kconfig.read_text(), re.MULTILINE):
            missing.append(f"config {symbol} in {kconfig.relative_to(REPO)}")
        if f"import {package(api)}" not in (REPO / "wit/app.wit").read_text():
            missing.append(f"import of {package(api)} in wit/app.wit")
    for name in missing:
        print(f"missing: {name}")
    upward = list(includes_from_above())
    for path, number, header, folder, above in upward:
        print(f"{path}:{number}: includes {header}, but src/{folder} is below src/{above}: what src/{folder} has to tell src/{above} "
              "goes by an observer (src/core/observer.h), or by a function that src/core has")
    strangers = list(without_our_prefix())
    for path, number, name in strangers:
        print(f"{path}:{number}: {name}: what is linked into a stranger's firmware begins with zephyr_wasm_, or is static")
    rings = check_rings.main()
    return 1 if missing or upward or strangers or not apis or rings else 0


def without_our_prefix():
    """The definitions of src/ that the linker sees and whose names do not have our prefix."""
    # What other names are for: the linker's wrappers, Zephyr's system calls and handlers, and ARM's names of memcpy() and others.
    ours = re.compile(r"zephyr_wasm_|__wrap_|__real_|z_impl_|z_vrfy_|k_sys_fatal_error_handler$|__aeabi_mem")
    defined = re.compile(r"^(?!static\b|typedef\b|extern\b)(?:const |struct |enum |union |unsigned )*\w+[ *]+(\w+)(?:\(|\[| =)"
                         r"|^(?:K_\w+_DEFINE|BT_GATT_SERVICE_DEFINE)\((\w+)")
    for path in sorted((REPO / "src").rglob("*.c")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = defined.match(line)
            name = found and (found.group(1) or found.group(2))
            if name and not ours.match(name) and not name.startswith("__attribute__"):
                yield path.relative_to(REPO), number, name


def includes_from_above():
    """The lines of src/ that include a header of a folder above their own."""
    for path in sorted((REPO / "src").rglob("*.[ch]")):
        folder = path.relative_to(REPO / "src").parts[0]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            header = re.match(r'#\s*include "([^"]+)"', line)
            above = header and header.group(1).split("/")[0]
            if above in FOLDERS[FOLDERS.index(folder) + 1:]:
                yield path.relative_to(REPO), number, header.group(1), folder, above


def package(api):
    return re.search(r"^package ([^@;]+)", (REPO / f"wit/{api}.wit").read_text(), re.MULTILINE).group(1)


if __name__ == "__main__":
    sys.exit(main())
