"""Makes a table of what benchmarks/host_calls prints: instructions a call, without the loop around it."""

import json
import sys

CALLS = 10_000
ROWS = [
    ("no argument, the engine alone", "engine_none"),
    ("no argument", "none"),
    ("three integers, the engine alone", "engine_three"),
    ("three integers", "three"),
    ("a string of 64 bytes", "text"),
    ("a list of 64 bytes returned", "bytes"),
]


def main():
    clock, runs = None, {}
    for line in sys.stdin:
        if line.startswith("{"):
            record = json.loads(line)
            clock = record.get("clock_hz", clock)
            if "app" in record:
                if record["end"] != 1:
                    sys.exit(f"{record['app']} did not return: end {record['end']}, detail {record['detail']}")
                runs[record["app"]] = record["all_cycles"] - record["start_cycles"]
    per_cycle = 1_000_000_000 / clock
    for title, name in ROWS:
        instructions = (runs[name] - runs["loop_only"]) * per_cycle / CALLS
        print(f"{title:<34} {instructions:8.0f}")


if __name__ == "__main__":
    main()
