"""The crawl as a server sees it: everything once, politely, whatever the server does."""

import gzip
import itertools
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from config.hosts import HostMap
from config.settings import Settings
from crawler import ledger
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.crawl import Selection, open_crawl
from crawler.fetch import Fetcher, FetcherError
from crawler.lease import LeaseHeld, holding
from crawler.progress import Cancelled, Progress
from crawler.tables import addresses as rows
from crawler.tables import captures
from tests.crawler.conftest import PROFILE
from tests.crawler.site import Answer, serving
from tests.crawler.small_site import CATEGORIES, HOST, article, article_path, fill, list_path, numbers

NAMES = ("mic.gov.vn", "www.mic.gov.vn", "english.mic.gov.vn", "cspl.mic.gov.vn", "mst.gov.vn")
SEEDS = (f"http://{HOST}/", f"http://{HOST}/Pages/TinTuc/rss.aspx?chuyenmucid=91")
ALL = [number for category in CATEGORIES for number in numbers(category)]
FILES = [f"/Upload/{number}.PDF" for number in ALL if number % 5 == 0]


@pytest.fixture
def site():
    with serving() as running:
        fill(running)
        yield running


@pytest.fixture
def settings(site, tmp_path):
    return Settings(data=tmp_path / "data", host_map=HostMap.parse(site.host_map(*NAMES)), crawl_delay=0)


@pytest.fixture
def opened(settings, database):
    """Opens a crawl; other seeds and settings may be given."""

    @contextmanager
    def opening(*seeds, **more):
        profile = PROFILE.model_copy(update={"seeds": seeds or SEEDS})
        some = timedelta(seconds=2.5)
        with open_crawl(settings.model_copy(update=more), profile, database, patience=some) as crawl:
            yield crawl

    return opening


@pytest.fixture
def crawl(opened):
    with opened() as crawl:
        yield crawl


@pytest.fixture
def stored(database):
    """Captures as (status, canonical), in the order of the sequence."""

    def reading():
        statement = sa.select(captures.c.status, captures.c.canonical).order_by(captures.c.sequence)
        with database.reading() as connection:
            return [(row.status, row.canonical) for row in connection.execute(statement)]

    return reading


def asked_of(site) -> list[str]:
    """Paths asked for, robots.txt left out; what was asked is forgotten."""
    paths = [path for path in site.paths if path != "/robots.txt"]
    site.asked.clear()
    return paths


def url(path: str) -> str:
    return f"http://{HOST}{path}"


# ---- everything, once ----------------------------------------------------------------------------------------


