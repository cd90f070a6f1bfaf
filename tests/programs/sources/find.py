"""Prints where Cargo has put the sources of a crate of Cargo.toml, which it fetches if it has not."""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent

command = ["cargo", "metadata", "--format-version=1", "--locked", f"--manifest-path={HERE / 'Cargo.toml'}"]
packages = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["packages"]
print(next(pathlib.Path(package["manifest_path"]).parent for package in packages if package["name"] == sys.argv[1]))
