"""Fetching: one request, one answer or one reason, whatever the other side does."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from config import VERSION
from config.hosts import HostMap
from config.settings import Settings
from crawler.clock import SystemClock
from crawler.connect import is_public
from crawler.fetch import Fetcher, FetcherError, Limits, may_ask
from tests.crawler.authority import Authority
from tests.crawler.site import Answer, serving

NAME = "mic.gov.vn"
URL = f"http://{NAME}/x.htm"
QUICK = Limits(connect=0.5, silence=0.4, total=1.2, size=100_000)


@contextmanager
def fetching(limits: Limits = QUICK, **settings: Any) -> Iterator[Fetcher]:
    fetcher = Fetcher(Settings(**settings), SystemClock(), limits)
    try:
        yield fetcher
    finally:
        fetcher.close()


@pytest.fixture
def site():
    with serving() as running:
        yield running


@pytest.fixture
def fetch(site):
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        yield fetcher.fetch


@contextmanager
def speaking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that speaks to each connection as `talk` says, once the request was read; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65_536)
            talk(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def answer_of(talk: Callable[[socket.socket], None], limits: Limits = QUICK):
    with speaking(talk) as port, fetching(limits, host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher:
        return fetcher.fetch(URL)


def says(*pieces: bytes, pause: float = 0) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return talk


# ---- answers -------------------------------------------------------------------------------------------------


def test_an_answer_is_told_as_it_came(site, fetch):
    site.answers["/x.htm"] = Answer("<p>Quyết định</p>", headers={"ETag": '"1"', "X-Two": "a"})
    page = fetch(URL)
    assert (page.url, page.status, page.status_line) == (URL, 200, "HTTP/1.1 200 OK")
    assert (page.payload, page.truncated, page.error) == ("<p>Quyết định</p>".encode(), "", "")
    assert (page.header("etag"), page.media_type, page.peer) == ('"1"', "text/html", "127.0.0.1")


def test_a_request_says_who_asks_and_what_was_sent_is_kept(site):
    mapped = HostMap.parse(site.host_map(NAME))
    with fetching(host_map=mapped, contact="archive@example.org") as fetcher:
        page = fetcher.fetch(URL)
    (asked,) = site.asked
    assert asked.headers["User-Agent"] == f"mic-archive/{VERSION} (+archive@example.org)"
    assert asked.host == NAME
    assert dict(page.request_headers).items() <= asked.headers.items()
    assert "Cookie" not in asked.headers


def test_a_content_coding_is_left_as_it_is_and_a_transfer_coding_is_removed(site, fetch):
    packed = gzip.compress(b"<p>packed</p>")
    site.answers["/x.htm"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    assert fetch(URL).payload == packed
    chunks = b"5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n"
    site.answers["/x.htm"] = Answer(chunks, headers={"Transfer-Encoding": "chunked"})
    page = fetch(URL)
    assert (page.payload, page.header("transfer-encoding"), page.truncated) == (b"abcdefgh", "chunked", "")


def test_a_conditional_request_gets_a_304(site, fetch):
    site.answers["/x.htm"] = Answer("x", headers={"ETag": '"1"'})
    page = fetch(URL, etag='"1"', last_modified="Fri, 01 Mar 2024 08:30:00 GMT")
    assert (page.status, page.payload) == (304, b"")
    assert site.asked[0].headers["If-Modified-Since"] == "Fri, 01 Mar 2024 08:30:00 GMT"


def test_a_redirect_is_an_answer_and_is_not_followed(site, fetch):
    site.answers["/x.htm"] = Answer("", 302, {"Location": "/y.htm"})
    page = fetch(URL)
    assert (page.status, page.header("location"), site.paths) == (302, "/y.htm", ["/x.htm"])


def test_a_connection_is_kept_open_and_cookies_are_kept(site):
    ports = set()

    def remember(handler):
        ports.add(handler.client_address[1])
        return Answer("x", headers={"Set-Cookie": "session=1; path=/"})

    site.answers["/x.htm"] = remember
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        for _ in range(3):
            fetcher.fetch(URL)
    assert len(ports) == 1
    assert [asked.headers.get("Cookie") for asked in site.asked] == [None, "session=1", "session=1"]


# ---- bounds --------------------------------------------------------------------------------------------------


def test_a_large_answer_is_cut_and_marked(site, fetch):
    site.answers["/x.htm"] = bytes(300_000)
    page = fetch(URL)
    assert (page.status, len(page.payload), page.truncated) == (200, 100_000, "length")
    site.answers["/x.htm"] = bytes(100_000)
    assert fetch(URL).truncated == ""


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("talk", "payload", "truncated"),
    [
        (says(HEAD + b"Content-Length: 100\r\n\r\nshort"), b"short", "disconnect"),
        (says(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nab"), b"abcde", "disconnect"),
        (says(HEAD + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"), b"", "disconnect"),
        (says(HEAD + b"Content-Length: 100\r\n\r\n", *[b"x"] * 90, pause=0.1), None, "time"),
        (says(HEAD + b"\r\n", *[b"y"] * 90, pause=0.1), None, "time"),
        (says(HEAD + b"Content-Length: 9\r\n\r\nab", pause=0.9), None, "disconnect"),
        (says(HEAD + b"\r\nuntil the end"), b"until the end", ""),
        (says(b"HTTP/1.0 200 OK\r\n\r\nold"), b"old", ""),
    ],
)
def test_what_came_of_a_broken_answer_is_kept_and_marked(talk, payload, truncated):
    page = answer_of(talk)
    assert (page.status, page.truncated, page.error) == (200, truncated, "")
    if payload is not None:
        assert page.payload == payload


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (says(), "connection closed without answer"),
        (says(b"nonsense\r\n\r\n"), "no HTTP answer"),
        (says(b"HTTP/1.1 abc\r\n\r\n"), "no HTTP answer"),
        (says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"), "a header that is too long"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000 + b"\r\n"), "headers that make no sense"),
        (says(b"HTTP/1.1 200 OK\r\n", pause=0.8), "no answer in time"),
        (says(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40, pause=0.1), "no complete answer in time"),
        (
            lambda connection: connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"),
            "closed",
        ),
    ],
)
def test_no_answer_is_a_reason(talk, reason):
    page = answer_of(talk)
    assert (page.status, page.payload) == (0, b"")
    assert reason in page.error


def test_a_closed_port_is_a_refused_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with fetching(host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher:
        assert fetcher.fetch(URL).error == "connection refused"


def test_a_request_that_hangs_can_be_aborted_from_outside():
    hour = Limits(connect=1, silence=3_600, total=3_600)
    with (
        speaking(says(pause=30)) as port,
        fetching(hour, host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher,
    ):
        threading.Timer(0.3, fetcher.abort).start()
        started = time.monotonic()
        assert fetcher.fetch(URL).status == 0
        assert time.monotonic() - started < 5


def test_a_broken_answer_does_not_spoil_the_next(site):
    def cut(handler):
        handler.wfile.write(HEAD + b"Content-Length: 100\r\n\r\nshort")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    site.answers |= {"/cut": cut, "/large": bytes(300_000), "/x.htm": "whole"}
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        for path in ("cut", "large", "cut"):
            fetcher.fetch(f"http://{NAME}/{path}")
            assert fetcher.fetch(URL).payload == b"whole"


# ---- where connections lead ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        *[
            (private, False)
            for private in (
                *(
                    "127.0.0.1",
                    "10.0.0.1",
                    "172.16.0.1",
                    "192.168.1.1",
                    "169.254.169.254",
                    "100.64.0.1",
                    "0.0.0.0",
                ),
                *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1"),
                *("::ffff:127.0.0.1", "::ffff:a00:1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
            )
        ],
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert is_public(address) == public


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_name_that_leads_to_a_private_address_is_refused_at_the_moment_of_connecting(site, host):
    with fetching(contact="a@example.org") as fetcher:
        page = fetcher.fetch(f"http://{host}:{site.port}/x.htm")
    assert "an address that is not public" in page.error
    assert site.asked == []


def test_a_name_that_changes_its_address_between_requests_is_checked_each_time(site, monkeypatch):
    """DNS rebinding: the name system, which is not ours, gives a documentation address first, then loopback."""
    answers = iter(["192.0.2.1", "127.0.0.1"])

    def resolve(_host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with fetching(contact="a@example.org") as fetcher:
        errors = [fetcher.fetch(f"http://rebinding.example:{site.port}/").error for _ in range(2)]
    assert all("not public" in error for error in errors)
    assert site.asked == []


def test_a_name_nobody_knows_is_a_reason():
    with fetching(contact="a@example.org") as fetcher:
        assert fetcher.fetch("http://no-such-name.invalid/").error == "name not found"


def test_a_real_server_is_not_asked_while_nobody_can_be_turned_to(site):
    settings = Settings(host_map=HostMap.parse(site.host_map(NAME)))
    assert may_ask(settings, URL)
    assert not may_ask(settings, "http://www.mic.gov.vn/")
    with fetching(host_map=settings.host_map) as fetcher, pytest.raises(FetcherError, match="MIC_CONTACT"):
        fetcher.fetch("http://www.mic.gov.vn/")


def test_a_mapping_of_one_port_does_not_lead_the_other(site):
    settings = Settings(host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{site.port}"))
    assert may_ask(settings, f"https://{NAME}/")
    assert not may_ask(settings, f"http://{NAME}/")


# ---- proxies -------------------------------------------------------------------------------------------------


def test_no_proxy_is_taken_from_the_environment(site, fetch, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/x.htm"] = "direct"
    assert fetch(URL).payload == b"direct"


def test_a_proxy_of_the_settings_is_used_but_for_mapped_names(site):
    site.answers |= {"http://real.example/x.htm": "by proxy", f"{NAME}/x.htm": "direct"}
    mapped = HostMap.parse(site.host_map(NAME))
    with fetching(host_map=mapped, proxy=f"http://127.0.0.1:{site.port}", contact="a@example.org") as fetcher:
        site.answers["real.examplehttp://real.example/x.htm"] = "by proxy"
        assert fetcher.fetch("http://real.example/x.htm").payload == b"by proxy"
        assert fetcher.fetch(URL).payload == b"direct"


# ---- TLS -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def secure(authority: Authority, name: str, days: int = 30, **settings: Any):
    """What is answered over TLS by a server with a certificate for `name`."""
    with serving(authority.server(name, days=days)) as site:
        site.answers["/x.htm"] = "secure"
        mapped = HostMap.parse(f"{NAME}:443=127.0.0.1:{site.port}")
        with fetching(host_map=mapped, **settings) as fetcher:
            return fetcher.fetch(f"https://{NAME}/x.htm")


def test_a_certificate_of_an_extra_authority_is_trusted(authority):
    page = secure(authority, NAME, crawl_ca=authority.file)
    assert (page.payload, page.error) == (b"secure", "")


@pytest.mark.parametrize(
    ("name", "days", "trusted", "reason"),
    [
        (NAME, 30, False, "unable to get local issuer certificate"),
        (NAME, -1, True, "certificate has expired"),
        ("other.example", 30, True, "mismatch"),
    ],
)
def test_a_wrong_certificate_is_a_reason_that_says_what_is_wrong(authority, name, days, trusted, reason):
    page = secure(authority, name, days, crawl_ca=authority.file if trusted else None)
    assert page.status == 0
    assert page.error.startswith("TLS:")
    assert reason in page.error


def test_a_server_that_does_not_speak_tls_is_a_reason(site):
    with fetching(host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{site.port}")) as fetcher:
        assert fetcher.fetch(f"https://{NAME}/").error.startswith("TLS:")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_names_the_setting(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(FetcherError, match="MIC_CRAWL_CA"):
        Fetcher(Settings(crawl_ca=file), SystemClock())
