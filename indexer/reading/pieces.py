"""A part of a page taken apart into what it shows, in reading order: texts, lists, tables, pictures.

It walks the tree that found the part: parsing it once more for BeautifulSoup took two fifths of all reading.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborNode

from indexer.reading.text import clean

Attributes = dict[str, str | None]
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
    "header", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em"))
_LINES = frozenset(("p", "li", "td", "th", "dd", "dt", *_HEADINGS))
"""Elements in which one <br> ends a line, not a paragraph."""
_BREAK = "\x1e"
_BREAKS = re.compile(rf"{_BREAK}(?:\s*{_BREAK})+")
_MOST_COLUMNS = 100
"""Columns and rows that one cell may cover."""
_DIGITS = 4
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


class _Look(NamedTuple):
    """How text looks where it stands."""

    bold: bool = False
    italic: bool = False
    right: bool = False
    center: bool = False
    lines: bool = False
    depth: int = 0


_PLAIN = _Look()


class _Run(NamedTuple):
    text: str
    look: _Look


def pieces(*nodes: LexborNode | None) -> list[Piece]:
    """The pieces of some nodes of a parsed page. Linear in their size; no markup raises."""
    walk = _Walk()
    for node in nodes:
        if node is not None:
            walk.children(node, _PLAIN)
            walk.flush()
    return walk.found


class _Walk:
    """Collects runs of text until a block ends."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self._runs: list[_Run] = []
        self._kind: PieceKind = "text"

    def children(self, node: LexborNode, look: _Look) -> None:
        for child in node.iter(include_text=True):
            if child.is_text_node:
                self._runs.append(_Run(child.text_content or "", look))
            elif child.is_element_node:
                self._element(child, look)

    def flush(self) -> None:
        """End a block: what was collected becomes one piece, or several where lines were left empty."""
        if not self._runs:
            return
        runs, self._runs = self._runs, []
        for part in _paragraphs(runs):
            piece = _text_piece(part, self._kind)
            if piece:
                self.found.append(piece)

    def _element(self, node: LexborNode, look: _Look) -> None:
        name = node.tag or ""
        if name in _SILENT:
            return
        if name == "br":
            self._runs.append(_Run(_BREAK, look))
            return
        attributes = node.attributes
        if attributes and _is_hidden(attributes):
            return
        if name == "img":
            self._image(attributes)
        elif look.depth >= DEEPEST:
            self._runs.append(_Run(node.text(separator=" "), look))
        elif name == "table":
            self._table(node, look)
        elif name in ("ul", "ol"):
            self._list(node, look)
        elif name in _BLOCKS:
            kind: PieceKind = "caption" if name == "figcaption" else "heading" if name in _HEADINGS else self._kind
            self._block(node, _inside(name, attributes, look), kind)
        else:
            self.children(node, _inside(name, attributes, look))

    def _block(self, node: LexborNode, look: _Look, kind: PieceKind) -> None:
        self.flush()
        before, self._kind = self._kind, kind
        self.children(node, look)
        self.flush()
        self._kind = before

    def _image(self, attributes: Attributes) -> None:
        source = attributes.get("data-original") or attributes.get("data-src") or attributes.get("src")
        if source and source.strip():
            self.flush()
            self.found.append(Piece("image", source.strip()))

    def _list(self, node: LexborNode, look: _Look) -> None:
        self.flush()
        inner = _Walk()
        inner.children(node, look._replace(depth=look.depth + 1))
        inner.flush()
        lines = [line for piece in inner.found if piece.kind != "image" for line in piece.text.split("\n")]
        self.found += (piece for piece in inner.found if piece.kind == "image")
        if lines:
            self.found.append(Piece("list", "\n".join(lines)))

    def _table(self, node: LexborNode, look: _Look) -> None:
        """A table of figures is one piece; one that only places things is read as if it were not there."""
        self.flush()
        rows = [list(_cells(row)) for row in _rows(node)]
        pictured = node.css_first("img") is not None
        if max(map(len, rows), default=0) > 1 and not pictured and len(node.css("table")) <= 1:
            for part in node.iter():
                if part.tag == "caption":
                    self._block(part, look, "caption")
            lines = ("\t".join(row) for row in _grid(rows, look._replace(depth=look.depth + 1)))
            text = "\n".join(line for line in lines if line.strip())
            if text:
                self.found.append(Piece("table", text))
            return
        placed = pictured and len(clean(node.text())) <= _PICTURE_WORDS
        self._block(node, look._replace(depth=look.depth + 1), "caption" if placed else self._kind)


def _grid(rows: Sequence[Sequence[LexborNode]], look: _Look) -> Iterator[list[str]]:
    """The words of a table's cells, each at its column: the other places a cell covers stay empty."""
    covered: dict[int, int] = {}
    """Columns that a cell of a row above reaches into, with how many rows more it does."""
    for row in rows:
        line: list[str] = []
        for cell in row:
            while covered.get(len(line), 0) and len(line) < _MOST_COLUMNS:
                line.append("")
            attributes = cell.attributes
            width, height = _span(attributes, "colspan"), _span(attributes, "rowspan")
            first = len(line)
            line += [_cell_words(cell, look), *[""] * (width - 1)]
            if height > 1:
                covered |= dict.fromkeys(range(first, len(line)), height)
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        yield line


def _span(attributes: Attributes, name: str) -> int:
    value = (attributes.get(name) or "")[:_DIGITS]
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() else 1


def _cell_words(cell: LexborNode, look: _Look) -> str:
    walk = _Walk()
    walk.children(cell, look)
    walk.flush()
    return " ".join(piece.text.replace("\n", " ").replace("\t", " ") for piece in walk.found)


def _inside(name: str, attributes: Attributes, look: _Look) -> _Look:
    """The look of what an element holds."""
    if not attributes:
        return _changed(name, "", "", look)
    return _changed(name, attributes.get("style") or "", attributes.get("align") or "", look)


@lru_cache(maxsize=4_096)
def _changed(name: str, style: str, align: str, look: _Look) -> _Look:
    """An editor's pages repeat a handful of elements and styles."""
    style, align = style.replace(" ", "").lower(), align.lower()
    return _Look(
        bold=look.bold or name in _BOLD or "font-weight:bold" in style or "font-weight:700" in style,
        italic=look.italic or name in _ITALIC or "font-style:italic" in style,
        right=align == "right" or "text-align:right" in style or (look.right and not align),
        center="center" in (name, align) or "text-align:center" in style or (look.center and not align),
        lines=name in _LINES or look.lines,
        depth=look.depth + 1,
    )


def _is_hidden(attributes: Attributes) -> bool:
    return "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", "").lower()


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
    if len(runs) == 1:
        text = clean(runs[0].text)
        look = runs[0].look
        return Piece(kind, text, look.bold, look.italic, look.right, look.center) if text else None
    lines = "".join(run.text for run in runs).split(_BREAK)
    text = "\n".join(line for line in map(clean, lines) if line)
    if not text:
        return None
    shown = [run for run in runs if run.text != _BREAK and clean(run.text)]
    leading = next((index for index, run in enumerate(shown) if not run.look.italic or run.look.bold), len(shown))
    return Piece(
        kind,
        text,
        bold=all(run.look.bold for run in shown),
        italic=all(run.look.italic for run in shown),
        right=all(run.look.right for run in shown),
        center=all(run.look.center for run in shown),
        caption="" if leading == len(shown) else clean("".join(run.text for run in shown[:leading])),
    )


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for part in table.iter():
        if part.tag == "tr":
            yield part
        elif part.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in part.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))
