"""What both engines store and index of an article, and how it is read back (pure)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from crawler.address import Key
from indexer.document import IndexedDocument
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.fields import AUTHOR, CATEGORY, FILES, headings, number_key, printable
from indexer.query.results import Hit, Marked

MAPPING = 3
"""Version of the fields below, of how they are analysed, and of what is kept for hits; a generation of another
version must be rebuilt.
"""

SHOWN = 400_000
"""Characters kept of a text for snippets: a book-length attachment is searched whole but shown from its front."""

_LAST_DAY = "9999-99-99"
_NO_DAY = "0000-00-00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article as engines take it."""

    key: str
    texts: Mapping[str, str]
    """Search text by field: TEXTS and NAMES. Together they are `all`."""
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
    names = (document.author, document.source, *document.attachment_names, *document.numbers)
    return Entry(
        key=key,
        texts={
            "title": search_text(document.title),
            "lead": search_text(document.lead),
            "body": search_text(document.body),
            "attachments": search_text(document.attachments),
            "names": search_text("\n".join(names)),
        },
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


def _keywords(document: IndexedDocument, key: str) -> dict[str, tuple[str, ...]]:
    day = document.published
    values = {
        "key": (key,),
        "then": document.provinces_then,
        "today": document.provinces_today,
        "category": (document.category,) if document.category else (),
        "year": (str(day.year),) if day else (),
        "status": (document.status,),
        "language": (document.language,),
        "dated": ("yes" if day else "no",),
        "reprint": ("yes" if document.reprint_of else "no",),
        "issues": tuple(map(_number, document.issues)),
        "numbers": tuple(map(_number, document.numbers)),
        "heading": headings(document.title),
        "oldest": (order(day, key, _LAST_DAY),),
        "newest": (order(day, key, _NO_DAY),),
    }
    return {field: tuple(map(printable, kept)) for field, kept in values.items()}


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
