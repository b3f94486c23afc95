"""What is furniture is no version: pages of every make, visited again, mean what they meant."""

import gzip
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import zip_longest
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.address import Key
from crawler.page import FetchedPage, decode
from indexer.article import Article
from indexer.record.meaning import meaning
from tests.indexer.reading.pages import reader, site, truth
from tests.replica.changes import Changes
from tests.replica.exchange import Request
from tests.replica.site import Site
from tests.replica.truth import Truth

FIRST = datetime(2025, 11, 1, tzinfo=UTC)

Mutation = Callable[[str, random.Random], str]

_TAG = re.compile(r'<(\w+)((?:\s+[\w:-]+="[^"<>]*"){2,})(\s*/?)>')
_TEXT = re.compile(r">([^<]*[^<\s][^<]*)<")
_BLOCK_END = re.compile(r"(</(?:p|div|li|tr|td|table|ul|h1|h2)>)(?=<)")


def _with_attributes_in_another_order(markup: str, chance: random.Random) -> str:
    def shuffled(tag: re.Match[str]) -> str:
        attributes = re.findall(r'[\w:-]+="[^"<>]*"', tag[2])
        chance.shuffle(attributes)
        return f"<{tag[1]} {' '.join(attributes)}{tag[3]}>"

    return _TAG.sub(shuffled, markup)


def _with_other_spaces(markup: str, chance: random.Random) -> str:
    def spaced(text: re.Match[str]) -> str:
        return re.sub(" ", lambda _: chance.choice([" ", "  ", "\n", "\u00a0", "&nbsp;", " \u200b"]), text[0])

    return _TEXT.sub(spaced, _BLOCK_END.sub(r"\1\r\n   ", markup))


def _decomposed(markup: str, _: random.Random) -> str:
    return unicodedata.normalize("NFD", markup)


def _with_soft_hyphens(markup: str, chance: random.Random) -> str:
    def hyphened(text: re.Match[str]) -> str:
        words = text[0].split(" ")
        place = chance.randrange(len(words))
        words[place] = f"{words[place][:2]}\u00ad{words[place][2:]}" if words[place].isalpha() else words[place]
        return " ".join(words)

    return _TEXT.sub(hyphened, markup)


def _with_other_counters(markup: str, chance: random.Random) -> str:
    number = str(chance.randrange(100_000))
    markup = re.sub(r"((?:Lượt truy cập|Lượt xem|Views)\s*:\s*)\d+", rf"\g<1>{number}", markup)
    return re.sub(r"(id=\"?danhgiabv\"?[^>]*>)\d+", rf"\g<1>{number}", markup)


def _with_other_identifiers(markup: str, chance: random.Random) -> str:
    """SharePoint's numbers and GUIDs."""
    found = re.sub(r"_g_[0-9a-f_]{20,}", lambda _: f"_g_{chance.getrandbits(128):032x}", markup)
    return re.sub(r"ctl00_ctl\d+", f"ctl00_ctl{chance.randrange(99)}", found)


def _with_other_boxes(markup: str, chance: random.Random) -> str:
    """A notice above everything, other links beside the article, a comment, another script."""
    notice = f'<div class="thong-bao-chay">Hôm nay {chance.randrange(28)}/11: lịch tiếp công dân</div>'
    markup = re.sub(r"(<body\b[^>]*>)", rf"\1{notice}<script>var n = {chance.random()};</script>", markup, count=1)
    box = f"<li><a href='/Pages/TinTuc/{chance.randrange(10**5, 10**6)}/Tin.html'>Tin mới nhất</a></li>"
    markup = re.sub(r"(<div class=\"cot-phai[^>]*>)", rf"\1<ul>{box}</ul>", markup, count=1)
    return _BLOCK_END.sub(lambda end: end[1] + ("<!-- x -->" if chance.random() < 0.1 else ""), markup)


MUTATIONS: tuple[Mutation, ...] = (
    _with_attributes_in_another_order,
    _with_other_spaces,
    _decomposed,
    _with_soft_hyphens,
    _with_other_counters,
    _with_other_identifiers,
    _with_other_boxes,
)

_VARIANTS = ("https://{}", "http://{}", "https://www.{}", "http://m.{}")


