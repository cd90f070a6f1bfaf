"""Tests of the set-up in a simulated environment: a Zephyr by west, what is missing, and what is installed."""

import os
import pathlib
import shutil
import socket
import subprocess

from places import REPO
from upstream import UPSTREAM, Upstream, run

# The files of this repository that the set-up needs.
SCRIPTS = ["scripts/setup", "scripts/lib", "rust-toolchain.toml", "rust/Cargo.toml"]
SOURCES = "set -euo pipefail; . scripts/lib/common.sh; . scripts/lib/rust.sh; . scripts/lib/zephyr.sh; . scripts/lib/wasmtime.sh; "
# Leaves out the system's packages and Python's, which most of these tests are not about.
WITH_ALL = "setup_needs() { :; }; setup_python() { :; }; "
# Within how many seconds a missing network has to be reported. Commands may take longer, for machines that are busy.
PATIENCE = 20
# A fake apt-get that can install QEMU only with an older package of the same source.
APT = r"""#!/usr/bin/env bash
echo "$*" >>"$APT_CALLS"
case " $* " in
  *" update "*) ;;
  *" -s "*" qemu-utils/"*)
    echo "Inst qemu-utils [2:10.0] (1:7.2 Debian:12 [amd64])"
    echo "Inst qemu-system-arm (1:7.2 Debian:12 [amd64])" ;;
  *" -s "*" qemu-system-arm "*) echo "E: Unable to correct problems, you have held broken packages."; exit 100 ;;
  *" -s "*) for name in "${@:4}"; do echo "Inst $name (1.0 Debian:12 [amd64])"; done ;;
esac
"""


