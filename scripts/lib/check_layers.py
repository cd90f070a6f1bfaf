"""Checks that each host API is in every layer under the same name: nothing about an API is written only once.
And that modules in Rust use each other in no ring."""

import pathlib
import re
import sys

import check_rings

REPO = pathlib.Path(__file__).resolve().parents[2]
LAYERS = ["rust/api/src/{}.rs", "rust/platform-zephyr/src/{}.rs", "rust/platform-desk/src/{}.rs", "src/api/{0}/{0}.c",
          "src/api/{}/CMakeLists.txt", "src/api/{}/Kconfig"]


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
    rings = check_rings.main()
    return 1 if missing or not apis or rings else 0


def package(api):
    return re.search(r"^package ([^@;]+)", (REPO / f"wit/{api}.wit").read_text(), re.MULTILINE).group(1)


if __name__ == "__main__":
    sys.exit(main())
