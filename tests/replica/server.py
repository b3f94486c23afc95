"""The web server: HTTP/1.1 with kept connections, plain and over TLS, and a proxy for the replica's hosts."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http import HTTPStatus
from itertools import repeat
from typing import cast
from urllib.parse import urlsplit

from tests.replica import addresses, bulletin
from tests.replica.bulletin import site as bulletin_site
from tests.replica.control import HOST, Control
from tests.replica.exchange import WHOLE, Answer, Request
from tests.replica.hardships import Guard
from tests.replica.record import Record
from tests.replica.site import Site

HEAD_LIMIT = 65_536
"""Bytes of a request's line and headers."""

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_KNOWN = frozenset((*addresses.NAMES, *bulletin.NAMES, HOST))


class Handler:
    """What every connection shares."""

    def __init__(self, site: Site, control: Control, record: Record, now: Callable[[], float]) -> None:
        """`now` gives seconds since 1970, for the Date header."""
        self._site = site
        self._control = control
        self._record = record
        self._now = now
        options = site.corpus.options
        self._latency = options.latency
        guarded = 14 in options.traps and options.crawl_delay > 0
        self._guard = Guard(options.crawl_delay, record.elapsed) if guarded else None
        self.tls: ssl.SSLContext | None = None
        """What a client that asks the proxy for a host's port 443 speaks with; set before serving."""

    def answer(self, request: Request) -> Answer | Iterator[bytes]:
        """The answer to a request, noted unless it is for the control host."""
        if request.host == HOST:
            return self._control.answer(request)
        family = addresses.FAMILIES.get(addresses.ALIASES.get(request.host, request.host), "")
        refusal = self._guard.refusal(family) if self._guard and family else None
        site = bulletin_site if request.host in bulletin.NAMES else self._site
        answer = refusal or site.answer(request)
        self._record.note(request, answer)
        return answer

    def pause(self, answer: Answer | Iterator[bytes]) -> float:
        """Seconds before an answer is sent; the control host never waits."""
        return self._latency + answer.fate.pause if isinstance(answer, Answer) else 0

    def stray(self, asked: str) -> None:
        """A client of the proxy wants to be connected with another host."""
        self._record.stray(asked)

    def begin(self, request: Request) -> None:
        """A request has come."""
        self._record.begin(request.host)

    def end(self, request: Request) -> None:
        """It has been answered, or its client is gone."""
        self._record.end(request.host)

    def date(self) -> str:
        """For the Date header."""
        return formatdate(self._now(), usegmt=True)


