"""Sessions, redirects, troubled answers, changes and rules for robots: set as they say."""

import gzip
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
import requests
from selectolax.lexbor import LexborHTMLParser

from tests.replica import Replica
from tests.replica.addresses import HOSTS
from tests.replica.catalogue import by_stream
from tests.replica.changes import EDITED, OUTAGES, TAKEN_DOWN, WAYS, Changes
from tests.replica.conftest import PLAIN, Ask, asking, site_of
from tests.replica.corpus import Corpus
from tests.replica.detours import AWAY, STARTS
from tests.replica.hardships import BOMB, BURST, ENDLESS, LARGE, PACKED, SLOW, Guard, hardship
from tests.replica.options import Options
from tests.replica.sessions import PROBE
from tests.replica.site import Site
from tests.replica.sitemaps import INDEX
from tests.replica.templates.others import BROKEN_ROBOTS, ONLY_THERE
from tests.replica.traps import DEFAULT, TRAPS, Traps
from tests.replica.truth import truths

MIC, ENGLISH = f"https://{HOSTS['mic']}", f"https://{HOSTS['english']}"


@pytest.fixture(scope="module")
def trapped() -> Site:
    """A site with all that costs no time."""
    return site_of(articles=600)


def without(number: int) -> Site:
    return site_of(traps=Traps.of(DEFAULT - {number}))


def links(body: bytes) -> list[str]:
    return [link.attributes["href"] or "" for link in LexborHTMLParser(body).css("a[href]")]


# ---- 11: sessions ------------------------------------------------------------------------------------------


def test_11_links_of_the_policy_site_carry_another_session_each_time() -> None:
    site = site_of()
    ask, url = asking(site), f"https://{HOSTS['cspl']}/"
    first, second = links(ask(url).body), links(ask(url).body)
    assert first != second
    numbered = [link for link in first if ";jsessionid=" in link]
    assert len(numbered) > 10
    for link in numbered[:20]:
        assert ask(urljoin(url, link)).status == ask(urljoin(url, re.sub(";jsessionid=[^?]*", "", link))).status
    assert not any("jsessionid" in link for link in links(asking(without(11))(url).body))


def test_11_who_shows_no_cookie_is_sent_to_another_address() -> None:
    url = f"{ENGLISH}/Pages/TinTuc/tintuckinhte.aspx?page=2"
    ask = asking(site_of(articles=600))
    probe = ask(url)
    headers = dict(probe.headers)
    assert (probe.status, headers["Location"]) == (302, f"/Pages/TinTuc/tintuckinhte.aspx?page=2&{PROBE}=1")
    assert ask(urljoin(url, headers["Location"])).status == 200
    assert ask(url, cookie=headers["Set-Cookie"].partition(";")[0]).status == 200
    assert asking(without(11))(url.partition("?")[0]).status == 200


# ---- 13: redirects -----------------------------------------------------------------------------------------


def test_13_moved_addresses_lead_to_where_the_article_is(trapped: Site) -> None:
    """In the new system, or at the successor; the address lists link to may be one of them."""
    ask, kinds = asking(trapped), Counter[str]()
    for one in truths(trapped.corpus, Changes()):
        for url in one.addresses:
            answer = ask(url)
            assert (answer.status == 301) == (url in one.moved), url
            if url in one.moved:
                target = dict(answer.headers)["Location"]
                kinds["mst" if "mst.gov.vn" in target else "new"] += 1
                assert target in one.addresses
                assert ask(target).status == 200
    assert kinds["mst"] > 3
    assert kinds["new"] > 20


def test_13_a_home_page_leads_in_circles_and_away(trapped: Site) -> None:
    ask = asking(trapped)
    found = links(ask(f"{MIC}/").body)
    assert set(STARTS) < set(found)
    (looping,) = [link for link in found if link.endswith("Tin-da-chuyen.html")]
    for start in (STARTS[0], looping):
        targets = [urljoin(MIC, start)]
        for _ in range(4):
            targets.append(urljoin(targets[-1], dict(ask(targets[-1]).headers)["Location"]))
        assert targets[0] == targets[2] == targets[4] != targets[1]
    assert {dict(ask(MIC + path).headers)["Location"] for path in AWAY} == set(AWAY.values())


