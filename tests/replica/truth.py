"""The ground truth: what a perfect crawl and reading would know of each article."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, time
from typing import Any, Self, get_args

from indexer.article import Block, HowDated, NumberRole, Role
from tests.replica import addresses, detours
from tests.replica.catalogue import by_stream
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.files import file_content
from tests.replica.item import FileState, FileType, Item
from tests.replica.slots import Reach, Template
from tests.replica.text.legal import Mention

PRECEDENCE: tuple[HowDated, ...] = get_args(HowDated)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """One place that tells when the article was published."""

    how: HowDated
    day: date
    hour: time | None = None
    """Of the day in Vietnam, to the minute, or to the second where the place gives seconds."""
    at: str
    """The address that shows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TruePlace:
    """A place the title, lead or body names; labels as in indexer.article.PlaceMention."""

    written: str
    then: tuple[str, ...]
    today: tuple[str, ...]
    role: Role


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueNumber:
    """A document number in title, lead or body."""

    normal: str
    role: NumberRole


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueFile:
    """An attachment. `text` is split by line ends and, in sheets, tabs; compare it without regard to spacing."""

    address: str
    name: str
    type: FileType
    state: FileState
    """What comes of it: where that is not itself, it has neither text nor pages."""
    text: str
    pages: int | None
    numbers: tuple[TrueNumber, ...]
    """Document numbers in its text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueListing:
    """A list page that shows the article, with the day it shows."""

    address: str
    day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """All there is to know of one article or document."""

    key: str
    template: Template
    language: str
    addresses: tuple[str, ...]
    """The one lists link to first; one for each form of path. Hosts' other names and http answer the same."""
    moved: tuple[str, ...]
    """Those of `addresses` that lead to another of them."""
    variants: tuple[str, ...]
    """More addresses of it, as other pages may link to it."""
    title: str
    lead: str
    blocks: tuple[Block, ...]
    author: str
    source: str
    category: str
    """'' where neither page nor list tells."""
    published: Dated | None
    """The best evidence; None where nothing tells."""
    evidence: tuple[Dated, ...]
    """All of it, best first."""
    contradicted: bool
    """Lead or body names a day that does not fit the others; the others are right."""
    provinces: tuple[TruePlace, ...]
    numbers: tuple[TrueNumber, ...]
    attachments: tuple[TrueFile, ...]
    pictures: tuple[str, ...]
    listed: tuple[TrueListing, ...]
    reach: Reach
    """Whether lists, or only another article or a sitemap, or nothing but its number leads to it."""
    gone: str
    """'' or how its addresses say that it was removed."""
    revision: int

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's texts without lead and captions, as indexer.article.Article gives them."""
        return tuple(block.text for block in self.blocks if block.kind != "caption")

    @property
    def captions(self) -> tuple[str, ...]:
        """What stands under pictures."""
        return tuple(block.text for block in self.blocks if block.kind == "caption")

    def to_json(self) -> str:
        """One line of JSON; `paragraphs` and `captions` are added for readers of other makes."""
        written = asdict(self) | {"paragraphs": self.paragraphs, "captions": self.captions}
        return json.dumps(written, ensure_ascii=False, default=lambda value: value.isoformat())

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read a line."""
        raw = json.loads(line)
        parts: dict[str, Any] = {field.name: raw[field.name] for field in fields(cls)}
        evidence = tuple(_dated(entry) for entry in raw["evidence"])
        places = (entry | {name: tuple(entry[name]) for name in ("then", "today")} for entry in raw["provinces"])
        days = ((entry["address"], entry["day"]) for entry in raw["listed"])
        return cls(
            **parts
            | {name: tuple(raw[name]) for name in ("addresses", "moved", "variants", "pictures")}
            | {
                "blocks": tuple(Block(**block) for block in raw["blocks"]),
                "published": evidence[0] if evidence else None,
                "evidence": evidence,
                "provinces": tuple(TruePlace(**place) for place in places),
                "numbers": _numbers(raw["numbers"]),
                "attachments": tuple(
                    TrueFile(**file | {"numbers": _numbers(file["numbers"])}) for file in raw["attachments"]
                ),
                "listed": tuple(
                    TrueListing(address=address, day=date.fromisoformat(day) if day else None)
                    for address, day in days
                ),
            }
        )


def _numbers(raw: list[dict[str, Any]]) -> tuple[TrueNumber, ...]:
    return tuple(TrueNumber(**number) for number in raw)


def _dated(raw: dict[str, Any]) -> Dated:
    shown = time.fromisoformat(raw["hour"]) if raw["hour"] else None
    return Dated(how=raw["how"], day=date.fromisoformat(raw["day"]), hour=shown, at=raw["at"])


def truths(corpus: Corpus, changes: Changes) -> Iterator[Truth]:
    """The truth of every article, one at a time."""
    return (
        truth(corpus, corpus.item(index, _revision(corpus, changes, index)), changes)
        for index in range(len(corpus))
    )


def _revision(corpus: Corpus, changes: Changes, index: int) -> int:
    return changes.revisions.get(str(corpus.key(index)), 0) if changes.revisions else 0


def truth(corpus: Corpus, item: Item, changes: Changes) -> Truth:
    """The truth of one article."""
    evidence = tuple(sorted(_evidence(corpus, item), key=lambda found: PRECEDENCE.index(found.how)))
    return Truth(
        key=str(item.key),
        template=item.slot.template,
        language=item.language,
        addresses=addresses.addresses(item),
        moved=detours.moved(item, corpus.options.traps),
        variants=addresses.variants(item),
        title=item.text.title,
        lead=item.text.lead,
        blocks=item.blocks,
        author=item.text.author,
        source=item.text.source,
        category=_category(item),
        published=evidence[0] if evidence else None,
        evidence=evidence,
        contradicted=item.dating.contradicted,
        provinces=tuple(
            TruePlace(written=place.written, then=place.then, today=place.today, role=role)
            for place, role in item.text.provinces
        ),
        numbers=_true_numbers(item.text.numbers),
        attachments=tuple(_files(corpus, item)),
        pictures=(f"https://{_host(item)}{item.picture.path}",) if item.picture else (),
        listed=tuple(_listed(corpus, item)),
        reach=reach(corpus, item),
        gone=changes.removed.get(str(item.key), ""),
        revision=item.revision,
    )


def reach(corpus: Corpus, item: Item) -> Reach:
    """How the article can be found: `linked` needs a partner that was not cut off at the corpus's end."""
    if item.slot.template == "T6" and any(_listed(corpus, item)):
        return "listed"
    if item.slot.reach == "sitemap" and 16 not in corpus.options.traps:
        return "number"
    if item.slot.reach == "linked" and corpus.layout.partner(corpus.layout.place(item.index)) is None:
        return "number"
    return item.slot.reach


