"""Where connections lead, and what they carry: to public addresses, no proxy nobody chose, only questions."""

import base64
import select
import socket
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date

import pytest
import sqlalchemy as sa

from config.hosts import HostMap, PerHost
from config.settings import Settings
from crawler import ledger
from crawler.connect import is_public
from crawler.fetch import FetcherError, may_ask
from crawler.tables import captures
from tests.crawler.authority import Authority, Server
from tests.crawler.site import Answer, serving
from tests.crawler.small_site import HOST, url
from tests.crawler.speaking import fetching, listening

NAME = "mic.gov.vn"
URL = f"http://{NAME}/x.htm"
CONTACT = "archive@example.org"


@pytest.fixture
def plain():
    """A server without the small ministry."""
    with serving() as running:
        running.answers["/x.htm"] = "direct"
        yield running


# ---- addresses -----------------------------------------------------------------------------------------------

PRIVATE = (
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.0.8", "198.18.0.1", "192.0.2.1"),
    *("198.51.100.1", "203.0.113.1", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "100::1", "2001:db8::1"),
    *("3fff::1", "5f00::1", "4000::1"),
    *("::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1"),
    *("2001:0:5db8:d70e::", "2001:10::1", "2001:20::1"),
)
PUBLIC = (
    *("93.184.215.14", "113.160.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2001:dc8::1"),
    *("::ffff:93.184.215.14", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"),
)


@pytest.mark.parametrize(
    ("address", "public"),
    [*((address, False) for address in PRIVATE), *((address, True) for address in PUBLIC)],
)
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert is_public(address) == public


WAYS_TO_WRITE_LOOPBACK = (
    *("localhost", "127.0.0.1", "0.0.0.0", "0", "127.1", "2130706433", "0x7f.1", "0x7f000001", "017700000001"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost.", "LOCALHOST", "127.0.0.1."),
)


@pytest.mark.parametrize("host", WAYS_TO_WRITE_LOOPBACK)
def test_a_name_that_leads_to_a_private_address_is_refused_at_the_moment_of_connecting(plain, host):
    with fetching(contact=CONTACT) as fetcher:
        page = fetcher.fetch(f"http://{host}:{plain.port}/x.htm")
    assert page.error.startswith(("an address that is not public", "name not found"))
    assert plain.asked == []


@pytest.mark.parametrize("host", [*WAYS_TO_WRITE_LOOPBACK, "①②⑦.⓪.⓪.①", "mic。gov。vn", "mic.gov.vn.evil.example"])
def test_such_hosts_are_none_of_the_profiles(addresses, host):
    read = addresses.read(f"http://{host}/x.htm")
    assert (read.allowed, read.kind) == (False, "refused")


@contextmanager
def naming(monkeypatch, **answers: list[list[str]]):
    """A name system, which is not ours: lists of addresses for each name, one after the other, the last for ever.

    Yields the addresses that are connected to, which are handed to the system as they are written.
    """
    real = socket.getaddrinfo
    left = {name.replace("_", "."): lists for name, lists in answers.items()}
    connected: list[str] = []

    def resolve(host, port, *arguments, **more):
        if host not in left:
            connected.append(host)
            return real(host, port, *arguments, **more)
        addresses = left[host].pop(0) if len(left[host]) > 1 else left[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield connected
    monkeypatch.undo()


PUBLIC_ONE, PUBLIC_OTHER = "93.184.215.14", "93.184.215.15"


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(plain, monkeypatch):
    """DNS rebinding: the name is public when it is checked and private a moment later."""
    with (
        naming(monkeypatch, mic_gov_vn=[[PUBLIC_ONE], ["127.0.0.1"]]) as tried,
        fetching(contact=CONTACT) as fetcher,
    ):
        page = fetcher.fetch(f"http://{NAME}:{plain.port}/x.htm")
        assert (page.status, tried) == (0, [PUBLIC_ONE])
        assert (
            fetcher.fetch(f"http://{NAME}:{plain.port}/x.htm").error == "an address that is not public (127.0.0.1)"
        )
        assert tried == [PUBLIC_ONE]
    assert plain.asked == []


def test_private_addresses_among_public_ones_are_passed_over(plain, monkeypatch):
    found = ["127.0.0.1", PUBLIC_ONE, "10.0.0.1", PUBLIC_OTHER, "169.254.169.254"]
    with naming(monkeypatch, mic_gov_vn=[found]) as tried, fetching(contact=CONTACT) as fetcher:
        assert fetcher.fetch(f"http://{NAME}:{plain.port}/x.htm").status == 0
        assert tried == [PUBLIC_ONE, PUBLIC_OTHER]
    assert plain.asked == []


def test_a_host_of_the_profile_that_leads_to_a_private_address_is_refused_after_a_redirect_too(
    opened, site, database, monkeypatch
):
    site.answers["/x.aspx"] = Answer("", 302, {"Location": "http://m.mic.gov.vn/inside.aspx"})
    with (
        naming(monkeypatch, m_mic_gov_vn=[["10.0.0.1"]]) as tried,
        opened(url("/x.aspx"), contact=CONTACT) as crawl,
    ):
        crawl.run(limit=2)
        assert set(tried) == {"127.0.0.1"}
    with database.reading() as connection:
        found = {(row.url, row.error) for row in connection.execute(sa.select(captures)) if row.error}
    assert found == {("http://m.mic.gov.vn/robots.txt", "an address that is not public (10.0.0.1)")}
    told = {
        (line.host, line.reason) for line in ledger.read(database, date(2020, 1, 1)) if line.decision == "failed"
    }
    assert told == {("m.mic.gov.vn", "robots.txt: an address that is not public")}


def test_a_name_nobody_knows_is_a_reason():
    with fetching(contact=CONTACT) as fetcher:
        assert fetcher.fetch("http://no-such-name.invalid/").error == "name not found"


# ---- whom to turn to -----------------------------------------------------------------------------------------


def test_a_real_server_is_not_asked_while_nobody_can_be_turned_to(plain):
    settings = Settings(host_map=HostMap.parse(plain.host_map(NAME)))
    assert may_ask(settings, URL)
    assert not may_ask(settings, "http://www.mic.gov.vn/")
    with fetching(host_map=settings.host_map) as fetcher, pytest.raises(FetcherError, match="MIC_CONTACT"):
        fetcher.fetch("http://www.mic.gov.vn/")


def test_a_mapping_of_one_port_does_not_lead_the_other(plain):
    settings = Settings(host_map=HostMap.parse(f"{NAME}:443=127.0.0.1:{plain.port}"))
    assert may_ask(settings, f"https://{NAME}/")
    assert not may_ask(settings, f"http://{NAME}/")


# ---- what requests carry -------------------------------------------------------------------------------------


def test_whatever_a_page_offers_it_is_only_ever_asked_for(opened, site):
    forms = (
        '<form method=post action="/p1.aspx"><input name=x></form><form action="/p2.aspx"><button></button></form>'
        '<a href="/a.aspx" ping="/p3.aspx" data-method="post">x</a><button formaction="/p4.aspx" formmethod=post>'
        "<script>fetch('/p5.aspx', {method: 'POST'})</script>"
    )
    site.answers |= {"/": forms, "/a.aspx": Answer("", 307, {"Location": "/b.aspx"}), "/b.aspx": "<h1>x</h1>"}
    with opened(url("/")) as crawl:
        crawl.run()
    assert Counter(site.methods) == {"GET": len(site.asked)}
    assert {path for path in site.paths if "/p" in path} == set()
    assert {"/a.aspx", "/b.aspx"} <= set(site.paths)


def cookies_of(site, host: str) -> list[str]:
    return [
        asked.headers.get("Cookie", "")
        for asked in site.asked
        if asked.host == host and "robots" not in asked.path
    ]


def test_cookies_stay_with_their_family_and_their_crawl(opened, site):
    def setting(handler):
        host = handler.headers["Host"]
        wide = "wide=1; Domain=gov.vn" if host == HOST else "own=1"
        return Answer(f"<h1>{host}</h1>", headers={"Set-Cookie": wide, "Cache-Control": "no-cache"})

    paths = ("/a.aspx", "/b.aspx")
    site.answers |= dict.fromkeys(paths, setting)
    site.answers["mic.gov.vn/c.aspx"] = Answer("x", headers={"Set-Cookie": "family=1; Domain=mic.gov.vn"})
    seeds = [f"http://{host}{path}" for host in (HOST, "mst.gov.vn") for path in paths]
    with opened(url("/c.aspx"), *seeds, "http://www.mic.gov.vn/d.aspx") as crawl:
        crawl.run()
        assert cookies_of(site, "mst.gov.vn") == ["", "own=1"]
        assert cookies_of(site, "www.mic.gov.vn") == ["family=1"]
        assert "wide" not in "".join(cookies_of(site, HOST))
        site.asked.clear()
        crawl.run(again=True)
        assert cookies_of(site, "mst.gov.vn")[0] == ""


def test_a_server_that_sets_cookies_without_end_has_them_forgotten(plain):
    plain.answers["/x.htm"] = lambda _handler: Answer(
        "x", headers={"Set-Cookie": f"c{len(plain.asked)}={'y' * 1_000}; path=/"}
    )
    with fetching(host_map=HostMap.parse(plain.host_map(NAME))) as fetcher:
        for _ in range(12):
            assert fetcher.fetch(URL).status == 200
    assert max(len(asked.headers.get("Cookie", "")) for asked in plain.asked) <= 4_096


# ---- proxies -------------------------------------------------------------------------------------------------


def test_nothing_is_taken_from_the_environment(plain, monkeypatch, tmp_path):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / ".netrc"
    netrc.write_text(f"machine {NAME} login me password secret\nmachine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with fetching(host_map=HostMap.parse(plain.host_map(NAME))) as fetcher:
        assert fetcher.fetch(URL).payload == b"direct"
    assert "Authorization" not in plain.asked[0].headers


def test_no_authority_is_taken_from_the_environment(monkeypatch, tmp_path):
    authority = Authority(tmp_path)
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority.file))
    with serving(authority.context(Server(name=NAME))) as site:
        mapped = HostMap.parse(f"{NAME}:443=127.0.0.1:{site.port}")
        with fetching(host_map=mapped) as fetcher:
            assert fetcher.fetch(f"https://{NAME}/x.htm").error.startswith("TLS: ")
    assert site.asked == []


@pytest.fixture
def proxy(plain):
    """The same server as a proxy: it is asked for whole addresses."""
    for host in ("real.example", "www.real.example", "other.example"):
        plain.answers[f"{host}http://{host}/x.htm"] = "by proxy"
    return f"http://127.0.0.1:{plain.port}"


def test_a_proxy_of_the_settings_is_used_but_for_mapped_names(plain, proxy):
    mapped = HostMap.parse(plain.host_map(NAME))
    with fetching(host_map=mapped, proxy=proxy, contact=CONTACT) as fetcher:
        assert fetcher.fetch("http://real.example/x.htm").payload == b"by proxy"
        assert fetcher.fetch(URL).payload == b"direct"


def test_a_proxy_may_be_set_for_some_hosts(proxy, monkeypatch):
    chosen = PerHost.parse(f"{proxy},other.example=direct")
    with naming(monkeypatch, other_example=[["10.0.0.1"]]), fetching(proxy=chosen, contact=CONTACT) as fetcher:
        assert fetcher.fetch("http://www.real.example/x.htm").payload == b"by proxy"
        assert fetcher.fetch("http://other.example/x.htm").error == "an address that is not public (10.0.0.1)"
    with fetching(proxy=PerHost.parse(f"real.example={proxy}"), contact=CONTACT) as fetcher:
        assert fetcher.fetch("http://real.example/x.htm").payload == b"by proxy"
        assert fetcher.fetch("http://no-such-name.invalid/x.htm").error == "name not found"


def test_a_proxy_that_is_not_there_is_told_from_a_server_that_is_not():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with fetching(proxy=f"http://127.0.0.1:{port}", contact=CONTACT) as fetcher:
        assert fetcher.fetch("http://real.example/").error == "proxy: connection refused"
        assert fetcher.fetch("https://real.example/").error == "proxy: connection refused"


@contextmanager
def tunnelling(to: int, status: str = "200 OK"):
    """A proxy that leads every tunnel to a local port; yields its address and what it was asked for."""
    asked: list[str] = []

    def serve(connection: socket.socket) -> None:
        asked.append(connection.recv(65_536).decode())
        connection.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
        with socket.create_connection(("127.0.0.1", to)) as other:
            pair = {connection: other, other: connection}
            while True:
                for ready in select.select(list(pair), [], [])[0]:
                    data = ready.recv(65_536)
                    if not data:
                        return
                    pair[ready].sendall(data)

    with listening(serve) as port:
        yield f"http://me:secret@127.0.0.1:{port}", asked


def test_tls_through_a_proxy_is_verified_and_explained_all_the_same(tmp_path):
    authority = Authority(tmp_path)
    with serving(authority.context(Server(name="real.example"))) as site:
        site.answers["/x.htm"] = "secure"
        with tunnelling(site.port) as (proxy, asked):
            with fetching(proxy=proxy, contact=CONTACT) as fetcher:
                page = fetcher.fetch("https://real.example/x.htm")
            assert page.error.startswith("TLS: unable to get local issuer certificate (issued by “Test authority”")
            trusted = PerHost.parse(f"real.example={authority.file}")
            with fetching(proxy=proxy, contact=CONTACT, crawl_ca=trusted) as fetcher:
                assert fetcher.fetch("https://real.example/x.htm").payload == b"secure"
    assert len(site.asked) == 1
    told = base64.b64encode(b"me:secret").decode()
    assert all(line.startswith("CONNECT real.example:443 ") and told in line for line in asked)


def test_a_proxy_that_does_not_let_through_is_a_reason():
    with (
        tunnelling(9, "407 Proxy Authentication Required") as (proxy, _),
        fetching(proxy=proxy, contact=CONTACT) as fetcher,
    ):
        assert fetcher.fetch("https://real.example/x.htm").error == "proxy: status 407"


# ---- addresses of the other make -----------------------------------------------------------------------------


def test_a_server_on_ipv6_is_asked_like_any_other():
    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nv6")

    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with (
        listening(serve, "::1") as port,
        fetching(host_map=HostMap.parse(f"{NAME}=[::1]:{port}")) as fetcher,
    ):
        page = fetcher.fetch(URL)
    assert (page.payload, page.peer) == (b"v6", "::1")


def test_no_thread_is_left_behind():
    before = threading.active_count()
    with fetching(contact=CONTACT) as fetcher:
        fetcher.fetch("http://no-such-name.invalid/")
    deadline = threading.Event()
    for _ in range(40):
        if threading.active_count() <= before:
            break
        deadline.wait(0.05)
    assert threading.active_count() <= before
