# SPDX-License-Identifier: Apache-2.0
"""Writes what tests/gate calls: every function behind the gate, with its arguments and what each of them is.

Made of the same declarations as the gate, as zephyr-wasm-declare lists them, so that no function and no argument can be left
out. How an argument is attacked is said in src/attacks.c.
"""

import argparse
import json
import pathlib

# How long something takes, or until when.
TIMES = ["timeout", "duration", "deadline", "debounce"]


def kind_of(argument, before):
    """What an argument is, as src/attacks.h has it: its kind, and the size of one of what it points to."""
    if pointer := argument["pointer"]:
        kind = "OPTIONAL" if pointer["optional"] else "WRITTEN" if pointer["writes"] else "READ"
        return kind, f"sizeof({pointer['to']})"
    if before and before["pointer"] and before["pointer"]["count"] == "next":
        return "LENGTH", "0"
    if argument["type"] == "bool":
        return "FLAG", "0"
    return ("TIME" if argument["name"] in TIMES else "NUMBER"), "0"


def c_type(argument):
    """The type of an argument of a call; a bool is any byte, as the engine could have it."""
    return "void *" if argument["pointer"] else "uint8_t" if argument["type"] == "bool" else argument["type"]


def written(function):
    """A function in C that makes the call, and its row of the table."""
    name, result = function["name"], function["result"]
    types = ", ".join(map(c_type, function["arguments"])) or "void"
    passed = []
    for place, argument in enumerate(function["arguments"]):
        cast = f"({c_type(argument)})" + ("(uintptr_t)" if argument["pointer"] else "")
        passed.append(f"{cast}a[{place}]")
    call = f"to_{name}({', '.join(passed)})"
    # A failure is a negative number; what has no failures, or a text, is none.
    body = f"return {call};" if result == "int32_t" else f"(void){call};\n\treturn 0;"
    # By another name in C, where headers have the right types.
    text = f'\n{result} to_{name}({types}) __asm__("{name}");\n\n'
    text += f"static int64_t call_{name}(const uint64_t *a)\n{{\n"
    text += ("\tARG_UNUSED(a);\n" if not function["arguments"] else "") + f"\t{body}\n}}\n"
    arguments = ""
    before = None
    for argument in function["arguments"]:
        kind, size = kind_of(argument, before)
        count = (argument["pointer"] or {}).get("count")
        counted = "true" if count == "next" else "false"
        room = count if count not in (None, "next") else "0"
        arguments += f'\t\t\t{{"{argument["name"]}", {kind}, {counted}, {size}, {room}}},\n'
        before = argument
    short = name.removeprefix("zephyr_wasm_")
    row = f'\t{{\n\t\t"{short}",\n\t\tcall_{name},\n\t\t{len(function["arguments"])},\n\t\t{{\n{arguments}\t\t}},\n\t}},\n'
    return text, row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("declared", type=pathlib.Path, help="the list of zephyr-wasm-declare")
    args = parser.parse_args()
    declared = json.loads(args.declared.read_text())
    lacking = [api for api in declared["apis"] if api not in declared["image"]]
    if lacking:
        raise SystemExit("tests/gate/prj.conf: expected all host APIs, so that each is attacked; "
                         f"add {', '.join(lacking)}")
    texts, rows = "", ""
    for function in declared["functions"]:
        text, row = written(function)
        texts += text
        rows += row
    args.out.write_text(f'/* Written by tests/gate/attacks.py. */\n\n#include "attacks.h"\n{texts}\n'
                        f"const struct function functions[] = {{\n{rows}}};\n\n"
                        "const size_t function_count = ARRAY_SIZE(functions);\n")


if __name__ == "__main__":
    main()
