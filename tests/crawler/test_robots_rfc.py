"""robots.txt against RFC 9309: its own examples, and a reader of its grammar written from its words alone."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crawler.page import FetchedPage
from crawler.robots import FORGIVEN, KEPT, MAX_BYTES, Robots
from tests.crawler.answers import AT, html_page

ORIGIN = "https://mic.gov.vn"
FILE = ORIGIN + "/robots.txt"
AGENT = "mic-archive"


def answer(text: str | bytes = "", status: int = 200) -> FetchedPage:
    return replace(html_page(text, url=FILE, status=status), headers=(("Content-Type", "text/plain"),))


@pytest.fixture
def robots(sqlite_database, clock) -> Robots:
    return Robots(sqlite_database, clock, AGENT, lambda url: "mic.gov.vn/" in url)


def allowed(robots: Robots, text: str | bytes, *paths: str) -> list[bool]:
    robots.learn(ORIGIN, answer(text))
    rules = robots.rules(ORIGIN + "/")
    assert rules is not None
    return [rules.allow(ORIGIN + path) for path in paths]


# ---- groups (2.2.1) ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["mic-archive", "MIC-Archive", "mic-archive/0.1", "mic-archive*"])
def test_a_group_is_ours_whatever_case_and_version_it_names(robots, named):
    text = f"User-agent: *\nDisallow: /\nUser-agent: {named}\nDisallow: /private\n"
    assert allowed(robots, text, "/x", "/private") == [True, False]


@pytest.mark.parametrize("named", ["mic", "archive", "m", "mic-archive-pro", "micarchive", "not-mic-archive"])
def test_a_group_of_another_name_is_not_ours(robots, named):
    text = f"User-agent: {named}\nAllow: /\nUser-agent: *\nDisallow: /private\n"
    assert allowed(robots, text, "/x", "/private") == [True, False]


def test_all_groups_that_name_us_are_one(robots):
    text = (
        "User-agent: mic-archive\nDisallow: /a\n\nUser-agent: other\nDisallow: /c\n\n"
        "User-agent: other\nUser-agent: mic-archive/2\nDisallow: /b\n"
    )
    assert allowed(robots, text, "/a", "/b", "/c") == [False, False, True]


def test_without_a_group_for_us_or_everybody_everything_is_allowed(robots):
    assert allowed(robots, "User-agent: other\nDisallow: /\n", "/x") == [True]
    assert allowed(robots, "Disallow: /\n", "/x") == [True]


# ---- rules (2.2.2, 2.2.3, 5) ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/", True),
        ("Disallow: /x\nAllow: /x", "/x", True),
        ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", False),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
        ("Disallow: *.gif$", "/a/b.gif", False),
        ("Disallow: *.gif$", "/a/b.gif?x", True),
        ("Disallow: /a*c", "/abbbc/d", False),
        ("Disallow:", "/x", True),
        ("Disallow: / # all of it", "/x", False),
        ("dISALLOW:/x", "/x", False),
        ("Disallow: /x", "/X", True),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_rules_match_as_the_standard_says(robots, rules, path, expected):
    assert allowed(robots, f"User-agent: *\n{rules}\n", path) == [expected]


def test_the_standards_example_of_two_groups(robots):
    text = (
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
        "User-Agent: mic-archive\nUser-Agent: barbot\nDisallow: /example/page.html\nAllow: /example/allowed.gif\n"
    )
    paths = ("/example/page.html", "/example/allowed.gif", "/example/other", "/x.gif", "/publications/")
    assert allowed(robots, text, *paths) == [False, True, True, True, True]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_of_the_three_ways(robots, end):
    assert allowed(robots, end.join(["User-agent: *", "Disallow: /x", ""]), "/x", "/y") == [False, True]


def test_a_byte_order_mark_is_no_part_of_the_first_line(robots):
    assert allowed(robots, b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n", "/x") == [False]


def test_of_a_large_file_the_first_500_kibibytes_count_and_no_half_of_a_line(robots):
    head = b"User-agent: *\nDisallow: /x\n"
    filling = b"#" * (MAX_BYTES - len(head) - len(b"\nDisallow: /")) + b"\nDisallow: /long/path\n"
    assert allowed(robots, head + filling, "/x", "/y", "/long/path") == [False, True, True]
    exactly = b"#" * (MAX_BYTES - len(head) - 1) + b"\n"
    assert allowed(robots, exactly + head, "/x") == [False]
    assert allowed(robots, b"#" * 50_000_000 + b"\n" + head, "/x") == [True]


# ---- answers (2.3.1, 2.4) ------------------------------------------------------------------------------------


def test_out_of_reach_everything_is_forbidden_for_thirty_days_then_the_last_rules_count(robots, clock):
    robots.learn(ORIGIN, answer("User-agent: *\nDisallow: /private"))
    began = clock.now()
    while clock.now() < began + FORGIVEN:
        robots.learn(ORIGIN, answer("x", 503))
        rules = robots.rules(ORIGIN + "/")
        assert rules.allowed is None
        clock.time += timedelta(days=1)
    robots.learn(ORIGIN, FetchedPage(url=FILE, captured_at=AT, error="no answer in time"))
    rules = robots.rules(ORIGIN + "/")
    assert (rules.allow(ORIGIN + "/x"), rules.allow(ORIGIN + "/private")) == (True, False)
    assert rules.until == clock.now() + KEPT


def test_out_of_reach_from_the_start_nothing_is_forbidden_after_thirty_days(robots, clock):
    robots.learn(ORIGIN, answer("x", 500))
    clock.time += FORGIVEN
    robots.learn(ORIGIN, answer("x", 500))
    assert robots.rules(ORIGIN + "/").allow(ORIGIN + "/private")


def test_an_answer_in_between_begins_the_thirty_days_anew(robots, clock):
    robots.learn(ORIGIN, answer("x", 500))
    clock.time += FORGIVEN - timedelta(days=1)
    robots.learn(ORIGIN, answer("", 404))
    clock.time += timedelta(days=2)
    robots.learn(ORIGIN, answer("x", 500))
    assert robots.rules(ORIGIN + "/").allowed is None


# ---- any file at all -----------------------------------------------------------------------------------------

_PIECES = ["a", "b", "/", "?", "=", "é", "%C3%A9"]
paths = st.lists(st.sampled_from(_PIECES), max_size=6).map(lambda pieces: "/" + "".join(pieces))
patterns = st.tuples(
    st.lists(st.sampled_from([*_PIECES, "*"]), max_size=6).map("".join), st.sampled_from(["", "", "$"])
).map(lambda parts: "/" + "".join(parts))
"""A `$` or `*` that stands for itself is left out: protego is more careful there than it would have to be."""
rules = st.tuples(st.sampled_from(["Allow", "Disallow"]), patterns)
groups = st.lists(
    st.tuples(st.sampled_from([AGENT, "*", "mic", "other"]), st.lists(rules, max_size=4)), max_size=4
)


def obeyed(found: list[tuple[str, list[tuple[str, str]]]], path: str) -> bool:
    """What RFC 9309 says of a path: the longest rule of our groups, or everybody's, that matches; ties allow."""
    names = {name for name, _ in found}
    mine = AGENT if AGENT in names else "*"
    matching = [
        (len(_spelled(pattern)), verb == "Allow")
        for name, some in found
        if name == mine
        for verb, pattern in some
        if _matches(pattern, path)
    ]
    return max(matching)[1] if matching else True


def _matches(pattern: str, path: str) -> bool:
    spelled, anchored = _spelled(pattern), pattern.endswith("$")
    body = spelled[:-1] if anchored else spelled
    regex = ".*".join(re.escape(part) for part in body.split("*")) + ("$" if anchored else "")
    return re.match(regex, _spelled(path)) is not None


def _spelled(text: str) -> str:
    """A path or pattern as it is compared: what is not ASCII as octets."""
    return quote(text, safe="/%?=*$")


@given(groups, paths)
@example([("*", [("Disallow", "/a"), ("Allow", "/a")])], "/a")
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_any_rules_are_obeyed_as_the_standard_says(robots, found, path):
    text = "\n".join(
        f"User-agent: {name}\n" + "\n".join(f"{verb}: {pattern}" for verb, pattern in some)
        for name, some in found
        if some
    )
    found = [(name, some) for name, some in found if some]
    assert allowed(robots, text, path) == [obeyed(found, path)]


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: f"User-agent: *\nDisallow:{text}".encode("utf-8", "replace")),
    )
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_file_makes_reading_it_fail(robots, content):
    assert allowed(robots, content, "/x") in ([True], [False])
