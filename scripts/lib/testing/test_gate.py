"""Tests of cmake/gate.py: the gate of user mode is as declared, and what is not understood ends the build."""

import contextlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

REPO = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPO / "cmake"))
import gate  # noqa: E402

DECLARATIONS = REPO / "rust/platform-zephyr/src"
# By hand, in src/user/calls.c.
OF_THE_RUNTIME = ["sys"]


def generate(text, api, *options):
    """What gate.py makes of a file of that API: its exit code, the C, and what it said."""
    with tempfile.TemporaryDirectory() as place:
        source = pathlib.Path(place) / f"{api}.rs"
        source.write_text(text)
        out = pathlib.Path(place) / "out.c"
        said = io.StringIO()
        code = 0
        with contextlib.redirect_stdout(said):
            try:
                gate.main(["--out", str(out), *options, str(source)])
            except SystemExit as end:
                code, said = 1, io.StringIO(str(end))
        return code, out.read_text() if out.exists() else "", said.getvalue()


def declarations():
    """The files that declare functions in C."""
    for path in sorted(DECLARATIONS.glob("*.rs")):
        text = path.read_text()
        if re.search(r'^unsafe extern "C" \{$', text, re.MULTILINE) and path.stem not in OF_THE_RUNTIME:
            yield path.stem, text


def only_declarations(text):
    """Without the rest of the file."""
    return "\n".join(re.findall(r'^unsafe extern "C" \{\n.*?^\}$', text, re.MULTILINE | re.DOTALL)) + "\n"


def behind_the_gate():
    """Those of images that can have user mode."""
    return [(api, text) for api, text in declarations() if api not in ["ble", "wasi"]]


