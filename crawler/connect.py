"""Connections that lead only where they may, to mapped names or public addresses, and are cut when they last."""

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from typing import Any, ClassVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from config.hosts import HostMap

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TICK = 0.25
"""Seconds by which a deadline may be overrun."""


class AddressRefused(Exception):  # noqa: N818 - a decision, not an error
    """A name leads to an address that is not public; the message says which."""


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet, also behind the ways to write IPv4 inside IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


class Line:
    """The connection a fetcher has in use: where it may lead, who is at the other end, when it is cut."""

    def __init__(self, host_map: HostMap, *, proxied: bool = False) -> None:
        self.host_map = host_map
        self.proxied = proxied
        """Whether connections lead to a proxy the operator chose, which may be anywhere."""
        self.peer = ""
        self.is_cut = False
        self.sent_at = 0.0
        """When the last request had gone out (of the monotonic clock): connecting may have taken its time."""
        self._socket: socket.socket | None = None
        self._until = 0.0
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def begin(self, seconds: float) -> None:
        """Cut whatever connection is used from now on if `end` does not come within so many seconds."""
        self.is_cut, self._until = False, time.monotonic() + seconds
        if self._watch is None:
            self._watch = threading.Thread(target=self._cut_when_late, name="deadline", daemon=True)
            self._watch.start()

    def end(self) -> None:
        """The answer is complete, or given up."""
        self._until, self._socket = 0.0, None

    def use(self, connected: socket.socket) -> None:
        """A request goes out on this socket."""
        self._socket = connected
        with suppress(OSError):  # the other end may have gone just now; sending will tell
            self.peer = str(connected.getpeername()[0])

    def cut(self) -> None:
        """End the connection in use, from any thread; whoever reads from it gets an error."""
        self.is_cut = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()

    def _cut_when_late(self) -> None:
        while not self._closed.wait(_TICK):
            if self._until and time.monotonic() > self._until:
                self.cut()


def pool_classes(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools whose connections are those of one line, for urllib3's PoolManager."""
    plain = type("Connection", (_OnLine, HTTPConnection), {"line": line})
    secure = type("SecureConnection", (_OnLine, HTTPSConnection), {"line": line})
    return {
        "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class _OnLine:
    """Mixed into urllib3's connections: chooses the network address itself, and tells the line what it uses."""

    line: ClassVar[Line]
    sock: socket.socket | None

    def _new_conn(self: Any) -> socket.socket:
        last: OSError | None = None
        for address, port in self._targets():
            try:
                return create_connection(
                    (address, port), self.timeout, source_address=None, socket_options=self.socket_options
                )
            except OSError as error:
                last = error
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, str(last)) from last
        raise NewConnectionError(self, str(last)) from last

    def connect(self) -> None:
        super().connect()  # type: ignore[misc] # of the class this one is mixed into
        if self.sock is not None:
            self.line.use(self.sock)

    def request(self, *arguments: Any, **more: Any) -> None:
        if self.sock is not None:
            self.line.use(self.sock)
        super().request(*arguments, **more)  # type: ignore[misc] # likewise
        self.line.sent_at = time.monotonic()

    def _targets(self: Any) -> list[tuple[str, int]]:
        """Where to connect to, as addresses, checked. Raises AddressRefused, NameResolutionError."""
        local = None if self.line.proxied else self.line.host_map.find(self.host, self.port)
        if local:
            return [local]
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        targets = list(dict.fromkeys((str(entry[4][0]), self.port) for entry in found))
        if self.line.proxied:
            return targets
        public = [target for target in targets if is_public(target[0])]
        if not public:
            raise AddressRefused(f"an address that is not public ({targets[0][0]})")
        return public
