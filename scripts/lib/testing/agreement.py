"""Runs the apps of samples on this machine, and compares what they log and how they end with what they did in firmware."""

import concurrent.futures
import re
import subprocess
import tomllib

from places import REPO
from report import Case

PLACE = REPO / "tests/agreement"
# How long an app that does not end by itself runs on this machine.
TIME_MS = 4000
# A line of the log, with level, app and text: in any of the formats that samples choose on boards, and as on this machine.
LINE = re.compile(r"(?:uart:~\$ )*(?:\[[^]]*\] )?(?:<(err|wrn|inf|dbg)> |([EWID]): )?(?:zephyr_wasm: )?(\w+): (.*)")
LEVELS = {"E": "err", "W": "wrn", "I": "inf", "D": "dbg"}
# The message of an app that was killed. That was not done by the app, so it is not compared.
KILLED = "killed"


def declared():
    """Returns the content of tests/agreement/samples.toml, by sample or scenario."""
    return tomllib.loads((PLACE / "samples.toml").read_text())


def said(log, apps, unlike=()):
    """Returns what each of these apps has logged, with the level: each text once, in the order of the log."""
    found = {app: [] for app in apps}
    for line in log.splitlines():
        match = LINE.fullmatch(re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip())
        if not match or match[3] not in found:
            continue
        level, text = match[1] or LEVELS.get(match[2], ""), match[4]
        heard = found[match[3]]
        if text != KILLED and (level, text) not in heard and not any(re.search(each, text) for each in unlike):
            heard.append((level, text))
    return found


def differences(board, host):
    """Returns the differences between apps, in words. A board may have been stopped before an app had logged everything."""
    found = []
    for app, heard in board.items():
        for number, (level, text) in enumerate(heard):
            there = host[app][number] if number < len(host[app]) else None
            if there is None or there[1] != text or (level and there[0] != level):
                also = f"<{there[0]}> {there[1]}" if there else "nothing more"
                found.append(f"{app}: `<{level}> {text}` on the board, and `{also}` on this machine")
                break
    if not any(board.values()):
        found.append("no app has said anything on the board: its log is not as LINE in agreement.py has it")
    return found


def run_on_host(tool, build, apps, entry):
    """Runs the apps of an image on this machine, as many at once as the image has slots. Returns what they print."""
    options = list(entry.get("host", ()))
    at_once = int(re.search(r"^CONFIG_WASM_MAX_APPS=(\d+)$", (build / "zephyr/.config").read_text(), re.M)[1])
    text = ""
    for first in range(0, len(apps), at_once):
        files = [str(build / f"wasm/{app}/{app}.wasm") for app in apps[first:first + at_once]]
        command = [str(tool), "run", "--board", str(build), "--time", str(TIME_MS), *options, *files]
        done = subprocess.run(command, cwd=PLACE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=60, check=False)
        text += done.stdout
    return text


def compare(tool, build, scenario, entries):
    """Returns the differences between a board and this machine for one image, or None if it has no app that runs here."""
    entry = entries.get(scenario, entries.get(build.parent.name, {}))
    all_apps = sorted(path.parent.name for path in build.glob("wasm/*/*.wasm") if path.stem == path.parent.name)
    apps = [app for app in all_apps if app not in entry.get("left", {})]
    if not apps:
        return None
    unlike = entry.get("unlike", {})
    board = said((build / "handler.log").read_text(errors="replace"), apps, unlike)
    host = said(run_on_host(tool, build, all_apps, entry), apps, unlike)
    return differences(board, host)


def check(report, tool, builds_of_samples):
    """Adds a case for each image of a sample. The images are given by scenario and board, with their build directories."""
    report.say("agreement: what apps of samples say on boards, and on this machine")
    entries = declared()
    # One image of a sample at a time, because its images use the same network ports of this machine.
    samples = {}
    for of, build in builds_of_samples.items():
        samples.setdefault(build.parent.name, []).append((of, build))

    def all_of(sample):
        return [(of, compare(tool, build, of[0], entries)) for of, build in samples[sample]]

    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = [outcome for each in pool.map(all_of, samples) for outcome in each]
    for (scenario, board), found in outcomes:
        if found is not None:
            report.add(Case(board, f"{scenario} on this machine, too", "failed" if found else "passed", reason="\n".join(found)))
    compared = sum(found is not None for _, found in outcomes)
    report.note(f"{compared} images compared; {len(outcomes) - compared} have no app that runs there")