class Gate(unittest.TestCase):
    def refused(self, text, api, expected, line=None, options=("--gate",)):
        code, c, said = generate(text, api, *options)
        self.assertNotEqual(code, 0, f"accepted:\n{text}")
        self.assertEqual(c, "", "something was written")
        self.assertIn(expected, said)
        if line is not None:
            self.assertIn(f"{api}.rs:{line}: expected ", said)

    def test_all_are_in_the_build(self):
        cmake = (REPO / "cmake/wrapped.cmake").read_text()
        for api, _ in declarations():
            self.assertTrue(re.search(rf"\b{api.upper()}\b", cmake) or f"/{api}.rs" in cmake, f"{api}.rs is not read")

    def test_every_declared_grant_is_checked(self):
        for api, text in behind_the_gate():
            code, c, said = generate(text, api, "--gate")
            self.assertEqual(code, 0, said)
            stated = re.findall(r"/// Grants: (.*)\.", text)
            self.assertEqual(c.count("\tGRANTED("), len(stated) - stated.count("none"), api)

    def test_images_that_only_count(self):
        for api, text in declarations():
            self.assertEqual(generate(text, api, "--count")[0], 0, api)

    def test_every_full_stop(self):
        for api, text in declarations():
            for found in re.finditer(r"/// Grants: .*(\.)$", text, re.MULTILINE):
                line = text.count("\n", 0, found.start()) + 1
                changed = text[:found.start(1)] + text[found.end(1):]
                self.refused(changed, api, "with the full stop", line, ["--count"])

    def test_every_statement_of_grants(self):
        for api, text in declarations():
            for found in re.finditer(r"    /// Grants: .*\n", text):
                self.refused(text[:found.start()] + text[found.end():], api, "before the function", options=["--count"])

    def test_a_comment_more_changes_nothing(self):
        for api, text in behind_the_gate():
            more = re.sub(r"(    /// Grants: .*\n)", r"\1    /// More.\n\n    // Of it.\n", text)
            self.assertEqual(generate(more, api, "--gate"), generate(text, api, "--gate"))

    def test_every_line_more(self):
        for api, text in behind_the_gate():
            for found in re.finditer(r"    /// Grants: .*\n", text):
                for line in ["static mut X: u32;", "#[cfg(all())]", "#[link_name = \"abort\"]", "/* Of it. */", "!"]:
                    changed = f"{text[:found.end()]}    {line}\n{text[found.end():]}"
                    self.refused(changed, api, "expected a comment", text.count("\n", 0, found.end()) + 1)

    def test_every_argument_that_is_granted(self):
        for api, text in behind_the_gate():
            for _, name in re.findall(r"/// Grants: `([\w-]+)` of `(\w+)`", text):
                self.refused(text.replace(f"{name}: *const u8", "renamed: *const u8"), api, "one of the texts")

    def test_every_length(self):
        for api, text in [(api, only_declarations(text)) for api, text in behind_the_gate()]:
            for found in re.finditer(r"\*(?:const|mut) (?!c_void)\w+,\s+(\w+): u(?:size|32)", text):
                if re.findall(r"fn (\w+)", text[:found.start()])[-1] in gate.NOT_WRAPPED:
                    continue
                changed = text[:found.start(1)] + "renamed" + text[found.end(1):]
                self.assertNotEqual(generate(changed, api, "--gate")[0], 0, f"{api}: {found.group()}")

    def test_what_only_the_gate_knows_the_size_of(self):
        text = dict(declarations())["message"].replace("topic: *mut u8", "renamed: *mut u8")
        self.refused(text, "message", "expected an argument topic")

    def test_every_kind(self):
        for api, text in behind_the_gate():
            for kind in re.findall(r"/// Grants: `([\w-]+)` of", text):
                changed = text.replace(f"Grants: `{kind}` of", "Grants: `kind` of")
                self.refused(changed, api, f"the grants of wit/{api}.wit")

    def test_the_function_of_another_api(self):
        text = dict(declarations())["gpio"]
        for other in ["zephyr_wasm_spi_may_transfer", "zephyr_wasm_gpio_open", "nothing", "None"]:
            self.refused(text.replace("zephyr_wasm_gpio_may_open", other), "gpio", "zephyr_wasm_gpio_may_")

    def test_every_type(self):
        for api, text in [(api, only_declarations(text)) for api, text in declarations()]:
            known = r"(?:: |&mut |&|\*const |\*mut |-> )(u8|u32|u64|i32|i64|usize|bool|Address)(?=[,;)>])"
            for found in re.finditer(known, text):
                changed = text[:found.start(1)] + "Unknown" + text[found.end(1):]
                self.refused(changed, api, "of the types", options=["--count"])

    def test_types_that_cannot_cross(self):
        text = dict(declarations())["random"]
        for rust in ["&[u8]", "*mut *mut u8", "Option<&u8>", "Option<*mut u8>", "&'static mut u8", "[u8; 4]"]:
            self.refused(text.replace("*mut u8", rust), "random", "expected")
        self.refused(text.replace("*mut u8", "*mut c_void"), "random", "cannot cross")

    def test_other_blocks(self):
        text = dict(declarations())["random"]
        for block in ['extern "C" {', 'unsafe extern {', 'unsafe extern "C-unwind" {', 'pub unsafe extern "C" {',
                      '    unsafe extern "C" {']:
            self.refused(text.replace('unsafe extern "C" {', block), "random", "a block that begins with the line")

    def test_what_does_not_end(self):
        text = dict(declarations())["random"]
        self.refused(text.replace("usize);", "usize)"), "random", "up to `;`")
        self.refused(text[:text.index("usize);") + len("usize);")], "random", "behind the last one")

    def test_twice(self):
        text = dict(declarations())["random"]
        function = re.search(r"    /// Grants: none\.\n    fn .*\n", text).group()
        self.refused(text.replace(function, function * 2), "random", "one declaration of zephyr_wasm_random_fill")
        self.refused(text.replace("    /// Grants: none.\n", "    /// Grants: none.\n" * 2), "random", "once for each")

    def test_the_command_itself(self):
        with tempfile.TemporaryDirectory() as place:
            source = pathlib.Path(place) / "random.rs"
            source.write_text(dict(declarations())["random"].replace("none.", "none"))
            done = subprocess.run([sys.executable, str(REPO / "cmake/gate.py"), "--out", f"{place}/out.c", str(source)],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.startswith(f"{source}:"), done.stderr)

    def test_no_function(self):
        self.refused("//! Nothing.\n", "random", "at least one function", 1)


if __name__ == "__main__":
    unittest.main()
