"""A small archive for the tests of the pages: articles of our own in the real stores and the real engine."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.address import Addresses, Key
from crawler.archive.records import digest
from crawler.frontier import Frontier
from crawler.frontier.task import Found
from crawler.page import FetchedPage, stamp
from indexer.article import (
    Article,
    Attachment,
    AttachmentLink,
    Block,
    DocumentNumber,
    HowDated,
    Listed,
    Listing,
    Part,
    PlaceMention,
    Published,
    Reading,
    Role,
    Where,
)
from indexer.record import Correction, ReadCapture
from tests.replica.pictures import logo
from webui.services import Services

TEXTS = Path(__file__).parent / "library.json"
FIRST_AT = datetime(2019, 3, 12, 3, 4, tzinfo=UTC)
SIZE = 60
WITHDRAWN, RETURNED, MISSING = 40, 41, 42
"""Articles that were taken down, once for ever and once for a month, and one that is only refused."""
GONE_AT = FIRST_AT + timedelta(days=30)
_LOOKED = (0, 3, 9)
"""Days after GONE_AT on which they were looked for."""
_LISTS = tuple(f"https://mic.gov.vn/Pages/ChuyenMuc/PhanTrang/{number}/1/x.html" for number in (91, 1694, 1753))
STYLE, LOGO = "https://mic.gov.vn/Style%20Library/mic.css", "https://mic.gov.vn/Style%20Library/images/logo.png"
"""What the pages of the library need to look right; a photograph they name as well was never archived."""
_NOWHERE = Where(part="title", start=0, end=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One article and the file it offers; `edited` is its text as it was changed later."""

    article: Article
    file: Attachment | None = None
    edited: Article | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Theme:
    category: str
    titles: Sequence[str]
    sentences: Sequence[str] = field(default_factory=tuple)


def fill(services: Services, size: int = SIZE) -> None:
    """Archive, record and index the library."""
    addresses = Addresses(services.profile)
    reads: list[ReadCapture] = []
    _parts(services, addresses)
    for place, told in enumerate(library(size)):
        at = FIRST_AT + timedelta(hours=place)
        if told.file:
            reads.append(_captured(services, addresses, told.file.url, at, told.file))
        reads.append(_captured(services, addresses, told.article.url, at, told.article))
        if told.edited:
            later = at + timedelta(days=480)
            reads.append(_captured(services, addresses, told.article.url, later, told.edited))
    reads += _lost(services, addresses)
    services.record.apply(reads, cursor=None)
    with services.database.writing() as connection:
        found = [Found(address=addresses.read(read.capture.url)) for read in reads]
        Frontier(services.database, services.clock).add(connection, found)
    for changes, cursor in services.record.changes(after=services.index.cursor):
        services.index.apply(changes, cursor)


def archive(
    services: Services,
    article: Article,
    *files: Attachment,
    later: timedelta = timedelta(),
    furniture: str = "",
    page: str = "",
    padding: str = "",
) -> None:
    """Archive and record one more article with its files; the index does not have it.

    `page` is its page, if not a usual one; `padding` what its files hold beside what is read of them.
    """
    at = FIRST_AT + timedelta(days=1000) + later
    addresses = Addresses(services.profile)
    html = page or page_of(article).replace("</body>", f"{furniture}</body>")
    reads = [
        _captured(services, addresses, file.url, at, file, payload=f"{file!r}{padding}" if padding else "")
        for file in files
    ]
    reads.append(_captured(services, addresses, article.url, at, article, payload=html))
    services.record.apply(reads, cursor=None)


def archive_hourly(services: Services, states: Iterable[Article]) -> None:
    """Archive and record one article again and again, an hour between; no two of its pages have the same bytes."""
    addresses = Addresses(services.profile)
    reads = [
        _captured(
            services,
            addresses,
            article.url,
            FIRST_AT + timedelta(hours=number),
            article,
            payload=f"{page_of(article)}<!-- {number} -->",
        )
        for number, article in enumerate(states)
    ]
    services.record.apply(reads, cursor=None)


