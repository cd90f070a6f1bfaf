"""The scenarios of twister: the boards of each, and the board on which the short run has it.

A scenario's `integration_platforms` is its one board of the short run. The comment above says why that one. A scenario with
the tag `all-only` is not in the short run. The comment above the tag says why: other scenarios test the same.
"""

import dataclasses
import json
import pathlib
import re
import tomllib

import yaml

from places import REPO, ROOTS

# The comment with the reason of the choice.
REASON = re.compile(r"^ +# Short run: \S.*\.$")
# The tag of scenarios that only --all runs, how it is written in a file, and the comment with its reason.
ALL_ONLY = "all-only"
TAGGED = f"tags: {ALL_ONLY}"
LEFT = re.compile(r"^ +# Only with --all: \S.*\.$")


@dataclasses.dataclass
class Scenario:
    """A scenario. `short` are its boards of the short run; `faults` checks that it is one, or none with the tag."""

    name: str
    file: pathlib.Path
    boards: list
    short: list
    modules: list
    tags: list
    build_only: bool
    # The whole declaration in the file.
    declared: str

    @property
    def is_all_only(self):
        """Whether it runs only with --all or by its name."""
        return ALL_ONLY in self.tags


def scenarios():
    """Returns all scenarios, ordered by name."""
    found = []
    for root in ROOTS:
        for pattern in ("sample.yaml", "testcase.yaml"):
            for file in sorted((REPO / root).rglob(pattern)):
                found += read(file)
    return sorted(found, key=lambda scenario: scenario.name)


def read(file):
    """Yields the scenarios of a file. Like twister, adds the common lists to the lists of each."""
    content = yaml.safe_load(file.read_text()) or {}
    common = content.get("common") or {}
    for name, own in (content.get("tests") or {}).items():
        own = own or {}

        def both(key, own=own):
            lists = [found.split() if isinstance(found := source.get(key) or [], str) else found for source in (common, own)]
            return list(dict.fromkeys([*lists[0], *lists[1]]))

        yield Scenario(name, file, both("platform_allow"), both("integration_platforms"), both("modules"), both("tags"),
                       own.get("build_only", common.get("build_only", False)), json.dumps([common, own], sort_keys=True))


def faults():
    """Returns what is wrong with the declarations, a line for each fault."""
    lines = []
    all_scenarios = scenarios()
    for scenario in all_scenarios:
        where = f"{scenario.file.relative_to(REPO)}: {scenario.name}"
        if not scenario.boards:
            lines.append(f"{where}: has no platform_allow")
        if len(scenario.short) != (0 if scenario.is_all_only else 1):
            lines.append(f"{where}: integration_platforms has to name its one board of the short run, or none with `{TAGGED}`")
        if not set(scenario.short) <= set(scenario.boards):
            lines.append(f"{where}: integration_platforms names a board that platform_allow does not")
        if "qemu_cortex_m3" in scenario.boards and scenario.short != ["qemu_cortex_m3"]:
            lines.append(f"{where}: the short run takes qemu_cortex_m3 for all that fits it")
    for image in tomllib.loads((REPO / "tests/footprint.toml").read_text())["image"]:
        if not any(scenario.name == image["scenario"] and image["board"] in scenario.boards for scenario in all_scenarios):
            lines.append(f"tests/footprint.toml: {image['name']}: no scenario {image['scenario']} runs on {image['board']}")
    for file in {scenario.file for scenario in all_scenarios}:
        text = file.read_text().splitlines()
        for number, line in enumerate(text):
            if line.strip() == "integration_platforms:" and not REASON.match(text[number - 1]):
                lines.append(f"{file.relative_to(REPO)}:{number + 1}: the line above has to say why that board: "
                             f"`# Short run: <reason>.`")
            if line.strip() == TAGGED and not LEFT.match(text[number - 1]):
                lines.append(f"{file.relative_to(REPO)}:{number + 1}: the line above has to say why not in the short run: "
                             f"`# Only with --all: <reason>.`")
        tagged = sum(line.strip() == TAGGED for line in text)
        if tagged != sum(scenario.file == file and scenario.is_all_only for scenario in all_scenarios):
            lines.append(f"{file.relative_to(REPO)}: `{ALL_ONLY}` stands as `{TAGGED}`, on a line of its own in each scenario")
    return lines


def main():
    """Prints what is wrong, and fails if anything is."""
    lines = faults()
    print("\n".join(lines))
    raise SystemExit(1 if lines else 0)


if __name__ == "__main__":
    main()