def test_a_crawl_archives_everything_that_is_linked_once(crawl, site, stored):
    summary = crawl.run()
    asked = Counter(asked_of(site))
    lists = [
        list_path(category, page)
        for category, count in CATEGORIES.items()
        for page in range(1, -(-count // 5) + 1)
    ]
    pictures = [f"/Upload/{number}.jpg" for number in range(3)]
    expected = [
        "/",
        "/s.css",
        "/Upload/bg.png",
        "/Pages/TinTuc/rss.aspx?chuyenmucid=91",
        *lists,
        *pictures,
        *FILES,
    ]
    assert asked == Counter([*expected, *map(article_path, ALL)])
    assert (summary.fetched, summary.failed, summary.gone) == (len(asked), 0, 0)
    assert {status for status, _ in stored()} == {200}
    assert len(stored()) == len(asked) + 1  # and robots.txt


def test_what_must_not_be_touched_is_not(crawl, site, database):
    crawl.run()
    crawl.run(again=True)
    assert not [path for path in site.paths if "tangLuot" in path or "private" in path]
    refused = {
        (line.host, line.reason) for line in ledger.read(database, date(2020, 1, 1)) if line.decision == "refused"
    }
    assert refused == {
        (HOST, "adds a hit to the page counter"),
        (HOST, "robots.txt"),
        ("elsewhere", "not a host of this site"),
    }


def test_an_unchanged_site_is_asked_again_for_its_lists_only_and_answers_304(crawl, site):
    crawl.run()
    first = asked_of(site)
    summary = crawl.run()
    second = asked_of(site)
    assert set(second) == {path for path in first if "PhanTrang" in path or "rss" in path or path == "/"}
    assert summary.not_modified == sum("PhanTrang" in path for path in second)
    assert summary.new == 0


def test_everything_can_be_asked_for_again_and_costs_no_bodies(crawl, site, stored):
    crawl.run()
    first = asked_of(site)
    before = len(stored())
    summary = crawl.run(again=True)
    pictures = [path for path in first if path.endswith((".jpg", ".png", ".css"))]
    assert sorted(asked_of(site)) == sorted(set(first) - set(pictures))
    assert summary.not_modified == len(ALL) + sum("PhanTrang" in path for path in first)
    assert summary.fetched == len(FILES) + 2  # files, the home page and the feed have no ETag here
    assert len(stored()) == before + summary.done


def test_what_has_changed_is_archived_anew(crawl, site, settings, database):
    crawl.run()
    number = ALL[0]
    site.answers[article_path(number)] = Answer("<h1>Tin khác</h1>", headers={"ETag": '"new"'})
    summary = crawl.run(again=True)
    archive = open_archive(settings, database, Addresses(PROFILE), SystemClock())
    read = [archive.read(capture) for capture in archive.captures(key=Key(family="mic", id=str(number)))]
    assert [page.header("etag") for page in read] == [f'"{number}"', '"new"']
    assert summary.not_modified < len(ALL) + len(CATEGORIES) * 5


def test_a_crawl_ends_at_its_limit_and_the_next_goes_on(crawl, site):
    assert crawl.run(limit=10).done == 10
    first = asked_of(site)
    assert len(first) == 10
    crawl.run()
    rest = asked_of(site)
    assert not set(first) & set(rest)
    assert set(map(article_path, ALL)) <= set(first + rest)


def test_only_some_kinds_are_fetched_where_that_is_asked(crawl, site):
    crawl.run(only=["page", "list", "feed"])
    assert not [path for path in asked_of(site) if "/TinTuc/1" in path]
    crawl.run(only=["article"])
    assert sorted(asked_of(site)) == sorted(map(article_path, ALL))


def test_the_same_number_elsewhere_is_fetched_besides(site, opened, stored):
    site.answers["cspl.mic.gov.vn/"] = f'<a href="{article_path(ALL[0])}">x</a>'
    site.answers["mst.gov.vn/"] = f'<a href="/x-197{ALL[0]}.htm">x</a>'
    site.answers[f"/x-197{ALL[0]}.htm"] = article(ALL[0])
    site.answers["/"] = f'<a href="{article_path(ALL[0])}">x</a><a href="/x-197{ALL[0]}.htm">x</a>'
    with opened(f"http://{HOST}/", "http://cspl.mic.gov.vn/", "http://mst.gov.vn/") as crawl:
        crawl.run(only=["page", "article"])
    fetched = Counter(canonical for _, canonical in stored() if str(ALL[0]) in canonical)
    assert fetched == {
        f"https://mic.gov.vn/Pages/TinTuc/{ALL[0]}/": 2,
        f"https://cspl.mic.gov.vn/Pages/TinTuc/{ALL[0]}/": 1,
    }


# ---- news ----------------------------------------------------------------------------------------------------


def test_news_are_found_cheaply(crawl, site):
    """First pages and feeds are asked, further pages only behind a page that showed news."""
    crawl.run()
    asked_of(site)
    crawl.fresh()
    quiet = asked_of(site)
    firsts = [list_path(category, 1) for category in CATEGORIES]
    assert sorted(quiet) == sorted(["/", "/Pages/TinTuc/rss.aspx?chuyenmucid=91", *firsts])
    new = [190_000, 190_001]
    for number in new:
        site.answers[article_path(number)] = article(number)
    links = "".join(f'<a href="{article_path(number)}">x</a>' for number in new)
    site.answers[list_path("91", 1)] = (
        links + f'<a href="{list_path("91", 2)}">2</a><a href="{list_path("91", 3)}">3</a>'
    )
    summary = crawl.fresh()
    assert sorted(set(asked_of(site)) - set(quiet)) == sorted([*map(article_path, new), list_path("91", 2)])
    assert summary.new >= 2


def test_a_category_is_recrawled_with_its_news(crawl, site):
    crawl.run()
    asked_of(site)
    site.answers[article_path(190_000)] = article(190_000)
    site.answers[list_path("91", 2)] = f'<a href="{article_path(190_000)}">x</a>'
    crawl.recrawl(Selection(categories=["91"]))
    asked = asked_of(site)
    lists = [list_path("91", page) for page in (1, 2, 3)]
    assert set(asked) >= {*lists, article_path(190_000), *map(article_path, numbers("91"))}
    assert not [path for path in asked if "/1748/" in path]


def test_articles_are_recrawled_by_key(crawl, site):
    crawl.run()
    asked_of(site)
    keys = [Key(family="mic", id=str(number)) for number in ALL[:3]]
    summary = crawl.recrawl(Selection(keys=keys))
    assert sorted(asked_of(site)) == sorted(map(article_path, ALL[:3]))
    assert summary.not_modified == 3


def test_addresses_are_fetched_now_each_with_its_answer(crawl, site):
    known, unknown = article_path(ALL[0]), "/van-ban-phap-luat/25099.htm"
    site.answers[unknown] = "Văn bản"
    crawl.run()
    asked_of(site)
    found = crawl.fetch([url(known), url(unknown), url("/gone-197123456.htm"), "ftp://x", url("/private/x.htm")])
    assert [(one.status, one.why) for one in found] == [
        (304, ""),
        (200, ""),
        (404, ""),
        (0, "neither http nor https"),
        (0, "robots.txt"),
    ]
    assert found[0].payload_digest.startswith("sha256:")
    assert sorted(asked_of(site)) == sorted([known, unknown, "/gone-197123456.htm"])


# ---- redirects -----------------------------------------------------------------------------------------------


def test_a_redirect_to_another_form_is_followed_and_both_are_archived(opened, site, stored):
    site.answers["/old-197144805.htm"] = Answer("", 301, {"Location": "/Pages/TinTuc/144805/New.html"})
    site.answers["/Pages/TinTuc/144805/New.html"] = "<h1>New</h1>"
    with opened(url("/old-197144805.htm")) as crawl:
        crawl.run()
        assert asked_of(site) == ["/old-197144805.htm", "/Pages/TinTuc/144805/New.html"]
        assert [status for status, canonical in stored() if "144805" in canonical] == [301, 200]
        crawl.run(again=True)
        assert asked_of(site) == ["/Pages/TinTuc/144805/New.html"]


def test_redirects_in_a_circle_end(opened, site, database):
    site.answers["/a-197144805.htm"] = Answer("", 302, {"Location": "/b-197144805.htm"})
    site.answers["/b-197144805.htm"] = Answer("", 302, {"Location": "/a-197144805.htm"})
    with opened(url("/a-197144805.htm")) as crawl:
        crawl.run()
    assert 4 <= len(asked_of(site)) <= 7
    assert "redirect loop" in {line.reason for line in ledger.read(database, date(2020, 1, 1))}


def test_a_redirect_to_another_article_leads_there(opened, site):
    site.answers["/a-197144805.htm"] = Answer("", 301, {"Location": "http://mst.gov.vn/a-197144805.htm"})
    site.answers["mst.gov.vn/a-197144805.htm"] = "<h1>Copy</h1>"
    with opened(url("/a-197144805.htm")) as crawl:
        crawl.run()
    assert [asked.url for asked in site.asked if "robots" not in asked.path] == [
        "mic.gov.vn/a-197144805.htm",
        "mst.gov.vn/a-197144805.htm",
    ]


@pytest.mark.parametrize(
    "location",
    ["https://example.org/", "http://127.0.0.1/", "http://169.254.169.254/latest", "ftp://mic.gov.vn/", "//["],
)
def test_a_redirect_out_of_the_site_is_archived_and_not_followed(opened, site, stored, database, location):
    site.answers["/x.aspx"] = Answer("", 302, {"Location": location})
    with opened(url("/x.aspx")) as crawl:
        summary = crawl.run()
    assert (summary.moved, asked_of(site)) == (1, ["/x.aspx"])
    assert (302, "https://mic.gov.vn/x.aspx") in stored()
    reasons = {line.reason for line in ledger.read(database, date(2020, 1, 1)) if line.decision == "moved"}
    assert all("refused" in reason for reason in reasons)


def test_a_server_that_probes_for_cookies_is_satisfied(opened, site):
    """Trap 11 of site.md: a redirect to the same address with a parameter, until a cookie comes back."""

    def probe(handler):
        if "seen=1" in handler.headers.get("Cookie", ""):
            return Answer("<h1>Tin</h1>")
        return Answer("", 302, {"Location": "/x.aspx?AspxAutoDetectCookieSupport=1", "Set-Cookie": "seen=1"})

    site.answers["/x.aspx"] = probe
    with opened(url("/x.aspx")) as crawl:
        summary = crawl.run()
    assert (summary.moved, summary.fetched, asked_of(site)) == (1, 1, ["/x.aspx", "/x.aspx"])


# ---- errors --------------------------------------------------------------------------------------------------


def failing(times: int, status: int = 503, **headers: str):
    """Fails so many times, then answers."""
    left = itertools.count()

    def answer(_handler):
        return Answer("busy", status, headers) if next(left) < times else Answer("<h1>Tin</h1>")

    return answer


def test_what_fails_is_tried_again_in_the_same_run_and_every_answer_is_archived(opened, site, stored):
    site.answers["/x.aspx"] = failing(1, 500)
    with opened(url("/x.aspx")) as crawl:
        summary = crawl.run()
    assert (summary.failed, summary.fetched, summary.remaining) == (1, 1, 0)
    assert [status for status, canonical in stored() if "x.aspx" in canonical] == [500, 200]


def test_a_server_that_asks_to_be_left_alone_is_left_alone(opened, site):
    site.answers["/x.aspx"] = failing(1, 429, **{"Retry-After": "2"})
    with opened(url("/x.aspx"), url("/y.aspx")) as crawl:
        crawl.run()
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"]
    assert times[1] - times[0] >= 2


def test_a_server_that_asks_for_long_is_left_to_a_later_run(opened, site):
    site.answers["/x.aspx"] = failing(1, 503, **{"Retry-After": "3600"})
    with opened(url("/x.aspx"), url("/y.aspx")) as crawl:
        started = time.monotonic()
        summary = crawl.run()
        assert time.monotonic() - started < 10
        assert asked_of(site) == ["/x.aspx"]
        assert "mic: left alone until" in summary.notes[0]
        assert crawl.run().notes
    assert asked_of(site) == []


def test_a_server_that_is_gone_is_not_asked_for_every_address(opened, database):
    with serving() as other:
        mapped = HostMap.parse(other.host_map(*NAMES))
        other.answers["/robots.txt"] = ""
        other.answers["/"] = "".join(f'<a href="{article_path(number)}">x</a>' for number in ALL)
        with opened(url("/"), host_map=mapped) as crawl:
            crawl.run(limit=1)
    with opened(url("/"), host_map=mapped) as crawl:
        summary = crawl.run()
    assert 0 < summary.failed < 12
    assert summary.notes
    assert summary.remaining > 20
    with database.reading() as connection:
        errors = set(connection.scalars(sa.select(captures.c.error).where(captures.c.status == 0)))
    assert errors == {"connection refused"}


def test_errors_are_archived_and_told_apart(opened, site, database, stored):
    """Trap 12 of site.md."""
    long = f"<p>{'Nội dung. ' * 60}</p>"
    pages = {
        "/Pages/TinTuc/1/x.html": Answer("<title>Không tìm thấy trang</title>"),
        "/Pages/TinTuc/2/x.html": Answer("gone", 410),
        "/Pages/TinTuc/3/x.html": Answer("no", 404),
        "/Pages/TinTuc/4/x.html": Answer("<h1>An unexpected error has occurred</h1>"),
        "/Pages/TinTuc/5/x.html": Answer("secret", 403),
        "/Pages/TinTuc/6/x.html": Answer(f"<h1>Tin</h1>{long}"),
    }
    site.answers |= pages
    with opened(*map(url, pages)) as crawl:
        summary = crawl.run()
    assert (summary.gone, summary.forbidden, summary.fetched) == (3, 1, 1)
    assert summary.failed == 2
    with database.reading() as connection:
        status = {row.key: row.status for row in connection.execute(sa.select(rows.c.key, rows.c.status))}
    assert status == {"mic:1": 404, "mic:2": 410, "mic:3": 404, "mic:4": 500, "mic:5": 403, "mic:6": 200}
    assert Counter(status for status, _ in stored()) == {200: 5, 410: 1, 404: 1, 403: 1}


def test_what_is_not_there_is_looked_for_under_its_other_addresses(opened, site, stored):
    site.answers["/"] = '<a href="/Pages/TinTuc/144805/a.html">x</a><a href="/a-197144805.htm">x</a>'
    site.answers["/a-197144805.htm"] = "<h1>Tin</h1>"
    with opened(url("/")) as crawl:
        crawl.run()
    assert [status for status, canonical in stored() if "144805" in canonical] == [404, 200]


@pytest.mark.parametrize("broken", ["cut", "bomb", "large", "nothing"])
def test_a_broken_answer_is_archived_with_its_reason_and_the_crawl_goes_on(opened, site, database, broken):
    def cut(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort")
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    def nothing(handler):
        handler.connection.shutdown(socket.SHUT_RDWR)

    bomb = Answer(gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})
    answers = {"cut": cut, "bomb": bomb, "large": bytes(300_000), "nothing": nothing}
    site.answers["/x.aspx"] = answers[broken]
    with opened(url("/x.aspx"), url("/y.htm"), page_limit=100_000) as crawl:
        crawl.run(limit=2)
    with database.reading() as connection:
        row = connection.execute(sa.select(captures).where(captures.c.url == url("/x.aspx"))).first()
    assert "/y.htm" in asked_of(site)
    assert (row.truncated, bool(row.error)) == {
        "cut": ("disconnect", False),
        "bomb": ("", False),
        "large": ("length", False),
        "nothing": ("", True),
    }[broken]


# ---- lists without end ---------------------------------------------------------------------------------------


def endless(site, shown):
    """A list whose every page leads to the next; `shown` gives the articles of a page."""

    def page(handler):
        number = int(handler.path.split("/")[5])
        articles = "".join(f'<a href="{article_path(one)}">x</a>' for one in shown(number))
        return Answer(f'{articles}<a href="{list_path("91", number + 1)}">sau</a>')

    for number in range(1, 60):
        site.answers[list_path("91", number)] = page


@pytest.mark.parametrize(
    ("shown", "pages"),
    [
        (lambda page: [100_000 + min(page, 4)], 5),
        (lambda page: [100_000 + page] if page < 4 else [], 5),
        (lambda page: [100_000 + page % 4], 4),
    ],
)
def test_a_list_that_repeats_itself_past_its_end_is_left(opened, site, shown, pages):
    """Trap 3 of site.md: past the end the last page again, or nothing, or the beginning."""
    endless(site, shown)
    with opened(url(list_path("91", 1))) as crawl:
        crawl.run(only=["list"])
    assert len([path for path in asked_of(site) if "PhanTrang" in path]) <= pages + 1


def test_an_empty_page_number_is_the_first_page(opened, site):
    empty = "/mic_2020/Pages/ChuyenMuc/91//Muc.html"
    site.answers["/"] = f'<a href="{empty}">x</a><a href="{list_path("91", 1)}">x</a>'
    site.answers[empty] = site.answers[list_path("91", 1)]
    with opened(url("/")) as crawl:
        crawl.run(only=["page", "list"])
    assert len({empty, list_path("91", 1)} & set(asked_of(site))) == 1


def test_spaces_without_end_end(opened, site):
    """Pages that lead ever deeper, and lists that go on in numbers without showing anything new."""

    def deeper(handler):
        return Answer(f'<title>x</title><a href="{handler.path.rstrip("/")}/a/">deeper</a>')

    def calendar(handler):
        day = int(handler.path.rsplit("-", 1)[1][:-4])
        return Answer(f'<title>Lịch</title><a href="/lich-{day + 1}.htm">{day + 1}</a>')

    path = "/space"
    for _ in range(40):
        path += "/a"
        site.answers[f"{path}/"] = deeper
    site.answers["/"] = '<a href="/space/a/">x</a><a href="/lich-1.htm">x</a>'
    site.answers |= {f"/lich-{day}.htm": calendar for day in range(1, 40)}
    with opened(url("/")) as crawl:
        crawl.run()
    asked = asked_of(site)
    assert len([path for path in asked if "space" in path]) <= 8
    assert len([path for path in asked if "lich" in path]) <= 3


# ---- politeness ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "setting", "delay"),
    [("0.05", None, 0.05), ("0.05", 0.0, 0.05), ("0.02", 0.06, 0.06), (None, 0.05, 0.05)],
)
def test_a_server_is_asked_at_its_pace_and_the_pace_is_used(opened, site, stated, setting, delay):
    site.answers["/robots.txt"] = f"User-agent: *\nCrawl-delay: {stated}" if stated else ""
    with opened(crawl_delay=setting) as crawl:
        crawl.run(limit=40)
    times = [asked.at for asked in site.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times[1:])]
    assert min(gaps) >= delay * 0.9
    assert sum(gaps) <= len(gaps) * delay * 1.25


