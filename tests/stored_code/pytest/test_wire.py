# SPDX-License-Identifier: Apache-2.0
"""Apps with machine code arrive over a serial port, and the board is reset in the middle of it."""

import pathlib
import re
import time

HERE = pathlib.Path(__file__).parent


def test_apps_arrive_and_are_updated(tool):
    tool.done("push", tool.file("steady_1"), tool.file("other"))
    assert tool.apps() == {"steady": ("1.0.0", "current", "running", True), "other": ("1.0.0", "current", "running", True)}
    assert "compiled" in tool.done("ps")
    assert re.search(r"code +compiled", tool.done("info", "steady"))
    tool.done("push", tool.file("steady_3"))
    assert tool.apps()["steady"] == ("1.2.0", "on trial", "running", True)
    tool.done("confirm", "steady")
    assert tool.apps()["steady"] == ("1.2.0", "current", "running", True)
    tool.done("rollback", "steady")
    assert tool.apps()["steady"] == ("1.0.0", "current", "running", True)
    assert tool.apps()["other"] == ("1.0.0", "current", "running", True)


def test_the_board_is_reset_in_the_middle_of_writes(board, tool):
    tool.done("push", tool.file("other"))
    begin = time.monotonic()
    tool.done("push", tool.file("steady_1"))
    # How long a push takes here and now: the resets are spread over it.
    whole = time.monotonic() - begin
    early = 0
    for step in range(12):
        push = tool.start("push", tool.file("steady_3"), "--timeout", "200", "--retries", "0", "--attempts", "1")
        time.sleep(whole * step / 12)
        if push.poll() is None:
            early += 1
        else:
            whole = whole * step / 12
        board.reset()
        push.kill()
        push.communicate(timeout=30)
        apps = tool.apps()
        assert apps["other"] == ("1.0.0", "current", "running", True), apps
        # The old or the new; a new one whose trial was cut is taken back.
        assert apps["steady"][0] in ("1.0.0", "1.2.0") and apps["steady"][2:] == ("running", True), apps
    assert early > 3
    tool.done("push", tool.file("steady_3"))
    tool.done("confirm", "steady")
    board.reset()
    assert tool.apps()["steady"] == ("1.2.0", "current", "running", True)
    tool.done("rollback", "steady")
    assert tool.apps()["steady"] == ("1.0.0", "current", "running", True)


def test_ends_are_told(tool):
    """Of one that computes for ever, and of one that traps."""
    tool.done("push", tool.file("other"), tool.file("spins"))
    assert tool.apps()["spins"][2:] == ("running", True)
    tool.done("stop", "spins")
    assert tool.apps()["spins"][2] == "killed"
    tool.run("push", tool.file("traps"))
    time.sleep(0.5)
    text = tool.done("info", "traps")
    assert "out of bounds memory access" in text
    place = re.search(r"0x[0-9a-f]+", text)
    assert place, text
    assert "traps.wat" in tool.explain(str(HERE.parent / "apps" / "traps.wat"), place[0])
    assert tool.apps()["other"][2:] == ("running", True)
