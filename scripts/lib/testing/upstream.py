"""Local repositories that stand for those of upstream, for tests of west and of the set-up."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import yaml
from places import REPO

UPSTREAM = "https://github.com/zephyrproject-rtos"
# What is of this repository in a workspace, as far as west looks at it.
OURS = ["west.yml", "scripts/west-commands.yml", "scripts/west_commands", "zephyr/module.yml"]
# Zephyr's own manifest has zephyr-lang-rust in a group that is off.
ZEPHYR = {
    "manifest": {
        "remotes": [{"name": "upstream", "url-base": UPSTREAM}],
        "group-filter": ["-optional"],
        "projects": [
            {"name": "fatfs", "remote": "upstream", "revision": "main", "path": "modules/fs/fatfs"},
            {"name": "hal_nordic", "remote": "upstream", "revision": "main", "path": "modules/hal/nordic"},
            {"name": "hal_other", "remote": "upstream", "revision": "main", "path": "modules/hal/other"},
            {"name": "zephyr-lang-rust", "remote": "upstream", "revision": "main", "path": "modules/lang/rust", "groups": ["optional"]},
        ],
        "self": {"path": "zephyr"},
    }
}


def run(*command, cwd, env=None):
    """Returns the output of a command, which has to succeed."""
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.stdout}")
    return done.stdout


class Upstream(unittest.TestCase):
    """Makes upstream's repositories, and a copy of this one, in a temporary directory."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        # Upstream's addresses are directories of this machine, and nobody's settings are.
        self.env = dict(os.environ, HOME=str(self.place), GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_COUNT="3",
                        GIT_CONFIG_KEY_0=f"url.file://{self.place}/upstream.insteadOf", GIT_CONFIG_VALUE_0=UPSTREAM,
                        GIT_CONFIG_KEY_1="protocol.file.allow", GIT_CONFIG_VALUE_1="always",
                        GIT_CONFIG_KEY_2="init.defaultBranch", GIT_CONFIG_VALUE_2="main")
        self.env.pop("ZEPHYR_BASE", None)
        manifest = yaml.safe_load((REPO / "west.yml").read_text())
        [zephyr, rust] = manifest["manifest"]["projects"]
        self.release = zephyr["revision"]
        self.repository("upstream/zephyr", {"west.yml": yaml.safe_dump(ZEPHYR), "VERSION": "4"}, self.release)
        self.repository("upstream/fatfs", {"ff.c": ""})
        self.repository("upstream/hal_nordic", {"hal.c": ""})
        commit = self.repository("upstream/zephyr-lang-rust", {"main.c": "", "zephyr/module.yml": "name: lang-rust\n"})
        self.assertRegex(rust["revision"], "^[0-9a-f]{40}$", "zephyr-lang-rust has no releases: west.yml names a commit")
        # The commit is another here; all else is as it is.
        files = {name: (REPO / name).read_text() for name in OURS if (REPO / name).is_file()}
        files["west.yml"] = files["west.yml"].replace(rust["revision"], commit)
        ours = self.place / "zephyr-wasm"
        shutil.copytree(REPO / "scripts/west_commands", ours / "scripts/west_commands")
        self.repository("zephyr-wasm", files)

    def repository(self, name, files, tag=None):
        """Makes a repository with these files. Returns its commit."""
        path = self.place / name
        for file, text in files.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_text(text)

        def git(*arguments):
            return run("git", "-c", "user.name=test", "-c", "user.email=test@test", *arguments, cwd=path, env=self.env)

        git("init", "--quiet")
        git("add", "--all")
        git("commit", "--quiet", "--message", "all of it")
        if tag:
            git("tag", tag)
        return git("rev-parse", "HEAD").strip()
