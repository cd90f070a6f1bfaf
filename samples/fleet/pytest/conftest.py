# SPDX-License-Identifier: Apache-2.0


def pytest_addoption(parser):
    parser.addoption("--lwm2m-port", type=int, help="where the board looks for its server on this machine")
    parser.addoption("--host", help="what the board calls this machine")
