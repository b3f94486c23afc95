"""robots.txt: obeyed as RFC 9309 says, whatever a server puts there."""

import gzip
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crawler.page import FetchedPage
from crawler.robots import ASKED_AGAIN, KEPT, MAX_BYTES, Robots
from tests.crawler.answers import AT, html_page

ORIGIN = "https://mic.gov.vn"
PAGE = ORIGIN + "/Pages/x.htm"
FILE = ORIGIN + "/robots.txt"


def answer(text: str | bytes = "", status: int = 200, **headers: str) -> FetchedPage:
    page = html_page(
        text, *((name.replace("_", "-"), value) for name, value in headers.items()), url=FILE, status=status
    )
    return replace(page, headers=(*page.headers, ("Content-Type", "text/plain")))


@pytest.fixture
def robots(database, clock) -> Robots:
    return Robots(database, clock, "mic-archive", lambda url: "mic.gov.vn/" in url)


def test_rules_have_to_be_asked_for_first(robots):
    assert robots.rules(PAGE) is None


def test_rules_are_obeyed(robots):
    robots.learn(
        ORIGIN,
        answer(
            "User-agent: *\nDisallow: /\n\nUser-agent: mic-archive\nDisallow: /private/\nAllow: /private/x\n"
            "Disallow: /*?print=\nCrawl-delay: 0.5\nSitemap: https://mic.gov.vn/sitemap.xml"
        ),
    )
    rules = robots.rules(PAGE)
    paths = ("/Pages/x.htm", "/private/y", "/private/x", "/a?print=1", "/private")
    assert [rules.allow(ORIGIN + path) for path in paths] == [True, False, True, False, True]
    assert (rules.delay, rules.sitemaps) == (0.5, ("https://mic.gov.vn/sitemap.xml",))