def test_one_second_passes_between_requests_where_nobody_says_otherwise(opened, site):
    site.answers["/robots.txt"] = ""
    with opened(crawl_delay=None) as crawl:
        crawl.run(limit=2)
    times = [asked.at for asked in site.asked]
    assert times[2] - times[1] >= 0.99


def test_families_are_asked_side_by_side_each_one_request_at_a_time(opened, site):
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()
    lock = threading.Lock()

    def slow(handler):
        family = "mic" if handler.headers["Host"] in ("mic.gov.vn", "www.mic.gov.vn") else handler.headers["Host"]
        with lock:
            running[family] += 1
            most[family] = max(most[family], running[family])
            most["all"] = max(most["all"], sum(running.values()))
        time.sleep(0.1)
        with lock:
            running[family] -= 1
        return Answer("x")

    paths = [f"/{letter}.aspx" for letter in "abcd"]
    site.answers |= dict.fromkeys(paths, slow)
    hosts = ("mic.gov.vn", "www.mic.gov.vn", "cspl.mic.gov.vn", "mst.gov.vn")
    with opened(*(f"http://{host}{path}" for host in hosts for path in paths)) as crawl:
        crawl.run()
    assert most == {"mic": 1, "cspl.mic.gov.vn": 1, "mst.gov.vn": 1, "all": 3}


