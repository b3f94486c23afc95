"""A record of as many articles as one likes: told the replica's ground truth, where a crawl would take days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from crawler.address import Addresses
from crawler.page import Capture, FetchedPage
from indexer.article import (
    Article,
    Attachment,
    AttachmentLink,
    DocumentNumber,
    PlaceMention,
    Published,
    Reading,
    Where,
)
from indexer.jobs.tasks import Workshop
from indexer.record import ReadCapture
from tests.benchmarks.pages import NOW
from tests.replica.corpus import Corpus
from tests.replica.item import Item
from tests.replica.options import Options
from tests.replica.text.legal import Mention

TOGETHER = 500
"""Captures of one transaction."""

WITH_FILE = 10
"""Every so many articles one offers a file, which says what another article says."""

_SOMEWHERE = Where(part="body", start=0, end=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """An address, and what its answer is read as."""

    url: str
    reading: Reading


def feed(workshop: Workshop, articles: int) -> None:
    """Archive a capture of each article, as small as can be, and record it as read without a mistake.

    The web interface finds everything where a crawl leaves it, but pages that were archived as they looked.
    """
    addresses, archive, record = Addresses(workshop.profile), workshop.stores.archive, workshop.stores.record
    said = _all(articles)
    number = 0
    while some := list(islice(said, TOGETHER)):
        for one in some:
            archive.write(_page(one.url, number), addresses.read(one.url))
            number += 1
        with archive.committing() as (_, captures):
            pass
        record.apply(_read(some, captures), captures[-1].sequence)


def _all(articles: int) -> Iterator[_Said]:
    """Every article, each file after the article that offers it."""
    before: Item | None = None
    for item in islice(Corpus(Options(articles=articles)), articles):
        file = _file(item, before) if before and item.index % WITH_FILE == 0 else None
        url = f"https://mic.gov.vn/Pages/TinTuc/{item.key.id}/x.html"
        yield _Said(url=url, reading=_article(item, url, file))
        if file:
            yield _Said(url=file.url, reading=file)
        before = item


def _page(url: str, number: int) -> FetchedPage:
    return FetchedPage(
        url=url,
        captured_at=NOW + timedelta(seconds=number),
        status=200,
        headers=(("Content-Type", "text/html"),),
        payload=url.encode(),
    )


def _read(said: Sequence[_Said], captures: Sequence[Capture]) -> list[ReadCapture]:
    return [
        ReadCapture(capture=capture, copy="mic", reading=one.reading)
        for one, capture in zip(said, captures, strict=True)
    ]


def _file(item: Item, about: Item) -> Attachment:
    url = f"https://mic.gov.vn/Upload/{item.key.id}.pdf"
    return Attachment(
        address=url, url=url, type="pdf", text="\n".join(block.text for block in about.blocks), pages=1
    )


def _article(item: Item, url: str, file: Attachment | None) -> Article:
    text = item.text
    dated = item.dating.page or item.dating.listed or item.dating.text_day
    return Article(
        key=item.key,
        url=url,
        template=item.slot.template,
        language=item.language,
        title=text.title,
        lead=text.lead,
        blocks=item.blocks,
        author=text.author,
        source=text.source,
        category=f"Chuyên mục {item.slot.category}" if item.slot.category else "",
        published=Published(day=item.moment.date(), how="stated") if dated else None,
        numbers=tuple(_number(mention) for mention in text.numbers),
        places=tuple(
            PlaceMention(written=place.written, then=place.then, today=place.today, role=role, where=_SOMEWHERE)
            for place, role in text.provinces
        ),
        attachments=(AttachmentLink(address=file.address, url=file.url, name="van-ban.pdf"),) if file else (),
    )


def _number(mention: Mention) -> DocumentNumber:
    """Its type is what stands between the last stroke and the first hyphen: `NĐ` of `14/2008/NĐ-CP`."""
    number, _, codes = mention.normal.rpartition("/")
    return DocumentNumber(
        written=mention.written,
        normal=mention.normal,
        type=codes.partition("-")[0],
        number=number.partition("/")[0],
        role=mention.role,
        where=_SOMEWHERE,
    )
