"""Connections that lead only where they may, to mapped names or public addresses, and are cut when they last."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from io import BufferedIOBase
from typing import Any, ClassVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from config.hosts import HostMap

MAX_HEAD = 131_072
"""Bytes of an answer before its body: status lines and headers, those of interim answers too."""

_TICK = 0.25
"""Seconds by which a deadline may be overrun."""
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is handed out for the open internet."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")
)
"""Protocol assignments, relays and documentation: not all of them are known to every Python (IANA registries)."""


class AddressRefused(Exception):  # noqa: N818 - a decision, not an error
    """A name leads to an address that is not public; the message says which."""


class HeadTooLong(http.client.HTTPException):
    """An answer whose headers do not end."""


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet, also behind the ways to write IPv4 inside IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address not in _UNICAST:
            return False
    special = any(address in network for network in _SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


class Line:
    """The connection a fetcher has in use: where it may lead, who is at the other end, when it is cut."""

    def __init__(self, host_map: HostMap, *, proxied: bool = False) -> None:
        self.host_map = host_map
        self.proxied = proxied
        """Whether connections lead to a proxy the operator chose, which may be anywhere."""
        self.peer = ""
        self.is_cut = False
        self.refused: dict[str, bytes] = {}
        """Certificates (DER) that were not accepted, by host name: read to say what would help."""
        self.is_kept = False
        """Whether the request under way goes out over a connection that was there before it."""
        self.sent_at = 0.0
        """When the last request had gone out (of the monotonic clock): connecting may have taken its time."""
        self._socket: socket.socket | None = None
        self._is_last = False
        """Whether its connection has given it up: an answer that ends with its connection is read after that."""
        self._lock = threading.Lock()
        self._until = 0.0
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def begin(self, seconds: float) -> None:
        """Cut whatever connection is used from now on if `end` does not come within so many seconds."""
        self.is_cut, self.is_kept, self._until = False, True, time.monotonic() + seconds
        if self._watch is None:
            self._watch = threading.Thread(target=self._cut_when_late, name="deadline", daemon=True)
            self._watch.start()

    def end(self) -> None:
        """The answer is complete, or given up."""
        with self._lock:
            self._until = 0.0
            self._let_go()

    def left(self) -> float:
        """Seconds until it is cut. Raises TimeoutError where that has come."""
        left = self._until - time.monotonic() if self._until else threading.TIMEOUT_MAX
        if left <= 0 or self.is_cut:
            self.is_cut = True
            raise TimeoutError
        return left

    def use(self, connected: socket.socket) -> None:
        """What goes out now goes over this socket."""
        with self._lock:
            if connected is not self._socket:
                self._let_go()
            self._socket = connected
        with suppress(OSError):  # the other end may have gone just now; sending will tell
            self.peer = str(connected.getpeername()[0])

    def give_up(self, connected: socket.socket) -> None:
        """Close a socket, once nothing is read from it any more."""
        with self._lock:
            if self._socket is connected:
                self._is_last = True
            else:
                connected.close()

    def cut(self) -> None:
        """End the connection in use, from any thread; whoever reads from it gets an error or an end."""
        with self._lock:
            self.is_cut = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()

    def _let_go(self) -> None:
        if self._socket is not None and self._is_last:
            self._socket.close()
        self._socket, self._is_last = None, False

    def _cut_when_late(self) -> None:
        while not self._closed.wait(_TICK):
            if self._until and time.monotonic() > self._until:
                self.cut()


def pool_classes(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools whose connections are those of one line, for urllib3's PoolManager."""
    plain = type("Connection", (_OnLine, HTTPConnection), {"line": line})
    secure = type("SecureConnection", (_Secure, _OnLine, HTTPSConnection), {"line": line})
    return {
        "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


class _Head:
    """The lines before a body, and no more of them than an honest answer has."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self._left = MAX_HEAD
        self.close = stream.close

    def readline(self, limit: int = -1) -> bytes:
        line = self._stream.readline(limit)
        self._left -= len(line)
        if self._left < 0:
            raise HeadTooLong
        return line


class _Answer(http.client.HTTPResponse):
    def begin(self) -> None:
        stream: Any = self.fp
        self.fp = _Head(stream)  # type: ignore[assignment] # all that is asked of it until the body
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = stream


class _OnLine:
    """Mixed into urllib3's connections: chooses the network address itself, and tells the line what it uses."""

    line: ClassVar[Line]
    sock: socket.socket | None
    response_class = _Answer
    plain: socket.socket | None = None
    """The socket below TLS. A TLS socket that another thread shuts down reads on as if nothing were encrypted."""

    def _new_conn(self: Any) -> socket.socket:
        """A connection to the first address that accepts one: the address that was checked, not the name again."""
        last: OSError | None = None
        for address, port in self._targets():
            seconds = min(self.timeout or threading.TIMEOUT_MAX, self.line.left())
            try:
                connected = create_connection(
                    (address, port), seconds, source_address=None, socket_options=self.socket_options
                )
            except OSError as error:
                last = error
            else:
                self.plain = connected.dup()
                self.line.is_kept = False
                self.line.use(self.plain)
                return connected
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, str(last)) from last
        raise NewConnectionError(self, str(last)) from last

    def request(self, *arguments: Any, **more: Any) -> None:
        if self.plain is not None:
            self.line.use(self.plain)
        super().request(*arguments, **more)  # type: ignore[misc] # of the class this one is mixed into
        self.line.sent_at = time.monotonic()

    def close(self) -> None:
        super().close()  # type: ignore[misc] # likewise
        if self.plain is not None:
            self.line.give_up(self.plain)
            self.plain = None

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


class _Secure:
    """Mixed into those over TLS: a certificate that is not accepted is kept, to say what is wrong with it."""

    line: ClassVar[Line]
    sock: ssl.SSLSocket | None

    def connect(self: Any) -> None:
        try:
            super().connect()  # type: ignore[misc] # of the class this one is mixed into
        except ssl.SSLCertVerificationError:
            name = self._tunnel_host or self.host
            if name not in self.line.refused:
                self.line.refused[name] = self._refused_certificate()
            raise

    def _refused_certificate(self: Any) -> bytes:
        """The server's certificate (DER), from a handshake over which nothing is ever asked; b'' without one."""
        accepting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        accepting.check_hostname = False
        proxy = {"proxy": self.proxy, "proxy_config": self.proxy_config}
        other = type(self)(
            self.host, self.port, timeout=self.timeout, cert_reqs="CERT_NONE", ssl_context=accepting, **proxy
        )
        if self._tunnel_host:
            other.set_tunnel(self._tunnel_host, self._tunnel_port, self._tunnel_headers, self._tunnel_scheme)
        try:
            super(_Secure, other).connect()  # type: ignore[misc] # likewise
            return other.sock.getpeercert(binary_form=True) or b""
        except (OSError, HTTPError, http.client.HTTPException, AddressRefused):
            return b""
        finally:
            other.close()
