"""Walks as a server sees them: what no list reaches is found, nothing known is asked again, others go first."""

import itertools
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from config.site import Walk
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from crawler.tables import addresses as rows
from tests.crawler.conftest import PROFILE
from tests.crawler.site import Answer
from tests.crawler.small_site import ALL, HOST, SEEDS, article_path, asked_of, url

FORM = "/Pages/TinTuc/tinchitiet.aspx?tintucid={}"
HIDDEN = (109_098, 109_117, 109_118)
"""Numbers no list has; those of a list are 109101 to 109112."""
FIRST, LAST = 109_095, 109_120


@pytest.fixture
def walking(mapped, database, site):
    """Opens a crawl of the ministry with a walk over some numbers, some of which lead to articles."""
    site.answers |= {FORM.format(number): f"<h1>Tin {number}</h1><p>{'Nội dung. ' * 60}" for number in HIDDEN}

    def opening(**more: object):
        told = {"name": "articles", "address": f"http://{HOST}{FORM.format('{id}')}", "first": FIRST, "last": LAST}
        walk = Walk.model_validate(told | {"share": 1.0} | more)
        profile = PROFILE.model_copy(update={"seeds": SEEDS, "walks": (walk,)})
        return open_crawl(mapped, profile, database)

    return opening


def numbers_of(paths: list[str]) -> list[int]:
    return [int(path.rpartition("=")[2]) for path in paths if "tinchitiet" in path]


def kept(database) -> Counter[str]:
    """Articles with such numbers that the frontier knows."""
    of_these = rows.c.key.between("mic:109095", "mic:109120")
    with database.reading() as connection:
        return Counter(connection.scalars(sa.select(rows.c.key).where(of_these)))


def test_articles_no_list_reaches_are_found_and_nothing_known_is_asked_for_again(walking, site, database):
    with walking() as crawl:
        crawl.run()
        asked_of(site)
        before = kept(database)
        summary = crawl.walk()
    tried = numbers_of(asked_of(site))
    known = {number for number in ALL if FIRST <= number <= LAST}
    assert tried == [number for number in range(LAST, FIRST - 1, -1) if number not in known]
    assert (summary.fetched, summary.gone, summary.remaining) == (len(HIDDEN), len(tried) - len(HIDDEN), 0)
    assert summary.notes == [
        f"walk articles ({FIRST}-{LAST}): at its end, {len(tried)} asked, {len(HIDDEN)} found"
    ]
    assert kept(database) - before == Counter(f"mic:{number}" for number in HIDDEN)
    with walking() as crawl:
        crawl.walk()
        assert asked_of(site) == []
        crawl.run(again=True)
    assert set(numbers_of(asked_of(site))) == set(HIDDEN)


def test_a_walk_goes_on_where_it_ended_and_begins_anew_where_that_is_asked(walking, site):
    tried = []
    for _ in range(6):
        with walking() as crawl:
            crawl.walk(limit=5)
        tried += numbers_of(asked_of(site))
    assert tried == list(range(LAST, FIRST - 1, -1))
    with walking() as crawl:
        crawl.walk(again=True)
    assert set(numbers_of(asked_of(site))) == set(range(FIRST, LAST + 1)) - set(HIDDEN)


def test_a_walk_takes_its_share_of_the_pace_and_no_more(walking, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.05"
    with walking(share=0.25) as crawl:
        crawl.walk(limit=6)
    times = [asked.at for asked in site.asked if "tinchitiet" in asked.path]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 0.17
    assert sum(gaps) >= 0.98 * len(gaps) * 0.2  # the first may be late on its way


def test_whoever_wants_the_server_meanwhile_goes_first(walking, site):
    site.answers["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.02"
    with walking(share=0.1) as walker, walking() as other:
        thread = threading.Thread(target=walker.walk)
        thread.start()
        while not any("tinchitiet" in path for path in site.paths):
            time.sleep(0.01)
        other.run()
        walker.stop()
        thread.join()
    paths = [path for path in site.paths if path != "/robots.txt"]
    first, last = paths.index("/"), max(paths.index(article_path(number)) for number in ALL)
    assert numbers_of(paths[first:last]) == []
    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(site.asked[1:])]
    assert sum(gaps) >= len(gaps) * 0.0199


def test_a_number_that_redirects_leads_to_its_article_or_nowhere(walking, site, database):
    site.answers[FORM.format(109_119)] = Answer("", 301, {"Location": "/mic_2020/Pages/TinTuc/109119/Tin.html"})
    site.answers["/mic_2020/Pages/TinTuc/109119/Tin.html"] = f"<h1>Tin</h1><p>{'Nội dung. ' * 60}"
    site.answers[FORM.format(109_115)] = Answer("", 302, {"Location": "/"})
    with walking() as crawl:
        crawl.walk()
    assert kept(database) == Counter(f"mic:{number}" for number in (*HIDDEN, 109_119))


def test_a_number_that_fails_is_tried_again_and_given_up(walking, site, database):
    fails = itertools.count()
    site.answers[FORM.format(109_118)] = lambda _: Answer("x", 500 if next(fails) == 0 else 200)
    site.answers[FORM.format(109_113)] = Answer("<h1>An unexpected error has occurred</h1>")
    with walking() as crawl:
        crawl.walk()
        for _ in range(3):
            with database.writing() as connection:
                connection.execute(sa.update(rows).where(rows.c.priority == 7).values(due_at=SystemClock().now()))
            crawl.walk()
    tried = numbers_of(asked_of(site))
    assert list(dict.fromkeys(tried)) == list(range(LAST, FIRST - 1, -1))
    assert Counter(tried) - Counter(set(tried)) == {109_118: 1, 109_113: 2}
    assert set(kept(database)) == {f"mic:{number}" for number in HIDDEN}


def test_a_walk_robots_forbids_is_left_and_leaves_no_rows_behind(walking, site, database):
    site.answers["/robots.txt"] = "User-agent: *\nDisallow: /Pages/TinTuc/tinchitiet.aspx"
    with walking() as crawl:
        crawl.walk()
    assert numbers_of(asked_of(site)) == []
    assert len(kept(database)) == 1


def test_what_a_walk_waits_for_becomes_ordinary_where_a_page_links_to_it(walking, site, database):
    site.answers["/robots.txt"] = "User-agent: *\nDisallow: /Pages/TinTuc/tinchitiet.aspx"
    with walking() as crawl:
        crawl.walk()
    path = f"/mic_2020/Pages/TinTuc/{LAST}/Tin.html"
    site.answers |= {path: "<h1>Tin</h1>", "/": f'<a href="{path}">x</a>'}
    with walking() as crawl:
        crawl.run()
        assert crawl.frontier.due() == 0
    with database.reading() as connection:
        row = connection.execute(sa.select(rows).where(rows.c.key == f"mic:{LAST}")).one()
    assert row.url == url(path)


def test_without_walks_there_is_nothing_to_do(mapped, database, site):
    with open_crawl(mapped, PROFILE.model_copy(update={"walks": ()}), database) as crawl:
        assert crawl.walk().done == 0
    assert site.asked == []
