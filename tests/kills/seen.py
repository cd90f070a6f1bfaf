# SPDX-License-Identifier: Apache-2.0
"""Writes what tells, of each function in C that the image's host APIs call, that an app is in it.

Made of the same declarations as the gate, as zephyr-wasm-declare lists them: a function that no app is killed in is found by
src/main.c.
"""

import argparse
import json
import pathlib

# What this image does not have, and why.
NOT_HERE = {
    "remains": "it is called for an app that has ended (CONFIG_WASM_TRACE)",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("--without", action="append", default=[], help="a host API that is in the image of another board")
    parser.add_argument("declared", type=pathlib.Path, help="the list of zephyr-wasm-declare")
    args = parser.parse_args()
    declared = json.loads(args.declared.read_text())
    lacking = [api for api in declared["apis"] if api not in [*declared["image"], *NOT_HERE, *args.without]]
    if lacking:
        raise SystemExit("tests/kills: expected all host APIs in the image, so that apps are killed in each; "
                         f"add {', '.join(lacking)}, or say in tests/kills/seen.py why not")
    functions = declared["functions"]
    text = '/* Written by tests/kills/seen.py. */\n\n#include <zephyr/kernel.h>\n\n#include "net/net.h"\n#include "seen.h"\n'
    for number, function in enumerate(functions):
        name, result, parameters = function["name"], function["result"], function["parameters"]
        names = ", ".join(argument["name"] for argument in function["arguments"])
        gives = result != "void"
        text += (f"\n{result} __real_{name}({parameters});\n\n"
                 f"{result} __wrap_{name}({parameters})\n{{\n"
                 f"\tuint32_t before = seen_begin({number});\n"
                 + (f"\t{result} result = __real_{name}({names});\n" if gives else f"\n\t__real_{name}({names});\n")
                 + f"\n\tseen_end({number}, before);\n" + ("\treturn result;\n" if gives else "") + "}\n")
    text += "\nstruct seen seen[] = {\n"
    text += "".join(f'\t{{.name = "{function["name"].removeprefix("zephyr_wasm_")}"}},\n' for function in functions)
    text += "};\n\nconst size_t seen_count = ARRAY_SIZE(seen);\n"
    args.out.write_text(text)
    # For the linker's option --wrap.
    print(";".join(function["name"] for function in functions), end="")


if __name__ == "__main__":
    main()
