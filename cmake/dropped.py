# SPDX-License-Identifier: Apache-2.0
"""Says why Kconfig has dropped symbols of ours that the configuration asks for: what is not met of `depends on`, a line each.

Kconfig only warns of that, once, and an image is built that has no second wall, or no store.
"""

import argparse
import os
import pathlib
import re
import sys

# Whoever asks for one of these has it, or no image; any other may be left asked for where another of ours is turned off that it
# depends on, as an overlay with CONFIG_WASM_STORE=n does.
WALLS = {
    "WASM_BOOT_GUARD",
    "WASM_CPU_SHARES",
    "WASM_FATAL_HANDLER",
    "WASM_LOG_LIMIT",
    "WASM_STORE",
    "WASM_SUPERVISOR",
    "WASM_USERSPACE",
    "WASM_VALIDATE",
    "WASM_WATCHDOG",
}

# Kconfig has no expression of what a macro has said, but a constant, and then nothing else of `depends on`.
MACRO = re.compile(r"\tdepends on \$\((dt_nodelabel|dt_alias)_enabled,(\w+)\)")
OF_MACROS = {"dt_nodelabel": "label", "dt_alias": "alias"}


def told_by_macros(node):
    """What the macros ask for that are in the text of a symbol."""
    lines = pathlib.Path(os.environ["srctree"], node.filename).read_text().splitlines()[node.linenr - 1:]
    entry = re.split(r"\n\thelp\n|\n\n", "\n".join(lines))[0]
    return [f"an enabled node of the devicetree with the {OF_MACROS[kind]} {name}" for kind, name in MACRO.findall(entry)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kconfig", required=True, help="the first file of Kconfig")
    parser.add_argument("--config", required=True, help="the configuration as Kconfig has written it")
    parser.add_argument("--off", nargs="*", default=[], help="symbols that the configuration turns off")
    parser.add_argument("symbols", nargs="+")
    args = parser.parse_args()

    sys.path.insert(0, os.path.join(os.environ["ZEPHYR_BASE"], "scripts/kconfig"))
    import kconfiglib

    kconf = kconfiglib.Kconfig(args.kconfig, warn=False, suppress_traceback=True)
    kconf.load_config(args.config)
    for name in args.symbols:
        symbol = kconf.syms[name]
        lacking = [term for term in kconfiglib.split_expr(symbol.direct_dep, kconfiglib.AND) if kconfiglib.expr_value(term) == 0]
        off = {item.name for term in lacking for item in kconfiglib.expr_items(term)} & set(args.off)
        if name in WALLS or not off:
            told = [kconfiglib.expr_str(term) for term in lacking if term is not kconf.n]
            for node in symbol.nodes:
                told += told_by_macros(node) if kconf.n in lacking else []
            told = told or ["what is around it in Kconfig"]
            print(f"CONFIG_{name} needs " + ", and ".join(told))


if __name__ == "__main__":
    main()
