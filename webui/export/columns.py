"""What a file can say of each article found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from indexer.query.results import Hit
from webui import addresses
from webui.language import later

Value = str | int | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title in the form, and where its value comes from."""

    title: str
    read: Callable[[Hit], Value]
    usual: bool = True
    """Whether it is chosen unless somebody chooses."""


COLUMNS: Final[Mapping[str, Column]] = {
    "key": Column(later("Key"), lambda hit: str(hit.key)),
    "title": Column(later("Title"), lambda hit: hit.title.text),
    "published": Column(later("Published"), lambda hit: hit.published),
    "published_how": Column(
        later("How the date is known"), lambda hit: hit.published_how if hit.published else None
    ),
    "published_sure": Column(
        later("Whether it is certain"), lambda hit: hit.published_sure if hit.published else None, usual=False
    ),
    "provinces_then": Column(later("Province when published"), lambda hit: hit.provinces_then),
    "provinces_today": Column(later("Province today"), lambda hit: hit.provinces_today),
    "category": Column(later("Category"), lambda hit: hit.category),
    "author": Column(later("Author"), lambda hit: hit.author),
    "numbers": Column(later("Documents named"), lambda hit: hit.numbers),
    "files": Column(later("Attached files"), lambda hit: hit.attachment_names, usual=False),
    "language": Column(later("Language"), lambda hit: hit.language, usual=False),
    "status": Column(later("State of the page"), lambda hit: hit.status),
    "withdrawn_at": Column(later("Found withdrawn"), lambda hit: hit.withdrawn_at, usual=False),
    "versions": Column(later("Versions"), lambda hit: hit.versions, usual=False),
    "captured_at": Column(later("Captured"), lambda hit: hit.captured_at, usual=False),
    "reprint_of": Column(
        later("Reprint of"), lambda hit: str(hit.reprint_of) if hit.reprint_of else None, usual=False
    ),
    "page": Column(later("Page in this archive"), lambda hit: addresses.in_full(addresses.article(hit.key))),
    "url": Column(later("Original page"), lambda hit: hit.url),
}
"""By the names they have in files and addresses, in their order."""

USUAL: Final = tuple(name for name, column in COLUMNS.items() if column.usual)


def chosen(names: list[str]) -> tuple[str, ...]:
    """The columns asked for that there are, in their order; the usual ones where none is."""
    return tuple(name for name in COLUMNS if name in names) or USUAL
