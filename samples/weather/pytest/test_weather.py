# SPDX-License-Identifier: Apache-2.0
"""Asks the station by a real CoAP client."""

import asyncio
import re

import pytest

aiocoap = pytest.importorskip("aiocoap")


# Where the station's CoAP server is on this machine: boards/ has the other end.
PORTS = {"mps2/an385": 15683, "native_sim/native/64": 25683}


async def ask(port, path, code=aiocoap.GET):
    context = await aiocoap.Context.create_client_context()
    try:
        request = aiocoap.Message(code=code, uri=f"coap://127.0.0.1:{port}/{path}")
        return await asyncio.wait_for(context.request(request).response, timeout=30)
    finally:
        await context.shutdown()


def test_weather(dut, twister_harness_config):
    port = PORTS[twister_harness_config.devices[0].platform]
    dut.readlines_until(regex="server: serving", timeout=60)

    async def talk():
        await asyncio.sleep(3)
        first = await ask(port, "weather")
        assert first.code == aiocoap.CONTENT, first
        values = re.fullmatch(rb"now (\d+\.\d) C, lowest (\d+\.\d) C, highest (\d+\.\d) C", first.payload)
        assert values, first.payload
        now, lowest, highest = (float(value) for value in values.groups())
        assert 20 <= lowest <= now <= highest <= 24.5
        assert (await ask(port, "weather/tomorrow")).code == aiocoap.NOT_FOUND
        assert (await ask(port, "elsewhere")).code == aiocoap.NOT_FOUND
        assert (await ask(port, "weather", aiocoap.DELETE)).code == aiocoap.METHOD_NOT_ALLOWED

    asyncio.run(talk())
