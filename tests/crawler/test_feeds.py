"""Feeds and sitemaps: every make is read, none does harm, what they say of changes is believed within reason."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.page.feeds import FEW, MAX_LISTED, believed, xml_links
from tests.crawler.answers import URL

HOST = "https://mic.gov.vn"
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)

RSS = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><rss><channel>
<link>{HOST}/</link><item><title>A & B</title><link><![CDATA[ {HOST}/a-197144805.htm?x=1&y=2 ]]></link>
<guid isPermaLink="true">{HOST}/b-197144806.htm?x=1&amp;y=2</guid><link>&xxe;</link>
<enclosure url="/Upload/a.pdf" type="application/pdf"/><media:content url="{HOST}/b.jpg"/></item>"""
RDF = f"<rdf:RDF><item rdf:about='x'><rss:link>{HOST}/a.htm</rss:link></item></rdf:RDF>"
SITEMAP = f"<urlset><url><loc>\n{HOST}/a.htm\n</loc><lastmod>2024</lastmod></url></urlset>"
NAMED = f"<sm:urlset><sm:url><sm:loc>{HOST}/a.htm</sm:loc><image:loc>{HOST}/b.jpg</image:loc></sm:url>"
ATOM = '<feed><entry><link rel="alternate" href="/a.htm?b=1&amp;c=2"/><link rel="self" href=\'/b.atom\'/></entry>'


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (
            RSS,
            ("/", "/a-197144805.htm?x=1&y=2", "/b-197144806.htm?x=1&y=2", "/Upload/a.pdf", "/b.jpg"),
        ),
        (RDF, ("/a.htm",)),
        (SITEMAP, ("/a.htm",)),
        (NAMED, ("/a.htm", "/b.jpg")),
        (ATOM, ("/a.htm?b=1&c=2", "/b.atom")),
        (f"<urlset><loc>{HOST}/a.htm</loc><broken><loc>{HOST}/b", ("/a.htm", "/b")),
        ("<urlset><loc>not an address</loc></urlset>", ()),
    ],
)
def test_feeds_and_sitemaps_of_every_make_are_scanned_even_if_broken(text, paths):
    assert xml_links(text, URL).anchors == tuple(HOST + path for path in paths)


def test_no_entity_is_expanded():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    began = time.perf_counter()
    links = xml_links(f"{text}<urlset><loc>{HOST}/&l9;</loc><loc>{HOST}/&f;</loc><loc>&f;</loc></urlset>", URL)
    assert links.anchors == (f"{HOST}/&l9;", f"{HOST}/&f;")
    assert time.perf_counter() - began < 0.1


# ---- sitemap indexes, size -----------------------------------------------------------------------------------


def test_what_an_index_lists_are_sitemaps():
    text = f"<sitemapindex><sitemap><loc>{HOST}/map?page=1</loc><lastmod>2024-02-01</lastmod></sitemap>"
    links = xml_links(text, URL)
    assert links.sitemaps == {f"{HOST}/map?page=1"} == set(links.anchors)
    assert xml_links(SITEMAP, URL).sitemaps == frozenset()


def test_of_a_huge_sitemap_so_many_addresses_count():
    text = "".join(f"<url><loc>{HOST}/{number}.htm</loc></url>" for number in range(MAX_LISTED + 10))
    assert len(xml_links(f"<urlset>{text}", URL).anchors) == MAX_LISTED


@pytest.mark.parametrize(
    "piece",
    [
        "<loc>",
        "<loc> ",
        "<link ",
        "<link a=",
        "<loc><![CDATA[",
        "<lastmod>2",
        "</url",
        " " * 50,
        "<a:",
        "<aaaaaaaaaa",
    ],
)
def test_no_file_takes_long(piece):
    """Each of these made to be gone over again and again: time must grow as the file does."""
    began = time.perf_counter()
    xml_links("<loc>" + piece * 200_000, URL)
    assert time.perf_counter() - began < 3


# ---- when pages changed --------------------------------------------------------------------------------------


def sitemap(*dates: str) -> str:
    return "".join(
        f"<url><loc>{HOST}/{number}.htm</loc><lastmod>{written}</lastmod></url>"
        for number, written in enumerate(dates)
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-02-29T08:30:00+07:00", datetime(2024, 2, 29, 1, 30, tzinfo=UTC)),
        ("2024-02-29T08:30:00Z", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("2024-02-29T08:30:00", datetime(2024, 2, 29, 8, 30, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        (" 2024-02-29 ", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024", None),
        ("2024-13-45", None),
        ("yesterday", None),
        ("9999-12-31", None),
        ("0001-01-01", None),
    ],
)
def test_the_day_a_page_changed_is_read(written, moment):
    expected = {f"{HOST}/0.htm": moment} if moment else {}
    assert xml_links(sitemap(written), URL).modified == expected


def test_a_date_belongs_to_its_own_entry():
    text = f"<url><loc>{HOST}/0.htm</loc></url><url><lastmod>2024-01-01</lastmod><loc>{HOST}/1.htm</loc></url>"
    assert xml_links(text, URL).modified == {}


def test_a_date_to_come_is_not_believed():
    links = xml_links(sitemap("2024-02-01", "2024-03-01", "2030-01-01"), URL)
    assert set(believed(links, None, NOW).modified) == {f"{HOST}/0.htm", f"{HOST}/1.htm"}


@pytest.mark.parametrize(
    ("news", "entries", "expected"), [(FEW, 30, FEW), (FEW + 1, 30, 0), (99, 300, 99), (101, 300, 0)]
)
def test_a_sitemap_that_says_everything_changed_says_nothing(news, entries, expected):
    links = xml_links(sitemap(*["2024-02-28"] * news, *["2023-01-01"] * (entries - news)), URL)
    since = NOW - timedelta(days=7)
    told = believed(links, since, NOW)
    assert sum(moment > since for moment in told.modified.values()) == expected
    assert len(believed(links, None, NOW).modified) == entries


@given(st.text(max_size=200))
def test_no_markup_makes_finding_links_fail(markup):
    links = xml_links(markup, URL)
    assert set(links.modified) <= set(links.anchors)
    believed(links, NOW, NOW)
