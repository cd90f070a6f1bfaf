# SPDX-License-Identifier: Apache-2.0
"""The same with programs that are compiled into the firmware, and have the card for their files."""


def test_transcript(operator):
    card = operator.card
    run = operator.run

    # Run, and exit codes.
    assert run("wasm run hello") == ["Hello, world!"]
    assert operator.exit_code() == 0
    assert run("wasm run hello a b") == ["Hello, a!", "hello: exit code 2"]
    assert operator.exit_code() == 2

    # Redirect, list and read.
    assert run(f"wasm run hello file > {card}/out.txt") == []
    assert run(f"wasm run hello again >> {card}/out.txt") == []
    assert run(f"wasm run cat < {card}/out.txt") == ["Hello, file!", "Hello, again!"]
    assert [line.split()[1] for line in run(f"wasm run -r /={card} ls /")] == ["out.txt"]
    assert "No such file" in run(f"wasm run -r /d={card} cat /d/none")[0]

    # Pipe: two, three, and one whose reader ends.
    assert run("wasm run hello | wc") == ["1 2 14"]
    assert run("wasm run hello | cat | wc") == ["1 2 14"]
    assert run("wasm run yes | hello") == ["Hello, world!", "yes: exit code 1"]

    # Type, and kill: one that computes and writes without a pause, and one that waits.
    assert run("wasm run wc", b"two words\n", b"\x04")[-1] == "1 2 10"
    run(f"wasm run yes > {card}/yes.txt", b"\x03")
    assert run("wasm run cat", b"\x03")[-1] == "cat: killed"
    assert operator.exit_code() == 130

    # Nothing compiles a file.
    assert "CONFIG_WASM_INTERPRETER=y" in run(f"wasm run {card}/out.txt")[-1]
    assert "CONFIG_WASM_INTERPRETER=y" in run("wasm run none")[-1]

    # Nothing is left of all that.
    assert all(line.endswith("not loaded") for line in run("wasm list"))
    assert run("wasm run hello") == ["Hello, world!"]
