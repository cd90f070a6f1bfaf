# SPDX-License-Identifier: Apache-2.0
"""Writes the files that tests/stored_code installs: those that `zephyr-wasm` has made, and such as it never makes, each signed
by keys of the test's. Signs by itself, because the tool puts code where it belongs before it signs.

What is wrong with a file is said by its line in `forged()`; what becomes of it is said in src/cases.c, by its name.
"""

import argparse
import hashlib
import pathlib
import random
import struct
import subprocess
import tempfile

MODULE = b"\0asm\1\0\0\0"
CODE = b"zephyr-wasm:code"
SIGNATURE = b"signature"
# The header's members behind its format and target: flags, size, frame, largest table, zero, digest. See rust/code/src/lib.rs.
HEADER = struct.Struct("<HHIIIII32s")
# struct zephyr_wasm_compiled_info of include/zephyr_wasm/compiled.h.
INFO = struct.Struct("<IIIIQQII")
MEMBERS = ["abi", "instance_size", "import_count", "element_count", "memory_min", "memory_max", "grows", "end"]
# LONGEST_NAME of rust/code/src/lib.rs.
LONGEST_COMPILER = 128
RANDOM_SIZE = 128


def leb(number):
    """A number as modules have it."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def unleb(data, at):
    """A number and the place behind it."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if byte < 0x80:
            return number, at


def slice_of(data):
    return leb(len(data)) + data


def section(number, payload):
    return bytes([number]) + slice_of(payload)


class Code:
    """A section of code, to be changed."""

    def __init__(self, content):
        padding = content[0]
        at = 1 + padding + HEADER.size
        (self.format, self.target, self.flags, size, self.frame, self.table, self.zero, self.digest) = HEADER.unpack(
            content[1 + padding:at])
        self.code, self.compiler = content[at:at + size], content[at + size:]
        # Instead of what they should be, if they are not None.
        self.size = self.padding = None
        self.shift = 0

    def copy(self):
        other = object.__new__(Code)
        other.__dict__ = dict(self.__dict__)
        return other

    def info(self, **members):
        """Has what the code begins with say otherwise."""
        values = dict(zip(MEMBERS, INFO.unpack(self.code[:INFO.size]), strict=True)) | members
        self.code = INFO.pack(*values.values()) + self.code[INFO.size:]

    def written(self, before):
        """The section, for a file in which so many bytes are before it."""
        header = HEADER.pack(self.format, self.target, self.flags, len(self.code) if self.size is None else self.size, self.frame,
                             self.table, self.zero, self.digest)
        for count in range(16):
            zeros = bytes(count) if self.padding is None else self.padding
            head = slice_of(CODE) + bytes([len(zeros)]) + zeros + header
            whole = section(0, head + self.code + self.compiler)
            place = before + len(whole) - len(self.code) - len(self.compiler)
            if self.padding is not None or place % 8 == self.shift:
                return whole
        raise AssertionError("of 16 paddings, two fit")


class File:
    """An app's file without its signature."""

    def __init__(self, data):
        assert data[:8] == MODULE
        self.sections = []
        at = 8
        while at < len(data):
            size, body = unleb(data, at + 1)
            payload = data[body:body + size]
            name = payload[1:1 + payload[0]] if data[at] == 0 else None
            if name == CODE:
                self.sections.append(Code(payload[1 + len(name):]))
            elif name != SIGNATURE:
                self.sections.append((data[at], payload))
            at = body + size

    def copy(self):
        other = object.__new__(File)
        other.sections = [one.copy() if isinstance(one, Code) else one for one in self.sections]
        return other

    @property
    def code(self):
        return next(one for one in self.sections if isinstance(one, Code))

    def without_code(self):
        other = self.copy()
        other.sections = [one for one in other.sections if not isinstance(one, Code)]
        return other

    def with_code(self, **members):
        """A copy whose code has other members, or another info."""
        other = self.copy()
        for name, value in members.items():
            if name == "info":
                other.code.info(**value)
            else:
                assert hasattr(other.code, name)
                setattr(other.code, name, value)
        return other

    def also(self, code, first=False):
        """A copy that has this code as well."""
        other = self.copy()
        place = other.sections.index(other.code) if first else len(other.sections)
        other.sections.insert(place, code)
        return other

    def body(self, before):
        """Its sections, behind so many bytes."""
        body = b""
        for one in self.sections:
            body += one.written(before + len(body)) if isinstance(one, Code) else section(*one)
        return body

    def signed(self, *keys, of=None):
        """Its bytes with the signatures of all these keys: over itself, or over another file."""
        before = len(MODULE + signature(bytes(32), keys, lambda key, message: bytes(64)))
        digest = hashlib.sha256((of or self).body(before)).digest()
        return MODULE + signature(digest, keys, Key.sign) + self.body(before)


