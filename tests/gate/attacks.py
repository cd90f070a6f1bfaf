# SPDX-License-Identifier: Apache-2.0
"""Writes what tests/gate calls: every function behind the gate, with its arguments and what each of them is.

Made of the same declarations as the gate (cmake/declared.py), so that no function and no argument can be left out. How
an argument is attacked is said in src/attacks.c.
"""

import argparse
import pathlib
import sys

CMAKE = pathlib.Path(__file__).parents[2] / "cmake"
sys.path.insert(0, str(CMAKE))
from declared import C_TYPES, COUNT, POINTER, STRUCTURES, functions_of  # noqa: E402 (found by the line above)
from gate import NOT_WRAPPED, ROOMS  # noqa: E402

# What no image with user mode has.
WITHOUT_USER_MODE = ["ble", "wasi"]
# How long something takes, or until when.
TIMES = ["timeout", "duration", "deadline", "debounce"]


def kind_of(name, rust, before):
    """What an argument is, as src/attacks.h has it: its kind, by what it is counted, and the size of one."""
    pointer = POINTER.fullmatch(rust)
    if pointer:
        how, pointed, _ = pointer.groups()
        kind = "OPTIONAL" if "Option" in how else "WRITTEN" if "mut " in how else "READ"
        return kind, f"sizeof({STRUCTURES.get(pointed) or C_TYPES[pointed]})"
    if before and COUNT.fullmatch(name) and rust in ("usize", "u32") and "*" in before[1]:
        return "LENGTH", "0"
    if rust == "bool":
        return "FLAG", "0"
    return ("TIME" if name in TIMES else "NUMBER"), "0"


def c_type(rust):
    """The type of an argument of a call; a bool is any byte, as the engine could have it."""
    if rust == "bool":
        return "uint8_t"
    return C_TYPES.get(rust) or "void *"


def written(function):
    """A function in C that makes the call, and its row of the table."""
    types = ", ".join(c_type(rust) for _, rust in function.arguments) or "void"
    passed = []
    for place, (_, rust) in enumerate(function.arguments):
        value = f"a[{place}]"
        passed.append(f"({c_type(rust)})(uintptr_t){value}" if POINTER.fullmatch(rust) else f"({c_type(rust)}){value}")
    result = {"": "void", "*const c_char": "const char *"}.get(function.result) or C_TYPES[function.result]
    call = f"to_{function.name}({', '.join(passed)})"
    # A failure is a negative number; what has no failures, or a text, is none.
    body = f"return {call};" if result == "int32_t" else f"(void){call};\n\treturn 0;"
    # By another name in C, where headers may have the right types.
    text = f'\n{result} to_{function.name}({types}) __asm__("{function.name}");\n\n'
    text += f"static int64_t call_{function.name}(const uint64_t *a)\n{{\n"
    text += ("\tARG_UNUSED(a);\n" if not function.arguments else "") + f"\t{body}\n}}\n"
    arguments = ""
    before = None
    following = function.arguments[1:] + [None]
    for (name, rust), after in zip(function.arguments, following):
        kind, size = kind_of(name, rust, before)
        counted = after is not None and kind_of(*after, (name, rust))[0] == "LENGTH" and "*" in rust
        room = ROOMS.get((function.name, name), "0") if not counted else "0"
        arguments += f'\t\t\t{{"{name}", {kind}, {str(counted).lower()}, {size}, {room}}},\n'
        before = name, rust
    short = function.name.removeprefix("zephyr_wasm_")
    row = f'\t{{\n\t\t"{short}",\n\t\tcall_{function.name},\n\t\t{len(function.arguments)},\n\t\t{{\n{arguments}\t\t}},\n\t}},\n'
    return text, row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("files", nargs="+", type=pathlib.Path, help="the declarations of the image's host APIs")
    args = parser.parse_args()
    rust = CMAKE.parent / "rust/platform-zephyr/src"
    mine = [path.stem for path in args.files]
    behind_the_gate = [path.stem for path in sorted(rust.glob("*.rs")) if "/// Grants:" in path.read_text()]
    lacking = [api for api in behind_the_gate if api not in mine + WITHOUT_USER_MODE]
    if lacking:
        raise SystemExit("tests/gate/prj.conf: expected all host APIs, so that each is attacked; "
                         f"add {', '.join(lacking)}")
    texts, rows = "", ""
    for path in args.files:
        for function in functions_of(path):
            if function.name not in NOT_WRAPPED:
                text, row = written(function)
                texts += text
                rows += row
    args.out.write_text(f'/* Written by tests/gate/attacks.py. */\n\n#include "attacks.h"\n{texts}\n'
                        f"const struct function functions[] = {{\n{rows}}};\n\n"
                        "const size_t function_count = ARRAY_SIZE(functions);\n")


if __name__ == "__main__":
    main()
