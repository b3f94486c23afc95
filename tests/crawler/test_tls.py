"""TLS as government servers speak it: what is wrong is told in one line, with the setting that helps; none turns
verification off.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from config.hosts import HostMap, PerHost
from config.settings import Settings
from crawler.clock import SystemClock
from crawler.fetch import Fetcher, FetcherError
from crawler.page import FetchedPage
from crawler.reasons import short
from tests.crawler.authority import Authority, Server
from tests.crawler.site import Site, serving
from tests.crawler.speaking import QUICK, fetching, listening, says

NAME = "mic.gov.vn"
URL = f"https://{NAME}/x.htm"
SOURCE = "http://authority.example/intermediate.crt"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("root"), "Test root")


@pytest.fixture(scope="module")
def intermediate(tmp_path_factory, root) -> Authority:
    return Authority(tmp_path_factory.mktemp("intermediate"), "Test intermediate", root)


@contextmanager
def secure(authority: Authority, server: Server) -> Iterator[Site]:
    with serving(authority.context(server)) as site:
        site.answers["/x.htm"] = "secure"
        yield site


def ask(site: Site, **settings: Any) -> FetchedPage:
    """What is answered by a server over TLS."""
    mapped = HostMap.parse(f"{NAME}:443=127.0.0.1:{site.port}")
    with fetching(replace(QUICK, connect=5, silence=5, total=5), host_map=mapped, **settings) as fetcher:
        return fetcher.fetch(URL)


def answer(authority: Authority, server: Server, **settings: Any) -> FetchedPage:
    with secure(authority, server) as site:
        return ask(site, **settings)


def written(choice: object, host: str = "") -> PerHost:
    return PerHost.parse(f"{host}={choice}" if host else str(choice))


# ---- extra authorities ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["", NAME, "gov.vn"])
def test_a_certificate_of_an_extra_authority_is_trusted_where_it_is_set(root, host):
    page = answer(root, Server(name=NAME), crawl_ca=written(root.file, host))
    assert (page.payload, page.error) == (b"secure", "")


@pytest.mark.parametrize("host", ["mst.gov.vn", "www.mic.gov.vn", "c.gov.vn"])
def test_an_authority_of_one_host_is_not_trusted_for_another(root, host):
    page = answer(root, Server(name=NAME), crawl_ca=written(root.file, host))
    assert page.error.startswith("TLS: unable to get local issuer certificate")


def test_hosts_are_asked_by_one_fetcher_each_as_it_is_set(root):
    with secure(root, Server(name=NAME)) as one, secure(root, Server(name="mst.gov.vn")) as other:
        mapped = HostMap.parse(f"{NAME}:443=127.0.0.1:{one.port},mst.gov.vn:443=127.0.0.1:{other.port}")
        with fetching(host_map=mapped, crawl_ca=written(root.file, "mst.gov.vn")) as fetcher:
            errors = [fetcher.fetch(f"https://{host}/x.htm").error for host in ("mst.gov.vn", NAME, "mst.gov.vn")]
    assert [bool(error) for error in errors] == [False, True, False]


@pytest.mark.parametrize("content", [None, "no certificate"])
@pytest.mark.parametrize("host", ["", "mst.gov.vn"])
def test_an_authority_that_cannot_be_read_names_the_setting_at_once(tmp_path, content, host):
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(FetcherError, match=r"MIC_CRAWL_CA.*ca\.pem"):
        Fetcher(Settings(crawl_ca=written(file, host)), SystemClock())


# ---- broken chains: the line says what would help, and that does ----------------------------------------------


def test_an_intermediate_certificate_that_is_not_sent_is_named_and_helps_where_it_is_set(root, intermediate):
    server = Server(name=NAME, source=SOURCE)
    page = answer(intermediate, server, crawl_ca=written(root.file))
    assert page.error == (
        "TLS: unable to get local issuer certificate (issued by “Test intermediate”, whose certificate in a file "
        f"helps: MIC_CRAWL_CA={NAME}=FILE; to be had at {SOURCE})"
    )
    with secure(intermediate, server) as site:
        assert ask(site, crawl_ca=written(intermediate.file, NAME)).payload == b"secure"
        assert ask(site, crawl_ca=PerHost.parse(f"{root.file},{NAME}={intermediate.file}")).payload == b"secure"
    assert len(site.asked) == 2


def test_a_certificate_signed_by_itself_helps_where_it_is_set(root):
    server = Server(name=NAME, is_self_signed=True)
    file = root.certificate(server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with serving(context) as site:
        site.answers["/x.htm"] = "secure"
        page = ask(site)
        assert page.error == (
            "TLS: self-signed certificate (if it is the right one, that certificate in a file helps: "
            f"MIC_CRAWL_CA={NAME}=FILE)"
        )
        assert ask(site, crawl_ca=written(file, NAME)).payload == b"secure"


@pytest.mark.parametrize(
    ("server", "reason", "hint"),
    [
        (Server(name=NAME, days=-1), "certificate has expired", "on 20"),
        (Server(name=NAME, from_now=1), "certificate is not yet valid", "is the clock here right?"),
        (Server(name="old.mic.gov.vn"), "Hostname mismatch", "it is for old.mic.gov.vn; no setting helps"),
        (Server(name=NAME, alternatives=()), "Hostname mismatch", "it is for no host by the rules of today"),
        (
            Server(name=NAME, alternatives=[f"{letter}.gov.vn" for letter in "abcde"]),
            "Hostname mismatch",
            "it is for a.gov.vn, b.gov.vn, c.gov.vn and others",
        ),
    ],
)
def test_a_certificate_no_setting_helps_says_so(root, server, reason, hint):
    page = answer(root, server, crawl_ca=written(root.file))
    assert (page.status, short(page.error)) == (0, f"TLS: {reason}")
    assert hint in page.error
    assert len(page.error.splitlines()) == 1


def test_what_a_certificate_says_of_itself_does_not_break_the_line(tmp_path):
    hostile = Authority(tmp_path, "Root\r\nSet-Cookie: x\x1b[31m" + "x" * 40)
    page = answer(hostile, Server(name=NAME, source="http://x/\r\n\x00" + "y" * 5_000))
    assert len(page.error) < 400
    assert page.error.isprintable()


def test_the_reason_is_found_out_once_and_nothing_is_ever_asked_without_verification(root):
    handshakes = []
    context = root.context(Server(name=NAME))

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            handshakes.append(wrapped.recv(1_000))

    with (
        listening(serve) as port,
        fetching(host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{port}")) as fetcher,
    ):
        errors = {fetcher.fetch(URL).error for _ in range(3)}
    assert len(errors) == 1
    assert "Test root" in errors.pop()
    assert handshakes == [b""]


# ---- old servers ---------------------------------------------------------------------------------------------

OLD = Server(name=NAME, is_old=True)


def test_an_old_tls_version_names_the_setting_that_accepts_it(root):
    with secure(root, OLD) as site:
        page = ask(site, crawl_ca=written(root.file))
        assert page.error.endswith(f"(an old server: MIC_CRAWL_TLS={NAME}=1.0 accepts it)")
        other = ask(site, crawl_ca=written(root.file), crawl_tls=PerHost.parse("1.2,mst.gov.vn=1.0"))
        assert other.error == page.error
        accepted = ask(site, crawl_ca=written(root.file), crawl_tls=PerHost.parse(f"1.2,{NAME}=1.0"))
        assert accepted.payload == b"secure"
        too_old = ask(site, crawl_ca=written(root.file), crawl_tls=written("1.1", NAME))
        assert f"older still than MIC_CRAWL_TLS={NAME}=1.1" in too_old.error


def test_a_short_key_is_accepted_of_an_old_server_where_that_is_set(root):
    server = Server(name=NAME, bits=1_024)
    page = answer(root, server, crawl_ca=written(root.file))
    assert page.error.startswith("TLS: ")
    assert f"MIC_CRAWL_TLS={NAME}=1.0" in page.error
    accepted = answer(root, server, crawl_ca=written(root.file), crawl_tls=written("1.0", NAME))
    assert accepted.payload == b"secure"


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (OLD, "unable to get local issuer certificate"),
        (replace(OLD, name="x.vn"), "Hostname"),
        (replace(OLD, days=-1), "expired"),
    ],
)
def test_an_old_server_is_verified_like_any_other(root, server, reason):
    trusted = "" if "issuer" in reason else root.file
    page = answer(root, server, crawl_ca=written(trusted), crawl_tls=written("1.0"))
    assert reason in page.error


def test_a_higher_version_may_be_asked_for(root):
    context = root.context(Server(name=NAME))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(context) as site:
        site.answers["/x.htm"] = "secure"
        assert ask(site, crawl_ca=written(root.file)).payload == b"secure"
        assert "MIC_CRAWL_TLS" in ask(site, crawl_ca=written(root.file), crawl_tls=written("1.3")).error


def test_a_server_that_does_not_speak_tls_says_so():
    with serving() as site:
        assert ask(site).error == "TLS: wrong version number (the server does not speak TLS there)"


# ---- time ----------------------------------------------------------------------------------------------------


def test_a_handshake_without_end_is_cut():
    def serve(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")
        says(*[b"\x02"] * 60, pause=0.1)(connection)

    mapped = "{name}:443=127.0.0.1:{port}"
    with (
        listening(serve) as port,
        fetching(host_map=HostMap.parse(mapped.format(name=NAME, port=port))) as fetcher,
    ):
        started = time.monotonic()
        assert fetcher.fetch(URL).error in ("no answer in time", "no complete answer in time")
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("head", [b"Content-Length: 100\r\n", b"", b"Connection: close\r\n"])
def test_what_came_of_a_slow_body_is_kept_and_nothing_else(root, head):
    """Cut from another thread, the connection must not be read as if it were not encrypted."""
    context = root.context(Server(name=NAME))
    stopped = threading.Event()

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped, suppress(OSError):
            wrapped.recv(65_536)
            wrapped.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
            for _ in range(60):
                wrapped.sendall(b"z")
                stopped.wait(0.05)

    with (
        listening(serve) as port,
        fetching(host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{port}"), crawl_ca=written(root.file)) as fetcher,
    ):
        page = fetcher.fetch(URL)
        stopped.set()
    assert (page.status, page.truncated) == (200, "time")
    assert 10 <= len(page.payload) < 60
    assert set(page.payload) == {ord("z")}


def test_what_is_on_its_way_when_an_answer_is_cut_is_not_taken_for_what_it_says(root):
    """An answer that never pauses: there is always something encrypted that was not read yet."""
    context = root.context(Server(name=NAME))

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65_536)
            wrapped.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                wrapped.sendall(b"z" * 65_536)

    limits = replace(QUICK, total=0.3, size=10**9)
    with (
        listening(serve) as port,
        fetching(
            limits, host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{port}"), crawl_ca=written(root.file)
        ) as fetcher,
    ):
        page = fetcher.fetch(URL)
    assert (page.status, page.truncated, page.error) == (200, "time", "")
    assert set(page.payload) == {ord("z")}