class Key:
    """A pair of keys, in a file as openssl writes it."""

    def __init__(self, path):
        self.path = path
        self.public = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")[-32:]
        self.id = hashlib.sha256(self.public).digest()[:8]

    def sign(self, message):
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", file.name)


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], stdout=subprocess.PIPE, check=True).stdout


def signature(digest, keys, sign):
    """The section with the signatures of all these keys. rust/signature has the format."""
    if not keys:
        return b""
    versions = bytes([1, 1, 1])
    ones = b"".join(slice_of(slice_of(key.id) + b"\1" + slice_of(sign(key, b"wasmsig" + versions + digest))) for key in keys)
    return section(0, slice_of(SIGNATURE) + versions + leb(1) + slice_of(leb(1) + digest + leb(len(keys)) + ones))


def forged(made, keys, attacks):
    """Yields the names of files, and their bytes."""
    files = {name: File(data) for name, data in made.items()}
    works, code, store, second = files["works"], keys["code"], keys["store"], keys["second"]
    good = works.code
    other_target = 8 if good.target != 8 else 2

    # Whom the board trusts with what.
    yield "plain", works.without_code().signed(code)
    yield "plain_by_store", works.without_code().signed(store)
    yield "by_store", works.signed(store)
    yield "by_both", works.signed(store, code)
    yield "by_both_code_first", works.signed(code, store)
    yield "by_foreign", works.signed(keys["foreign"])
    yield "by_foreign_and_code", works.signed(keys["foreign"], code)
    yield "by_nobody", works.signed()
    yield "steady_2_plain", files["steady_2"].without_code().signed(store)
    yield "calls_plain", files["calls"].without_code().signed(store)
    yield "large_plain", files["large"].without_code().signed(store)
    yield "steady_by_second", files["steady_1"].signed(second)
    yield "other_by_second_and_store", files["other"].signed(second, store)

    # Not for this board.
    yield "target", works.with_code(target=other_target, flags=0).signed(code)
    yield "abi", works.with_code(info={"abi": 99}).signed(code)
    yield "frame", works.with_code(frame=100_000).signed(code)
    yield "of_another", works.with_code(code=files["steady_1"].code.code, digest=files["steady_1"].code.digest).signed(code)
    yield "code_of_another", works.with_code(digest=bytes(32)).signed(code)
    for shift in range(1, 8):
        yield f"at_{shift}", works.with_code(shift=shift).signed(code)

    # Not a section as it should be.
    yield "format", works.with_code(format=2).signed(code)
    yield "unknown", works.with_code(target=999).signed(code)
    yield "flags", works.with_code(flags=1 << 31).signed(code)
    yield "size", works.with_code(size=len(good.code) + len(good.compiler) + 1).signed(code)
    yield "tiny", works.with_code(code=good.code[:INFO.size - 1], compiler=b"").signed(code)
    yield "uneven", works.with_code(code=good.code + bytes(4)).signed(code)
    yield "only_info", works.with_code(code=good.code[:INFO.size]).signed(code)
    yield "long_padding", works.with_code(padding=bytes(16)).signed(code)
    yield "filled_padding", works.with_code(padding=b"\1").signed(code)
    yield "compiler", works.with_code(compiler=b"\xff").signed(code)
    yield "long_compiler", works.with_code(compiler=b"x" * (LONGEST_COMPILER + 1)).signed(code)
    yield "longest_compiler", works.with_code(compiler=b"x" * LONGEST_COMPILER).signed(code)

    # What is good is found beside what is not.
    first = good.copy()
    first.format = 2
    yield "beside_format", works.also(first, first=True).signed(code)
    first = good.copy()
    first.target = 999
    yield "beside_unknown", works.also(first, first=True).signed(code)
    first = good.copy()
    first.info(abi=99)
    yield "beside_abi", works.also(first, first=True).signed(code)
    first = good.copy()
    first.target = other_target
    first.flags = 0
    yield "beside_target", works.also(first, first=True).signed(code)

    # Changed on the way.
    whole = works.signed(code)
    at = whole.index(good.code) + len(good.code) // 2
    yield "changed", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]
    swapped = works.with_code(code=files["steady_1"].code.code, digest=files["steady_1"].code.digest)
    yield "swapped", swapped.signed(code, of=works)
    yield "cut", whole[:-20]
    yield "cut_in_code", whole[:at]
    yield "padded", whole + bytes(7)
    yield "padded_by_section", whole + section(0, slice_of(b"x"))

    # Lies about what the code needs; a key that may sign machine code has signed them. The code says what is before it.
    (count,) = struct.unpack("<I", attacks[-4:])

    def machine(number, **info):
        file = works.with_code(code=good.code[:INFO.size] + attacks[:-4] + struct.pack("<I", number))
        return file.with_code(info=info).signed(code)

    for size in (0, 8, 1 << 31, (1 << 32) - 8):
        yield f"instance_{size}", machine(0, instance_size=size)
    yield "imports", machine(0, import_count=3)
    yield "many_imports", machine(0, import_count=(1 << 32) - 1)
    yield "memory", machine(0, memory_min=1 << 31, memory_max=1 << 31)
    yield "memory_of_64_bits", machine(0, memory_min=1 << 40, memory_max=1 << 41)
    yield "memory_order", machine(0, memory_min=4096, memory_max=1024)

    # Code that no compiler would write: behind a good beginning, as many attacks as src/machine.S has, and bytes.
    for number in range(count):
        yield f"machine_{number}", machine(number)
    size = len(good.code) - INFO.size
    yield "machine_ones", works.with_code(code=good.code[:INFO.size] + b"\xff" * size).signed(code)
    yield "machine_zeros", works.with_code(code=good.code[:INFO.size] + bytes(size)).signed(code)
    for seed in range(4):
        body = random.Random(seed).randbytes(size)
        yield f"machine_random_{seed}", works.with_code(code=good.code[:INFO.size] + body).signed(code)


