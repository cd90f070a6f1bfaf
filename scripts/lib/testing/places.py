"""Where things are, for all of the test run."""

import pathlib

REPO = pathlib.Path(__file__).resolve().parents[3]
# Where scenarios of twister are.
ROOTS = ["samples", "tests", "benchmarks"]
