"""Makes a table of what benchmarks/ prints, with cycles turned into instructions."""

import json
import sys

COLUMNS = ["app", "wasm bytes", "instr. to start", "instr. in all", "memory peak", "of it linear", "native stack"]


def main():
    clock = None
    print(" | ".join(f"{name:>15}" for name in COLUMNS))
    for line in sys.stdin:
        if not line.startswith("{"):
            continue
        record = json.loads(line)
        if "clock_hz" in record:
            clock = record["clock_hz"]
            continue
        # One instruction is one nanosecond.
        per_cycle = 1_000_000_000 / clock
        row = [
            record["app"],
            record["wasm_bytes"],
            int(record["start_cycles"] * per_cycle),
            int(record["all_cycles"] * per_cycle),
            record["heap_peak"],
            record["linear_memory"],
            record["stack_peak"],
        ]
        print(" | ".join(f"{value:>15}" for value in row))


if __name__ == "__main__":
    main()