def array(data):
    return "{" + ",".join(map(str, data)) + "}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", action="append", type=pathlib.Path, help="a file that the tool has made")
    parser.add_argument("--key", action="append", type=pathlib.Path, help="the private half of a pair of keys")
    parser.add_argument("--old", type=pathlib.Path, help="a file that is kept as it is")
    parser.add_argument("--attacks", type=pathlib.Path, help="src/machine.S in machine code")
    parser.add_argument("--random", type=int, help="how many pieces of random bytes to write beside the files")
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    made = {path.stem: path.read_bytes() for path in arguments.file}
    keys = {path.stem: Key(path) for path in arguments.key}
    files = made | dict(forged(made, keys, arguments.attacks.read_bytes()))
    if arguments.old:
        files["old"] = arguments.old.read_bytes()
    lines = [f"static const uint8_t __aligned(8) bytes_{name}[] = {array(data)};" for name, data in files.items()]
    lines.append("const struct file files[] = {")
    lines += [f'\t{{"{name}", bytes_{name}, sizeof(bytes_{name})}},' for name in files]
    lines.append("\t{0},\n};")
    lines += [f"const uint8_t key_{name}[] = {array(key.public)};" for name, key in keys.items()]
    pieces = random.Random(1).randbytes(RANDOM_SIZE * arguments.random)
    lines.append(f"const uint8_t __aligned(8) random_code[{arguments.random}][{RANDOM_SIZE}] = {{")
    lines += [f"\t{array(pieces[at:at + RANDOM_SIZE])}," for at in range(0, len(pieces), RANDOM_SIZE)]
    lines.append("};")
    arguments.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
