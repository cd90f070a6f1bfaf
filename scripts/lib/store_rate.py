"""Measures how fast an app is uploaded, compared with what SMP can transport, on samples/store for native_sim. Echo requests of as
many bytes show what the transport can do."""

import hashlib
import pathlib
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import cbor2

ECHO = (0, 0)
UPLOAD = (66, 1)
ERASE = (66, 4)
# The data of a request; with what is around it, it fits a frame of 1024 bytes.
PART = 900


class Client:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", 1337))
        self.socket.settimeout(5)
        self.sequence = 0

    def ask(self, command, body):
        group, number = command
        data = cbor2.dumps(body)
        self.sequence = (self.sequence + 1) % 256
        self.socket.send(struct.pack(">BBHHBB", 0x08 | 2, 0, len(data), group, self.sequence, number) + data)
        answer = cbor2.loads(self.socket.recv(2048)[8:])
        assert answer.get("rc", 0) == 0, answer
        return answer


def echo_rate(client, size, rounds):
    begun = time.monotonic()
    for _ in range(rounds):
        client.ask(ECHO, {"d": "x" * size})
    return size * rounds / (time.monotonic() - begun)


def upload_rate(client, app):
    """Of all parts but the last, with which the app is checked and started."""
    sha = hashlib.sha256(app).digest()
    offset = 0
    while True:
        data = app[offset : offset + PART]
        if offset == PART:
            begun = time.monotonic()
        if offset + PART >= len(app):
            rate = (offset - PART) / (time.monotonic() - begun)
        offset = client.ask(UPLOAD, {"off": offset, "len": len(app), "sha": sha, "data": data})["off"]
        if offset == len(app):
            return rate


def main(build):
    build = pathlib.Path(build)
    app = (build / "wasm" / "atlas_1.wasm").read_bytes()
    with tempfile.TemporaryDirectory() as directory:
        board = subprocess.Popen(
            [build / "zephyr" / "zephyr.exe", f"-flash={directory}/flash.bin"], stdout=subprocess.DEVNULL
        )
        try:
            time.sleep(1)
            client = Client()
            # What comes back is not what is sent: an echo brings its bytes there and back, an upload brings them there.
            small = echo_rate(client, 8, 200) / 8
            echo = echo_rate(client, PART, 200)
            rates = []
            for _ in range(21):
                rates.append(upload_rate(client, app))
                client.ask(ERASE, {"name": "atlas"})
            upload = statistics.median(rates)
            print(f"echo of 8 bytes: {small:.0f} a second; of {PART} bytes: {echo / 1024:.0f} KiB/s")
            print(f"upload: {upload / 1024:.0f} KiB/s, {100 * upload / echo:.0f} % of the echo's")
        finally:
            board.kill()


if __name__ == "__main__":
    main(sys.argv[1])
