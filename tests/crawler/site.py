"""A small web server that answers as it is told, politely or not, and remembers what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. Content-Length is added unless it is given."""

    body: bytes | str = b""
    status: int = 200
    headers: Headers = field(default_factory=dict)

    @property
    def payload(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came."""

    host: str
    path: str
    headers: Headers
    at: float

    @property
    def url(self) -> str:
        return f"{self.host}{self.path}"


Told = Answer | str | bytes | Callable[["Handler"], Answer | None]
"""An answer, a body, or a function that makes one or writes to the connection itself (None)."""


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's table: by `host/path`, then `/path`, then 404."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: "_Server"

    def do_GET(self) -> None:
        site = self.server.site
        host = self.headers.get("Host", "").lower()
        asked = Asked(host, self.path, dict(self.headers.items()), monotonic())
        with site.lock:
            site.asked.append(asked)
            site.methods.append(self.command)
        told = site.answers.get(asked.url, site.answers.get(self.path, site.otherwise))
        answer = told(self) if callable(told) else told
        if answer is not None:
            self.answer(answer if isinstance(answer, Answer) else Answer(answer))
        self.wfile.flush()

    do_POST = do_GET  # noqa: N815 - the name is http.server's

    def answer(self, answer: Answer) -> None:
        """Send an answer; a matching If-None-Match becomes a 304."""
        etag = answer.headers.get("ETag")
        unchanged = answer.status == 200 and etag is not None and self.headers.get("If-None-Match") == etag
        self.send_response(304 if unchanged else answer.status)
        sent = {"Content-Type": "text/html; charset=utf-8"} | dict(answer.headers)
        if not unchanged and not {"Content-Length", "Transfer-Encoding"} & set(sent):
            sent["Content-Length"] = str(len(answer.payload))
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if not unchanged:
            self.wfile.write(answer.payload)

    def log_message(self, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: "Site"

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # clients that go away are part of the game


class Site:
    """A running server. `answers` may be changed at any time."""

    def __init__(self) -> None:
        self.answers: dict[str, Told] = {}
        self.otherwise: Told = Answer("not here", 404)
        self.asked: list[Asked] = []
        self.methods: list[str] = []
        self.lock = threading.Lock()
        self.port = 0

    @property
    def paths(self) -> list[str]:
        """Paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def host_map(self, *names: str) -> str:
        """A setting that leads these names here."""
        return ",".join(f"{name}=127.0.0.1:{self.port}" for name in names)


@contextmanager
def serving(certificate: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a site for the length of a block; over TLS if a certificate is given."""
    site = Site()
    server = _Server(("127.0.0.1", 0), Handler)
    server.site = site
    site.port = server.server_address[1]
    if certificate:
        server.socket = certificate.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
