"""The crawl as a server sees it: everything once, whatever the server does."""

import itertools
from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from crawler import ledger
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.crawl import Selection
from crawler.fetch import Fetcher
from crawler.tables import addresses as rows
from tests.crawler.conftest import PROFILE
from tests.crawler.site import Answer
from tests.crawler.small_site import (
    ALL,
    CATEGORIES,
    FILES,
    HOST,
    SEEDS,
    article,
    article_path,
    asked_of,
    list_path,
    numbers,
    url,
)

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


def test_what_has_changed_is_archived_anew(crawl, site, mapped, database):
    crawl.run()
    number = ALL[0]
    site.answers[article_path(number)] = Answer("<h1>Tin khác</h1>", headers={"ETag": '"new"'})
    summary = crawl.run(again=True)
    archive = open_archive(mapped, database, Addresses(PROFILE), SystemClock())
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


def test_redirects_from_one_article_to_the_next_end(opened, site, database):
    def onwards(handler):
        return Answer("", 302, {"Location": f"/Pages/TinTuc/{int(handler.path.split('/')[3]) + 1}/x.html"})

    site.answers |= {f"/Pages/TinTuc/{number}/x.html": onwards for number in range(1, 50)}
    with opened(url("/Pages/TinTuc/1/x.html")) as crawl:
        crawl.run()
    assert 4 <= len(asked_of(site)) <= 7
    assert "redirect loop" in {line.reason for line in ledger.read(database, date(2020, 1, 1))}


def test_a_redirect_is_followed_whatever_bytes_it_is_written_in(opened, site):
    def moved(location: bytes):
        def answer(handler):
            handler.wfile.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")

        return answer

    targets = {
        "/a.aspx": "/tin-tức.aspx".encode(),
        "/b.aspx": b"/tin-\xff.aspx",
        "/c.aspx": b"/tin-%E1%BB%A9.aspx",
    }
    site.answers |= {path: moved(location) for path, location in targets.items()}
    with opened(*map(url, targets)) as crawl:
        crawl.run(limit=6)
    assert {"/tin-t%E1%BB%A9c.aspx", "/tin-%FF.aspx", "/tin-%E1%BB%A9.aspx"} <= set(site.paths)


def test_what_no_database_can_hold_is_kept_in_the_archive_alone(opened, site, stored):
    """NUL in headers that become columns, and an ETag that cannot be sent back."""

    def answer(handler):
        headers = b'ETag: "\0"\r\nLast-Modified: \xff\0\r\nContent-Type: text/html\0; x\r\nLocation: /\0\xff'
        status = b"302 \0" if "a.aspx" in handler.path else b"200 OK"
        handler.wfile.write(b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\nContent-Length: 5\r\n\r\n<p>\0x")

    site.answers |= {"/a.aspx": answer, "/b.aspx": answer}
    with opened(url("/a.aspx"), url("/b.aspx")) as crawl:
        crawl.run()
        crawl.run(again=True)
    assert [status for status, canonical in stored() if "robots" not in canonical] == [302, 200, 302, 200]
    assert all("If-None-Match" not in asked.headers for asked in site.asked)


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


@pytest.mark.parametrize("path", ["/Upload_Moi/38TT.PDF", "/Upload_Moi/anh.jpg"])
def test_an_error_page_in_a_files_place_is_a_failure_and_the_file_is_asked_for_again(opened, site, path):
    error = Answer("<h1>Error</h1><p>An unexpected error has occurred.</p>", headers={"Content-Type": "text/html"})
    answers = iter([error, Answer(b"%PDF-1.5", headers={"Content-Type": "application/pdf"})])
    site.answers[path] = lambda _handler: next(answers)
    with opened(url(path)) as crawl:
        summary = crawl.run()
    assert (summary.failed, summary.fetched) == (1, 1)
    assert site.paths.count(path) == 2


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


def test_a_list_that_says_what_another_hosts_list_says_goes_on(opened, site):
    """Families and hosts carry each other's articles, page by page the same."""
    hosts = ("mic.gov.vn", "english.mic.gov.vn", "mst.gov.vn")
    with opened(*(f"http://{host}{list_path('1748', 1)}" for host in hosts)) as crawl:
        crawl.run(only=["list"])
    assert Counter(asked.host for asked in site.asked if "/1748/" in asked.path) == dict.fromkeys(hosts, 5)


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


# ---- after a kill --------------------------------------------------------------------------------------------


def test_answers_a_killed_crawl_had_archived_are_taken_up_and_not_asked_for_again(opened, site, mapped, database):
    with opened(url("/")) as crawl:
        crawl.run(limit=1)
    asked_of(site)
    archive = open_archive(mapped, database, Addresses(PROFILE), SystemClock())
    fetcher = Fetcher(mapped, SystemClock())
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
