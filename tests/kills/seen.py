# SPDX-License-Identifier: Apache-2.0
"""Writes what tells, of each function in C that the image's host APIs call, that an app is in it.

Made of the same declarations as the gate (cmake/declared.py): a function that no app is killed in is found by src/main.c.
"""

import argparse
import pathlib
import sys

CMAKE = pathlib.Path(__file__).parents[2] / "cmake"
sys.path.insert(0, str(CMAKE))
from declared import functions_of  # noqa: E402 (found by the line above)
from gate import NOT_WRAPPED, Function  # noqa: E402

# What this image does not have, and why.
NOT_HERE = {
    "remains": "it is called for an app that has ended (CONFIG_WASM_TRACE)",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("--without", action="append", default=[], help="a host API that is in the image of another board")
    parser.add_argument("files", nargs="+", type=pathlib.Path, help="the declarations of the image's host APIs")
    args = parser.parse_args()
    rust = CMAKE.parent / "rust/platform-zephyr/src"
    mine = [path.stem for path in args.files]
    declared = [path.stem for path in sorted(rust.glob("*.rs")) if "/// Grants:" in path.read_text()]
    lacking = [api for api in declared if api not in [*mine, *NOT_HERE, *args.without]]
    if lacking:
        raise SystemExit("tests/kills: expected all host APIs in the image, so that apps are killed in each; "
                         f"add {', '.join(lacking)}, or say in tests/kills/seen.py why not")
    functions = [Function(path.stem, function) for path in args.files for function in functions_of(path)
                 if function.name not in NOT_WRAPPED]
    text = '/* Written by tests/kills/seen.py. */\n\n#include <zephyr/kernel.h>\n\n#include "net.h"\n#include "seen.h"\n'
    for number, function in enumerate(functions):
        names = ", ".join(argument.name for argument in function.arguments)
        gives = function.result != "void"
        text += (f"\n{function.result} __real_{function.name}({function.parameters});\n\n"
                 f"{function.result} __wrap_{function.name}({function.parameters})\n{{\n"
                 f"\tuint32_t before = seen_begin({number});\n"
                 + (f"\t{function.result} result = __real_{function.name}({names});\n" if gives
                    else f"\n\t__real_{function.name}({names});\n")
                 + f"\n\tseen_end({number}, before);\n" + ("\treturn result;\n" if gives else "") + "}\n")
    text += "\nstruct seen seen[] = {\n"
    text += "".join(f'\t{{.name = "{function.name.removeprefix("zephyr_wasm_")}"}},\n' for function in functions)
    text += "};\n\nconst size_t seen_count = ARRAY_SIZE(seen);\n"
    args.out.write_text(text)
    # For the linker's option --wrap.
    print(";".join(function.name for function in functions), end="")


if __name__ == "__main__":
    main()
