"""Compares what our engine computes with what wasmtime does, for modules that tests/hostile's example `differential` makes.

    differential.py BINARY [--seed NUMBER] [--modules COUNT | --minutes MINUTES] [--keep DIRECTORY]
    differential.py BINARY --known selects|blocks|tables [--modules COUNT]

Results are compared bit by bit (but any NaN equals any other), traps by their reasons, and then all memories, globals and tables.
Calls that hit a limit of an engine are counted, and not compared. A module that differs is reduced as far as possible, and kept.
`--known` tests the comparison: our engine gets selects that `zephyr-wasm pack` has not rewritten, or code that `pack` refuses
(blocks with parameters, `br_table` with values). It succeeds if the known difference is found among so many modules."""

import argparse
import os
import pathlib
import secrets
import struct
import subprocess
import sys
import threading
import time
import zlib

import wasmtime

# Seconds that nothing may take longer than: a module is done in some milliseconds.
PATIENCE_S = 120
# How many modules a process of ours makes.
BATCH = 500
# How many modules that differ are made small.
REDUCED = 3
FORMATS = {"i32": ("<i", "<I"), "i64": ("<q", "<Q"), "f32": ("<f", "<I"), "f64": ("<d", "<Q")}
REASONS = {
    wasmtime.TrapCode.UNREACHABLE: "unreachable",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "memory",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "table",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "null",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "division",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "overflow",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "conversion",
    wasmtime.TrapCode.BAD_SIGNATURE: "signature",
}


class Skipped(Exception):
    """A limit of one of the engines has ended a call."""


class Differs(Exception):
    """The engines have come to different values."""


class Watch:
    """Ends the process if a module does not end."""

    def __init__(self):
        self.seed, self.since = None, time.monotonic()
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, seed):
        """A module begins."""
        self.seed, self.since = seed, time.monotonic()

    def _look(self):
        while True:
            time.sleep(1)
            if time.monotonic() - self.since > PATIENCE_S:
                print(f"module {self.seed} has not ended in {PATIENCE_S} s", flush=True)
                os._exit(1)


def is_null(reference):
    """Whether a reference is null: for wasmtime, that is a `Val` of nothing."""
    return reference is None or isinstance(reference, wasmtime.Val) and reference.value is None


def told(kind, value):
    """A value as the example writes it."""
    if kind not in FORMATS:
        return "null" if is_null(value) else "reference"
    if value != value:
        return f"{kind}:nan"
    ours, bits = FORMATS[kind]
    return f"{kind}:{struct.unpack(bits, struct.pack(ours, value))[0]:x}"


def argument(text):
    """The value of an argument that the example has written."""
    kind, bits = text.split(":")
    if bits == "nan":
        return float("nan")
    value, as_bits = FORMATS[kind]
    return struct.unpack(value, struct.pack(as_bits, int(bits, 16)))[0]


class Theirs:
    """A module in wasmtime."""

    def __init__(self, engine, code):
        self.engine, self.module = engine, wasmtime.Module(engine, code)
        self.names = sorted((export.name for export in self.module.exports), key=str.encode)
        self.kinds = {}

    def line(self, head):
        """What comes of what the example has done."""
        doing, *words = head.split()
        if doing == "state":
            return self.state()
        try:
            return self.new() if doing == "new" else self.call(*words)
        except wasmtime.Trap as trap:
            reason = REASONS.get(trap.trap_code)
            if reason is None:
                raise Skipped(str(trap).splitlines()[-1]) from None
            return f"trap {reason}"

    def new(self):
        """An instance, and a store for it."""
        self.store = wasmtime.Store(self.engine)
        exports = wasmtime.Instance(self.store, self.module, []).exports(self.store)
        self.exports = {name: exports[name] for name in self.names}
        return "ok"

    def call(self, name, *arguments):
        """What a call gives."""
        name = bytes.fromhex(name[1:]).decode()
        function = self.exports[name]
        if name not in self.kinds:
            self.kinds[name] = [str(kind) for kind in function.type(self.store).results]
        kinds = self.kinds[name]
        values = function(self.store, *map(argument, arguments))
        values = [values] if len(kinds) == 1 else values or []
        return " ".join(["ok", *map(told, kinds, values)])

    def state(self):
        """What memories, globals and tables have."""
        found = []
        for name in self.names:
            item, store = self.exports[name], self.store
            if isinstance(item, wasmtime.Memory):
                found.append(f"memory:{item.data_len(store):x}:{zlib.adler32(item.read(store)):x}")
            elif isinstance(item, wasmtime.Global):
                found.append(told(str(item.type(store).content), item.value(store)))
            elif isinstance(item, wasmtime.Table):
                values = (item.get(store, index) for index in range(item.size(store)))
                found.append("table:" + "".join("0" if is_null(value) else "1" for value in values))
        return " ".join(found)


