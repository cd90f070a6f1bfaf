# SPDX-License-Identifier: Apache-2.0


def pytest_addoption(parser):
    parser.addoption("--coap-port", type=int, default=5683, help="where the station's CoAP server is on this machine")
