"""A fragment of markup taken apart into what it shows, in reading order: texts, lists, tables, pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

from indexer.reading.text import clean

PieceKind = Literal["text", "heading", "list", "table", "caption", "image"]

DEEPEST = 120
"""Elements inside each other; what lies deeper is read as plain text. Word's worst pages reach 40."""

_SILENT = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "select",
        "button",
        "textarea",
        "input",
        "label",
    )
)
_BLOCKS = frozenset((
    "p", "div", "section", "article", "main", "blockquote", "center", "pre", "address", "figure", "form",
    "fieldset", "dl", "dt", "dd", "li", "tr", "td", "th", "tbody", "thead", "caption", "hr", "details", "summary",
    "header",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINES = frozenset(("p", "li", "td", "th", "dd", "dt", *_HEADINGS))
"""Elements in which one <br> ends a line, not a paragraph."""
_BREAK = "\x1e"
_BREAKS = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")
_PICTURE_WORDS = 400
"""Characters beside a picture in a table that is there only to place them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing shown. An image has its address in `text`."""

    kind: PieceKind
    text: str
    bold: bool = False
    """All of it is."""
    italic: bool = False
    right: bool = False
    """It stands at the right edge, as signatures do."""
    center: bool = False
    caption: str = ""
    """Of a text: its beginning in italics, glued to what follows in bold or plain."""


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    right: bool = False
    center: bool = False
    lines: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    look: _Look


def pieces(markup: str) -> list[Piece]:
    """The pieces of some markup. Linear in its length; no markup raises."""
    walk = _Walk()
    walk.children(BeautifulSoup(markup, "html.parser"), _Look())
    walk.flush()
    return walk.found


class _Walk:
    """Collects runs of text until a block ends."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self._runs: list[_Run] = []
        self._kind: PieceKind = "text"

    def children(self, element: Tag, look: _Look) -> None:
        for child in element.children:
            if isinstance(child, Tag):
                self._element(child, look)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._runs.append(_Run(child, look))

    def flush(self) -> None:
        """End a block: what was collected becomes one piece, or several where lines were left empty."""
        runs, self._runs = self._runs, []
        for part in _paragraphs(runs):
            piece = _text_piece(part, self._kind)
            if piece:
                self.found.append(piece)

    def _element(self, element: Tag, look: _Look) -> None:
        name = element.name
        if name in _SILENT or _is_hidden(element):
            return
        if name == "br":
            self._runs.append(_Run(_BREAK, look))
        elif name == "img":
            self._image(element)
        elif look.depth >= DEEPEST:
            self._runs.append(_Run(element.get_text(" "), look))
        elif name == "table":
            self._table(element, look)
        elif name in ("ul", "ol"):
            self._list(element, look)
        elif name in _HEADINGS or name == "figcaption":
            self._block(element, look, "caption" if name == "figcaption" else "heading")
        elif name in _BLOCKS:
            self._block(element, look, self._kind)
        else:
            self.children(element, _inside(element, look))

    def _block(self, element: Tag, look: _Look, kind: PieceKind) -> None:
        self.flush()
        before, self._kind = self._kind, kind
        self.children(element, _inside(element, look))
        self.flush()
        self._kind = before

    def _image(self, element: Tag) -> None:
        source = element.get("data-original") or element.get("data-src") or element.get("src")
        if isinstance(source, str) and source.strip():
            self.flush()
            self.found.append(Piece("image", source.strip()))

    def _list(self, element: Tag, look: _Look) -> None:
        self.flush()
        inner = _Walk()
        inner.children(element, _inside(element, look))
        inner.flush()
        lines = [line for piece in inner.found if piece.kind != "image" for line in piece.text.split("\n")]
        self.found += (piece for piece in inner.found if piece.kind == "image")
        if lines:
            self.found.append(Piece("list", "\n".join(lines)))

    def _table(self, element: Tag, look: _Look) -> None:
        """A table of figures is one piece; one that only places things is read as if it were not there."""
        self.flush()
        rows = [list(_cells(row)) for row in _rows(element)]
        width = max(map(len, rows), default=0)
        pictured = element.find("img") is not None
        if width > 1 and not pictured and element.find("table") is None:
            lines = ("\t".join(_cell_text(cell) for cell in row) for row in rows)
            text = "\n".join(line for line in lines if line.strip())
            if text:
                self.found.append(Piece("table", text))
            return
        placed = pictured and len(element.get_text(strip=True)) <= _PICTURE_WORDS
        self._block(element, look, "caption" if placed else self._kind)


def _inside(element: Tag, look: _Look) -> _Look:
    """The look of what an element holds."""
    name, style = element.name, str(element.get("style") or "").replace(" ", "").lower()
    align = str(element.get("align") or "").lower()
    return _Look(
        bold=look.bold or name in ("b", "strong") or "font-weight:bold" in style or "font-weight:700" in style,
        italic=look.italic or name in ("i", "em") or "font-style:italic" in style,
        right=align == "right" or "text-align:right" in style or (look.right and not align),
        center=name == "center"
        or align == "center"
        or "text-align:center" in style
        or (look.center and not align),
        lines=name in _LINES or look.lines,
        depth=look.depth + 1,
    )


def _is_hidden(element: Tag) -> bool:
    style = element.get("style")
    return element.has_attr("hidden") or (
        isinstance(style, str) and "display:none" in style.replace(" ", "").lower()
    )


def _paragraphs(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Runs split where a line was left empty, or at any line's end outside of paragraphs."""
    part: list[_Run] = []
    ended = False
    for run in runs:
        if run.text == _BREAK:
            if part and (ended or not run.look.lines):
                yield part
                part = []
            elif part:
                part.append(run)
            ended = True
        elif run.text.strip():
            part.append(run)
            ended = False
        elif part and not ended:
            part.append(run)
    if part:
        yield part


def _text_piece(runs: list[_Run], kind: PieceKind) -> Piece | None:
    lines = "".join(run.text for run in runs).split(_BREAK)
    text = "\n".join(line for line in map(clean, lines) if line)
    if not text:
        return None
    shown = [run for run in runs if clean(run.text) and run.text != _BREAK]
    bold, italic = (all(getattr(run.look, name) for run in shown) for name in ("bold", "italic"))
    leading = next((index for index, run in enumerate(shown) if not run.look.italic or run.look.bold), len(shown))
    glued = "" if leading == len(shown) else clean("".join(run.text for run in shown[:leading]))
    return Piece(
        kind,
        text,
        bold=bold,
        italic=italic,
        right=all(run.look.right for run in shown),
        center=all(run.look.center for run in shown),
        caption=glued,
    )


def _rows(table: Tag) -> Iterator[Tag]:
    parts = (child for child in table.children if isinstance(child, Tag))
    for part in parts:
        if part.name == "tr":
            yield part
        elif part.name in ("tbody", "thead", "tfoot"):
            yield from (row for row in part.children if isinstance(row, Tag) and row.name == "tr")


def _cells(row: Tag) -> Iterator[Tag]:
    return (cell for cell in row.children if isinstance(cell, Tag) and cell.name in ("td", "th"))


def _cell_text(cell: PageElement) -> str:
    return clean(cell.get_text(" "))
