# SPDX-License-Identifier: Apache-2.0
"""`west wasm`: the command line tool within west."""

import os
import pathlib
import shutil
import subprocess
import textwrap

from west.commands import WestCommand

MODULE = pathlib.Path(__file__).resolve().parents[2]


class Wasm(WestCommand):
    def __init__(self):
        super().__init__(
            "wasm",
            "build, sign and install WebAssembly apps",
            textwrap.dedent(
                """\
                Runs zephyr-wasm, the command line tool of the module zephyr-wasm, which is built on first use:

                  west wasm new --lang rust my_app       a first app
                  west wasm build [-d DIRECTORY]         the apps of a firmware's build, and nothing else of it
                  west wasm sign app.wasm --key key.pem
                  west wasm push app.wasm --udp HOST     install it on a board
                  west wasm image app.wasm --board build -o apps.hex
                                                         a partition with it, for the factory
                  west wasm ps --udp HOST                the apps of a board
                  west wasm --help                       all that it can do
                """
            ),
            accepts_unknown_args=True,
        )

    def do_add_parser(self, parser_adder):
        # Help is the tool's own.
        parser = parser_adder.add_parser(self.name, help=self.help, description=self.description, add_help=False)
        return parser

    def do_run(self, args, unknown):
        if unknown[:1] == ["build"]:
            self.build(unknown[1:])
            return
        raise SystemExit(subprocess.call([self.tool(), *unknown]))

    def build(self, arguments):
        """Builds the files of a firmware's apps for the store: the targets wasm_<name>."""
        directory = pathlib.Path(arguments[1] if arguments[:1] == ["-d"] else "build")
        ninja = directory / "build.ninja"
        if not ninja.exists():
            self.die(f"{directory}: no build; make one by `west build`, or name it by -d")
        targets = sorted(set(self.targets(ninja.read_text())))
        if not targets:
            self.die(f"{directory}: none of its apps is for the store: zephyr_wasm_app(<name> STORED ...)")
        self.check_call(["ninja", "-C", str(directory), *targets])
        for file in sorted((directory / "wasm").glob("*.wasm")):
            self.inf(str(file))

    @staticmethod
    def targets(text):
        for line in text.splitlines():
            if line.startswith("build wasm_") and ": phony" in line:
                yield line.split()[1].rstrip(":")

    def tool(self):
        """The tool that builds of firmware made, or one that is made now."""
        installed = shutil.which("zephyr-wasm")
        if installed:
            return installed
        script = f'. "{MODULE}/scripts/lib/common.sh"; . "$REPO/scripts/lib/rust.sh"; rust_environment >&2; ' \
                 'cd "$REPO/rust"; cargo build --profile host --target-dir "$BUILDS/host" -p zephyr-wasm-cli >&2; ' \
                 'echo "$BUILDS/host/host/zephyr-wasm"'
        environment = {key: value for key, value in os.environ.items() if key not in ("RUSTFLAGS", "CFLAGS")}
        found = subprocess.run(["bash", "-ec", script], stdout=subprocess.PIPE, text=True, env=environment, check=False)
        if found.returncode != 0:
            self.die("zephyr-wasm cannot be built: scripts/setup says what is missing")
        return found.stdout.splitlines()[-1]