def test_each_scheme_and_host_has_rules_of_its_own(robots):
    robots.learn(ORIGIN, answer("User-agent: *\nDisallow: /"))
    assert robots.rules("http://mic.gov.vn/x") is None
    assert robots.rules("https://www.mic.gov.vn/x") is None
    assert not robots.rules(ORIGIN + "/x").allow(ORIGIN + "/x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_missing_file_allows_everything(robots, status):
    robots.learn(ORIGIN, answer("User-agent: *\nDisallow: /", status))
    rules = robots.rules(PAGE)
    assert (rules.allow(PAGE), rules.delay, rules.sitemaps) == (True, None, ())


@pytest.mark.parametrize(
    "page",
    [answer("x", 500), answer("x", 503), answer("x", 429), FetchedPage(url=FILE, captured_at=AT, error="x")],
)
def test_a_file_that_cannot_be_had_forbids_everything_until_it_answers(robots, clock, page):
    robots.learn(ORIGIN, page)
    rules = robots.rules(PAGE)
    assert (rules.allow(PAGE), rules.delay, rules.sitemaps) == (False, None, ())
    assert rules.until == clock.now() + ASKED_AGAIN
    clock.time += ASKED_AGAIN
    assert robots.rules(PAGE) is None
    robots.learn(ORIGIN, answer(""))
    assert robots.rules(PAGE).allow(PAGE)


def test_rules_are_kept_for_a_day_also_for_the_next_process(robots, database, clock):
    robots.learn(ORIGIN, answer("User-agent: *\nDisallow: /Pages"))
    assert Robots(database, clock, "mic-archive", lambda _url: True).rules(PAGE) is None
    with database.writing() as connection:
        robots.write(connection)
    clock.time += KEPT - timedelta(seconds=1)
    other = Robots(database, clock, "mic-archive", lambda _url: True)
    rules = other.rules(PAGE)
    assert rules is not None
    assert not rules.allow(PAGE)
    clock.sleep(1)
    assert robots.rules(PAGE) is None
    assert other.rules(PAGE) is None


def test_redirects_are_followed_up_to_five_then_everything_is_allowed(robots):
    for hop in range(1, 6):
        target = robots.learn(ORIGIN, answer(status=302, location=f"/robots{hop}.txt"))
        assert target == f"{ORIGIN}/robots{hop}.txt"
    assert robots.learn(ORIGIN, answer(status=302, location="/robots6.txt")) == ""
    assert robots.rules(PAGE).allow(PAGE)


def test_a_redirect_leads_to_the_rules_of_where_it_came_from(robots):
    target = robots.learn(ORIGIN, answer(status=301, location="https://www.mic.gov.vn/robots.txt"))
    assert target == "https://www.mic.gov.vn/robots.txt"
    robots.learn(ORIGIN, replace(answer("User-agent: *\nDisallow: /Pages"), url=target))
    assert not robots.rules(PAGE).allow(PAGE)
    assert robots.rules("https://www.mic.gov.vn/") is None


def test_a_redirect_to_where_nothing_may_be_asked_counts_as_missing(robots):
    assert robots.learn(ORIGIN, answer(status=301, location="http://169.254.169.254/")) == ""
    assert robots.rules(PAGE).allow(PAGE)


def test_a_page_in_the_place_of_the_file_says_nothing(robots):
    robots.learn(ORIGIN, answer("<!DOCTYPE html><html><body>Không tìm thấy trang</body></html>"))
    assert robots.rules(PAGE).allow(PAGE)


def test_a_compressed_file_is_read_and_a_bomb_says_nothing(robots):
    packed = gzip.compress(b"User-agent: *\nDisallow: /Pages")
    robots.learn(ORIGIN, answer(packed, content_encoding="gzip"))
    assert not robots.rules(PAGE).allow(PAGE)
    robots.learn(ORIGIN, answer(gzip.compress(bytes(20_000_000)), content_encoding="gzip"))
    assert robots.rules(PAGE).allow(PAGE)


def test_only_so_much_of_a_large_file_is_read_and_soon(robots):
    rule = b"Disallow: /Pages\n"
    filling = b"Disallow: /x*y*z$\n" * 200_000
    started = time.monotonic()
    robots.learn(ORIGIN, answer(b"User-agent: *\n" + filling + rule))
    assert robots.rules(PAGE).allow(PAGE)
    robots.learn(ORIGIN, answer(b"User-agent: *\n" + rule + filling[: MAX_BYTES * 2]))
    assert not robots.rules(PAGE).allow(PAGE)
    assert time.monotonic() - started < 5


def test_a_file_with_names_and_rules_without_end_is_read_soon(robots):
    """Every rule is noted for every name of its group: read as it stands, this takes minutes and gigabytes."""
    names = "".join(f"User-agent: bot{number}\n" for number in range(15_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(12_000))
    started = time.process_time()
    robots.learn(ORIGIN, answer(names + "User-agent: MIC-Archive\n" + rules + "Disallow: /Pages\n"))
    assert not robots.rules(PAGE).allow(PAGE)
    robots.learn(ORIGIN, answer(names + rules))
    assert robots.rules(PAGE).allow(PAGE)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "pattern", ["/*a*a*a*a*a*a*a*a*a*b", "/" + "*x" * 200_000, "/%" * 200_000, "*$" * 200_000]
)
def test_no_pattern_takes_long_to_match(robots, pattern):
    robots.learn(ORIGIN, answer(f"User-agent: *\nDisallow: {pattern}"))
    started = time.process_time()
    for _ in range(20):
        robots.rules(PAGE).allow(ORIGIN + "/" + "a" * 2_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("truncated", ["time", "disconnect"])
def test_a_file_that_was_cut_off_forbids_everything_as_if_it_could_not_be_had(robots, truncated):
    robots.learn(ORIGIN, replace(answer("User-agent: *\nDisallow: /Pages"), truncated=truncated))
    assert not robots.rules(PAGE).allow(ORIGIN + "/open")
    robots.learn(ORIGIN, replace(answer("User-agent: *\nDisallow: /Pages"), truncated="length"))
    assert robots.rules(PAGE).allow(ORIGIN + "/open")


@pytest.mark.parametrize("location", ["http://[", "//[", "\0", "http://mic.gov.vn:x/", "", "x" * 100_000, "\xff"])
def test_no_redirect_makes_learning_fail(robots, location):
    for _ in range(8):
        target = robots.learn(ORIGIN, answer(status=301, location=location))
        if not target:
            break
    assert robots.rules(PAGE) is not None


@pytest.mark.parametrize(
    ("written", "delay"),
    [("0.05", 0.05), ("30", 30), ("-1", None), ("1e9", 86_400), ("inf", None), ("nan", None), ("x", None)],
)
def test_a_delay_is_believed_as_far_as_it_makes_sense(robots, written, delay):
    robots.learn(ORIGIN, answer(f"User-agent: *\nDisallow: /x\nCrawl-delay: {written}"))
    assert robots.rules(PAGE).delay == delay


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: "User-agent: *\nDisallow:" + text))
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_file_makes_reading_it_fail(robots, content):
    robots.learn(ORIGIN, answer(content))
    rules = robots.rules(PAGE)
    assert rules.allow(PAGE) in (True, False)
    assert rules.delay is None or rules.delay >= 0
    assert isinstance(rules.sitemaps, tuple)
