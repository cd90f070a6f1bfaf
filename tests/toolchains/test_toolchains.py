# SPDX-License-Identifier: Apache-2.0
"""Programs of other toolchains are built by the table's options, and run on this machine, interpreted and compiled; and docs has
the table. UPDATE_DOCS=1 writes it anew, with the versions that are here."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import tools

TOOL = os.environ.get("ZEPHYR_WASM_TOOL", "zephyr-wasm")
DOCS = tools.REPO / "docs/toolchains.md"
BEGIN, END = "<!-- Generated from tests/toolchains/toolchains.toml: UPDATE_DOCS=1 has its test make it anew. -->", \
    "<!-- The end of what is generated. -->"
PRIMES = 168


class Toolchains(unittest.TestCase):
    """One test of each toolchain: added below."""


def test_of(toolchain):
    def test(self):
        with tempfile.TemporaryDirectory() as directory:
            try:
                path = tools.build(toolchain, directory)
            except tools.Lacking as why:
                self.skipTest(str(why))
            except subprocess.CalledProcessError as error:
                self.fail(f"{error}\n{error.output}")
            for options in ([], ["--compiled"]):
                done = subprocess.run([TOOL, "run", *options, path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True, timeout=tools.SECONDS)
                if refused := toolchain.get("refused"):
                    self.assertIn(refused, done.stdout)
                    self.assertNotEqual(done.returncode, 0)
                else:
                    self.assertEqual(done.returncode, PRIMES, done.stdout)
                    self.assertIn(toolchain.get("prints", ""), done.stdout)
    test.__doc__ = f"{toolchain['makes']} runs, or is refused in words."
    return test


for entry in tools.table():
    setattr(Toolchains, f"test_{entry['name']}", test_of(entry))


class Templates(unittest.TestCase):
    """`zephyr-wasm new` makes an app of each of these languages that is built and run as its README says."""

    def follow(self, language):
        with tempfile.TemporaryDirectory() as directory:
            place = pathlib.Path(directory, "app")
            subprocess.run([TOOL, "new", "--lang", language, place], check=True, stdout=subprocess.DEVNULL)
            readme = (place / "README.md").read_text()
            build, run = [line.strip() for line in readme.splitlines() if line.startswith("    ")][:2]
            name, build = build.split(maxsplit=1)
            try:
                tools.output([*tools.TOOLS[name](), *build.split()], place)
            except tools.Lacking as why:
                self.skipTest(str(why))
            text = tools.output([TOOL, *run.split()[1:]], place)
            for said in ("app: hello, 1", "app: hello, 3", "app: returned"):
                self.assertIn(said, text)

    def test_core_c(self):
        """C without bindings."""
        self.follow("core-c")

    def test_zig(self):
        """Zig."""
        self.follow("zig")

    def test_assemblyscript(self):
        """AssemblyScript."""
        self.follow("assemblyscript")


def row(toolchain, version):
    # What stands for a tool in the table is its name here; files are called as anybody's would be.
    suffix = toolchain["source"].rsplit(".")[-1]
    line = re.sub(r"\{(clang|rustc|zig|asc)\}", r"\1", toolchain["build"])
    line = line.replace("{source}", f"app.{suffix}").replace("{out}", "app.wasm").replace("{guest}", "guest/c")
    line = line.replace("{wasi}", "--target=wasm32-wasip1")
    return f"| {toolchain['makes']} | {version} | `{line}` | {toolchain['note']} |"


class Docs(unittest.TestCase):
    def test_docs_have_the_table(self):
        """The table of docs is that which runs; its versions are those of the day when it was made."""
        text = DOCS.read_text()
        before, rest = text.split(BEGIN)
        old, after = rest.split(END)
        if os.environ.get("UPDATE_DOCS"):
            rows = [row(toolchain, tools.version(toolchain)) for toolchain in tools.table()]
            new = "\n".join(["", "", "| what | tried with | options | |", "|---|---|---|---|", *rows, "", ""])
            DOCS.write_text(before + BEGIN + new + END + after)
            return
        rows = [line for line in old.splitlines() if line.startswith("| ")][1:]
        versions = [line.split(" | ")[1] for line in rows]
        self.assertEqual(len(rows), len(tools.table()), "UPDATE_DOCS=1 makes the table of docs/toolchains.md anew")
        for line, version, toolchain in zip(rows, versions, tools.table()):
            self.assertEqual(line, row(toolchain, version))
            self.assertTrue(version[0].isdigit(), line)


if __name__ == "__main__":
    unittest.main()