class Setup(Upstream):
    def setUp(self):
        super().setUp()
        self.ours = self.place / "zephyr-wasm"
        for name in SCRIPTS:
            if (REPO / name).is_dir():
                shutil.copytree(REPO / name, self.ours / name, ignore=shutil.ignore_patterns("testing", "__pycache__"))
            else:
                (self.ours / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPO / name, self.ours / name)
        self.cache = self.place / "cache"
        home = pathlib.Path.home()
        # Without the user's settings, except for the installed Rust.
        self.env.update(ZEPHYR_WASM_CACHE=str(self.cache), RUSTUP_HOME=os.environ.get("RUSTUP_HOME", str(home / ".rustup")),
                        CARGO_HOME=os.environ.get("CARGO_HOME", str(home / ".cargo")))
        for name in ("ZEPHYR_WASM_BUILDS", "EXTRA_ZEPHYR_MODULES", "ZEPHYR_WASM_WASMTIME"):
            self.env.pop(name, None)

    def bash(self, script, status=0, **env):
        """Runs a script that can use the functions of the set-up. Returns its output; its exit status has to be this one."""
        done = subprocess.run(["bash", "-c", SOURCES + script], cwd=self.ours, env=dict(self.env, **env), timeout=PATIENCE * 15,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def test_spaces(self):
        """A path with spaces is refused at once, and not minutes later by Zephyr's build."""
        text = self.bash("", status=1, ZEPHYR_WASM_CACHE="", XDG_CACHE_HOME="", HOME=str(self.place / "my home"))
        self.assertIn("set ZEPHYR_WASM_CACHE to a directory other than", text)

    def without(self, *names):
        """Returns a PATH with all commands but these."""
        place = self.place / "bin"
        place.mkdir()
        for directory in os.environ["PATH"].split(":"):
            for command in pathlib.Path(directory).glob("*"):
                if command.name not in names and not (place / command.name).is_symlink():
                    (place / command.name).symlink_to(command)
        return place

    def test_makes_a_workspace(self):
        """Without a Zephyr, the set-up makes a workspace of west.yml. One that was interrupted is completed."""
        self.bash("find_zephyr", status=1)
        text = self.bash(WITH_ALL + "setup_zephyr; find_zephyr")
        workspace = self.cache / "workspace"
        self.assertEqual(text.splitlines()[-1], str(workspace / "zephyr"))
        self.assertIn("to fetch", text)
        self.assertIn("1: zephyr", text)
        self.assertTrue((workspace / "modules/lang/rust/main.c").is_file())
        self.assertTrue((workspace / "modules/fs/fatfs/ff.c").is_file())
        self.assertFalse((workspace / "modules/hal").exists(), "HALs are not for boards that are run here")
        self.assertNotIn("to fetch", self.bash(WITH_ALL + "setup_zephyr"))
        shutil.rmtree(workspace / "modules/lang")
        (workspace / "west.yml").unlink()
        self.bash(WITH_ALL + "setup_zephyr")
        self.assertTrue((workspace / "modules/lang/rust/main.c").is_file())

    def test_where(self):
        self.bash(WITH_ALL + "setup_zephyr")
        (self.cache / "0123").mkdir()
        (self.cache / "0123/checkout").write_text("/no/such/checkout\n")
        text = run("scripts/setup", "--where", cwd=self.ours, env=self.env)
        self.assertRegex(text, "workspace +a Zephyr by west")
        self.assertRegex(text, "0123 +builds of /no/such/checkout, which is gone")

    def test_network_that_refuses(self):
        shutil.rmtree(self.place / "upstream")
        self.assertIn(f"{UPSTREAM}/zephyr cannot be reached", self.bash(WITH_ALL + "setup_zephyr", status=1))
        self.assertFalse(self.cache.exists(), "nothing is left of it")

    def test_network_that_never_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            env = {"GIT_CONFIG_KEY_0": f"url.http://127.0.0.1:{server.getsockname()[1]}.insteadOf"}
            self.assertIn("cannot be reached", self.bash("NETWORK_TIMEOUT_S=1; " + WITH_ALL + "setup_zephyr", status=1, **env))
        limit = int(self.bash('echo "$NETWORK_TIMEOUT_S"'))
        self.assertLess(limit, PATIENCE)

    def test_zephyr_without_rust(self):
        """In Zephyr's own workspace, the set-up prints commands that add zephyr-lang-rust, and they work."""
        theirs = self.place / "theirs"
        run("west", "init", "--manifest-url", f"file://{self.place}/upstream/zephyr", theirs, cwd=self.place, env=self.env)
        self.repository("upstream/hal_other", {"hal.c": ""})
        run("west", "update", cwd=theirs, env=self.env)
        env = {"ZEPHYR_BASE": str(theirs / "zephyr")}
        text = self.bash(WITH_ALL + "setup_zephyr; find_zephyr", **env)
        self.assertEqual(text.splitlines()[-1], str(self.cache / "workspace/zephyr"))
        commands = [line.strip() for line in text.splitlines() if " west config " in line or " west update " in line]
        self.assertEqual(len(commands), 2, text)
        run("bash", "-ec", "\n".join(commands), cwd=self.place, env=self.env)
        self.assertEqual(self.bash("find_zephyr", **env).strip(), env["ZEPHYR_BASE"])

    def test_zephyr_without_west(self):
        """A Zephyr that is in no workspace, and has no zephyr-lang-rust, is not used."""
        (self.place / "alone").mkdir()
        (self.place / "alone/VERSION").write_text("4")
        env = {"ZEPHYR_BASE": str(self.place / "alone")}
        text = self.bash(WITH_ALL + "setup_zephyr; find_zephyr", **env)
        self.assertIn("name a checkout of it in EXTRA_ZEPHYR_MODULES", text)
        self.assertEqual(text.splitlines()[-1], str(self.cache / "workspace/zephyr"))
        module = self.place / "rust"
        (module / "zephyr").mkdir(parents=True)
        (module / "zephyr/module.yml").write_text("name: lang-rust\n")
        self.assertEqual(self.bash("find_zephyr", EXTRA_ZEPHYR_MODULES=str(module), **env).strip(), env["ZEPHYR_BASE"])

    def test_check(self):
        """--check reports what is missing, with commands for each kind of system, and changes nothing."""
        path = self.without("cmake", "gperf", "coap-client", "coap-client-notls", "coap-client-gnutls")
        before = sorted(self.place.rglob("*"))
        done = subprocess.run(["scripts/setup", "--check"], cwd=self.ours, env=dict(self.env, PATH=str(path)), capture_output=True, text=True)
        text = done.stdout + done.stderr
        self.assertEqual(done.returncode, 1, text)
        self.assertEqual(sorted(self.place.rglob("*")), before)
        self.assertIn("lacks CMake, for Zephyr's builds", text)
        self.assertIn("lacks a Zephyr", text)
        for command in ("apt-get install --no-install-recommends ", "dnf install ", "pacman -S ", "brew install "):
            self.assertRegex(text, f"{command}.*cmake.* gperf.* libcoap")

    def test_table(self):
        """Each need has a command that tests for it, and packages, or an SDK in place of them."""
        lines = self.bash("needs").splitlines()
        for line in lines:
            part, what, test, debian, *others, purpose = line.split("|")
            self.assertIn(part, ("host", "apps", "firmware", "clients"))
            self.assertEqual(len(others), 3, line)
            self.assertTrue(what and debian and purpose, line)
        self.bash("type " + " ".join(line.split("|")[2].split()[0] for line in lines))

    def test_installs_what_is_missing(self):
        """apt-get installs only missing packages, which are printed first. Nobody is asked for a password."""
        path = self.without("gperf", "qemu-system-riscv32", "apt-get", "sudo", "id")
        calls = self.place / "calls"
        (path / "apt-get").write_text(APT)
        (path / "id").write_text("#!/bin/sh\necho ${AS_USER:-0}\n")
        for name in ("apt-get", "id"):
            (path / name).chmod(0o755)
        env = {"PATH": str(path), "APT_CALLS": str(calls)}
        text = self.bash("setup_needs firmware || echo still", **env)
        self.assertIn("    gperf 1.0\n", text)
        self.assertIn("may be older than the one here", text)
        self.assertIn("    qemu-utils 1:7.2, in place of 2:10.0\n", text)
        # The fake apt-get installs nothing.
        self.assertIn("lacks QEMU", text)
        self.assertTrue(text.endswith("still\n"), text)
        installed = [call for call in calls.read_text().splitlines() if call.startswith("install -y")]
        self.assertNotIn("cmake", " ".join(installed))
        self.assertEqual(len([call for call in calls.read_text().splitlines() if call.startswith("update")]), 1)
        calls.unlink()
        text = self.bash("setup_needs firmware || echo still", AS_USER="1000", **env)
        self.assertIn("neither root nor sudo", text)
        self.assertIn("pacman -S gperf", text)
        for name in ("gperf", "qemu-system-riscv32"):
            (path / name).symlink_to("/bin/true")
        self.assertEqual(self.bash("setup_needs firmware", AS_USER="1000", **env), "")
        self.assertFalse(calls.exists(), "apt-get was called though nothing is missing")

    def test_options(self):
        """`--check --host` is an error, and sets up nothing."""
        done = subprocess.run(["scripts/setup", "--check", "--host"], cwd=self.ours, env=self.env, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("--check and --host do not go together", done.stderr)

    def test_half_made_workspace(self):
        """A workspace that is half updated, or has lost its Zephyr, is not used. Without the network, an old one is."""
        self.bash(WITH_ALL + "setup_zephyr")
        workspace = self.cache / "workspace"
        (self.place / "upstream/zephyr").rename(self.place / "away")
        with (self.ours / "west.yml").open("a") as manifest:
            manifest.write("# changed\n")
        self.assertEqual(self.bash(WITH_ALL + "setup_zephyr").splitlines()[-1].strip(), str(workspace / "zephyr"))
        (workspace / "zephyr").rename(self.place / "kept")
        self.bash("find_zephyr", status=1)
        (self.place / "kept").rename(workspace / "zephyr")
        (self.place / "away").rename(self.place / "upstream/zephyr")
        shutil.rmtree(self.place / "upstream/fatfs")
        shutil.rmtree(workspace / "modules/fs")
        text = self.bash("setup_needs() { :; }; setup_python() { echo went on; }; setup_zephyr", status=1)
        self.assertIn(f"remove {workspace}", text)
        self.assertNotIn("went on", text)

    def test_without_git(self):
        """A missing Git is not reported as an unreachable network."""
        path = self.without("git", "apt-get")
        text = self.bash(WITH_ALL + "setup_zephyr", status=1, PATH=str(path))
        self.assertIn("no Git", text)
        self.assertNotIn("cannot be reached", text)

    def test_what_is_gone(self):
        """An SDK, a Python and a Zephyr that were removed are not used. A ZEPHYR_BASE without a Zephyr is reported."""
        home = pathlib.Path(self.env["HOME"])
        registered = home / ".cmake/packages/Zephyr-sdk"
        registered.mkdir(parents=True)
        (registered / "sdk").write_text(f"{self.place}/sdk/cmake")
        self.bash("has_sdk", status=1)
        (self.place / "sdk/cmake").mkdir(parents=True)
        self.bash("has_sdk")
        (self.cache / "venv/bin").mkdir(parents=True)
        (self.cache / "venv/bin/python3").symlink_to("/no/such/python")
        self.bash("has_python_of_ours", status=1)
        text = self.bash(WITH_ALL + "setup_zephyr", ZEPHYR_BASE="/no/such/zephyr")
        self.assertIn("ZEPHYR_BASE is /no/such/zephyr, where no Zephyr is", text)

    def test_old_rust(self):
        """A Rust that is too old for this repository is not used."""
        path = self.without("rustc")
        for version, status in (("1.89.0", 1), ("1.90.0", 0), ("1.100.1", 0)):
            (path / "rustc").write_text(f"#!/bin/sh\necho 'rustc {version} (a 2026)'\n")
            (path / "rustc").chmod(0o755)
            self.bash("rust_is_new", status=status, PATH=str(path))