class Comparison:
    """The modules of a run, and what they have come to."""

    def __init__(self, binary, known):
        self.binary, self.options = binary, ["--unmended", known] if known else []
        config = wasmtime.Config()
        config.cranelift_opt_level = "none"
        config.wasm_custom_page_sizes = True
        self.engine, self.watch = wasmtime.Engine(config), Watch()
        self.modules = self.calls = self.trapped = self.skipped = 0
        self.differ = []

    def modules_of(self, seed, count, without=()):
        """The seed of each module, the number of its parts, its bytes, and what ours has come to."""
        options = [*self.options, *(["--without", ",".join(map(str, without))] if without else [])]
        command = [self.binary, str(seed), str(count), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            for line in process.stdout:
                _, seed, parts, length = line.split()
                code = process.stdout.read(int(length))
                self.watch.begin(int(seed))
                lines = []
                for line in process.stdout:
                    lines.append(line.decode().rstrip("\n"))
                    if lines[-1] == "end":
                        break
                else:
                    lines.append("ended without a result")
                yield int(seed), int(parts), code, lines
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}: ended by {process.returncode}")

    def compare(self, code, lines):
        """Raises what the engines do not agree upon, and counts the calls."""
        theirs = Theirs(self.engine, code)
        for line in lines:
            if line == "end":
                return
            if line.startswith("skip "):
                raise Skipped(line)
            if line.startswith("state"):
                head, ours = "state", line[len("state "):]
            elif line.startswith("call "):
                head, _, ours = line.partition(" -> ")
                self.calls += 1
                self.trapped += ours.startswith("trap")
            else:
                head, _, ours = line.partition(" ")
                if head != "new":
                    raise Differs(line)
            value = theirs.line(head)
            if value != ours:
                raise Differs(f"{head}: {ours}, and {value} by wasmtime")

    def run(self, seed, count):
        """Compares so many modules."""
        for number, parts, code, lines in self.modules_of(seed, count):
            self.modules += 1
            try:
                self.compare(code, lines)
            except Skipped:
                self.skipped += 1
            except Differs as difference:
                self.differ.append((number, parts, str(difference)))

    def differs(self, seed, without):
        """What the engines do not agree upon in a module of which these parts are left out, and its bytes."""
        for _, _, code, lines in self.modules_of(seed, 1, without):
            try:
                self.compare(code, lines)
            except Skipped:
                return None
            except Differs as difference:
                return str(difference), code
        return None

    def reduced(self, seed, parts):
        """The module with no part that it differs without, the difference, and what was left out."""
        without, size = set(), parts
        found = self.differs(seed, without)
        while size > 1:
            size = (size + 1) // 2
            for first in range(0, parts, size):
                trial = without | set(range(first, min(first + size, parts)))
                if trial != without and (smaller := self.differs(seed, sorted(trial))):
                    without, found = trial, smaller
        return found, without

    def tell(self, keep):
        """Says what differs, and keeps it."""
        counts = f"{self.modules} modules, {self.calls} calls, {self.trapped} of them trapped; {self.skipped} modules ended by a limit"
        print(f"{counts}; {len(self.differ)} differ", flush=True)
        for number, (seed, parts, difference) in enumerate(self.differ[:20]):
            print(f"module {seed}: {difference}", flush=True)
            if not keep or number >= REDUCED:
                continue
            (difference, code), without = self.reduced(seed, parts)
            keep.mkdir(parents=True, exist_ok=True)
            path = keep / f"{seed}.wasm"
            path.write_bytes(code)
            path.with_suffix(".txt").write_text(
                f"{difference}\nmade by: differential {seed} 1 --without {','.join(map(str, sorted(without)))}\n")
            print(f"  made small: {path}, {len(code)} bytes: {difference}", flush=True)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", help="the example `differential` of tests/hostile")
    parser.add_argument("--seed", type=int, help="of the first module; another each time without it")
    parser.add_argument("--modules", type=int, default=BATCH, metavar="COUNT")
    parser.add_argument("--minutes", type=float, help="how long, in place of how many modules")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIRECTORY", help="where to keep what differs, made small")
    parser.add_argument("--known", choices=["selects", "blocks", "tables"], help="whether what is known to be wrong is found")
    options = parser.parse_args()
    seed = secrets.randbelow(1 << 48) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    comparison = Comparison(options.binary, options.known)
    if options.known:
        while comparison.modules < options.modules and not comparison.differ:
            comparison.run(seed + comparison.modules, 1)
        comparison.tell(options.keep)
        sys.exit(None if comparison.differ else "nothing of what is known to be wrong was found")
    started = said = time.monotonic()
    done = 0
    while (time.monotonic() - started < options.minutes * 60) if options.minutes else done < options.modules:
        batch = BATCH if options.minutes else min(BATCH, options.modules - done)
        comparison.run(seed + done, batch)
        done += batch
        if time.monotonic() - said > 60:
            said = time.monotonic()
            print(f"... {comparison.modules} modules, {len(comparison.differ)} differ", flush=True)
    comparison.tell(options.keep)
    if comparison.differ:
        sys.exit(1)
    if comparison.trapped * 2 > comparison.calls or comparison.skipped * 10 > comparison.modules or not comparison.calls:
        sys.exit("too few of the calls come to a result to say anything")


main()