def _category(item: Item) -> str:
    """Pages of T1 and T3 name it, lists have it as their title; English, policy and document pages have none."""
    return by_stream()[f"mic:{item.slot.category}"].title if item.slot.category else ""


def _host(item: Item) -> str:
    return addresses.HOSTS[item.slot.site]


def _listed(corpus: Corpus, item: Item) -> Iterator[TrueListing]:
    for stream in item.slot.streams:
        address = by_stream()[stream].place(corpus.layout, item.index)
        if address:
            yield TrueListing(address=address, day=item.moment.date() if item.dating.listed else None)


def _shown_at(corpus: Corpus, item: Item) -> str:
    """The address lists link to, or the one it leads to."""
    home = addresses.home(item)
    return addresses.addresses(item)[-1] if home in detours.moved(item, corpus.options.traps) else home


def _evidence(corpus: Corpus, item: Item) -> Iterator[Dated]:
    day, home = item.moment.date(), _shown_at(corpus, item)
    minute = item.moment.time().replace(second=0, microsecond=0)
    second = item.moment.time().replace(microsecond=0)
    if item.slot.template == "T4":
        yield Dated(how="stated", day=day, hour=second, at=home)
    elif item.dating.page and home == addresses.home(item):
        yield Dated(how="stated", day=day, hour=None if item.document else minute, at=home)
    if item.slot.copied:
        yield Dated(how="stated", day=day, hour=minute, at=addresses.addresses(item)[-1])
    for listing in _listed(corpus, item):
        if listing.day:
            yield Dated(how="listed", day=listing.day, at=listing.address)
    if addresses.is_stamped(item):
        yield Dated(how="address", day=day, hour=second, at=home)
    for stream in item.slot.streams:
        series = by_stream()[stream]
        if series.in_feed(corpus.layout, item.index):
            yield Dated(how="feed", day=day, hour=second, at=f"https://{series.host}{series.feed}")
    if item.dating.text_day:
        yield Dated(how="text", day=item.dating.text_day, at=home)


def _files(corpus: Corpus, item: Item) -> Iterator[TrueFile]:
    for file in item.files:
        content = file_content(corpus.options.seed, item, file)
        address = f"https://{_host(item)}{file.path}"
        yield TrueFile(
            address=address,
            name=file.name,
            type=file.type,
            state=file.state,
            text=content.text,
            pages=content.pages,
            numbers=_true_numbers(content.numbers),
        )


def _true_numbers(mentions: Iterable[Mention]) -> tuple[TrueNumber, ...]:
    return tuple(TrueNumber(normal=mention.normal, role=mention.role) for mention in mentions)
