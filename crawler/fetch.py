"""One GET per call: within bounds of size and time, to public or mapped addresses only, errors told as reasons."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from config import VERSION
from config.settings import Settings
from crawler.clock import Clock
from crawler.connect import AddressRefused, Line, pool_classes
from crawler.page import FetchedPage, Headers
from crawler.reasons import reason_of
from crawler.trust import Trust, TrustError

AGENT = "mic-archive"
"""The name robots.txt knows us by."""
MAX_COOKIES = 4_096
"""Characters of cookies sent with a request; a server that sets more has them all forgotten."""

_CHUNK = 65_536
_NO_HEADERS: Mapping[str, str] = {}
_PORTS = {"http": 80, "https": 443}
_FAILURES = (RequestException, HTTPError, http.client.HTTPException, OSError, AddressRefused, ValueError)


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
        self._clock = clock
        self._limits = limits or Limits(total=settings.page_seconds, size=settings.page_limit)
        self._cookies = RequestsCookieJar(DefaultCookiePolicy(strict_domain=True))  # no cookies for all of gov.vn
        self._line = Line(settings.host_map)
        self._proxy_line = Line(settings.host_map, proxied=True)
        try:
            self._trust = Trust(settings)
        except TrustError as error:
            raise FetcherError(str(error)) from error
        self._adapter = _Adapter(self._line, self._proxy_line, self._trust)
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._headers = {
            "User-Agent": f"{AGENT}/{VERSION}{contact}",
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        }

    def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] = _NO_HEADERS,
        size: int | None = None,
    ) -> FetchedPage:
        """Ask for an address once, following nothing. What goes wrong is told in the page's `error`.

        `headers` are sent beside the usual ones; `size` keeps fewer bytes than the limits would.

        Raises FetcherError for a real server while no contact is set.
        """
        if not may_ask(self._settings, url):
            raise FetcherError("MIC_CONTACT: a mail or web address is needed before real servers are asked")
        request = self._request(url, etag, last_modified)
        if headers:
            request.headers.update(headers)
        asked = (("Host", urlsplit(url).netloc), *request.headers.items())
        begun = FetchedPage(url=url, captured_at=self._clock.now(), request_headers=asked)
        line = self._proxy_line if self._proxies(url) else self._line
        line.begin(self._limits.total)
        try:
            return self._answer(begun, request, line, min(size or self._limits.size, self._limits.size))
        except _FAILURES as error:
            reason = "no complete answer in time" if line.is_cut else self._reason(error, url, line)
            return replace(begun, error=reason)
        finally:
            line.end()

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

    def _answer(self, begun: FetchedPage, request: PreparedRequest, line: Line, size: int) -> FetchedPage:
        raw = self._send(request, self._proxies(begun.url))
        if line.is_cut:  # http.client takes headers that end early for complete
            raise TimeoutError
        payload, truncated = _read(raw, line, size)
        return replace(
            begun,
            status=raw.status,
            status_line=f"HTTP/{raw.version / 10:.1f} {raw.status} {raw.reason or ''}".strip(),
            headers=_headers(raw),
            payload=payload,
            truncated=truncated,
            peer=line.peer,
        )

    def _proxies(self, url: str) -> dict[str, str]:
        """The proxy for an address, as requests names it; none for one that is led to loopback."""
        proxy = self._settings.proxy.find(urlsplit(url).hostname or "")
        if not proxy or proxy == "direct" or is_mapped(self._settings, url):
            return {}
        return {"http": proxy, "https": proxy}

    def _reason(self, error: Exception, url: str, line: Line) -> str:
        host = urlsplit(url).hostname or ""
        return reason_of(error, host, self._trust.lowest(host), line.refused.get(host, b""))

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
        if cookies and len(cookies) > MAX_COOKIES:
            self._cookies.clear()
        elif cookies:
            headers["Cookie"] = cookies
        return request

    def _send(self, request: PreparedRequest, proxies: dict[str, str]) -> BaseHTTPResponse:
        limits = self._limits
        timeout = (min(limits.connect, limits.total), min(limits.silence, limits.total))
        answer = self._adapter.send(request, stream=True, timeout=timeout, verify=True, proxies=proxies)
        if "set-cookie" in answer.headers:
            extract_cookies_to_jar(self._cookies, request, answer.raw)  # type: ignore[no-untyped-call] # requests
        raw: BaseHTTPResponse = answer.raw
        return raw


def _read(raw: BaseHTTPResponse, line: Line, size: int) -> tuple[bytes, str]:
    """The payload as transferred, and why it ends early if it does."""
    found = BytesIO()  # gives its content away without copying it
    ends = ""
    try:
        for piece in raw.stream(_CHUNK, decode_content=False):
            found.write(piece)
            if found.tell() > size:
                found.truncate(size)
                ends = "length"
                break
    except (HTTPError, http.client.HTTPException, OSError):
        ends = "disconnect"
    if line.is_cut:
        ends = "time"
    if ends:
        raw.close()
    else:
        raw.release_conn()
    return found.getvalue(), ends


def is_mapped(settings: Settings, url: str) -> bool:
    """Whether MIC_HOST_MAP leads an address to loopback."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 0)
    return settings.host_map.find(parts.hostname or "", port) is not None


def may_ask(settings: Settings, url: str) -> bool:
    """Whether a server may be asked: a real one only if MIC_CONTACT says whom its administrator can turn to."""
    return bool(settings.contact) or is_mapped(settings, url)


class _Adapter(HTTPAdapter):
    """requests' adapter over connections of our own kind; each host with the TLS that is accepted of it."""

    def __init__(self, line: Line, proxy_line: Line, trust: Trust) -> None:
        self._line, self._proxy_line, self._trust = line, proxy_line, trust
        super().__init__(pool_connections=16, pool_maxsize=1)

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._line)

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        trusted = self._trust.context(urlsplit(proxy).hostname or "")
        manager = super().proxy_manager_for(proxy, proxy_ssl_context=trusted, **more)
        manager.pool_classes_by_scheme = pool_classes(self._proxy_line)
        return manager

    def build_connection_pool_key_attributes(self, request: PreparedRequest, verify: Any, cert: Any = None) -> Any:
        """Connections to a host are made, and told apart, by what is accepted of it."""
        host, chosen = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, chosen | {"ssl_context": self._trust.context(host["host"] or "")}

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:  # noqa: ARG002 - as requests calls it
        """Nothing but what is read here: making the rest takes an eighth of a request's processor time."""
        answer = Response()
        answer.raw, answer.headers = resp, resp.headers
        return answer

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Certificates are always required, and checked against the context given above."""
        del url, verify, cert
        conn.cert_reqs = "CERT_REQUIRED"


def _headers(raw: BaseHTTPResponse) -> Headers:
    return tuple((name, value) for name, value in raw.headers.iteritems())
