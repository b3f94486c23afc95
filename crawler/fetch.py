"""One GET per call: within bounds of size and time, to public or mapped addresses only, errors told as reasons."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import certifi
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.response import BaseHTTPResponse
from urllib3.util.ssl_ import create_urllib3_context

from config import VERSION
from config.settings import Settings
from crawler.clock import Clock
from crawler.connect import AddressRefused, Line, pool_classes
from crawler.page import FetchedPage, Headers

AGENT = "mic-archive"
"""The name robots.txt knows us by."""

_CHUNK = 65_536
_NO_HEADERS: Mapping[str, str] = {}
_PORTS = {"http": 80, "https": 443}


_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((NameResolutionError, socket.gaierror), "name not found"),
    (ConnectTimeoutError, "no connection in time"),
    ((ReadTimeoutError, TimeoutError), "no answer in time"),
    (ConnectionRefusedError, "connection refused"),
    ((http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError), "connection closed without answer"),
    (http.client.LineTooLong, "a header that is too long"),
    (http.client.BadStatusLine, "no HTTP answer"),
    (http.client.HTTPException, "headers that make no sense"),
)


class FetcherError(Exception):
    """Nothing can be fetched with these settings; the message names the setting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of one answer: seconds to connect, of silence, and in all; bytes kept."""

    connect: float = 10.0
    silence: float = 30.0
    total: float = 120.0
    size: int = 100_000_000


class Fetcher:
    """Asks servers, one request at a time, over connections kept open. Cookies live as long as the fetcher.

    Use it from one thread; only `abort` may be called from another.
    """

    def __init__(self, settings: Settings, clock: Clock, limits: Limits | None = None) -> None:
        """Raises FetcherError for a MIC_CRAWL_CA that cannot be read."""
        self._settings = settings
        self._proxies = dict.fromkeys(("http", "https"), settings.proxy) if settings.proxy else {}
        self._clock = clock
        self._limits = limits or Limits(size=settings.page_limit)
        self._cookies = RequestsCookieJar()
        self._line = Line(settings.host_map)
        self._proxy_line = Line(settings.host_map, proxied=True)
        self._adapter = _Adapter(self._line, self._proxy_line, _trust(settings))
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._headers = {
            "User-Agent": f"{AGENT}/{VERSION}{contact}",
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        }

    def fetch(
        self, url: str, *, etag: str = "", last_modified: str = "", headers: Mapping[str, str] = _NO_HEADERS
    ) -> FetchedPage:
        """Ask for an address once, following nothing. What goes wrong is told in the page's `error`.

        `headers` are sent beside the usual ones.

        Raises FetcherError for a real server while no contact is set.
        """
        if not may_ask(self._settings, url):
            raise FetcherError("MIC_CONTACT: a mail or web address is needed before real servers are asked")
        mapped = is_mapped(self._settings, url)
        line = self._line if mapped or not self._proxies else self._proxy_line
        request = self._request(url, etag, last_modified)
        request.headers.update(headers)
        captured_at = self._clock.now()
        asked = (("Host", urlsplit(url).netloc), *request.headers.items())
        line.begin(self._limits.total)
        try:
            raw = self._send(request, {} if mapped else self._proxies)
            if line.is_cut:  # http.client takes headers that end early for complete
                raise TimeoutError
            payload, truncated = self._read(raw, line)
        except (
            RequestException,
            HTTPError,
            http.client.HTTPException,
            OSError,
            AddressRefused,
            ValueError,
        ) as error:
            reason = "no complete answer in time" if line.is_cut else reason_of(error)
            return FetchedPage(url=url, captured_at=captured_at, error=reason, request_headers=asked)
        finally:
            line.end()
        return FetchedPage(
            url=url,
            captured_at=captured_at,
            status=raw.status,
            status_line=f"HTTP/{raw.version / 10:.1f} {raw.status} {raw.reason or ''}".strip(),
            headers=_headers(raw),
            payload=payload,
            truncated=truncated,
            peer=line.peer,
            request_headers=asked,
        )

    @property
    def sent_at(self) -> float:
        """When the last request had gone out, in seconds of the monotonic clock; 0 before there was one."""
        return max(self._line.sent_at, self._proxy_line.sent_at)

    def abort(self) -> None:
        """End the request that is under way, from another thread."""
        self._line.cut()
        self._proxy_line.cut()

    def close(self) -> None:
        """Close all connections."""
        self._line.close()
        self._proxy_line.close()
        self._adapter.close()

    def _request(self, url: str, etag: str, last_modified: str) -> PreparedRequest:
        """A request made by hand: preparing one takes longer than sending it, and the address is clean already."""
        request = PreparedRequest()
        request.method, request.url, request.body = "GET", url, None
        headers = CaseInsensitiveDict(self._headers)
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        request.headers = headers
        cookies: str | None = get_cookie_header(self._cookies, request)  # type: ignore[no-untyped-call] # requests
        if cookies:
            headers["Cookie"] = cookies
        return request

    def _send(self, request: PreparedRequest, proxies: dict[str, str]) -> BaseHTTPResponse:
        limits = self._limits
        answer = self._adapter.send(
            request, stream=True, timeout=(limits.connect, limits.silence), verify=True, proxies=proxies
        )
        if "set-cookie" in answer.headers:
            extract_cookies_to_jar(self._cookies, request, answer.raw)  # type: ignore[no-untyped-call] # requests
        raw: BaseHTTPResponse = answer.raw
        return raw

    def _read(self, raw: BaseHTTPResponse, line: Line) -> tuple[bytes, str]:
        """The payload as transferred, and why it ends early if it does."""
        pieces: list[bytes] = []
        left = self._limits.size
        try:
            for piece in raw.stream(_CHUNK, decode_content=False):
                pieces.append(piece[:left])
                left -= len(piece)
                if left < 0:
                    raw.close()
                    return b"".join(pieces), "length"
        except (HTTPError, http.client.HTTPException, OSError):
            raw.close()
            return b"".join(pieces), "time" if line.is_cut else "disconnect"
        if line.is_cut:
            return b"".join(pieces), "time"
        raw.release_conn()
        return b"".join(pieces), ""


def is_mapped(settings: Settings, url: str) -> bool:
    """Whether MIC_HOST_MAP leads an address to loopback."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    return settings.host_map.find(parts.hostname or "", port) is not None