def test_the_pace_is_kept_from_one_process_to_the_next(opened, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 1.5"
    for _ in range(2):
        with opened() as crawl:
            crawl.run(limit=1)
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"]
    assert times[1] - times[0] >= 1.4


def test_a_robots_file_that_cannot_be_had_forbids_everything(opened, site, database):
    site.answers["/robots.txt"] = Answer("broken", 500)
    with opened() as crawl:
        summary = crawl.run()
    assert set(site.paths) == {"/robots.txt"}
    assert summary.done == 0
    skipped = {line.reason for line in ledger.read(database, date(2020, 1, 1)) if line.decision == "skipped"}
    assert skipped == {"robots.txt cannot be had"}


def test_sitemaps_of_robots_are_read(opened, site):
    site.answers["/robots.txt"] = f"Sitemap: {url('/sitemap.xml')}\nUser-agent: *\nCrawl-delay: 0.001"
    site.answers["/sitemap.xml"] = Answer(
        f"<urlset><url><loc>{url('/Pages/TinTuc/777777/x.html')}</loc></url></urlset>",
        headers={"Content-Type": "application/xml"},
    )
    site.answers["/Pages/TinTuc/777777/x.html"] = article(777_777)
    with opened(url("/s.css")) as crawl:
        crawl.run()
    assert {"/sitemap.xml", "/Pages/TinTuc/777777/x.html"} <= set(asked_of(site))


def test_every_decision_is_counted(crawl, database, site):
    crawl.run()
    crawl.run()
    counted: Counter[tuple[str, str]] = Counter()
    for line in ledger.read(database, date(2020, 1, 1)):
        assert line.host in {HOST, "elsewhere"}
        counted[line.decision, line.reason] += line.count
    assert counted["fetched", "200"] + counted["not modified", "304"] + counted["fetched", "robots.txt"] == len(
        site.asked
    )
    assert sum(count for (decision, _), count in counted.items() if decision == "failed") == 0


def test_an_empty_host_map_without_contact_asks_nobody(opened, site):
    with opened(host_map=HostMap()) as crawl, pytest.raises(FetcherError, match="MIC_CONTACT"):
        crawl.run()
    assert site.asked == []


def test_a_host_that_is_not_mapped_is_left_out_while_nobody_can_be_turned_to(opened, site, database):
    site.answers["/"] = '<a href="http://m.mic.gov.vn/x.aspx">x</a>'
    with opened(url("/")) as crawl:
        crawl.run()
    assert asked_of(site) == ["/"]
    reasons = {(line.host, line.reason) for line in ledger.read(database, date(2020, 1, 1))}
    assert ("m.mic.gov.vn", "a real server while MIC_CONTACT is not set") in reasons


# ---- stopping, cancelling, coming second ---------------------------------------------------------------------


def test_a_cancelled_crawl_keeps_what_it_has_and_goes_on_later(crawl, site, stored):
    told: list[Progress] = []

    def report(progress):
        told.append(progress)
        if progress.done >= 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        crawl.run(report=report)
    first = asked_of(site)
    assert len(stored()) == len(first) + 1
    crawl.run()
    assert not set(first) & set(asked_of(site)) - set(SEEDS)
    assert told[-1].total is not None
    assert told[-1].total > told[-1].done >= 20


def test_progress_is_told_with_totals_up_to_the_end(crawl):
    told: list[Progress] = []
    summary = crawl.run(report=told.append)
    assert (told[-1].done, told[-1].total, told[-1].errors) == (summary.done, summary.done, 0)
    assert all(earlier.done <= later.done for earlier, later in itertools.pairwise(told))


def test_a_crawl_that_is_stopped_ends_soon_and_well(opened, site, stored):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    with opened() as crawl:
        threading.Timer(0.5, crawl.stop).start()
        started = time.monotonic()
        crawl.run()
        assert time.monotonic() - started < 2
    assert len(stored()) == len(site.asked)


def test_a_server_that_hangs_does_not_keep_a_stopped_crawl(opened, site, stored):
    site.answers["/x.aspx"] = lambda _handler: time.sleep(20)
    with opened(url("/x.aspx")) as crawl:
        threading.Timer(0.5, crawl.stop).start()
        started = time.monotonic()
        crawl.run()
        assert time.monotonic() - started < 8
    assert [canonical for _, canonical in stored()] == ["https://mic.gov.vn/robots.txt"]


def test_a_second_crawl_says_who_holds_the_first(opened, database):
    if not database.is_sqlite:
        pytest.skip("on PostgreSQL several crawls share the frontier")
    with holding(database, SystemClock(), "crawl"), opened() as crawl, pytest.raises(LeaseHeld, match="process"):
        crawl.run()


def test_what_somebody_wants_now_is_done_by_the_crawl_that_is_under_way(opened, site):
    """Two at work on one server: the pace stays one, and the one who waits gets the answer."""
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    with opened() as long, opened() as short:
        thread = threading.Thread(target=long.run)
        thread.start()
        while len(site.asked) < 5:
            time.sleep(0.01)
        wanted = article_path(numbers("1748")[-1])
        (found,) = short.fetch([url(wanted)])
        position = site.paths.index(wanted)
        thread.join()
    assert found.status == 200
    assert position < 50
    assert Counter(site.paths)[wanted] == 1
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(site.asked[1:])]
    assert min(gaps) >= 0.045


