# SPDX-License-Identifier: Apache-2.0
"""The app's requests, answered by a real server."""


def test_http(web_server, dut):
    lines = "\n".join(dut.readlines_until(regex="fetch: returned", timeout=90))
    for expected in [
        "other servers are not for me",
        "only http",
        "got it",
        "nothing is 404",
        "posted",
        "one answer is too large",
        "one does not come in time",
    ]:
        assert f"fetch: {expected}" in lines, lines
    assert "returned error" not in lines
