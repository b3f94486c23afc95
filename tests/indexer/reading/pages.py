"""Pages for the tests of reading: the replica's, and small ones written here."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.page import FetchedPage
from indexer.article import Article, Reading
from indexer.reading import Reader
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.exchange import Request
from tests.replica.options import Options
from tests.replica.sessions import PROBE
from tests.replica.site import Site
from tests.replica.truth import Truth, truths

NOW = datetime(2025, 11, 1, tzinfo=UTC)
ARTICLE = "https://mic.gov.vn/Pages/TinTuc/144805/x.html"
ARTICLES = 180
VISITOR = {"cookie": f"{PROBE}=1"}


@cache
def reader() -> Reader:
    """One for all tests: it is costly to make."""
    return Reader(load_profile("mic"), load_vocabulary())


@cache
def site() -> Site:
    """The replica without its server; with the seed article word for word where it may be read."""
    shared = os.environ.get("SHARED_DATA")
    corpus = Corpus(Options(articles=ARTICLES, shared_data=Path(shared) if shared else None))
    return Site(corpus, lambda: NOW)


@cache
def truth() -> tuple[Truth, ...]:
    """What the replica says of each article."""
    return tuple(truths(site().corpus, Changes()))


@cache
def answer(url: str) -> FetchedPage:
    """What the replica answers to one address."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    given = site().answer(Request(scheme=parts.scheme, host=parts.hostname or "", target=target, headers=VISITOR))
    return FetchedPage(
        url=url, captured_at=NOW, status=given.status, headers=tuple(given.headers), payload=given.body
    )


def own_pages(template: str) -> Iterator[tuple[Truth, str]]:
    """Every article of a template with each of its addresses, print views left out except where they are all."""
    for said in truth():
        if said.template == template:
            for url in said.addresses:
                if url not in said.moved and (template == "T4" or "printpage" not in url):
                    yield said, url


def page(
    markup: str | bytes, url: str = ARTICLE, *, content_type: str = "text/html; charset=utf-8"
) -> FetchedPage:
    """A page that was answered with some markup."""
    payload = markup.encode() if isinstance(markup, str) else markup
    return FetchedPage(
        url=url, captured_at=NOW, status=200, headers=(("Content-Type", content_type),), payload=payload
    )


def read(markup: str | bytes, url: str = ARTICLE, **more: str) -> Reading:
    """What the reader makes of some markup."""
    return reader().read(page(markup, url, **more))


def article(markup: str, url: str = ARTICLE) -> Article:
    """The article some markup is read as."""
    said = read(markup, url)
    assert isinstance(said, Article), said
    return said


def sharepoint(
    body: str, *, lead: str = "Lời dẫn của bài viết về hạ tầng viễn thông ở vùng sâu.", title: str = "Tên bài"
) -> str:
    """A page of the SharePoint make."""
    return (
        '<html><body><div class="header"><div class="ngay-thang">Thứ bảy, ngày 01/11/2025</div></div>'
        f'<div class="ms-WPBody"><div id="news_content"><div class="title_news"><h1>{title}</h1></div>'
        f'<div class="news_detail"><div id="divArticleDescription">(Mic.gov.vn) –<strong>{lead}</strong></div>'
        f'<div id="divArticleContent" class="news_detail">{body}</div></div></div></div></body></html>'
    )