def may_ask(settings: Settings, url: str) -> bool:
    """Whether a server may be asked: a real one only if MIC_CONTACT says whom its administrator can turn to."""
    return bool(settings.contact) or is_mapped(settings, url)


class _Adapter(HTTPAdapter):
    """requests' adapter over connections of our own kind; certificates are read once, not per connection."""

    def __init__(self, line: Line, proxy_line: Line, trust: ssl.SSLContext) -> None:
        self._line, self._proxy_line, self._trust = line, proxy_line, trust
        super().__init__(pool_connections=16, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=self._trust, **more)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._line)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._trust, **more)
        manager.pool_classes_by_scheme = pool_classes(self._proxy_line)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Certificates are always required, and checked against the context given above."""
        del url, verify, cert
        conn.cert_reqs = "CERT_REQUIRED"


def reason_of(error: Exception) -> str:
    """Why there was no answer, in few words that do not differ from address to address."""
    for cause in _causes(error):
        if isinstance(cause, AddressRefused):
            return str(cause)
        if isinstance(cause, ssl.SSLError):
            return f"TLS: {getattr(cause, 'verify_message', '') or cause.reason or 'failed'}".replace("_", " ")
        if type(cause) is NewConnectionError:  # what it wraps says more
            continue
        for kinds, reason in _REASONS:
            if isinstance(cause, kinds):
                return reason
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return f"{type(error).__name__}: {error}"[:100]


def _trust(settings: Settings) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    if settings.crawl_ca:
        try:
            context.load_verify_locations(settings.crawl_ca)
        except (OSError, ssl.SSLError) as error:
            raise FetcherError(f"MIC_CRAWL_CA: {settings.crawl_ca}: {error.strerror or error}") from error
    return context


def _headers(raw: BaseHTTPResponse) -> Headers:
    return tuple((name, value) for name, value in raw.headers.iteritems())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and what it wraps, in whichever of the three ways these libraries have."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [getattr(cause, "reason", None), *cause.args, cause.__cause__, cause.__context__]
