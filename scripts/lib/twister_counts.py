"""Counts the test cases of a twister run: passed and failed. An instance that did not run counts as failed."""

import json
import sys


def main(path):
    with open(path, encoding="utf-8") as report:
        suites = json.load(report)["testsuites"]
    ran = [suite for suite in suites if suite.get("status") not in ("filtered", "skipped")]
    passed = sum(suite.get("status") == "passed" for suite in ran)
    print(passed, len(ran) - passed)
    for suite in ran:
        if suite.get("status") != "passed":
            print(f"    {suite['platform']} {suite['name']}: {suite.get('reason', suite.get('status'))}", file=sys.stderr)
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
