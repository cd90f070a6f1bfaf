# SPDX-License-Identifier: Apache-2.0
"""What an operator does with a card of programs: list, run, redirect, pipe, type, kill, and see exit codes."""


def test_transcript(operator):
    card = operator.card
    run = operator.run

    # List: by a program, and by Zephyr.
    listed = run(f"wasm run -r /={card} {card}/ls.wasm /")
    assert {"cat.wasm", "hello.wasm", "ls.wasm", "wc.wasm", "yes.wasm"} == {line.split()[1] for line in listed}

    # Run, and exit codes.
    assert run(f"wasm run {card}/hello.wasm") == ["Hello, world!"]
    assert operator.exit_code() == 0
    assert run(f"wasm run {card}/hello.wasm operator") == ["Hello, operator!"]
    assert run(f"wasm run {card}/hello.wasm a b") == ["Hello, a!", "hello: exit code 2"]
    assert operator.exit_code() == 2

    # Redirect: anew, behind, and from.
    assert run(f"wasm run {card}/hello.wasm file > {card}/out.txt") == []
    assert run(f"wasm run {card}/hello.wasm again >> {card}/out.txt") == []
    assert run(f"wasm run {card}/cat.wasm < {card}/out.txt") == ["Hello, file!", "Hello, again!"]
    assert run(f"wasm run -r /d={card} {card}/cat.wasm /d/none /d/out.txt 2> {card}/err.txt")[:2] == [
        "Hello, file!",
        "Hello, again!",
    ]
    assert "No such file" in run(f"wasm run {card}/cat.wasm < {card}/err.txt")[0]

    # Pipe: two, and three.
    assert run(f"wasm run {card}/hello.wasm | {card}/wc.wasm") == ["1 2 14"]
    assert run(f"wasm run {card}/hello.wasm | {card}/cat.wasm | {card}/wc.wasm") == ["1 2 14"]
    assert run(f"wasm run {card}/yes.wasm | {card}/hello.wasm") == ["Hello, world!", "yes: exit code 1"]

    # Type, with a mistake mended.
    typed = run(f"wasm run {card}/wc.wasm", b"two wordz\x08s\n", b"\x04")
    assert typed[-1] == "1 2 10"

    # Kill: one that computes and writes without a pause, and one that waits.
    run(f"wasm run {card}/yes.wasm > {card}/yes.txt", b"\x03")
    # Also if it leaves more than there is room for of what was typed.
    run(f"wasm run {card}/yes.wasm > {card}/yes.txt", 3 * (b"x" * 100 + b"\n"), b"more", b"\x03")
    killed = run(f"wasm run {card}/cat.wasm", b"\x03")
    assert killed[-1] == "cat: killed"
    assert operator.exit_code() == 130

    # A name that would have to be cut is refused.
    assert "more than 31 characters" in run(f"wasm run {card}/a_name_that_is_longer_than_those_of_apps.wasm")[0]

    # What is no program.
    assert run(f"wasm run {card}") == [f"{card.strip('/')}: {card} is a directory"]
    assert run(f"wasm run {card}/none.wasm") == [f"none: {card}/none.wasm: no such file"]
    assert "not a WebAssembly module" in run(f"wasm run {card}/out.txt")[-1]
    assert operator.exit_code() == 126
    assert run("wasm run") != []
    assert run(f"wasm run {card}/hello.wasm |") == ["a program is missing"]
    assert "CONFIG_WASM_APP_HEAP_SIZE" in run(f"wasm run -m 4000 {card}/hello.wasm")[-1]

    # Nothing is left of all that.
    assert run("wasm list") == []
    assert run(f"wasm run {card}/hello.wasm") == ["Hello, world!"]