class Visits:
    """The replica on one day after another; each visit counts."""

    def __init__(self) -> None:
        self.days = 0
        self.site = Site(site().corpus, lambda: FIRST + timedelta(days=self.days))

    def __call__(self, url: str, days: int) -> FetchedPage:
        self.days = days
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        request = Request(scheme=parts.scheme, host=parts.hostname or "", target=target, headers={})
        given = self.site.answer(request)
        at = FIRST + timedelta(days=days)
        return FetchedPage(
            url=url, captured_at=at, status=given.status, headers=tuple(given.headers), payload=given.body
        )


@cache
def visits() -> Visits:
    """One for all, so that pages are seen visited often."""
    return Visits()


@cache
def pages() -> dict[str, list[str]]:
    """Addresses of every article, by the make of its page."""
    found: dict[str, list[str]] = {}
    for one in truth():
        for url in shown_at(one):
            found.setdefault(first(url).template, []).append(url)
    return found


def shown_at(one: Truth) -> list[str]:
    """The addresses that show an article; the others lead to one of them."""
    return [url for url in one.addresses if url not in one.moved]


@cache
def first(url: str) -> Article:
    """What a page says on the first day."""
    return read(visits()(url, 0))


def read(page: FetchedPage) -> Article:
    said = reader().read(page)
    assert isinstance(said, Article), (page.url, said)
    return said


def variant(url: str, host: str) -> str:
    """The same page under another name of its host, which the replica knows for two of them."""
    name = urlsplit(url).hostname or ""
    return url.replace(f"https://{name}", host.format(name)) if name in ("mic.gov.vn", "mst.gov.vn") else url


def zipped(page: FetchedPage) -> FetchedPage:
    headers = (*page.headers, ("Content-Encoding", "gzip"))
    return replace(page, payload=gzip.compress(page.payload), headers=headers)


visited: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    days=st.integers(1, 900),
    host=st.sampled_from(_VARIANTS),
    mutations=st.lists(st.sampled_from(MUTATIONS), max_size=3, unique=True),
    zip=st.booleans(),
    chance=st.integers(0, 10**6),
)


@pytest.mark.parametrize("template", ["sharepoint", "modern", "print", "english", "document"])
@settings(deadline=None, max_examples=25)
@given(number=st.integers(0, 10**6), how=visited)
def test_a_page_visited_again_means_what_it_meant(template, number, how):
    url = pages()[template][number % len(pages()[template])]
    page = visits()(variant(url, how["host"]), how["days"])
    markup, chance = decode(page).text, random.Random(how["chance"])
    for mutation in how["mutations"]:
        markup = mutation(markup, chance)
    page = replace(page, payload=markup.encode())
    said = read(zipped(page) if how["zip"] else page)
    assert meaning(said) == meaning(first(url)), (url, shown(first(url), said))


def shown(before: Article, after: Article) -> list[tuple[str, ...]]:
    """Where two readings differ, for whoever has to find out why."""
    texts = [[one.title, one.lead, *(block.text for block in one.blocks)] for one in (before, after)]
    return [pair for pair in zip_longest(*texts, fillvalue="") if pair[0] != pair[1]][:3]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutation_changes_pages(mutation):
    """So that what is held above is held of something."""
    urls = [url for of_template in pages().values() for url in of_template[:4]]
    markups = [decode(visits()(url, 0)).text for url in urls]
    assert sum(mutation(markup, random.Random(1)) != markup for markup in markups) >= 4


def test_every_way_to_one_article_means_the_same():
    """Its copy at the successor too: so that copies do not make versions of each other."""
    for one in truth():
        ways = [url for url in shown_at(one) if "printpage" not in url.lower()]
        assert len({meaning(first(url)) for url in ways}) == bool(ways), one.key


def test_a_sentence_more_is_a_change():
    changed = Changes()
    for number, one in enumerate(truth()[:40]):
        changed.edit(Key.parse(one.key), FIRST + timedelta(days=number))
    edited = Site(site().corpus, lambda: FIRST)
    edited.changes = changed
    for one in truth()[:40]:
        url = one.addresses[0]
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        given = edited.answer(Request(scheme="https", host=parts.hostname or "", target=target, headers={}))
        page = FetchedPage(url=url, captured_at=FIRST, status=200, headers=given.headers, payload=given.body)
        assert meaning(read(page)) != meaning(first(url)), one.key
