"""What benchmarks/run has measured, in instructions."""

import json

KERNELS = ["coremark", "fib", "crc32", "matrix", "sieve", "sort", "json", "strings"]
PROFILES = ["size", "balanced", "speed"]
# How often the guests of guests/call.wat.in call.
CALLS = 10_000


class Results:
    """The records of a file, by board and profile."""

    def __init__(self, path):
        self.guests, self.switches, self.clocks = {}, {}, {}
        self.engine = "zephyr-wasm"
        for line in open(path, encoding="utf-8"):
            record = json.loads(line)
            place = (record["board"], record["profile"])
            if "clock_hz" in record:
                # One instruction is one nanosecond of the board's clock.
                self.clocks[place] = 1_000_000_000 / record["clock_hz"]
                self.engine = record["engine"]
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

    def native(self, board, profile, guest):
        """What the same takes in C."""
        if board == "host":
            return self.figure(board, profile, guest, "native_instructions")
        return self._cycles(board, profile, guest, "native_cycles")

    def load(self, board, profile, guest):
        """What it takes until the guest's first instruction."""
        return self._cycles(board, profile, guest, "load_cycles")

    def call(self, board, profile, kind):
        """What one call of a host function takes, there and back."""
        calls = self.run(board, profile, f"call_{kind}")
        return None if calls is None else (calls - self.run(board, profile, "call_loop")) / CALLS

    def switch(self, board, profile, kind):
        """What one switch takes."""
        record = self.switches.get(((board, profile), kind))
        return None if record is None else record["cycles"] * self.clocks[board, profile] / record["count"]
