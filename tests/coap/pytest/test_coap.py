# SPDX-License-Identifier: Apache-2.0
"""Talks to the app on a board."""

import asyncio
import pathlib
import sys

import pytest

pytest.importorskip("aiocoap")
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import talk  # noqa: E402

# Where the board's server is on this machine, and this machine's is for the board.
PLACES = {
    "mps2/an385": (15687, "10.0.2.2", 15688),
    "native_sim/native/64": (25687, "127.0.0.1", 25688),
}


def test_coap(dut, twister_harness_config):
    port, host, own_port = PLACES[twister_harness_config.devices[0].platform]
    dut.readlines_until(regex="shelf: serving", timeout=60)
    asyncio.run(talk.everything(port, f"{host}:{own_port}", own_port, size=512))
