"""What benchmarks/run has measured, in instructions."""

import json

KERNELS = ["coremark", "fib", "crc32", "matrix", "sieve", "sort", "json", "strings"]
INTERPRETED = ["size", "balanced", "speed"]
COMPILED = ["compiled-Os", "compiled-O2"]
# What the guests run on; the last one is for ENGINE.
PROFILES = [*INTERPRETED, *COMPILED, "engine"]
# How often the guests of guests/call.wat.in call.
CALLS = 10_000


class Results:
    """The records of a file, by board and profile."""

    def __init__(self, path):
        self.guests, self.switches, self.clocks = {}, {}, {}
        self.levels, self.fills, self.codes = {}, {}, {}
        self.engine = "zephyr-wasm"
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            place = (record["board"], record["profile"])
            if "clock_hz" in record:
                # One instruction is one nanosecond of the board's clock.
                self.clocks[place] = 1_000_000_000 / record["clock_hz"]
                self.engine = record["engine"]
                self.levels[place] = record["native"]
            elif "filled_bytes" in record:
                self.fills[place] = record["cycles"] / record["filled_bytes"]
            elif "code" in record:
                self.codes[place, record["code"]] = record
            elif "guest" in record:
                self.guests[place, record["guest"]] = record
            elif "switch" in record:
                self.switches[place, record["switch"]] = record

    def boards(self):
        """The boards in the order of their first record."""
        return list(dict.fromkeys(place[0] for place, _ in self.guests))

    def failed(self):
        """The guests that failed."""
        return [(*place, name) for (place, name), record in self.guests.items() if record.get("error")]

    def figure(self, board, profile, guest, name):
        """A number of a guest's record as it is; none if it was not measured."""
        record = self.guests.get(((board, profile), guest))
        return None if record is None else record.get(name)

    def _cycles(self, board, profile, guest, name):
        cycles = self.figure(board, profile, guest, name)
        return None if cycles is None else cycles * self.clocks[board, profile]

    def run(self, board, profile, guest):
        """What the guest's code takes: its run, without the run of the module that does nothing."""
        if board == "host":
            return self.figure(board, profile, guest, "instructions")
        run = self._cycles(board, profile, guest, "run_cycles")
        return None if run is None else run - self._cycles(board, profile, "minimal", "run_cycles")

    def native(self, board, level, guest):
        """What the same takes in C, compiled at that level."""
        if board == "host":
            return self.figure(board, "host", guest, "native_instructions") if level == "-O2" else None
        for (of_board, profile), of_profile in self.levels.items():
            if of_board == board and of_profile == level:
                return self._cycles(board, profile, guest, "native_cycles")
        return None

    def native_levels(self, board):
        """The levels at which C was measured; the last one is what guests are compared with."""
        return [level for level in ("-Os", "-O2") if self.native(board, level, "fib") is not None]

    def code(self, board, profile, guest):
        """The bytes of flash that a compiled guest takes, and those of them that are not code but its outside."""
        record = self.codes.get(((board, profile), guest))
        return (None, None) if record is None else (record["bytes"] + record["outside"], record["outside"])

    def beside(self, board, profile, guest):
        """The bytes of memory that a guest takes beside its linear memory."""
        peak = self.figure(board, profile, guest, "heap_peak")
        return None if peak is None else peak - self.figure(board, profile, guest, "linear_memory")

    def load(self, board, profile, guest):
        """What it takes until the guest's first instruction."""
        return self._cycles(board, profile, guest, "load_cycles")

    def start(self, board, profile, guest, filled):
        """The same, without filling so many bytes, the guest's linear memory, and what the guest before it has used."""
        load = self.load(board, profile, guest)
        if load is None:
            return None
        filled += self.figure(board, profile, guest, "linear_memory") + self.figure(board, profile, guest, "cleared")
        return load - filled * self.fills[board, profile] * self.clocks[board, profile]

    def call(self, board, profile, kind):
        """What one call of a host function takes, there and back."""
        calls = self.run(board, profile, f"call_{kind}")
        return None if calls is None else (calls - self.run(board, profile, "call_loop")) / CALLS

    def switch(self, board, profile, kind):
        """What one switch takes."""
        record = self.switches.get(((board, profile), kind))
        return None if record is None else record["cycles"] * self.clocks[board, profile] / record["count"]
