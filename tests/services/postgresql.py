"""PostgreSQL for the tests, from Debian's package, in a folder of its own."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.services import machine
from tests.services.server import Server, ServiceError, free_port, own_folder

NAME = "PostgreSQL"
PACKAGES = ("postgresql",)
DEBIAN = Path("/usr/lib/postgresql")
ROLE = "mic"

FAST = ("fsync=off", "full_page_writes=off")
"""Off for a database that is thrown away; commits still outlive the process (they reach the operating system)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostgreSQL:
    """A running server with one empty database, `postgres`, whose address is `url`."""

    url: str
    server: Server
    version: str

    def database(self, name: str) -> str:
        """The address of another database of this server."""
        return sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)


def missing() -> str | None:
    """What is missing and the line that brings it, None where nothing is."""
    if _program("initdb") is None or _program("postgres") is None:
        return f"{NAME} (run: {machine.install_line(*PACKAGES)})"
    return machine.missing_user()


def install() -> None:
    """Install Debian's package. Raises InstallError."""
    machine.make_user()
    if missing():
        machine.install_packages(*PACKAGES)


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Start a server for the length of a block. Raises ServiceError."""
    with own_folder("postgresql") as folder:
        port = free_port()
        _make_cluster(folder)
        options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *FAST]
        server = Server(
            name=NAME,
            command=(
                str(_program("postgres")),
                "-D",
                str(folder / "data"),
                *(f"--{option}" for option in options),
            ),
            folder=folder,
            answers=lambda: _answers(folder, port),
            stop_signal=signal.SIGINT,  # ends at once, without waiting for clients to go
        )
        server.start()
        try:
            yield PostgreSQL(
                url=f"postgresql://{ROLE}@127.0.0.1:{port}/postgres",
                server=server,
                version=(folder / "data" / "PG_VERSION").read_text(encoding="ascii").strip(),
            )
        finally:
            server.stop()


def _make_cluster(folder: Path) -> None:
    command = [
        *(str(_program("initdb")), "--pgdata", str(folder / "data"), "--username", ROLE),
        *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
    ]
    done = subprocess.run(
        machine.without_rights(command),
        check=False,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise ServiceError(f"{NAME}: initdb failed\n{done.stdout}")


def _answers(folder: Path, port: int) -> bool:
    ready = folder / "data" / "postmaster.pid"
    if not ready.exists() or "ready" not in ready.read_text(encoding="utf-8").splitlines()[-1]:
        return False
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def _program(name: str) -> str | None:
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    return str(versions[-1]) if versions else shutil.which(name)
