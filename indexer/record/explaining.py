"""Where each field of an article comes from, and why that was believed rather than something else (pure)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from indexer.article import Article, Published
from indexer.record.choosing import DateSaid, Source, best_date, dates
from indexer.record.correcting import Field
from indexer.record.gathering import Evidence
from indexer.record.merging import ArticleRecord
from indexer.record.saying import ListSaid, PageSaid

MOST = 5
"""Other values told of a field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """What said something: a page, print view, document page, list, feed, or a correction."""

    kind: str
    at: datetime | None
    url: str = ""
    capture: int = 0
    template: str = ""
    source: str = ""
    """`crawl`, or the file the capture was imported from; of a correction, who made it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Other:
    """What else was said, and why it does not count."""

    value: str
    origin: Origin
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """One field: its value in words ('' for none), who said it, why that counts, and what else was said."""

    field: str
    value: str
    origin: Origin | None
    why: str
    others: tuple[Other, ...] = ()


_OF_THE_PAGE: dict[str, Callable[[Article], str]] = {
    "title": lambda article: article.title,
    "lead": lambda article: article.lead,
    "text": lambda article: "\n\n".join(block.text for block in article.blocks),
    "language": lambda article: article.language,
    "attachments": lambda article: "; ".join(link.name or link.url for link in article.attachments),
    "documents": lambda article: "; ".join(
        dict.fromkeys(f"{number.normal} ({number.role})" for number in article.numbers)
    ),
}
_LAST: dict[str, Callable[[Article], str]] = {
    "author": lambda article: article.author,
    "source": lambda article: article.source,
}


def explain(said: Evidence) -> tuple[Explained, ...]:
    """Every field of the article, corrections before all else; () where no page of its own was read."""
    record = said.merged()
    if record is None:
        return ()
    pages = sorted(said.pages, key=lambda page: page.order)
    shown = next(page for page in pages if page.capture == record.versions[-1].capture)
    fields = [_of_page(name, value, shown, pages) for name, value in _OF_THE_PAGE.items()]
    fields += [_last(name, value, shown, pages) for name, value in _LAST.items()]
    fields += [_date(record, dates(pages, said.listed)), _category(record, shown, said.listed)]
    fields += [_provinces(record, shown), _status(record), _SHOWN]
    return tuple(_corrected(field, record) for field in fields)


def provinces(article: Article) -> str:
    """What an article is about, and the words that say so."""
    about = [place for place in article.places if place.role in ("subject", "issuer")]
    named = (f"{', '.join(place.then or place.today)} ({place.role}: “{place.written}”)" for place in about)
    return "; ".join(dict.fromkeys(named))


def dated(published: Published | None) -> str:
    """A date with its hour and how it is known."""
    if published is None:
        return ""
    hour = f" {published.hour:%H:%M}" if published.hour else ""
    return f"{published.day.isoformat()}{hour} ({published.how}{'' if published.sure else ', not certain'})"


def _of_page(field: str, value: Callable[[Article], str], shown: PageSaid, pages: Sequence[PageSaid]) -> Explained:
    now = value(shown.article)
    others: dict[str, Other] = {}
    for page in reversed(pages):
        said = value(page.article)
        if said != now:
            others.setdefault(said, Other(value=said, origin=_origin(page), why=_lost(page, shown)))
    why = "of the best copies (its own page before a print view, whole before cut short) the latest state"
    return Explained(field=field, value=now, origin=_origin(shown), why=why, others=_few(others.values()))


def _lost(page: PageSaid, shown: PageSaid) -> str:
    if page.rank > shown.rank:
        return "cut short" if page.kind == shown.kind else "a print view counts where nothing better was captured"
    if page.order < shown.order:
        return "an earlier state"
    return "means the same, or differs as this copy always did"


def _last(field: str, value: Callable[[Article], str], shown: PageSaid, pages: Sequence[PageSaid]) -> Explained:
    saying = [page for page in pages if value(page.article)]
    if value(shown.article):
        chosen, why = shown, "said by the page that is shown"
    elif saying:
        chosen, why = saying[-1], "not said by the page that is shown; of the others, the last"
    else:
        return Explained(field=field, value="", origin=None, why="no page says it")
    now = value(chosen.article)
    others: dict[str, Other] = {}
    for page in reversed(saying):
        said = value(page.article)
        if said != now:
            others.setdefault(said, Other(value=said, origin=_origin(page), why="not the page that is shown"))
    return Explained(field=field, value=now, origin=_origin(chosen), why=why, others=_few(others.values()))


def _date(record: ArticleRecord, found: Sequence[DateSaid]) -> Explained:
    best = best_date(found)
    assert best == record.read.published
    if best is None:
        why = f"nothing says when it was published: not after {record.not_after.isoformat()}, its first capture"
        return Explained(field="date", value="", origin=None, why=why)
    of_it = [said for said in found if (said.date.day, said.date.how) == (best.day, best.how)]
    others = {
        dated(said.date): Other(value=dated(said.date), origin=_origin(said.source), why=_less(said.date, best))
        for said in found
        if (said.date.day, said.date.how) != (best.day, best.how)
    }
    why = (
        f"believed in the order stated, listed, address, feed, text, archive; {len(of_it)} of {len(found)} say so"
    )
    return Explained(
        field="date", value=dated(best), origin=_origin(of_it[0].source), why=why, others=_few(others.values())
    )


def _less(date: Published, best: Published) -> str:
    if date.how != best.how:
        return f"“{date.how}” is believed less than “{best.how}”"
    return "fewer say so, or as many and it is later"


def _category(record: ArticleRecord, shown: PageSaid, listed: Sequence[ListSaid]) -> Explained:
    now = record.read.category
    naming = [entry for entry in listed if entry.listed.category]
    others = {
        entry.listed.category: Other(
            value=entry.listed.category,
            origin=_origin(entry),
            why="the page says otherwise, or fewer lists say so",
        )
        for entry in naming
        if entry.listed.category != now
    }
    if shown.article.category or not now:
        origin = _origin(shown) if now else None
        why = "said by the page that is shown" if now else "nothing says it"
    else:
        origin = next(_origin(entry) for entry in naming if entry.listed.category == now)
        why = "not said by the page; most lists that name it say so"
    return Explained(field="category", value=now, origin=origin, why=why, others=_few(others.values()))


def _provinces(record: ArticleRecord, shown: PageSaid) -> Explained:
    value = provinces(record.read)
    why = "named in the text as subject or issuer" if value else "the text names none as subject or issuer"
    return Explained(field="provinces", value=value, origin=_origin(shown), why=why)


def _status(record: ArticleRecord) -> Explained:
    if record.withdrawal:
        gone = record.withdrawal
        why = (
            f"every copy is gone since {gone.since:%Y-%m-%d} ({gone.why}), confirmed on {gone.confirmations} days"
        )
    else:
        why = f"states so far: {len(record.versions)}; a copy was last seen on {record.last_at:%Y-%m-%d}"
    return Explained(field="status", value=record.status, origin=None, why=why)


_SHOWN = Explained(field="withheld", value="", origin=None, why="nobody withheld it")
_CORRECTED: dict[Field, Callable[[ArticleRecord], str]] = {
    "date": lambda record: dated(record.article.published) or "not known",
    "category": lambda record: record.article.category,
    "provinces": lambda record: provinces(record.article),
    "withheld": lambda record: "yes" if record.withheld else "",
}


def _corrected(field: Explained, record: ArticleRecord) -> Explained:
    """The field as somebody corrected it; what was read goes to what else was said."""
    for correction in record.corrections:
        if correction.field == field.field:
            read = Other(value=field.value, origin=field.origin, why="corrected") if field.origin else None
            return Explained(
                field=field.field,
                value=_CORRECTED[correction.field](record),
                origin=Origin(kind="correction", at=correction.at, source=correction.who),
                why=correction.reason,
                others=((read,) if read else ()) + field.others,
            )
    return field


def _origin(source: Source) -> Origin:
    if isinstance(source, ListSaid):
        return Origin(kind=source.source, at=source.captured_at, url=source.url, capture=source.capture)
    return Origin(
        kind=source.kind,
        at=source.captured_at,
        url=source.url,
        capture=source.capture,
        template=source.article.template,
        source=source.source,
    )


def _few(others: Iterable[Other]) -> tuple[Other, ...]:
    return tuple(others)[:MOST]
