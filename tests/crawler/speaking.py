"""Servers that speak as no web server should: to each connection as a test says, byte by byte."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from config.settings import Settings
from crawler.clock import SystemClock
from crawler.fetch import Fetcher, Limits

QUICK = Limits(connect=0.5, silence=0.4, total=1.2, size=100_000)
Talk = Callable[[socket.socket], None]


@contextmanager
def fetching(limits: Limits = QUICK, **settings: Any) -> Iterator[Fetcher]:
    """A fetcher that is soon impatient."""
    fetcher = Fetcher(Settings(**settings), SystemClock(), limits)
    try:
        yield fetcher
    finally:
        fetcher.close()


@contextmanager
def listening(serve: Talk, address: str = "127.0.0.1") -> Iterator[int]:
    """A server that gives each connection to `serve`, in a thread of its own; yields its port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, 0), family=family)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            serve(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def speaking(talk: Talk) -> Iterator[int]:
    """A server that speaks to each connection as `talk` says, once the request was read; yields its port."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65_536)
        talk(connection)

    with listening(serve) as port:
        yield port


def says(*pieces: bytes, pause: float = 0) -> Talk:
    """Sends pieces, with a pause after each, and ends the connection."""

    def talk(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return talk


def resets(connection: socket.socket) -> None:
    """End a connection with a reset (RST) instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
