"""Makes a table of what benchmarks/devices prints: instructions a call, in C and by an app."""

import json
import sys

ROWS = [("a reading of a sensor", "sensor"), ("a UDP echo on loopback, both ends", "echo")]


def main():
    clock, cost = None, {}
    for line in sys.stdin:
        if line.startswith("{"):
            record = json.loads(line)
            if "failed" in record:
                sys.exit(record["failed"])
            clock = record.get("clock_hz", clock)
            if "name" in record:
                cost[record["name"]] = record["cycles"] / clock * 1_000_000_000 / record["calls"]
    print(f"{'':<36} {'in C':>8} {'by an app':>10}")
    for title, name in ROWS:
        in_c, by_app = cost[f"{name}_c"], cost[f"{name}_app"]
        print(f"{title:<36} {in_c:8.0f} {by_app:10.0f}   {in_c / by_app:.0%} of C's rate")


if __name__ == "__main__":
    main()