def withhold(services: Services, key: Key) -> None:
    """Take an article out on request; the index still has it."""
    wish = Correction(
        at=services.clock.now(), who="minh", key=key, field="withheld", value=True, reason="Theo yêu cầu."
    )
    services.record.correct(wish, expected=None)


def _lost(services: Services, addresses: Addresses) -> Iterator[ReadCapture]:
    """Articles looked for in vain, on days on which the lists answer."""
    articles = {number: told.article for number, told in enumerate(library(SIZE))}
    for day in _LOOKED:
        at = GONE_AT + timedelta(days=day)
        for number, status in ((WITHDRAWN, 404), (RETURNED, 410), (MISSING, 403)):
            yield _captured(services, addresses, articles[number].url, at, None, status)
        for url in _LISTS:
            listing = Listing(url=url, entries=(Listed(key=key_of(0), url=url),))
            yield _captured(services, addresses, url, at, listing)
    back = articles[RETURNED]
    yield _captured(services, addresses, back.url, GONE_AT + timedelta(days=31), back)


def _captured(
    services: Services,
    addresses: Addresses,
    url: str,
    at: datetime,
    reading: Reading | None,
    status: int = 200,
    *,
    payload: str = "",
) -> ReadCapture:
    page = FetchedPage(
        url=url,
        captured_at=at,
        status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        payload=(payload or (page_of(reading) if isinstance(reading, Article) else repr(reading))).encode(),
    )
    capture = services.archive.append(page, addresses.read(url))
    return ReadCapture(capture=capture, copy="mic", reading=reading)


def page_of(article: Article) -> str:
    """An article as its ministry's page, with what stands around it."""
    body = "".join(f"<p>{escape(block.text)}</p>\n" for block in article.blocks)
    return f"""<html lang="vi"><head><title>{escape(article.title)}</title>
<link rel="stylesheet" href="{STYLE}"><script src="/js/menu.js"></script></head>
<body><div class="header"><a href="/"><img src="{LOGO}" alt="MIC"></a>
<a href="/Pages/TinTuc/130001/x.html">Tin khác</a></div>
<h1>{escape(article.title)}</h1><p class="lead">{escape(article.lead)}</p>
<img src="/Upload_Moi/anh.jpg" alt="Ảnh hội nghị">
{body}</body></html>"""


def stamp_of(number: int, *, edited: bool = False) -> str:
    """What names the capture of an article in addresses, or that of its edited text."""
    told = next(islice(library(SIZE), number, None))
    article = told.edited if edited else told.article
    assert article
    at = FIRST_AT + timedelta(hours=number, days=480 * edited)
    return stamp(at, digest(page_of(article).encode()))


def _parts(services: Services, addresses: Addresses) -> None:
    """The style sheet and the logo, as they were before the first article."""
    css = (
        "body{font:15px Arial;margin:0 2em;background:#fff url(images/logo.png) no-repeat right}h1{color:#b5121b}"
    )
    for url, media_type, payload in ((STYLE, "text/css", css.encode()), (LOGO, "image/png", logo())):
        page = FetchedPage(
            url=url, captured_at=FIRST_AT, status=200, headers=(("Content-Type", media_type),), payload=payload
        )
        services.archive.append(page, addresses.read(url))


def library(size: int) -> Iterator[Told]:
    """Articles written by hand, then as many made of sentence patterns as it takes."""
    texts = json.loads(TEXTS.read_text(encoding="utf-8"))
    yield from (_by_hand(number, said) for number, said in enumerate(texts["articles"]))
    yield from (_of_pattern(number, texts) for number in range(len(texts["articles"]), size))


def key_of(number: int) -> Key:
    """Key of an article of the library."""
    return Key(family="mic", id=str(130_000 + number))


