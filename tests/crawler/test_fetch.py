"""Fetching: one request, one answer or one reason, whatever the other side does."""

import gzip
import socket
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import VERSION
from config.hosts import HostMap
from crawler.archive import records
from crawler.fetch import Limits
from crawler.reasons import CLOSED
from tests.crawler.site import Answer, serving
from tests.crawler.speaking import QUICK, Talk, fetching, listening, resets, says, speaking

NAME = "mic.gov.vn"
URL = f"http://{NAME}/x.htm"


@pytest.fixture
def site():
    with serving() as running:
        yield running


@pytest.fixture
def fetch(site):
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        yield fetcher.fetch


def answer_of(talk: Talk, limits: Limits = QUICK):
    with speaking(talk) as port, fetching(limits, host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher:
        return fetcher.fetch(URL)


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


# ---- whatever comes ------------------------------------------------------------------------------------------

NAMES = (
    *("Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Set-Cookie", "Location", "ETag"),
    *("Connection", "Retry-After", "Date", "Last-Modified", "Refresh", "WWW-Authenticate", "Proxy-Authenticate"),
)
VALUES = (
    *(b"chunked", b"gzip", b"0", b"-1", b"5", b"99999999999999999999", b"5, 5", b"1e3", b"close", b"keep-alive"),
    *(b"a=b; expires=Thu, 99 Foo 9999 99:99:99 GMT; Max-Age=9e999; Domain=..; Path=\xff", b"=;=;", b"http://[::1"),
    *(b'a=b; Max-Age=99999999999999999999999; Version=1; Port="x"', b"text/html; charset=\0", b"Basic realm="),
)
lines = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)).map(
        lambda pair: pair[0].encode() + b": " + pair[1]
    ),
    st.tuples(st.sampled_from(NAMES), st.binary(max_size=30)).map(lambda pair: pair[0].encode() + b": " + pair[1]),
    st.binary(max_size=40),
)
answers = st.tuples(
    st.one_of(
        st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 302 Found", b"HTTP/1.1 100 Continue", b"HTTP/1.1 401 No"]),
        st.sampled_from(
            [b"HTTP/1.1 999 \xff\0", b"HTTP/2 200", b"HTTP/1.1", b"HTTP/1.1 204 x", b"ICY 200 OK", b""]
        ),
        st.binary(max_size=20),
    ),
    st.lists(lines, max_size=6),
    st.binary(max_size=60),
).map(lambda parts: b"\r\n".join([parts[0], *parts[1], b"", parts[2]]))


def test_any_bytes_are_an_answer_or_a_reason():
    said = [b""]

    def talk(connection: socket.socket) -> None:
        connection.sendall(said[0])

    with speaking(talk) as port, fetching(host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher:

        @given(answers)
        @settings(max_examples=150, deadline=None)
        def whatever(answer: bytes) -> None:
            said[0] = answer
            page = fetcher.fetch(URL)
            assert (page.status == 0) == bool(page.error)
            assert len(page.error) < 300
            records.read(records.answer(page, records.digest(page.payload), None, "crawl")[0])

        whatever()


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
        (says(b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 60_000 + b"\r\n") * 50 + b"\r\n"), "headers without end"),
        (says(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 20_000), "headers without end"),
        (says(b"HTTP/1.1 200 OK\r\n", pause=0.8), "no answer in time"),
        (says(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40, pause=0.1), "no complete answer in time"),
        (resets, "closed"),
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


@pytest.mark.parametrize("parts", [1, 3], ids=["closes", "never answers again"])
def test_a_connection_that_was_kept_and_closes_at_the_next_request_gets_one_more_try(parts):
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
    connections: list[int] = []

    def serve(connection: socket.socket) -> None:
        connections.append(1)
        connection.recv(65_536)
        if len(connections) in {1, 1 + parts}:
            connection.sendall(answer)
            connection.recv(65_536)  # the next request, which gets no answer

    with listening(serve) as port, fetching(host_map=HostMap.parse(f"{NAME}=127.0.0.1:{port}")) as fetcher:
        pages = [fetcher.fetch(URL), fetcher.fetch(URL)]
    assert (pages[0].status, len(connections)) == (200, 2)
    assert (pages[1].status, pages[1].error) == ((200, "") if parts == 1 else (0, CLOSED))


def test_a_body_longer_than_promised_does_not_become_the_next_answer(site):
    def longer(handler):
        smuggled = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"
        handler.wfile.write(HEAD + b"Content-Length: 5\r\n\r\nshort" + smuggled)

    site.answers |= {"/longer": longer, "/x.htm": "whole"}
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        assert fetcher.fetch(f"http://{NAME}/longer").payload == b"short"
        assert fetcher.fetch(URL).payload == b"whole"


def test_fewer_bytes_may_be_asked_for(site):
    site.answers["/x.htm"] = bytes(50_000)
    with fetching(host_map=HostMap.parse(site.host_map(NAME))) as fetcher:
        page = fetcher.fetch(URL, size=1_000)
        assert (len(page.payload), page.truncated) == (1_000, "length")
        assert len(fetcher.fetch(URL, size=10**9).payload) == 50_000
