"""How a query with more than words in it was understood, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from indexer.query.understood import (
    Beginning,
    Either,
    Every,
    Excluded,
    FieldName,
    Part,
    Query,
    Quoted,
    Restricted,
    Words,
)
from webui import wording
from webui.language import gettext, later

Kind = Literal["words", "phrase", "beginning", "restricted", "excluded", "either"]


_LOOKED_INTO: Mapping[FieldName, str] = {
    "title": later("in the title"),
    "author": later("author"),
    "category": later("category"),
    "attachment": later("in an attachment"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One part of a query, worded."""

    kind: Kind
    text: str


def explain(understood: Query) -> tuple[Piece, ...]:
    """The parts of a query; nothing for plain words, which explain themselves."""
    return tuple(map(_piece, understood.root.parts)) if understood.structured else ()


def _piece(part: Part) -> Piece:
    match part:
        case Words():
            return Piece(kind="words", text=_said(part))
        case Quoted():
            return Piece(kind="phrase", text=gettext("exactly %(words)s", words=_said(part)))
        case Beginning():
            return Piece(kind="beginning", text=gettext("words that begin with %(letters)s", letters=_said(part)))
        case Restricted():
            return Piece(kind="restricted", text=_said(part))
        case Excluded(inner):
            return Piece(kind="excluded", text=gettext("without %(words)s", words=_said(inner)))
        case Either() | Every():
            return Piece(kind="either", text=_said(part))


def _said(part: Part) -> str:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Words(words):
            return " ".join(word.text for word in words)
        case Quoted(words):
            return f"“{' '.join(word.text for word in words)}”"
        case Beginning(start):
            return f"{start}…"
        case Restricted():
            return _restricted(part)
        case Excluded(inner):
            return gettext("without %(words)s", words=_said(inner))
        case Either(choices):
            return gettext(" or ").join(_inside(choices))
        case Every(parts):
            return ", ".join(_inside(parts))


def _restricted(part: Restricted) -> str:  # noqa: PLR0911 - one for each operator
    """What an operator on a field was understood as."""
    match part.field:
        case "before":
            return gettext("published before %(span)s", span=part.written)
        case "after":
            return gettext("published after %(span)s", span=part.written)
        case "year":
            shown = part.values[0] if len(part.values) == 1 else f"{part.values[0]}–{part.values[-1]}"
            return gettext("year %(year)s", year=shown)
        case "status":
            return gettext("state: %(state)s", state=wording.status(part.values[0]))
        case "province":
            return gettext("province: %(name)s", name=", ".join((*part.values, *part.today)))
        case "number":
            return gettext("document %(number)s", number=part.written)
        case _:
            return f"{gettext(_LOOKED_INTO[part.field])} “{' '.join(word.text for word in part.words)}”"


def _inside(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        said = _said(part)
        yield (
            f"({said})" if isinstance(part, Either | Every) and len(said.split()) > 1 and len(parts) > 1 else said
        )