def test_13_without_the_trap_every_address_answers() -> None:
    site = without(13)
    ask = asking(site)
    for one in truths(site.corpus, Changes()):
        assert one.moved == ()
        assert not any("gov.vn./" in link for link in links(ask(one.addresses[0]).body))
        assert {ask(url).status for url in one.addresses} == {200}


def test_13_a_name_with_a_dot_is_the_same_host(replica: Replica) -> None:
    proxies = {"http": replica.proxy_url, "https": replica.proxy_url}
    answer = requests.get("https://mic.gov.vn./", proxies=proxies, verify=str(replica.ca_file), timeout=10)
    assert answer.status_code == 200


def test_13_whoever_follows_out_of_the_site_is_noted(replica: Replica) -> None:
    replica.control.clear()
    proxies = {"http": replica.proxy_url, "https": replica.proxy_url}
    assert requests.get("http://169.254.169.254/x", proxies=proxies, timeout=10).status_code == 421
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://www.example.org/", proxies=proxies, timeout=10)
    assert replica.log()["strayed"] == ["GET http://169.254.169.254/x", "CONNECT www.example.org:443"]


# ---- 14: troubled answers ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def troubled() -> Iterator[Replica]:
    with Replica(articles=200, traps=TRAPS, slow=0.5, crawl_delay=0) as running:
        yield running


def hard(kind: str) -> str:
    """The address of an article that is hard to get in this way."""
    corpus = Corpus(Options(articles=200, traps=Traps.of(TRAPS)))
    known = list(truths(corpus, Changes()))
    index = next(n for n in range(200) if hardship(corpus.item(n), corpus.options) == kind)
    return next(url for url in known[index].addresses if url not in known[index].moved)


def heard(replica: Replica, url: str, most: int = 20_000_000) -> tuple[bytes, bytes]:
    """Head and body of what comes until the connection ends or so many bytes have come."""
    host, _, path = url.partition("://")[2].partition("/")
    with socket.create_connection(("127.0.0.1", replica.port), timeout=10) as connection:
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        came = bytearray()
        while len(came) < most and (part := connection.recv(65_536)):
            came += part
    head, _, body = bytes(came).partition(b"\r\n\r\n")
    return head, body


def promised(head: bytes) -> int:
    stated = re.search(rb"Content-Length: (\d+)", head)
    assert stated
    return int(stated[1])


def test_14_an_article_is_slow(troubled: Replica) -> None:
    started = time.monotonic()
    head, _ = heard(troubled, hard("slow"))
    assert head.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - started >= 0.5
    assert hardship(Corpus(Options(articles=200)).item(SLOW), Options(articles=200)) is None


def test_14_connections_are_cut_twice_then_hold(troubled: Replica) -> None:
    url = hard("cut")
    assert heard(troubled, url) == (b"", b"")
    head, body = heard(troubled, url)
    assert 0 < len(body) < promised(head)
    head, body = heard(troubled, url)
    assert len(body) == promised(head)


def test_14_less_comes_than_is_promised_then_all(troubled: Replica) -> None:
    url = hard("short")
    for missing in (1_000, 1_000, 0):
        head, body = heard(troubled, url)
        assert promised(head) - len(body) == missing


def test_14_a_page_is_large_and_whole(troubled: Replica) -> None:
    head, body = heard(troubled, hard("large"))
    assert len(body) == promised(head) > LARGE
    assert body.rstrip().endswith(b"</html>")


def test_14_a_page_never_ends_and_another_unpacks_to_too_much(troubled: Replica) -> None:
    head, body = heard(troubled, MIC + ENDLESS, most=3_000_000)
    assert b"Content-Length" not in head
    assert len(body) > 2_900_000
    head, body = heard(troubled, MIC + PACKED)
    assert len(body) < 1_000_000
    assert len(gzip.decompress(body)) == BOMB
    assert {ENDLESS, PACKED} < set(links(heard(troubled, f"{MIC}/")[1]))


