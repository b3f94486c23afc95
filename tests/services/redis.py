"""Redis for the tests, from Debian's package, keeping nothing."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.services import machine
from tests.services.server import Server, free_port, own_folder

NAME = "Redis"
PACKAGES = ("redis-server",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Redis:
    """A running server on the loopback interface."""

    port: int
    server: Server
    version: str

    @property
    def url(self) -> str:
        """Address of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def empty(self) -> None:
        """Throw away everything it holds."""
        _ask(self.port, "FLUSHALL")


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    if shutil.which("redis-server") is None:
        return f"{NAME} (run: {machine.install_line(*PACKAGES)})"
    return machine.missing_user()


def install() -> None:
    """Install Debian's package. Raises InstallError."""
    machine.make_user()
    if missing():
        machine.install_packages(*PACKAGES)


@contextmanager
def running() -> Iterator[Redis]:
    """Start a server for the length of a block. Raises ServiceError."""
    with own_folder("redis") as folder:
        port = free_port()
        options = [
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--dir",
            str(folder),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        server = Server(
            name=NAME,
            command=("redis-server", *options),
            folder=folder,
            answers=lambda: _ask(port, "PING") == "+PONG",
        )
        server.start()
        try:
            yield Redis(port=port, server=server, version=_version(port))
        finally:
            server.stop()


def _version(port: int) -> str:
    lines = _ask(port, "INFO server").splitlines()
    return next(line.partition(":")[2] for line in lines if line.startswith("redis_version:"))


def _ask(port: int, command: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(65536).decode().strip()
