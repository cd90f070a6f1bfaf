"""Tests of west.yml and of the manifest in README.md: west makes a workspace of each, from local repositories."""

import re
import unittest

import yaml
from places import REPO
from upstream import UPSTREAM, Upstream, run


def snippet():
    """Returns the manifest that README.md tells users to write."""
    [text] = re.findall(r"```yaml\n(manifest:\n.*?)```", (REPO / "README.md").read_text(), re.S)
    return text


class West(Upstream):
    def workspace(self, manifest):
        """Makes a workspace of a repository's manifest. Returns the names and revisions of its projects."""
        workspace = self.place / "workspace"
        run("west", "init", "--manifest-url", f"file://{self.place}/{manifest}", workspace, cwd=self.place, env=self.env)
        run("west", "update", cwd=workspace, env=self.env)
        self.assertTrue((workspace / "modules/lib/zephyr-wasm/zephyr/module.yml").is_file())
        self.assertTrue((workspace / "modules/lang/rust/main.c").is_file(), "zephyr-lang-rust is not there")
        self.assertIn("sign and install WebAssembly apps", run("west", "help", cwd=workspace, env=self.env))
        return dict(line.split() for line in run("west", "list", "-f", "{name} {revision}", cwd=workspace, env=self.env).splitlines())

    def test_of_this_repository(self):
        self.assertEqual(self.workspace("zephyr-wasm")["zephyr"], self.release)

    def test_of_readme(self):
        text = snippet().replace("<this repository>", f"file://{self.place}/zephyr-wasm")
        self.repository("app", {"west.yml": text})
        projects = self.workspace("app")
        self.assertEqual(projects["zephyr"], self.release)
        self.assertNotIn("hal_other", projects)

    def test_beside_a_zephyr(self):
        """A Zephyr that a manifest has already stays as it is."""
        manifest = yaml.safe_load(snippet().replace("<this repository>", f"file://{self.place}/zephyr-wasm"))
        manifest["manifest"]["projects"].append(
            {"name": "zephyr", "url": f"{UPSTREAM}/zephyr", "revision": "main", "import": {"name-allowlist": ["hal_other"]}})
        self.repository("upstream/hal_other", {"hal.c": ""})
        self.repository("app", {"west.yml": yaml.safe_dump(manifest)})
        projects = self.workspace("app")
        self.assertEqual(projects["zephyr"], "main")
        self.assertIn("hal_other", projects)


if __name__ == "__main__":
    unittest.main()
