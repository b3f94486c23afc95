"""A small archive for the tests of the pages: articles of our own in the real stores and the real engine."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.address import Addresses, Key
from crawler.frontier import Frontier
from crawler.frontier.task import Found
from crawler.page import FetchedPage
from indexer.article import (
    Article,
    Attachment,
    AttachmentLink,
    Block,
    DocumentNumber,
    HowDated,
    Listed,
    Listing,
    PlaceMention,
    Published,
    Reading,
    Role,
    Where,
)
from indexer.record import ReadCapture
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
_TITLE = Where(part="title", start=0, end=1)


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


def archive(services: Services, article: Article, *files: Attachment) -> None:
    """Archive and record one more article with its files; the index does not have it."""
    at = FIRST_AT + timedelta(days=1000)
    addresses = Addresses(services.profile)
    reads = [_captured(services, addresses, file.url, at, file) for file in files]
    services.record.apply([*reads, _captured(services, addresses, article.url, at, article)], cursor=None)


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
    services: Services, addresses: Addresses, url: str, at: datetime, reading: Reading | None, status: int = 200
) -> ReadCapture:
    page = FetchedPage(
        url=url,
        captured_at=at,
        status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        payload=repr(reading).encode(),
    )
    capture = services.archive.append(page, addresses.read(url))
    return ReadCapture(capture=capture, copy="mic", reading=reading)


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
        numbers=tuple(_number(text, issued=place == 0) for place, text in enumerate(said.get("numbers", ()))),
        places=tuple(_place(*mention) for mention in said.get("places", ())),
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
            numbers=(_number(f"{10 + number}/{year}/TT-BTTTT", issued=True),) if number % 3 == 0 else (),
            places=(_place(then, [then], [today], "subject"),),
        )
    )


def _published(day: str | None, how: HowDated) -> Published | None:
    return Published(day=date.fromisoformat(day), how=how, sure=how != "text") if day else None


def _number(text: str, *, issued: bool) -> DocumentNumber:
    return DocumentNumber(
        written=text,
        normal=text,
        type="",
        number=text.partition("/")[0],
        role="issues" if issued else "cites",
        where=_TITLE,
    )


def _place(written: str, then: list[str], today: list[str], role: Role) -> PlaceMention:
    return PlaceMention(written=written, then=tuple(then), today=tuple(today), role=role, where=_TITLE)
