"""The words for what changed in an article."""

from collections.abc import Mapping
from typing import Final

from webui.language import gettext, later, ngettext, number

_FILE_CHANGES: Final[Mapping[str, str]] = {
    "added": later("New file:"),
    "removed": later("File taken away:"),
    "replaced": later("File with another content:"),
}


def file_change(kind: str) -> str:
    """What became of a file."""
    return gettext(_FILE_CHANGES[kind])


def paragraphs(kind: str, count: int) -> str:
    """So many paragraphs have other words, are new, or are gone."""
    match kind:
        case "changed":
            return ngettext("%(n)s paragraph changed", "%(n)s paragraphs changed", count, n=number(count))
        case "added":
            return ngettext("%(n)s paragraph added", "%(n)s paragraphs added", count, n=number(count))
        case _:
            return ngettext("%(n)s paragraph removed", "%(n)s paragraphs removed", count, n=number(count))
