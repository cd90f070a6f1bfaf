# SPDX-License-Identifier: Apache-2.0
"""Closes to apps all system calls of an image that src/user/open_calls.txt does not name.

Many of Zephyr's ask for no permission, and a new Zephyr brings new ones, so that these are not named one by one: they
are what is left of the image's list. The linker puts our table of calls in the place of Zephyr's (src/user/closed.c).
"""

import argparse
import pathlib
import re

# The open one that ends its caller, and says so in the log: a kill waits for that.
LAST = "user_fault"

TABLE = "const _k_syscall_handler_t _k_syscall_table[K_SYSCALL_LIMIT] = {"


def open_calls(path):
    """The calls that apps may make."""
    calls = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        call = re.fullmatch(r"(\w+): \S.*", line)
        if call is None or call.group(1) in calls:
            raise SystemExit(f"{path}:{number}: expected `call: why apps need it`, each call once; found: {line}")
        calls.append(call.group(1))
    return calls


def calls_of(path):
    """The image's system calls, as pairs of their numbers' names and their own."""
    lines = path.read_text().splitlines()
    if TABLE not in lines:
        raise SystemExit(f"{path}:1: expected `{TABLE}`: this Zephyr keeps its system calls in another way, and "
                         "cmake/closed.py cannot close them")
    calls = []
    first = lines.index(TABLE) + 1
    for number, line in enumerate(lines[first:], first + 1):
        if line == "};":
            return calls
        call = re.fullmatch(r"\t\[(K_SYSCALL_\w+)\] = (?:z_mrsh_(\w+)|handler_bad_syscall),?", line)
        if call is None:
            raise SystemExit(f"{path}:{number}: expected `[K_SYSCALL_NAME] = z_mrsh_name,`; found: {line}")
        if call.group(2) is not None:
            calls.append(call.groups())
    raise SystemExit(f"{path}:{len(lines)}: expected `}};` behind the table")


def kind_of(name, may, also):
    """What is done with a call: the macro of src/user/closed.c that makes it."""
    if name not in may:
        return "closed"
    if name == LAST:
        return "last"
    return "opened" if name in also else "open"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("--dispatch", required=True, type=pathlib.Path, help="the image's syscall_dispatch.c")
    parser.add_argument("--list", required=True, type=pathlib.Path, help="the image's syscall_list.h, with all calls")
    parser.add_argument("--open", required=True, type=pathlib.Path, help="the calls that apps may make")
    parser.add_argument("--also", default="", help="more of them, as CONFIG_WASM_USERSPACE_CALLS has them")
    args = parser.parse_args(arguments)
    also = args.also.split()
    may = open_calls(args.open) + also
    known = re.findall(r"^#define K_SYSCALL_(\w+) \d+$", args.list.read_text(), re.MULTILINE)
    for call in may:
        if call.upper() not in known:
            place = "CONFIG_WASM_USERSPACE_CALLS" if call in also else args.open
            raise SystemExit(f"{place}: {call} is no system call of this Zephyr; expected the name of one")
    calls = calls_of(args.dispatch)
    kinds = {name: kind_of(name, may, also) for _, name in calls}
    text = "/* Written by cmake/closed.py. */\n\n"
    text += "".join(f"{kinds[name].upper()}({name})\n" for _, name in calls)
    text += "\nconst _k_syscall_handler_t __wrap__k_syscall_table[K_SYSCALL_LIMIT] = {\n"
    for number, name in calls:
        prefix = "z_mrsh" if kinds[name] == "open" else kinds[name]
        text += f"\t[{number}] = {prefix}_{name},\n"
    text += "\t[K_SYSCALL_BAD] = bad_call,\n};\n"
    args.out.write_text(text)


if __name__ == "__main__":
    main()
