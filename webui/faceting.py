"""The words the interface has for filters and their values."""

from collections.abc import Callable, Mapping
from typing import Final

from indexer.query.request import Facet
from webui import wording
from webui.language import gettext, later
from webui.services import services

_FACETS: Final = {
    "then": later("Province when published"),
    "today": later("Province today"),
    "category": later("Category"),
    "region": later("Region when published"),
    "region_today": later("Region today"),
    "type": later("Kind of document"),
    "agency": later("Author's office"),
    "year": later("Year"),
    "month": later("Month"),
    "file": later("Attached files"),
    "status": later("State of the page"),
    "language": later("Language"),
    "dated": later("Date"),
    "how": later("How the date is known"),
}
_LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
_DATED: Final = {"yes": later("date known"), "no": later("date not known")}
_FILES: Final = {
    "pdf": later("PDF"),
    "text": later("text document"),
    "table": later("table"),
    "slides": later("slides"),
    "packed": later("packed files"),
    "other": later("other"),
    "none": later("none attached"),
}


def facet_title(facet: Facet) -> str:
    """What a filter is called."""
    return gettext(_FACETS[facet])


def facet_value(facet: Facet, value: str) -> str:
    """How a filter's value is shown."""
    say = _SAID.get(facet)
    return say(value) if say else value


def month(value: str) -> str:
    """A month `2009-01` as people write it."""
    year, number_ = value.split("-")
    return gettext("%(month)s/%(year)s", month=int(number_), year=year)


def kind(code: str) -> str:
    """The name of a kind of document; it is the same in every language."""
    kinds = services().vocabulary.document_types
    return next((known.name for known in kinds if known.code == code), code)


def _from(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda value: gettext(words[value]) if value in words else value


_SAID: Final[Mapping[Facet, Callable[[str], str]]] = {
    "status": wording.status,
    "dated": _from(_DATED),
    "how": wording.how_dated,
    "file": _from(_FILES),
    "month": month,
    "type": kind,
    "language": lambda value: _LANGUAGES.get(value, value),
}
