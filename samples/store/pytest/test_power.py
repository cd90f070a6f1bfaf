# SPDX-License-Identifier: Apache-2.0
"""Two signed apps are installed, one is updated, and the power goes off in between."""

import time


def test_the_power_is_pulled_in_an_update(board, tool):
    tool.done("push", tool.file("greeter_1"))
    begin = time.monotonic()
    tool.done("push", tool.file("atlas_1"))
    # How long a push takes here and now: the cuts are spread over it.
    whole = time.monotonic() - begin
    assert tool.apps()["greeter"] == ("1.0.0", "current", "running")
    pulled = 0
    for step in range(14):
        delay = whole * step / 14
        push = tool.start("push", tool.file("atlas_2"), "--timeout", "200", "--retries", "0", "--attempts", "1")
        time.sleep(delay)
        if push.poll() is None:
            pulled += 1
        else:
            whole = delay
        board.power_off()
        push.communicate(timeout=30)
        board.power_on()
        apps = tool.apps()
        assert apps["greeter"] == ("1.0.0", "current", "running"), apps
        # The old or the new, and it runs; a new one whose trial was cut is taken back.
        assert apps["atlas"][0] in ("3.0.0", "3.1.0") and apps["atlas"][2] == "running", apps
    assert pulled > 3
    tool.done("push", tool.file("atlas_2"))
    assert tool.apps()["atlas"][0] == "3.1.0"
    tool.done("confirm", "atlas")
    board.power_off()
    board.power_on()
    assert tool.apps()["atlas"] == ("3.1.0", "current", "running")
    tool.done("rollback", "atlas")
    assert tool.apps()["atlas"] == ("3.0.0", "current", "running")


def test_an_update_that_fails_is_taken_back(board, tool):
    tool.done("push", tool.file("greeter_1"))
    tool.refused("greeter has failed, and the version before is back", "push", tool.file("greeter_bad"), "--wait")
    assert tool.apps()["greeter"] == ("1.0.0", "current", "running")
    assert "has failed on trial" in board.text()
    assert "on trial: returned error 7" in tool.done("info", "greeter")
    tool.done("push", tool.file("greeter_2"))
    assert tool.apps()["greeter"] == ("1.1.0", "on trial", "running")
    tool.refused("is still on trial after 1 s", "push", tool.file("greeter_2"), "--wait=1")
    assert "it has passed its trial" in tool.done("push", tool.file("greeter_2"), "--wait")
    assert tool.apps()["greeter"] == ("1.1.0", "current", "running")
    assert "hello again" in tool.done("logs", "greeter")
