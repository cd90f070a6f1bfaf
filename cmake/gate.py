# SPDX-License-Identifier: Apache-2.0
"""Writes the gate between apps in user mode and the host APIs in the kernel (CONFIG_WASM_USERSPACE).

What an API's Rust side calls in C is declared once, in rust/platform-zephyr/src. For each of these functions, this
writes a wrapper, which a thread in user mode enters in place of the function, and a server, which the system call
enters: it checks every pointer against what the thread may access before the function itself sees it.
"""

import argparse
import pathlib
import re

C_TYPES = {
    "u8": "uint8_t",
    "u16": "uint16_t",
    "u32": "uint32_t",
    "u64": "uint64_t",
    "i32": "int32_t",
    "i64": "int64_t",
    "usize": "size_t",
    "bool": "bool",
}

# How much C writes where no argument says it: by function and argument.
ROOMS = {
    ("zephyr_wasm_message_receive", "topic"): "ZEPHYR_WASM_TOPIC_SIZE",
    ("zephyr_wasm_message_receive", "payload"): "CONFIG_WASM_MESSAGE_SIZE",
    ("zephyr_wasm_storage_key", "key"): "ZEPHYR_WASM_STORAGE_KEY_SIZE",
}


class Argument:
    """An argument, and what has to hold of it."""

    def __init__(self, function, name, rust, following):
        self.name = name
        self.check = None
        if rust in C_TYPES:
            self.type = C_TYPES[rust]
        elif rust.startswith("&mut "):
            self.type = f"{C_TYPES[rust[5:]]} *"
            self.check = f"WRITES_ONE(frame->{name})"
        elif rust in ("*const u8", "*mut u8"):
            is_read = rust == "*const u8"
            self.type = "const void *" if is_read else "void *"
            room = ROOMS.get((function, name))
            if room is None:
                if following is None or following[1] != "usize":
                    raise SystemExit(f"{function}: nothing says how large {name} is")
                room = f"frame->{following[0]}"
            self.check = f"{'READS' if is_read else 'WRITES'}(frame->{name}, {room})"
        else:
            raise SystemExit(f"{function}: {name} is a {rust}, which cannot cross to the kernel")


class Function:
    """A function that Rust calls in C."""

    def __init__(self, name, arguments, result):
        self.name = name
        pairs = [tuple(part.strip().split(": ", 1)) for part in arguments.split(",") if part.strip()]
        following = pairs[1:] + [None]
        self.arguments = [Argument(name, *pair, after) for pair, after in zip(pairs, following)]
        self.result = {"": "void", "*const c_char": "const char *"}.get(result) or C_TYPES[result]

    def write(self, number):
        """The wrapper and the server."""
        parameters = ", ".join(f"{a.type} {a.name}" for a in self.arguments) or "void"
        names = ", ".join(a.name for a in self.arguments)
        served = ", ".join(f"frame->{a.name}" for a in self.arguments)
        fields = [f"{a.type} {a.name};" for a in self.arguments]
        gives = self.result != "void"
        if gives:
            fields.append(f"{self.result} result;")
        # An empty structure is none in C.
        lines = "\n\t".join(fields or ["uint8_t nothing;"])
        values = ", ".join(f".{a.name} = {a.name}" for a in self.arguments)
        checks = "".join(f"\t{a.check};\n" for a in self.arguments if a.check)
        call = f"__real_{self.name}({served})"
        return f"""
struct {self.name} {{
	{lines}
}};

{self.result} __real_{self.name}({parameters});
{self.result} __wrap_{self.name}({parameters});

static void serve_{self.name}(void *call)
{{
	struct {self.name} *frame = call;

	ARG_UNUSED(frame);
{checks}	{"frame->result = " if gives else ""}{call};
}}

{self.result} __wrap_{self.name}({parameters})
{{
	struct {self.name} frame = {{{values}}};

	if (!k_is_user_context()) {{
		{"return " if gives else ""}__real_{self.name}({names});{"" if gives else chr(10) + chr(9) + chr(9) + "return;"}
	}}
	zephyr_wasm_gate({number}, (uintptr_t)&frame);
{chr(9) + "return frame.result;" + chr(10) if gives else ""}}}
"""


# What is called elsewhere than on apps' threads.
NOT_GATED = ["zephyr_wasm_remains_of"]


def functions_of(path):
    """What a file of Rust declares in C."""
    for block in re.findall(r'unsafe extern "C" \{(.*?)\n\}', path.read_text(), re.DOTALL):
        for name, arguments, result in re.findall(r"fn (\w+)\(([^)]*)\)(?: -> ([^;]+))?;", block):
            if name not in NOT_GATED:
                yield Function(name, arguments, result)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("--without", action="append", default=[], help="a function that the image does not have")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="the files of Rust that declare what C has")
    args = parser.parse_args()
    functions = [f for path in args.files for f in functions_of(path) if f.name not in args.without]
    text = "/* Written by cmake/gate.py. */\n"
    text += "".join(function.write(number) for number, function in enumerate(functions))
    text += "\nstatic const struct server servers[] = {\n"
    text += "".join(f"\t{{serve_{f.name}, sizeof(struct {f.name}), __alignof__(struct {f.name})}},\n" for f in functions)
    text += "};\n"
    if not args.out.exists() or args.out.read_text() != text:
        args.out.write_text(text)
    # For the linker's option --wrap.
    print(";".join(function.name for function in functions), end="")


if __name__ == "__main__":
    main()
