"""Counts the test cases of a twister run: passed, failed, skipped. What was to be built only counts as one case; what did
not get to a result counts as failed."""

import json
import sys

NOT_HERE = ("filtered", "skipped")


def main(path):
    with open(path, encoding="utf-8") as report:
        suites = [suite for suite in json.load(report)["testsuites"] if suite.get("status") not in NOT_HERE]
    passed = failed = skipped = 0
    for suite in suites:
        if suite.get("status") == "not run":
            # Built, for a board that is not here.
            passed += 1
            continue
        cases = [case.get("status") for case in suite.get("testcases", [])]
        good = cases.count("passed")
        skips = sum(status in NOT_HERE for status in cases)
        bad = len(cases) - good - skips
        if suite.get("status") != "passed":
            bad = max(bad, 1)
            reason = suite.get("reason") or suite.get("status")
            print(f"    {suite['platform']} {suite['name']}: {reason}", file=sys.stderr)
        passed, failed, skipped = passed + good, failed + bad, skipped + skips
    print(passed, failed, skipped)
    return 0 if suites else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
