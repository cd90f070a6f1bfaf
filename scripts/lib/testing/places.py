"""Paths that all parts of the test run use."""

import pathlib

REPO = pathlib.Path(__file__).resolve().parents[3]
# The directories with twister's scenarios.
ROOTS = ["samples", "tests", "benchmarks"]
