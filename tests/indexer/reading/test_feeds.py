"""Feeds: RSS and Atom, well-formed or nearly, and what is refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Listing, Rejected
from tests.indexer.reading.pages import read

FEED = "https://mic.gov.vn/Pages/TinTuc/rss.aspx?chuyenmucid=91"
ITEM = (
    "<item><title>{title}</title><link>{link}</link><pubDate>{when}</pubDate>"
    "<description>{about}</description></item>"
)


def rss(*items: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def item(
    title: str = "Tên bài", link: str = "/Pages/TinTuc/144805/x.html", when: str = "", about: str = ""
) -> str:
    return ITEM.format(title=title, link=link, when=when, about=about)


def listing(text: str) -> Listing:
    found = read(text, FEED, content_type="application/rss+xml")
    assert isinstance(found, Listing), found
    return found


def test_an_entry_has_key_title_lead_and_moment():
    (entry,) = listing(
        rss(
            item(
                "Tên &amp; bài",
                when="Thu, 08 Aug 2019 09:05:00 +0700",
                about="&lt;p&gt;Lời &lt;b&gt;dẫn&lt;/b&gt;&lt;/p&gt;",
            )
        )
    ).entries
    assert (str(entry.key), entry.title, entry.lead) == ("mic:144805", "Tên & bài", "Lời dẫn")
    assert entry.published is not None
    assert (entry.published.day, str(entry.published.hour), entry.published.how) == (
        date(2019, 8, 8),
        "09:05:00",
        "feed",
    )


def test_atom_is_understood():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tên bài</title>'
        '<link href="https://mic.gov.vn/Pages/TinTuc/144805/x.html"/><updated>2019-08-08T09:05:00Z</updated></entry></feed>'
    )
    (entry,) = listing(atom).entries
    assert entry.published is not None
    assert str(entry.published.hour) == "16:05:00"


@pytest.mark.parametrize(
    "title", ["Tên & bài", "Tên&nbsp;bài &ndash; hai", "Tên \x0b bài", "<![CDATA[Tên <b>bài</b>]]>"]
)
def test_feeds_whose_writers_forgot_to_escape_are_mended(title):
    assert listing(rss(item(title))).entries[0].title.startswith("Tên")


def test_what_leads_to_no_article_is_left_out():
    found = listing(rss(item(link="https://elsewhere.example/1"), item(link="/Pages/TinTuc/rss.aspx"), item()))
    assert len(found.entries) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel/></rss>',
            "a feed that declares entities",
        ),
        ('<!ENTITY a SYSTEM "file:///etc/passwd"><rss/>', "a feed that declares entities"),
        ("<rss><channel>", "not XML"),
        ("<html><body>x</body></html>", "no feed but html"),
        ("nothing", "not XML"),
    ],
)
def test_what_is_no_feed_is_rejected(text, reason):
    found = read(text, FEED)
    assert isinstance(found, Rejected)
    assert found.reason.startswith(reason)


@given(st.text())
@settings(deadline=None)
def test_no_text_raises(text):
    read(rss(text).encode("utf-8", "replace"), FEED)
