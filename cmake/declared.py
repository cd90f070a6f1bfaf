# SPDX-License-Identifier: Apache-2.0
"""What the Rust side declares of the functions in C, as cmake/gate.py needs it.

A check that is not understood would be one that is not there: every line of an `unsafe extern "C"` block is a comment,
an attribute that changes nothing, or part of a function that says what it grants, or the build ends here.
"""

import pathlib
import re

WIT = pathlib.Path(__file__).parent.parent / "wit"

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

# What Rust and C both know, by Rust's name.
STRUCTURES = {"Address": "struct zephyr_wasm_address"}

# What may not cross to the kernel: images with these have no user mode.
OPAQUE = ["Report", "c_void"]

POINTER = re.compile(r"(Option<&mut |&mut |&|\*const |\*mut )(\w+)(>?)")

# How the argument after a pointer is named that says how much is there.
COUNT = re.compile(r"(\w+_)?(length|size|room|count|most)")

GRANTS = ('"/// Grants: none.", "/// Grants: `kind` of `argument`." or "/// Grants: zephyr_wasm_..._may_....", '
          "in one line, with the full stop")


class Declared:
    """A function as it is declared: its arguments as pairs of name and type, and "" for no grants."""

    def __init__(self, name, arguments, result, grants):
        self.name = name
        self.arguments = arguments
        self.result = result
        self.grants = grants

    def simple_grant(self):
        """The kind, and the place of the argument that has to be granted; None if it is a function that says so."""
        simple = re.fullmatch(r"`([\w-]+)` of `(\w+)`", self.grants)
        if not simple:
            return None
        return simple.group(1), [name for name, _ in self.arguments].index(simple.group(2))


