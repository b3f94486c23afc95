"""How fast the replica answers: pages a second of one server process, asked over one kept connection."""

import os
import socket
import time
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from tests.replica.client import Replica
from tests.replica.running import LOOPBACK

REQUESTS = 4_000
AHEAD = 16
"""Requests sent before the first answer is awaited, so that the asking costs little."""


def measure(replica: Replica, requests: int = REQUESTS) -> str:
    """Ask a running replica for articles, plain and compressed; a line for each."""
    addresses = [truth.addresses[0] for truth in islice(replica.truth(), requests)]
    addresses = list(islice(cycle(addresses), requests))
    lines = []
    for name, encoding in (("plain", "identity"), ("gzip", "gzip")):
        before = _processor_time(replica.pid)
        seconds, size = _ask(replica.port, addresses, encoding)
        spent = _processor_time(replica.pid) - before
        rates = (
            f"{requests / seconds:,.0f} pages/s, {requests / max(spent, 0.01):,.0f} per second of processor time"
        )
        lines.append(f"{name}: {rates}, {size / requests:,.0f} bytes a page")
    return "\n".join(lines)


def _processor_time(pid: int) -> float:
    """Seconds a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
