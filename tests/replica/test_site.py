"""Answers of the site: the same but for what a visit changes, conditional, and as things stand after changes."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from gzip import decompress
from html import unescape
from urllib.parse import urljoin

import pytest

from crawler.address import Key
from tests.replica import Truth
from tests.replica.changes import WAYS, Changes, Gone
from tests.replica.conftest import NOW, PLAIN, Ask, asking, site_of
from tests.replica.corpus import Corpus
from tests.replica.exchange import Answer
from tests.replica.options import Options
from tests.replica.site import Site
from tests.replica.traps import Traps
from tests.replica.truth import truths

SEED = "https://mic.gov.vn/mic_2020/Pages/TinTuc/106807/x.html"


def header(answer: Answer, name: str) -> str:
    return dict(answer.headers)[name]


def test_two_sites_of_one_seed_give_the_same_bytes() -> None:
    """Pages, lists, feeds and files, compressed or not, at the same moment and visit."""
    first, second = (asking(site_of(articles=300)) for _ in range(2))
    truth = list(truths(Corpus(Options(articles=300)), Changes()))
    urls = [one.addresses[0] for one in truth] + [listing.address for one in truth[::5] for listing in one.listed]
    urls += [file.address for one in truth for file in one.attachments]
    urls += [
        "https://mic.gov.vn/",
        "https://mst.gov.vn/",
        "https://mic.gov.vn/Pages/TinTuc/rss.aspx?chuyenmucid=91",
    ]
    for url in urls:
        assert first(url) == second(url), url
        assert first(url, accept_encoding="gzip") == second(url, accept_encoding="gzip"), url


def test_a_visit_changes_the_counter_and_the_token_only() -> None:
    """Line for line, with those two taken out."""
    ask = asking(site_of())
    first, second = ask(SEED).body.decode(), ask(SEED).body.decode()
    assert first != second
    volatile = re.compile(r'(?<="luottruycap">)\d+|0x[0-9A-F]{8},\d\d \w{3} \d{4} [\d:]{8} -0000')
    assert len(volatile.findall(first)) == 2
    assert volatile.sub("", first) == volatile.sub("", second)


def test_the_counter_rises() -> None:
    ask = asking(site_of())

    def views() -> int:
        body = ask(SEED).body.decode()
        return int(body.partition('<span id="luottruycap">')[2].partition("<")[0])

    assert [views() - views() for _ in range(3)] == [-1, -1, -1]


def test_compressed_pages_are_the_plain_ones() -> None:
    first, second = (asking(site_of(traps=Traps.of(PLAIN))) for _ in range(2))
    for one in truths(Corpus(Options(articles=400)), Changes()):
        packed = first(one.addresses[0], accept_encoding="gzip, deflate")
        assert header(packed, "Content-Encoding") == "gzip"
        assert decompress(packed.body) == second(one.addresses[0]).body


def test_pages_weigh_what_the_real_ones_do(known: tuple[Truth, ...], ask: Ask) -> None:
    sizes = [len(ask(one.addresses[0]).body) for one in known if one.template in ("T1", "T2")][:50]
    assert 52_000 < sum(sizes) / len(sizes) < 58_000
    light = asking(site_of(light=True))
    assert len(light(SEED).body) < 12_000


@pytest.mark.parametrize(
    "url",
    [
        SEED,
        "https://mic.gov.vn/",
        "https://mic.gov.vn/mic_2020/Pages/ChuyenMuc/PhanTrang/91/1/x.html",
        "https://mic.gov.vn/Pages/TinTuc/rss.aspx?chuyenmucid=91",
        "https://mic.gov.vn/Style%20Library/css/chung.css",
        "https://mst.gov.vn/tin-tuc-su-kien/buu-chinh.htm",
    ],
)
def test_a_client_that_has_the_page_gets_304(url: str, ask: Ask) -> None:
    first = ask(url)
    assert first.status == 200
    again = ask(url, if_none_match=header(first, "ETag"))
    assert (again.status, again.body) == (304, b"")
    assert ask(url, if_none_match='"another"').status == 200
    modified = dict(first.headers).get("Last-Modified")
    if modified:
        assert ask(url, if_modified_since=modified).status == 304
        assert ask(url, if_modified_since="Thu, 01 Jan 1998 00:00:00 GMT").status == 200
        assert ask(url, if_modified_since="yesterday").status == 200


def test_without_conditions_there_is_no_304() -> None:
    ask = asking(site_of(conditional=False))
    assert "ETag" not in dict(ask(SEED).headers)
    assert ask(SEED, if_modified_since="Thu, 01 Jan 2037 00:00:00 GMT").status == 200


def test_an_edit_changes_the_article_its_validators_and_the_truth() -> None:
    site = site_of()
    ask = asking(site)
    before = ask(SEED)
    site.changes.edit(Key.parse("mic:106807"), NOW)
    after = ask(SEED, if_none_match=header(before, "ETag"), if_modified_since=header(before, "Last-Modified"))
    assert after.status == 200
    assert "được cập nhật lần 1" in after.body.decode()
    assert parsedate_to_datetime(header(after, "Last-Modified")) == NOW
    one = list(truths(site.corpus, site.changes))[-1]
    assert one.revision == 1
    assert one.paragraphs[-1] in after.body.decode()


@pytest.mark.parametrize("way", WAYS)
def test_a_removed_article_is_gone_from_page_and_lists_until_it_is_restored(way: Gone) -> None:
    site = site_of()
    ask = asking(site)
    one = next(one for one in truths(site.corpus, Changes()) if one.listed and one.template == "T1")
    key, listed = Key.parse(one.key), one.listed[0].address
    title = one.title.replace("&", "&amp;")
    tag = header(ask(listed), "ETag")
    site.changes.remove(key, way, NOW)
    assert ask(one.addresses[0]).status == {"404": 404, "410": 410}.get(way, 200)
    assert title not in ask(one.addresses[0]).body.decode()
    changed = ask(listed, if_none_match=tag)
    assert changed.status == 200
    assert title not in changed.body.decode()
    gone = {one.key: one.gone for one in truths(site.corpus, site.changes) if one.gone}
    assert gone == {one.key: way}
    site.changes.restore(key, NOW)
    assert title in ask(one.addresses[0]).body.decode()
    assert title in ask(listed).body.decode()


def test_reverted_changes_leave_no_trace() -> None:
    site = site_of()
    ask = asking(site)
    key = Key.parse("mic:106807")
    before = ask(SEED)
    site.changes.edit(key, NOW)
    assert header(ask(SEED), "ETag") != header(before, "ETag")
    site.revert()
    assert site.changes == Changes()
    assert ask(SEED).headers == before.headers
    site.changes.remove(key, "404", NOW)  # as many changes as when it was edited, but others
    assert ask(SEED).status == 404


def test_an_outage_is_of_one_host_and_ends() -> None:
    site = site_of()
    ask = asking(site)
    site.changes.outage("mic.gov.vn", "503")
    assert ask("https://www.mic.gov.vn/").status == 503
    assert ask("https://mst.gov.vn/").status == 200
    site.changes.outage("mic.gov.vn", None)
    assert ask("https://www.mic.gov.vn/").status == 200


def test_the_old_hosts_do_not_have_what_the_successor_published(known: tuple[Truth, ...], ask: Ask) -> None:
    born = [one for one in known if one.key.startswith("mst:")]
    assert len(born) > 50
    for one in born[:20]:
        assert one.title not in unescape(ask(one.addresses[0].replace("mst.", "mic.")).body.decode())
    kept = next(
        one for one in known if one.template == "T1" and not any("mst.gov" in url for url in one.addresses)
    )
    number = kept.key.partition(":")[2]
    assert ask(f"https://mst.gov.vn/x-197{number}.htm").status == 404


def test_other_hosts_and_methods_are_refused(ask: Ask) -> None:
    assert ask("https://example.org/").status == 421
    assert ask("https://mic.gov.vn/Pages/Kh%C3%B4ng-c%C3%B3.aspx").status == 404


def test_the_visit_day_follows_the_clock() -> None:
    days = [NOW]
    site = Site(Corpus(Options(articles=80)), lambda: days[-1])
    ask = asking(site)
    assert "Thứ hai, ngày 03/11/2025" in ask(SEED).body.decode()
    days.append(datetime(2025, 11, 3, 23, 30, tzinfo=UTC) + timedelta(minutes=1))
    assert "Thứ ba, ngày 04/11/2025" in ask(SEED).body.decode()


def test_what_pages_refer_to_is_there(known: tuple[Truth, ...], ask: Ask) -> None:
    body = ask(known[0].addresses[0]).body.decode()
    for mark in ("/Style%20Library/css/chung.css", "/Style%20Library/images/logo.png"):
        assert mark in body
        assert ask(urljoin(known[0].addresses[0], mark)).status == 200
    pictures = [picture for one in known for picture in one.pictures]
    bodies = {ask(picture).body for picture in pictures[:50]}
    assert len(bodies) == 50
    assert all(body.startswith(b"\xff\xd8\xff") and body.endswith(b"\xff\xd9") for body in bodies)
