# SPDX-License-Identifier: Apache-2.0
"""Writes what stands between apps and the functions in C of host APIs, if anything has to.

What an API's Rust side calls in C is declared once, in rust/platform-zephyr/src. For each of these functions, this
writes a wrapper, which the linker puts in its place:

--count  it counts the call for its app (CONFIG_WASM_METRICS)
--gate   an app in user mode enters the kernel by it (CONFIG_WASM_USERSPACE); what serves it there checks, before the
         function itself sees the call, that the app's manifest has the API, every pointer against what the app's
         thread may access, and what the declaration says in a comment:

             /// Grants: `output` of `name`.         the manifest's grants of that kind have this argument
             /// Grants: zephyr_wasm_gpio_may_open.  this function in C says so, of the same arguments
             /// Grants: none.                       it reaches nothing that a manifest grants one by one

cmake/declared.py reads the declarations, and ends the build at the first that it does not understand.

Prints the functions' names.
"""

import argparse
import pathlib

from declared import C_TYPES, COUNT, POINTER, STRUCTURES, functions_of, package_of

# How much C writes where no argument says it: by function and argument.
ROOMS = {
    ("zephyr_wasm_message_receive", "topic"): "ZEPHYR_WASM_TOPIC_SIZE",
    ("zephyr_wasm_message_receive", "payload"): "CONFIG_WASM_MESSAGE_SIZE",
    ("zephyr_wasm_storage_key", "key"): "ZEPHYR_WASM_STORAGE_KEY_SIZE",
    ("zephyr_wasm_sockets_name", "name"): "ZEPHYR_WASM_HOST_NAME_SIZE",
    ("zephyr_wasm_coap_next", "path"): "ZEPHYR_WASM_COAP_PATH_SIZE",
    ("zephyr_wasm_coap_next", "payload"): "CONFIG_WASM_COAP_SIZE",
    ("zephyr_wasm_coap_ask", "body"): "CONFIG_WASM_COAP_SIZE",
}

# What is called elsewhere than on apps' threads.
NOT_WRAPPED = ["zephyr_wasm_remains_of"]


class Argument:
    """An argument, and what has to hold of it in the kernel; `unknown` if this cannot tell."""

    def __init__(self, function, name, rust, following):
        self.name = name
        self.check = ""
        self.unknown = None
        if rust in C_TYPES:
            self.type = C_TYPES[rust]
            return
        kind, pointed, _ = POINTER.fullmatch(rust).groups()
        known = C_TYPES.get(pointed) or STRUCTURES.get(pointed)
        self.type = f"{'' if 'mut ' in kind else 'const '}{known or 'void'} *"
        access = "WRITES" if "mut " in kind else "READS"
        if known is None:
            self.unknown = f"{name} is a {rust}, which cannot cross to the kernel"
        elif "&" in kind:
            self.check = f"{access}(frame->{name}, {f'frame->{name} != NULL' if 'Option' in kind else '1'})"
            if pointed in STRUCTURES and access == "READS":
                self.check += f";\n\tK_OOPS(K_SYSCALL_VERIFY(IS_{pointed.upper()}(frame->{name})))"
        else:
            count = ROOMS.get((function, name))
            counts = following is not None and following[1] in ("usize", "u32") and COUNT.fullmatch(following[0])
            if count is None and counts:
                count = f"frame->{following[0]}"
            if count is None:
                self.unknown = f"nothing says how large {name} is"
            self.check = f"{access}(frame->{name}, {count})"


