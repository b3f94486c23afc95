"""A replica at work in this process: corpus, site, record and server put together."""

import asyncio
import json
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.replica import addresses, bulletin
from tests.replica.authority import server_context, write_certificates
from tests.replica.clock import ShiftedClock
from tests.replica.control import HOST, Control
from tests.replica.corpus import Corpus
from tests.replica.options import Options
from tests.replica.record import Record
from tests.replica.server import Handler, listen
from tests.replica.site import Site

LOOPBACK = "127.0.0.1"
HOST_NAMES = (*addresses.NAMES, *bulletin.NAMES)


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Where a replica listens."""

    port: int
    tls_port: int
    ca_file: str

    @property
    def host_map(self) -> str:
        """The value of MIC_HOST_MAP that leads every host here."""
        return ",".join(
            f"{name}:80={LOOPBACK}:{self.port},{name}:443={LOOPBACK}:{self.tls_port}" for name in HOST_NAMES
        )

    @property
    def proxy_url(self) -> str:
        """For clients that speak through a proxy."""
        return f"http://{LOOPBACK}:{self.port}"

    def to_json(self) -> str:
        """One line."""
        return json.dumps(
            {
                "port": self.port,
                "tls_port": self.tls_port,
                "ca_file": self.ca_file,
                "host_map": self.host_map,
                "proxy": self.proxy_url,
                "control": f"{self.proxy_url}/log with Host: {HOST}",
            }
        )


class PortTakenError(Exception):
    """A port cannot be listened on; the message names it and says why."""


class Running:
    """A server of one replica. `serve` goes on until `stop` is set."""

    def __init__(self, options: Options) -> None:
        clock = ShiftedClock(options.now)
        self.site = Site(Corpus(options), clock.now)
        self.record = Record(clock.elapsed)
        control = Control(self.site, self.record, clock)
        self._handler = Handler(self.site, control, self.record, lambda: clock.now().timestamp())

    async def start(self, folder: Path, *, port: int, tls_port: int) -> Endpoints:
        """Listen on loopback, certificates in a folder. Raises PortTakenError."""
        ca_file, server_file = write_certificates(folder, HOST_NAMES)
        self._handler.tls = server_context(server_file)
        plain = await self._listen(port, None)
        secure = await self._listen(tls_port, self._handler.tls)
        self._servers = (plain, secure)
        return Endpoints(
            port=plain.sockets[0].getsockname()[1],
            tls_port=secure.sockets[0].getsockname()[1],
            ca_file=str(ca_file),
        )

    async def serve(self, stop: asyncio.Event) -> None:
        """Serve until told to stop, then close."""
        await stop.wait()
        for server in self._servers:
            server.close()

    async def _listen(self, port: int, tls: ssl.SSLContext | None) -> asyncio.Server:
        try:
            return await listen(self._handler, host=LOOPBACK, port=port, tls=tls)
        except OSError as error:
            raise PortTakenError(f"port {port} on {LOOPBACK}: {os.strerror(error.errno or 0)}") from error
