"""What both engines store and index of an article, and how it is read back (pure)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from config.vocabulary import load_vocabulary
from crawler.address import Key
from indexer.document import IndexedDocument
from indexer.language.agencies import agency
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.fields import AUTHOR, CATEGORY, FILE_KINDS, FILES, headings, number_key, printable
from indexer.query.results import Hit, Marked

MAPPING = 5
"""Version of the fields below, of how they are analysed, and of what is kept for hits; a generation of another
version must be rebuilt.
"""

SHOWN = 400_000
"""Characters kept of a text for snippets: a book-length attachment is searched whole but shown from its front."""

OPENING = 30
"""Words at the beginning of a text that stand for the lead it does not have."""

_LAST_DAY = "9999-99-99"
_NO_DAY = "0000-00-00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article as engines take it."""

    key: str
    texts: Mapping[str, tuple[str, ...]]
    """Search texts by field: TEXTS and NAMES; no phrase and no pair reaches from one to the next of a field."""
    looked_into: Mapping[str, str]
    """The same of LOOKED_INTO, without marks."""
    keywords: Mapping[str, tuple[str, ...]]
    """Values by field of KEYWORDS."""
    published: date | None
    card: str
    """JSON of what a hit shows but its snippets."""
    shown: str
    """JSON of the texts snippets are taken from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """What snippets are taken from."""

    lead: str = ""
    body: str = ""
    attachments: str = ""


NO_TEXTS = Texts()


def entry(document: IndexedDocument) -> Entry:
    """An article made ready for indexing."""
    key = str(document.key)
    return Entry(
        key=key,
        texts=_texts(document),
        looked_into={
            AUTHOR: fold(search_text(document.author)),
            CATEGORY: fold(search_text(document.category)),
            FILES: fold(search_text("\n".join(document.attachment_names))),
        },
        keywords=_keywords(document, key),
        published=document.published,
        card=_dump(_card(document)),
        shown=_dump([document.lead, document.body[:SHOWN], document.attachments[:SHOWN]]),
    )


def _texts(document: IndexedDocument) -> dict[str, tuple[str, ...]]:
    names = (document.author, document.source, *document.attachment_names, *document.numbers)
    lead, body = search_text(document.lead), search_text(document.body)
    found = {
        "title": (search_text(document.title),),
        "lead": (lead or " ".join(body.split(" ", OPENING)[:OPENING]),),
        "body": (lead, body),
        "attachments": (search_text(document.attachments),),
        "names": (search_text("\n".join(names)),),
    }
    return {field: tuple(filter(None, texts)) for field, texts in found.items()}


def _keywords(document: IndexedDocument, key: str) -> dict[str, tuple[str, ...]]:
    day = document.published
    values = {
        "key": (key,),
        "then": document.provinces_then,
        "today": document.provinces_today,
        "category": (document.category,) if document.category else (),
        "region": _regions(document.provinces_then, 0),
        "region_today": _regions(document.provinces_today, 1),
        "type": document.document_types,
        "agency": tuple(filter(None, (agency(document.author),))),
        "year": (str(day.year),) if day else (),
        "month": (day.isoformat()[:7],) if day else (),
        "file": _kinds(document.attachment_names),
        "status": (document.status,),
        "language": (document.language,),
        "dated": ("yes" if day else "no",),
        "how": (document.published_how,) if day and document.published_how else (),
        "reprint": ("yes" if document.reprint_of else "no",),
        "issues": tuple(map(_number, document.issues)),
        "numbers": tuple(map(_number, document.numbers)),
        "heading": headings(document.title),
        "oldest": (order(day, key, _LAST_DAY),),
        "newest": (order(day, key, _NO_DAY),),
        "changed": (f"{document.withdrawn_at or document.captured_at:%Y%m%d%H%M%S}/{key.replace(':', '/')}",),
    }
    return {field: tuple(map(printable, kept)) for field, kept in values.items()}


def _regions(provinces: Sequence[str], side: int) -> tuple[str, ...]:
    """Regions of provinces of the 63 (side 0) or of the 34 (side 1); names that are none have no region."""
    known = _region_of()[side]
    return tuple(dict.fromkeys(known[name] for name in provinces if name in known))


@cache
def _region_of() -> tuple[Mapping[str, str], Mapping[str, str]]:
    provinces = load_vocabulary().provinces
    return {one.name: one.region for one in provinces}, {one.today: one.today_region for one in provinces}


def _kinds(names: Sequence[str]) -> tuple[str, ...]:
    """What kinds of files are attached."""
    endings = (name.rpartition(".")[2].lower() for name in names)
    return tuple(dict.fromkeys(FILE_KINDS.get(ending, "other") for ending in endings)) or ("none",)


def order(published: date | None, key: str, undated: str) -> str:
    """The unique text key articles are sorted by: day, then key."""
    return f"{published.isoformat() if published else undated}/{key.replace(':', '/')}"


def read_hit(card: str | bytes, score: float | None = None) -> Hit:
    """The hit in a card, its title without marks."""
    said: dict[str, Any] = json.loads(card)
    for name, reader in _READERS.items():
        if said[name] is not None:
            said[name] = reader(said[name])
    for name in ("provinces_then", "provinces_today", "numbers", "attachment_names"):
        said[name] = tuple(said[name])
    return Hit(**said | {"key": Key.parse(said["key"]), "title": Marked(text=said["title"]), "score": score})


def read_texts(shown: str | bytes) -> Texts:
    """The texts kept for snippets."""
    lead, body, attachments = json.loads(shown)
    return Texts(lead=lead, body=body, attachments=attachments)


_MOMENTS = ("captured_at", "withdrawn_at", "last_seen_at")
_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(_MOMENTS, datetime.fromisoformat),
    "published": date.fromisoformat,
    "reprint_of": Key.parse,
}


def _card(document: IndexedDocument) -> dict[str, Any]:
    return {
        "key": str(document.key),
        "url": document.url,
        "title": document.title,
        "category": document.category,
        "author": document.author,
        "language": document.language,
        "published": document.published.isoformat() if document.published else None,
        "published_how": document.published_how,
        "published_sure": document.published_sure,
        "provinces_then": document.provinces_then,
        "provinces_today": document.provinces_today,
        "numbers": document.numbers,
        "attachment_names": document.attachment_names,
        "status": document.status,
        "versions": document.versions,
        **{name: _written(getattr(document, name)) for name in _MOMENTS},
        "reprint_of": str(document.reprint_of) if document.reprint_of else None,
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _number(number: str) -> str:
    return number_key(fold(search_text(number)).split())


def _dump(value: object) -> str:
    return printable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
