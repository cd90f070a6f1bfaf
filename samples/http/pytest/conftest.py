# SPDX-License-Identifier: Apache-2.0
"""A web server on this machine, which is there before the firmware starts."""

import http.server
import threading
import time

import pytest


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/slow":
            # Longer than any board waits, however slow its clock is against this machine's.
            time.sleep(100)
        bodies = {"/": b"", "/hello": b"hello from the server", "/large": b"x" * 100_000, "/slow": b"late"}
        if self.path in bodies:
            self.answer(200, bodies[self.path])
        else:
            self.answer(404)

    def do_POST(self):
        self.answer(200, self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments):
        pass


@pytest.fixture(scope="session", autouse=True)
def web_server():
    server = None
    for _ in range(100):
        # The app knows one port, and two boards may be tested at once: one waits for the other.
        try:
            server = Server(("127.0.0.1", 18080), Handler)
            break
        except OSError:
            time.sleep(1)
    assert server, "the port 18080 is taken"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()
