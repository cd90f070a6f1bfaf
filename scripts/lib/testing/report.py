"""The results of a test run: printed as they come, counted in the closing line, and written as JUnit XML."""

import dataclasses
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as xml

# How often a long check shows what it is doing, in seconds.
HEARTBEAT_S = 20
# How many lines of a failed command's output are shown.
SHOWN_LINES = 40


@dataclasses.dataclass
class Case:
    """One test case: `status` is passed, failed or skipped, and `reason` says why it has not passed."""

    suite: str
    name: str
    status: str
    seconds: float = 0.0
    reason: str = ""


class Report:
    """Collects the cases of a run."""

    def __init__(self):
        self.cases = []
        self.started = time.monotonic()

    def say(self, text):
        """Prints the line that begins a step."""
        self._print(f"==> {text}")

    def note(self, text):
        """Prints a line that belongs to a step."""
        self._print(f"    {text}")

    def _print(self, text):
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        print(f"[{minutes:3}:{seconds:02}] {text}", flush=True)

    def add(self, case):
        """Adds a case, and prints it if it has not passed."""
        self.cases.append(case)
        if case.status != "passed":
            reason = case.reason.strip().splitlines()[-1:]
            self.note(": ".join([case.status, case.suite, case.name, *reason]))

    def skip(self, suite, name, reason):
        """Adds a case that cannot run here."""
        self.add(Case(suite, name, "skipped", reason=reason))

    def check(self, name, command, **options):
        """Runs a command that is one case, and returns whether it has passed."""
        seconds, output, passed = self.run(name, command, **options)
        self.add(Case("host", name, "passed" if passed else "failed", seconds, "" if passed else output))
        self.note(f"{'passed' if passed else 'failed'} in {seconds:.1f} s")
        return passed

    def run(self, name, command, on_line=None, doing=None, **options):
        """Runs a command. Shows its last line (or what `doing()` returns) from time to time, and its last lines if it fails.

        If there is an `on_line`, each line is passed to that instead. Returns how many seconds the command took, the end of
        its output, and whether it has succeeded.
        """
        self.say(name)
        started = time.monotonic()
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
            last = ["starting"]
            ended = threading.Event()
            heartbeat = threading.Thread(
                target=self._heartbeat, args=(started, doing or (lambda: last[0]), ended), daemon=True)
            heartbeat.start()
            for line in process.stdout:
                log.write(line)
                last[0] = line.strip()[:100] or last[0]
                if on_line:
                    on_line(line)
            passed = process.wait() == 0
            ended.set()
            heartbeat.join()
            log.seek(0)
            output = "".join(log.readlines()[-SHOWN_LINES:])
        if not passed and not on_line:
            sys.stdout.write(output)
        return time.monotonic() - started, output, passed

    def _heartbeat(self, started, doing, ended):
        while not ended.wait(HEARTBEAT_S):
            self.note(f"... {time.monotonic() - started:.0f} s: {doing()}")

    def count(self, status):
        """Returns how many cases have a status."""
        return sum(case.status == status for case in self.cases)

    def close(self, path):
        """Writes the JUnit file, prints the closing line, and returns whether nothing has failed."""
        try:
            self.write_junit(path)
            self.say(f"JUnit: {path}")
        except OSError as error:
            self.add(Case("scripts/test", "JUnit", "failed", reason=f"cannot write {path}: {error}"))
        print(f"{self.count('passed')} passed, {self.count('failed')} failed, {self.count('skipped')} skipped", flush=True)
        return self.count("failed") == 0

    def write_junit(self, path):
        """Writes all cases as JUnit XML, a suite for each board and crate."""
        root = xml.Element("testsuites", name="zephyr-wasm")
        for suite in dict.fromkeys(case.suite for case in self.cases):
            cases = [case for case in self.cases if case.suite == suite]
            element = xml.SubElement(
                root, "testsuite", name=clean(suite), tests=str(len(cases)),
                failures=str(sum(case.status == "failed" for case in cases)), errors="0",
                skipped=str(sum(case.status == "skipped" for case in cases)),
                time=f"{sum(case.seconds for case in cases):.3f}")
            for case in cases:
                child = xml.SubElement(
                    element, "testcase", classname=clean(suite), name=clean(case.name), time=f"{case.seconds:.3f}")
                if case.status != "passed":
                    kind = "failure" if case.status == "failed" else "skipped"
                    lines = case.reason.splitlines() or [""]
                    xml.SubElement(child, kind, message=clean(lines[-1])).text = clean(case.reason)
        xml.indent(root)
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def clean(text):
    """Returns a text without the characters that XML does not allow."""
    return "".join(char for char in text if char in "\t\n" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd")
