"""Small articles for the contract: what differs is said, the rest is the same."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from crawler.address import Key
from indexer.document import Change, IndexedDocument

_numbers = count(1)


def article(identifier: int | str | None = None, /, **said: Any) -> IndexedDocument:
    """An article with a key of its own and whatever is said of it."""
    key = Key(family="mic", id=str(next(_numbers) if identifier is None else identifier))
    return IndexedDocument(
        **{
            "key": key,
            "url": f"https://mic.gov.vn/Pages/TinTuc/{key.id}/x.html",
            "title": "Không có tên",
            "published": date(2010, 1, 1),
            "published_how": "stated",
            "captured_at": datetime(2025, 1, 1, tzinfo=UTC),
            **said,
        },
    )


def changes(documents: Sequence[IndexedDocument], after: int = 0) -> list[Change]:
    """One change for each, numbered."""
    return [
        Change(sequence=number, key=document.key, document=document)
        for number, document in enumerate(documents, after + 1)
    ]


def removal(document: IndexedDocument, sequence: int) -> Change:
    """The article is to be found no more."""
    return Change(sequence=sequence, key=document.key, document=None)
