"""An article put together from its words: addresses made whole, dated, its provinces and numbers found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from config.vocabulary import Vocabulary
from crawler.address import Address, Addresses, Key
from indexer.article import Article, AttachmentLink, Image, Published
from indexer.language.dates import FIRST_YEAR, VIETNAM, Moment, stated_date, text_date
from indexer.language.legacy import repair_all
from indexer.language.numbers import Numbers
from indexer.language.passage import Passages
from indexer.language.provinces import Tagger
from indexer.reading.finding import Found
from indexer.reading.shaping import Shape

APART = timedelta(days=2)
"""Between the day a page states and the one in its address: articles are written before they are published."""
OPENINGS = 2
"""Blocks after the lead in which a text says when it happened."""


class Assembler:
    """Makes articles as one site's addresses and one vocabulary ask for. Costly to make, meant to be kept."""

    def __init__(self, addresses: Addresses, words: Vocabulary) -> None:
        self._addresses = addresses
        self._tagger = Tagger(words)
        self._numbers = Numbers(words)

    def assemble(
        self, found: Found, shape: Shape, *, address: Address, base: str, captured_at: datetime
    ) -> Article:
        """The article of a page; `found` and `shape` are its parts and its words, `base` is where its links start.

        The address has a key.
        """
        key = address.key
        assert key is not None
        found, shape = _converted(found, shape)
        article = Article(
            key=key,
            url=address.canonical,
            template=found.template,
            language=address.language or "vi",
            title=shape.title,
            lead=shape.lead,
            blocks=shape.blocks,
            author=shape.author,
            source=shape.source,
            category=found.category,
            published=published(found, shape, self._stamp(key), captured_at),
            attachments=tuple(self._attachments(found, base)),
            images=tuple(self._images(shape, base)),
        )
        return self._tagged(article)

    def _tagged(self, article: Article) -> Article:
        """The article with the provinces and document numbers of its title, lead and body."""
        passages = Passages.of(article.title, article.lead, article.blocks)
        day = article.published.day if article.published else None
        return replace(
            article,
            places=self._tagger.tag(passages, day),
            numbers=self._numbers.find(passages, own=article.key.kind == "document"),
        )

    def _stamp(self, key: Key) -> Moment | None:
        """The moment in an id that is one."""
        born = self._addresses.born(key.id) if key.kind == "article" else None
        return Moment(born.day, born.hour) if born else None

    def _attachments(self, found: Found, base: str) -> Iterator[AttachmentLink]:
        seen = set()
        for target, words in found.links:
            address = self._addresses.read(target, base)
            if address.kind == "attachment" and address.canonical not in seen:
                seen.add(address.canonical)
                name = words or address.canonical.rpartition("/")[2]
                yield AttachmentLink(address=address.canonical, url=address.url, name=name)

    def _images(self, shape: Shape, base: str) -> Iterator[Image]:
        seen = set()
        for picture in shape.pictures:
            address = self._addresses.read(picture.source, base)
            if address.allowed and address.canonical not in seen:
                seen.add(address.canonical)
                yield Image(address=address.canonical, url=address.url, caption=picture.caption)


def published(found: Found, shape: Shape, stamped: Moment | None, captured_at: datetime) -> Published | None:
    """When an article was published, as its own page tells: stated, else in its address, else in its text.

    `stamped` is the moment its address tells.
    """
    captured = captured_at.astimezone(VIETNAM).date()
    stated = stated_date(found.date, month_first=found.month_first and not found.is_told) if found.date else None
    if stated and (not _is_possible(stated.day, captured) or _is_visit(found, stated.day, captured)):
        stated = None
    if stated:
        agrees = stamped is None or abs(stated.day - stamped.day) <= APART
        return Published(day=stated.day, hour=stated.hour, how="stated", sure=agrees and not found.general)
    if stamped and _is_possible(stamped.day, captured):
        return Published(day=stamped.day, hour=stamped.hour, how="address")
    openings = [shape.lead, *(block.text for block in shape.blocks[:OPENINGS] if block.kind != "caption")]
    told = text_date(shape.title, openings, not_after=captured)
    return Published(day=told, how="text", sure=False) if told else None


def _is_visit(found: Found, day: date, captured: date) -> bool:
    """Whether a line that nothing vouches for tells the day of the capture, as heads of pages do.

    Where it was the day of publication, the next capture will tell.
    """
    return found.general and not found.is_told and abs(day - captured) <= timedelta(days=1)


def _is_possible(day: date, captured: date) -> bool:
    return day.year >= FIRST_YEAR and day <= captured + timedelta(days=1)


def _converted(found: Found, shape: Shape) -> tuple[Found, Shape]:
    """The words in Unicode, where they were typed for the fonts of before."""
    named = [name for _, name in found.links]
    captions = [picture.caption for picture in shape.pictures]
    blocks = [block.text for block in shape.blocks]
    texts = [shape.title, shape.lead, shape.author, shape.source, found.category, *blocks, *captions, *named]
    repaired = repair_all(texts)
    if repaired == texts:
        return found, shape
    title, lead, author, source, category, *rest = repaired
    words = iter(rest)
    shape = replace(
        shape,
        title=title,
        lead=lead,
        author=author,
        source=source,
        blocks=tuple(replace(block, text=next(words)) for block in shape.blocks),
        pictures=tuple(replace(picture, caption=next(words)) for picture in shape.pictures),
    )
    links = tuple((target, next(words)) for target, _ in found.links)
    return replace(found, category=category, links=links), shape
