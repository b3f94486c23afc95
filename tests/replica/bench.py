"""How fast the replica answers: pages a second of one server process, asked over one kept connection."""

import socket
import time
from itertools import cycle, islice
from urllib.parse import urlsplit

from tests.replica.client import Replica
from tests.replica.running import LOOPBACK

REQUESTS = 4_000
AHEAD = 16
"""Requests sent before the first answer is awaited, so that the asking costs little."""


def measure(replica: Replica) -> str:
    """Ask a running replica for articles, plain and compressed; a line for each."""
    addresses = [truth.addresses[0] for truth in islice(replica.truth(), REQUESTS)]
    addresses = list(islice(cycle(addresses), REQUESTS))
    lines = []
    for name, encoding in (("plain", "identity"), ("gzip", "gzip")):
        seconds, size = _ask(replica.port, addresses, encoding)
        lines.append(f"{name}: {REQUESTS / seconds:,.0f} pages/s, {size / REQUESTS:,.0f} bytes a page")
    return "\n".join(lines)


def _ask(port: int, addresses: list[str], encoding: str) -> tuple[float, int]:
    """Seconds and bytes for all of them."""
    requests = [_request(address, encoding) for address in addresses]
    size, start = 0, time.perf_counter()
    with socket.create_connection((LOOPBACK, port)) as connection, connection.makefile("rb") as answers:
        for number in range(0, len(requests), AHEAD):
            some = requests[number : number + AHEAD]
            connection.sendall(b"".join(some))
            for _ in some:
                length = 0
                while (line := answers.readline()) not in (b"\r\n", b""):
                    if line.startswith(b"Content-Length:"):
                        length = int(line[15:])
                size += len(answers.read(length))
    return time.perf_counter() - start, size


def _request(address: str, encoding: str) -> bytes:
    parts = urlsplit(address)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"GET {target} HTTP/1.1\r\nHost: {parts.hostname}\r\nAccept-Encoding: {encoding}\r\n\r\n".encode()