class Function:
    """A function that Rust calls in C."""

    def __init__(self, api, declared):
        self.api = api
        self.declared = declared
        self.grants = declared.grants
        self.name = declared.name
        following = declared.arguments[1:] + [None]
        self.arguments = [Argument(self.name, *pair, after) for pair, after in zip(declared.arguments, following)]
        self.result = {"": "void", "*const c_char": "const char *"}.get(declared.result) or C_TYPES[declared.result]
        self.parameters = ", ".join(f"{a.type} {a.name}" for a in self.arguments) or "void"
        for function, argument in ROOMS:
            if function == self.name and argument not in dict(declared.arguments):
                raise SystemExit(f"{self.name}: expected an argument {argument}, of which cmake/gate.py knows the size")

    def fits_gate(self):
        """Ends this if the gate could not check the function's arguments."""
        for argument in self.arguments:
            if argument.unknown:
                raise SystemExit(f"{self.name}: {argument.unknown}")

    def grant_check(self):
        """What has to hold for the app's manifest to grant the call."""
        if not self.grants:
            return ""
        simple = self.declared.simple_grant()
        if simple is None:
            passed = ", ".join(f"frame->{a.name}" for a in self.arguments)
            return f"\tGRANTED({self.grants}({passed}));\n"
        kind, place = simple
        argument, length = (a.name for a in self.arguments[place:place + 2])
        package, _ = package_of(self.api)
        return f'\tGRANTED(zephyr_wasm_granted("{package} {kind}", frame->{argument}, frame->{length}));\n'

    def asks_c(self):
        """Whether it is a function in C that says what is granted."""
        return self.grants != "" and self.declared.simple_grant() is None

    def declaration(self):
        """What other functions of this are made of."""
        return (
            f"\n{self.result} __real_{self.name}({self.parameters});\n"
            f"{self.result} __wrap_{self.name}({self.parameters});\n"
            + (f"bool {self.grants}({self.parameters});\n" if self.asks_c() else "")
        )

    def server(self, count, api):
        """What the kernel does for an app in user mode."""
        # An app can write any byte where a bool should be, which in C is then neither true nor false.
        fields = [f"{'uint8_t' if a.type == 'bool' else a.type} {a.name};" for a in self.arguments]
        if self.result != "void":
            fields.append(f"{self.result} result;")
        # An empty structure is none in C.
        lines = "\n\t".join(fields or ["uint8_t nothing;"])
        checks = "".join(f"\t{a.check};\n" for a in self.arguments if a.check)
        passed = ", ".join(f"frame->{a.name}{' != 0' if a.type == 'bool' else ''}" for a in self.arguments)
        result = "" if self.result == "void" else "frame->result = "
        return f"""
struct {self.name} {{
	{lines}
}} __aligned(sizeof(uint32_t));

static void serve_{self.name}(void *call)
{{
	struct {self.name} *frame = call;

	ARG_UNUSED(frame);
	ALLOWED({api});
{checks}{self.grant_check()}{count}	AS_THE_KERNEL();
	{result}__real_{self.name}({passed});
}}
"""

    def wrapper(self, count, number):
        """What the linker puts in the function's place; `number` is that of its server, if there is one."""
        names = ", ".join(a.name for a in self.arguments)
        gives = self.result != "void"
        body = ""
        if number is not None:
            values = ", ".join(f".{a.name} = {a.name}" for a in self.arguments)
            back = "return frame.result;" if gives else "return;"
            body = f"""	if (k_is_user_context()) {{
		struct {self.name} frame = {{{values}}};

		zephyr_wasm_gate({number}, (uintptr_t)&frame);
		{back}
	}}
"""
        call = f"{'return ' if gives else ''}__real_{self.name}({names});"
        return f"\n{self.result} __wrap_{self.name}({self.parameters})\n{{\n{body}{count}\t{call}\n}}\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the file in C to write")
    parser.add_argument("--count", action="store_true", help="count calls")
    parser.add_argument("--gate", action="store_true", help="serve user mode")
    parser.add_argument("--without", action="append", default=[], help="a function that the image does not have")
    parser.add_argument("files", nargs="*", type=pathlib.Path, help="the files of Rust that declare what C has")
    args = parser.parse_args(arguments)
    declared = [(path.stem, function) for path in args.files for function in functions_of(path)]
    names = [function.name for _, function in declared]
    for name in args.without:
        if args.files and name not in names and name.split("_")[2] in [path.stem for path in args.files]:
            raise SystemExit(f"{name}: expected this among the declarations: the image is said not to have it")
    functions = [Function(api, f) for api, f in declared if f.name not in NOT_WRAPPED + args.without]
    apis = [path.stem for path in args.files]
    text = "/* Written by cmake/gate.py. */\n"
    text += "".join(f"\n{structure};" for structure in STRUCTURES.values()) + "\n"
    for number, function in enumerate(functions):
        count = f"\tCOUNT({apis.index(function.api)});\n" if args.count else ""
        text += function.declaration()
        if args.gate:
            function.fits_gate()
            text += function.server(count, apis.index(function.api))
        text += function.wrapper(count, number if args.gate else None)
    if args.gate:
        text += "\nstatic const struct server servers[] = {\n"
        for function in functions:
            size = f"sizeof(struct {function.name}), __alignof__(struct {function.name})"
            text += f"\t{{serve_{function.name}, {size}}},\n"
        text += "};\n\nunion frame {\n"
        text += "".join(f"\tstruct {f.name} {f.name};\n" for f in functions)
        text += "};\n\nstatic const struct package packages[] = {\n"
        for api in apis:
            package, restricted = package_of(api)
            name = f'"{package}"' if package else "NULL"
            text += f"\t{{{name}, {str(restricted).lower()}}},\n"
        text += "};\n"
    if args.count:
        names = ", ".join(f'"{api}"' for api in apis)
        text += f"\nconst char *const zephyr_wasm_counted[] = {{{names}}};\n"
        text += "const size_t zephyr_wasm_counted_count = ARRAY_SIZE(zephyr_wasm_counted);\n"
    if not args.out.exists() or args.out.read_text() != text:
        args.out.write_text(text)
    # For the linker's option --wrap.
    print(";".join(function.name for function in functions), end="")


if __name__ == "__main__":
    main()