def test_14_fast_clients_are_refused_and_patient_ones_are_not() -> None:
    """Twice too fast: 429, then 403 for a while; at the pace that is asked for, never."""
    now = [0.0]
    guard = Guard(0.5, lambda: now[0])

    def ask(times: int, every: float) -> list[int]:
        statuses = []
        for _ in range(times):
            now[0] += every
            refusal = guard.refusal("mic")
            statuses.append(refusal.status if refusal else 200)
        return statuses

    assert set(ask(200, 0.5)) == {200}
    fast = ask(60, 0.01)
    assert fast[: BURST - 1] == [200] * (BURST - 1)
    assert fast[-1] == 403
    assert fast.count(429) > 5
    now[0] += 60
    assert set(ask(50, 0.5)) == {200}
    assert guard.refusal("mst") is None


def test_14_the_server_refuses_who_does_not_wait() -> None:
    with Replica(articles=20, traps=TRAPS, crawl_delay=0.2) as replica, requests.Session() as session:
        session.proxies = {"http": replica.proxy_url}
        answers = [session.get("http://mic.gov.vn/", timeout=10) for _ in range(30)]
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses.keys() == {200, 429, 403}
    assert next(answer for answer in answers if answer.status_code == 429).headers["Retry-After"] == "1"


# ---- 15: between two crawls --------------------------------------------------------------------------------


def test_15_a_night_edits_some_and_removes_others_in_every_way() -> None:
    site = site_of()
    keys = [site.corpus.key(index) for index in range(len(site.corpus))]
    site.changes.night(keys, datetime(2025, 11, 4, tzinfo=UTC))
    true = list(truths(site.corpus, site.changes))
    assert Counter(one.gone for one in true if one.gone).keys() == set(WAYS)
    assert sum(one.revision for one in true) == pytest.approx(len(true) / EDITED, abs=2)
    assert sum(bool(one.gone) for one in true) == pytest.approx(len(true) / TAKEN_DOWN, abs=1)


@pytest.mark.parametrize("way", OUTAGES)
def test_15_an_outage_takes_one_of_four_forms(way) -> None:
    site = site_of()
    ask, url = asking(site), by_stream()["mic:91"].address(1)
    site.changes.outage("mic.gov.vn", way)
    answer = ask(url)
    assert answer.status == {"503": 503, "403": 403, "error page": 200, "home": 302}[way]
    if way == "home":
        assert dict(answer.headers)["Location"] == "/"
        assert ask(f"{MIC}/").status == 200
    assert ask("https://mst.gov.vn/").status == 200
    site.changes.outage("mic.gov.vn", None)
    assert ask(url).status == 200


# ---- 16: rules for robots ----------------------------------------------------------------------------------


def test_16_one_name_has_no_rules_to_give(trapped: Site) -> None:
    ask = asking(trapped)
    assert ask(f"https://{BROKEN_ROBOTS}/robots.txt").status == 500
    assert ask(f"{ENGLISH}/robots.txt").status == 200
    assert f"https://{BROKEN_ROBOTS}{ONLY_THERE}" in links(ask(f"{ENGLISH}/").body)
    assert asking(without(16))(f"https://{BROKEN_ROBOTS}/robots.txt").status == 200


def entries(ask: Ask, url: str) -> list[str]:
    body = ask(url).body
    root = ET.fromstring(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    return [loc.text or "" for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_16_a_sitemap_has_some_articles_that_nothing_else_leads_to(trapped: Site) -> None:
    """And some that lists show, and what is gone or elsewhere; not all there are."""
    ask = asking(trapped)
    named = re.search(r"^Sitemap: (\S+)$", ask(f"{ENGLISH}/robots.txt").body.decode(), re.MULTILINE)
    assert named
    assert named[1] == ENGLISH + INDEX
    found = {url for part in entries(ask, named[1]) for url in entries(ask, part)}
    true = list(truths(trapped.corpus, Changes()))
    alone = {one.addresses[0] for one in true if one.reach == "sitemap"}
    english = {one.addresses[0] for one in true if one.language == "en"}
    assert len(alone) > 5
    assert alone < found & english < english
    assert len(found - english) == 3


def test_16_without_the_trap_those_have_their_numbers_only() -> None:
    site = without(16)
    assert asking(site)(ENGLISH + INDEX).status == 404
    assert "sitemap" not in {one.reach for one in truths(site.corpus, Changes())}
    assert set(PLAIN) < set(TRAPS)