class Reader:
    """Goes through a file line by line."""

    def __init__(self, path):
        self.path = path
        self.lines = path.read_text().splitlines()
        self.at = 0

    def fail(self, expected, at=None):
        """Ends the build."""
        at = self.at if at is None else at
        found = self.lines[at].strip() if at < len(self.lines) else "the end of the file"
        raise SystemExit(f"{self.path}:{at + 1}: expected {expected}; found: {found}")

    def functions(self):
        """All that the file declares in C."""
        found = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line == 'unsafe extern "C" {':
                self.at += 1
                found += self.block()
            elif re.match(r"\s*//", line) is None and re.search(r"\bextern\b", line):
                if not re.match(r'\s*(pub )?unsafe extern "C" fn \w+\(', line):
                    self.fail('a block that begins with the line `unsafe extern "C" {`')
            self.at += 1
        if not found:
            self.at = 0
            self.fail('at least one function in an `unsafe extern "C" {` block in this file')
        names = [function.name for function in found]
        for name in names:
            if names.count(name) > 1:
                self.at = next(at for at, line in enumerate(self.lines) if f"fn {name}(" in line)
                self.fail(f"one declaration of {name}")
        return found

    def block(self):
        """The functions of the block whose first line is next."""
        found = []
        grants = None
        while self.at < len(self.lines) and self.lines[self.at] != "}":
            line = self.lines[self.at].strip()
            if re.search(r"\bgrants?\b", line, re.IGNORECASE) and line.startswith("//"):
                stated = re.fullmatch(r"/// Grants: ([^.]+)\.", line)
                if stated is None or grants is not None:
                    self.fail(f"{GRANTS}, once for each function")
                grants = stated.group(1), self.at
            elif re.match(r"fn\b", line):
                found.append(self.function(grants))
                grants = None
            elif line and not line.startswith("//") and not re.fullmatch(r"#\[must_use\]", line):
                self.fail("a comment, #[must_use], or `fn name(argument: type, ...) -> type;`")
            self.at += 1
        if self.at == len(self.lines) or grants is not None:
            self.fail("a function, and `}` behind the last one")
        return found

    def function(self, grants):
        """The function that begins here."""
        first = self.at
        text = self.lines[self.at].strip()
        while not text.endswith(";"):
            self.at += 1
            if self.at == len(self.lines) or re.match(r"\s*(fn |//|#|\})", self.lines[self.at]):
                self.fail("the rest of the function's declaration, up to `;`")
            text += " " + self.lines[self.at].strip()
        parts = re.fullmatch(r"fn (zephyr_wasm_\w+)\(([^()]*)\)(?: -> ([^;]+))?;", text)
        if parts is None:
            self.fail("`fn zephyr_wasm_name(argument: type, ...) -> type;`", first)
        if grants is None:
            self.fail(f"before the function: {GRANTS}", first)
        name, inside, result = parts.groups()
        arguments = []
        for argument in filter(None, (part.strip() for part in inside.split(","))):
            pair = re.fullmatch(r"(\w+): (.+)", argument)
            if pair is None or pair.group(1) in dict(arguments) or not self.knows(pair.group(2)):
                known = ", ".join([*C_TYPES, *STRUCTURES, *OPAQUE])
                self.fail(f"`name: type`, each name once, of the types {known}, or a pointer or reference to one, "
                          f"not `{argument}`", first)
            arguments.append(pair.groups())
        if result is not None and result not in C_TYPES and result != "*const c_char":
            self.fail(f"a result of the types {', '.join(C_TYPES)}, or *const c_char, not `{result}`", first)
        function = Declared(name, arguments, result or "", "" if grants[0] == "none" else grants[0])
        if function.grants:
            self.check_grants(function, grants[1])
        return function

    @staticmethod
    def knows(rust):
        """Whether a type of an argument is known."""
        if rust in C_TYPES:
            return True
        pointer = POINTER.fullmatch(rust)
        return (pointer is not None and (pointer.group(1).startswith("Option<")) == bool(pointer.group(3))
                and (pointer.group(2) in C_TYPES or pointer.group(2) in STRUCTURES or pointer.group(2) in OPAQUE))

    def check_grants(self, function, at):
        """Ends the build if the grants are not of this API and this function."""
        api = self.path.stem
        simple = re.fullmatch(r"`([\w-]+)` of `(\w+)`", function.grants)
        if simple is None:
            if not re.fullmatch(rf"zephyr_wasm_{api}_may_\w+", function.grants):
                self.fail(f"{GRANTS}; the function in C is one of zephyr_wasm_{api}_may_...", at)
            return
        kind, argument = simple.groups()
        kinds = kinds_of(api)
        if kind not in kinds:
            self.fail(f"one of the grants of wit/{api}.wit: {', '.join(kinds) or 'it has none'}", at)
        texts = [name for name, rust in function.arguments if rust == "*const u8"]
        if argument not in texts:
            self.fail(f"one of the texts among the function's arguments: {', '.join(texts) or 'there are none'}", at)
        place = [name for name, _ in function.arguments].index(argument)
        following = function.arguments[place + 1] if place + 1 < len(function.arguments) else ("", "")
        if not COUNT.fullmatch(following[0]) or following[1] != "usize":
            self.fail(f"the length of `{argument}` as the argument behind it", at)


def package_of(api):
    """An API's WIT package, and whether apps without a manifest may not use it."""
    path = WIT / f"{api}.wit"
    if not path.exists():
        return None, False
    package = re.search(r"^package (\S+)@", path.read_text(), re.MULTILINE)
    if package is None:
        raise SystemExit(f"{path}:1: expected `package namespace:name@version;`, at the beginning of a line")
    return package.group(1), bool(kinds_of(api))


def kinds_of(api):
    """The kinds of grants that an API's WIT documents."""
    path = WIT / f"{api}.wit"
    if not path.exists():
        return []
    kinds = []
    listed = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line == "/// Grants:":
            listed = True
        elif line.startswith("package "):
            break
        elif listed and (kind := re.match(r"/// - `([\w-]+)`(?: \(number\))?: ", line)):
            kinds.append(kind.group(1))
        elif listed and not line.startswith("///   ") or re.match(r"///\s*grants\b", line, re.IGNORECASE):
            raise SystemExit(f"{path}:{number}: expected `/// Grants:`, and below it, up to the package, "
                             f"`/// - `kind`: what it is`; found: {line}")
    if listed and not kinds:
        raise SystemExit(f"{path}:1: expected a grant below `/// Grants:`, as `/// - `kind`: what it is`")
    return kinds


def functions_of(path):
    """What a file of Rust declares in C."""
    return Reader(path).functions()