def _by_hand(number: int, said: dict[str, Any]) -> Told:
    key = key_of(number)
    blocks = tuple(Block(kind=kind, text=text) for kind, text in said["blocks"])
    article = Article(
        key=key,
        url=f"https://mic.gov.vn/Pages/TinTuc/{key.id}/",
        template="T2",
        language=said.get("language", "vi"),
        title=said["title"],
        lead=said.get("lead", ""),
        blocks=blocks,
        author=said.get("author", ""),
        source=said.get("source", ""),
        category=said["category"],
        published=_published(said.get("day"), said.get("how", "stated")),
    )
    article = replace(
        article,
        numbers=tuple(
            _number(text, _where(article, text), issued=place == 0)
            for place, text in enumerate(said.get("numbers", ()))
        ),
        places=tuple(_place(mention, _where(article, mention[0])) for mention in said.get("places", ())),
    )
    told = Told(article=article)
    if "file" in said:
        link = AttachmentLink(
            address=f"https://mic.gov.vn/Upload/{key.id}.pdf",
            url=f"https://mic.gov.vn/Upload/{key.id}.pdf",
            name=said["file"]["name"],
        )
        told = replace(
            told,
            article=replace(article, attachments=(link,)),
            file=Attachment(
                address=link.address,
                url=link.url,
                type="pdf",
                text=said["file"].get("text", ""),
                pages=said["file"].get("pages"),
                problem=said["file"].get("problem", ""),
            ),
        )
    if "edited" in said:
        told = replace(told, edited=replace(told.article, blocks=(*blocks[:-1], Block(text=said["edited"]))))
    return told


def _of_pattern(number: int, texts: dict[str, Any]) -> Told:
    theme = texts["themes"][number % len(texts["themes"])]
    then, today = texts["provinces"][(number * 7) % len(texts["provinces"])]
    year = 2005 + (number * 5) % 19
    day = date(year, 1 + number % 12, 1 + (number * 3) % 28)
    words = {"province": then, "number": 10 + number, "year": year}
    title = theme["titles"][number % len(theme["titles"])].format(**words)
    sentences = [sentence.format(**words) for sentence in theme["sentences"]]
    key = key_of(number)
    return Told(
        article=Article(
            key=key,
            url=f"https://mic.gov.vn/Pages/TinTuc/{key.id}/",
            template="T2",
            language="vi",
            title=title,
            lead=sentences[0],
            blocks=tuple(Block(text=sentence) for sentence in sentences[1:]),
            category=theme["category"],
            published=_published(day.isoformat(), "listed" if number % 4 else "text"),
            numbers=(_number(f"{10 + number}/{year}/TT-BTTTT", _NOWHERE, issued=True),) if number % 3 == 0 else (),
            places=(_place((then, [then], [today], "subject"), _NOWHERE),),
        )
    )


def _published(day: str | None, how: HowDated) -> Published | None:
    return Published(day=date.fromisoformat(day), how=how, sure=how != "text") if day else None


def _where(article: Article, written: str) -> Where:
    """Where an article first says it; nowhere where it does not."""
    texts: list[tuple[Part, int, str]] = [("lead", 0, article.lead)]
    texts += [("body", index, block.text) for index, block in enumerate(article.blocks)]
    for part, index, text in [*texts, ("title", 0, article.title)]:
        if written in text:
            start = text.index(written)
            return Where(part=part, index=index, start=start, end=start + len(written))
    return Where(part="title", start=0, end=0)


def _number(text: str, where: Where, *, issued: bool) -> DocumentNumber:
    return DocumentNumber(
        written=text,
        normal=text,
        type="",
        number=text.partition("/")[0],
        role="issues" if issued else "cites",
        where=where,
    )


def _place(said: tuple[str, list[str], list[str], Role], where: Where) -> PlaceMention:
    written, then, today, role = said
    return PlaceMention(written=written, then=tuple(then), today=tuple(today), role=role, where=where)