def test_two_crawls_on_one_frontier_fetch_nothing_twice(opened, site, database):
    if database.is_sqlite:
        pytest.skip("on SQLite there is one crawl at a time")
    with opened() as one, opened() as other:
        threads = [threading.Thread(target=crawl.run) for crawl in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    asked = asked_of(site)
    assert len(asked) == len(set(asked))
    assert set(map(article_path, ALL)) <= set(asked)


# ---- after a kill --------------------------------------------------------------------------------------------


def test_answers_a_killed_crawl_had_archived_are_taken_up_and_not_asked_for_again(
    opened, site, settings, database
):
    with opened(url("/")) as crawl:
        crawl.run(limit=1)
    asked_of(site)
    archive = open_archive(settings, database, Addresses(PROFILE), SystemClock())
    fetcher = Fetcher(settings, SystemClock())
    task = next(task for task in crawl.frontier.take("mic", 10) if "1748" in task.url)
    archive.write(fetcher.fetch(task.url), Addresses(PROFILE).read(task.url))
    assert archive._writer is not None
    archive._writer._leases.release()  # as if its process had died
    fetcher.close()
    asked_of(site)
    with opened(url("/")) as crawl:
        summary = crawl.run()
    assert "1 records adopted" in summary.notes[0]
    asked = asked_of(site)
    assert list_path("1748", 1) not in asked
    assert list_path("1748", 2) in asked
    assert set(map(article_path, numbers("1748"))) <= set(asked)


# ---- dry run -------------------------------------------------------------------------------------------------


def test_a_dry_run_asks_nobody_and_writes_nothing(crawl, site, database):
    dry = crawl.dry_run()
    assert [(one.url, one.decision) for one in dry.planned] == [(seed, "fetch") for seed in SEEDS]
    assert (site.asked, dry.counts) == ([], [])
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(rows)) == 0


def test_a_dry_run_tells_what_would_be_fetched_and_what_not_and_why(crawl, site):
    crawl.run(limit=1)
    before = len(site.asked)
    dry = crawl.dry_run()
    told = {one.url: (one.decision, one.why) for one in dry.planned}
    assert told[url(list_path("91", 1))] == ("fetch", "")
    assert told[url("/private/x.htm")] == ("leave", "robots.txt")
    assert [one.kind for one in dry.planned][:2] == ["list", "list"] or dry.planned[0].kind == "feed"
    assert {count.kind for count in dry.counts} >= {"list", "page"}
    assert {one.reason for one in dry.refused} >= {"adds a hit to the page counter"}
    assert len(crawl.dry_run(limit=1).planned) == 1
    assert [one.kind for one in crawl.dry_run(only=["asset"]).planned] == ["asset"]
    assert len(site.asked) == before