class Connection(asyncio.Protocol):
    """One client. Requests are answered one after the other, in the order in which they come."""

    def __init__(self, handler: Handler, scheme: str) -> None:
        self._handler = handler
        self._scheme = scheme
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._skip = 0
        """Bytes of a request's body still to come; nothing here reads bodies."""
        self._busy = self._is_lost = False
        """An answer is being held back; the client is gone."""
        self._tunnel: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._work()

    def connection_lost(self, _error: Exception | None) -> None:
        self._is_lost = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._work()

    def _work(self) -> None:
        """Answer every request that is there whole; in a tunnel the first may come before `connection_made`."""
        while self._transport and not self._busy and not self._transport.is_closing():
            skipped = min(self._skip, len(self._buffer))
            del self._buffer[:skipped]
            self._skip -= skipped
            end = self._buffer.find(b"\r\n\r\n")
            if self._skip or end < 0:
                break
            head = bytes(self._buffer[:end])
            del self._buffer[: end + 4]
            self._handle(head.decode("latin-1"))
        if len(self._buffer) > HEAD_LIMIT:
            self._refuse(431)

    def _handle(self, head: str) -> None:
        line, _, rest = head.partition("\r\n")
        words = line.split(" ")
        headers = {}
        for header in rest.split("\r\n"):
            name, colon, value = header.partition(":")
            if colon:
                headers[name.strip().lower()] = value.strip()
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            self._refuse(400)
            return
        length = headers.get("content-length", "0")
        self._skip = int(length) if length.isdigit() else 0
        if words[0] == "CONNECT":
            self._connect(words[1])
            return
        request = self._request(words[0], words[1], headers)
        if request is None:
            self._refuse(400)
            return
        last = words[2] == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
        answer = self._handler.answer(request)
        pause = 0 if request.host == HOST else self._handler.pause(answer)
        if not pause:
            self._send(request, answer, last=last)
            return
        self._busy = True
        self._handler.begin(request)
        asyncio.get_running_loop().call_later(pause, self._send_late, request, answer, last)

    def _send_late(self, request: Request, answer: Answer | Iterator[bytes], last: bool) -> None:
        self._handler.end(request)
        self._busy = False
        if not self._open.is_closing():
            self._send(request, answer, last=last)
            self._work()

    def _request(self, method: str, target: str, headers: dict[str, str]) -> Request | None:
        """The request; one to a proxy names scheme and host in its first line."""
        scheme, host = self._scheme, headers.get("host", "")
        if not target.startswith("/"):
            try:
                parts = urlsplit(target)
            except ValueError:
                return None
            scheme, host = parts.scheme, parts.netloc
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        name = host.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
        return Request(method=method, scheme=scheme, host=name, target=target, headers=headers) if name else None

    def _send(self, request: Request, answer: Answer | Iterator[bytes], *, last: bool) -> None:
        transport = self._open
        if not isinstance(answer, Answer):
            self._stream(answer, "application/jsonl")
            return
        fate = answer.fate
        if fate.silent:
            transport.close()
            return
        if fate.endless:
            self._stream(repeat(answer.body), dict(answer.headers)["Content-Type"])
            return
        body = b"" if answer.status == 304 else answer.body
        last = last or fate is not WHOLE
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}", f"Date: {self._handler.date()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status != 304:
            lines.append(f"Content-Length: {len(body) + fate.missing}")
        lines += ["Server: replica", f"Connection: {'close' if last else 'keep-alive'}", "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        transport.write(head if request.method == "HEAD" else head + body[: fate.cut_after])
        if last:
            transport.close()

    def _stream(self, lines: Iterator[bytes], kind: str) -> None:
        """Send lines as they are made, as fast as the client takes them."""
        self._open.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode())
        loop = asyncio.get_running_loop()
        transport = self._open

        def some() -> None:
            for _ in range(50):
                if self._is_lost or transport.is_closing():
                    return
                line = next(lines, None)
                if line is None:
                    transport.close()
                    return
                transport.write(line)
            loop.call_later(0.001 if transport.get_write_buffer_size() < HEAD_LIMIT else 0.02, some)

        some()

    def _connect(self, target: str) -> None:
        """A proxy's tunnel ends here: the client goes on as if it had reached the host."""
        host, _, port = target.rpartition(":")
        if host.lower().rstrip(".") not in _KNOWN or port not in ("80", "443"):
            self._handler.stray(f"CONNECT {target}")
            self._refuse(403)
            return
        self._open.pause_reading()
        self._open.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if port == "443":
            self._tunnel = asyncio.get_running_loop().create_task(self._begin_tls())
        else:
            self._open.resume_reading()

    async def _begin_tls(self) -> None:
        loop = asyncio.get_running_loop()
        context = self._handler.tls
        assert context is not None
        inner = Connection(self._handler, "https")
        try:
            transport = await loop.start_tls(self._open, inner, context, server_side=True)
        except (OSError, ssl.SSLError):
            self._open.abort()
            return
        if transport is not None:
            inner.connection_made(transport)

    def _refuse(self, status: int) -> None:
        self._open.write(
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        self._open.close()

    @property
    def _open(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport


async def listen(handler: Handler, *, host: str, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server:
    """Begin to serve; port 0 takes a free one. Raises OSError where the port is taken."""
    loop = asyncio.get_running_loop()
    scheme = "https" if tls else "http"
    return await loop.create_server(lambda: Connection(handler, scheme), host, port, ssl=tls, backlog=256)
