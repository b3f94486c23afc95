"""DOCX and XLSX files: paragraphs and tables in order, sheets as rows."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn

from indexer.reading.attachments.problems import FileProblem

LARGEST = 300_000_000
"""Bytes the parts of a file may unpack to."""
MOST_ROWS = 100_000
MOST_COLUMNS = 63
"""Word allows no more in one table."""
_HEAD = 2_048

_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_TEXT, _TAB = qn("w:t"), qn("w:tab")
_BREAKS = frozenset((qn("w:br"), qn("w:cr")))
_LEFT_OUT = frozenset((
    qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:pPr"), qn("w:rPr"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
))  # fmt: skip
"""What was deleted, what tells how things look, and what is there twice for older programs."""
_PROPERTIES, _SPAN, _VALUE = qn("w:tcPr"), qn("w:gridSpan"), qn("w:val")


def read_document(data: bytes) -> str:
    """Paragraphs and tables of a DOCX, a line each, cells split by tabs. Raises FileProblem.

    The tree is walked here: python-docx leaves out what stands in content controls, insertions, text boxes, and in
    smart tags, which Word 2003 put around every place's name.
    """
    _check(data)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
        return "\n".join(line for line in _lines(body) if line.strip())
    except Exception as error:  # the library raises whatever a damaged part leads to
        raise FileProblem(f"damaged: {type(error).__name__}") from error


def read_sheets(data: bytes) -> str:
    """Rows of every sheet of an XLSX, cells split by tabs, values as last calculated. Raises FileProblem."""
    _check(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a file says of its size is often wrong, and rows would be lost
            rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
            return "\n".join(_row(row) for row, _ in zip(rows, range(MOST_ROWS), strict=False) if any(row))
        finally:
            book.close()
    except Exception as error:  # the library raises whatever a damaged part leads to
        raise FileProblem(f"damaged: {type(error).__name__}") from error


def _check(data: bytes) -> None:
    """Refuse what would unpack beyond all bounds, and XML that declares entities. Raises FileProblem."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise FileProblem(f"unpacks to more than {LARGEST} bytes")
            for part in archive.infolist():
                if part.flag_bits & 1:
                    raise FileProblem("encrypted")
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(_HEAD):
                            raise FileProblem("damaged: declares entities")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise FileProblem(f"damaged: {error}") from error


def _lines(holder: Any) -> Iterator[str]:
    """The lines of what holds paragraphs and tables, itself or in something between."""
    for part in holder:
        if part.tag == _PARAGRAPH:
            yield from "".join(_pieces(part)).split("\n")
        elif part.tag == _TABLE:
            yield from map(_table_row, _within(part, _ROW))
        elif part.tag not in _LEFT_OUT:
            yield from _lines(part)


def _pieces(part: Any) -> Iterator[str]:
    """What a paragraph says; what stands in a box in it on lines of its own."""
    for inner in part:
        if inner.tag == _TEXT:
            yield (inner.text or "").replace("\n", " ").replace("\t", " ")
        elif inner.tag == _TAB:
            yield " "
        elif inner.tag in _BREAKS:
            yield "\n"
        elif inner.tag in (_PARAGRAPH, _TABLE):
            yield "\n" + "\n".join(_lines([inner])) + "\n"
        elif inner.tag not in _LEFT_OUT:
            yield from _pieces(inner)


def _table_row(row: Any) -> str:
    """The cells of a row; one that spans several columns is followed by empty ones, as far as any follow."""
    return "\t".join(cell for part in _within(row, _CELL) for cell in (_cell_text(part), *[""] * _spanned(part)))


def _cell_text(cell: Any) -> str:
    return " ".join(" ".join(line.split("\t")) for line in _lines(cell) if line.strip())


def _spanned(cell: Any) -> int:
    span = cell.find(f"./{_PROPERTIES}/{_SPAN}")
    width = span.get(_VALUE) or "" if span is not None else ""
    return min(int(width) - 1, MOST_COLUMNS) if width.isdecimal() and int(width) else 0


def _within(holder: Any, tag: str) -> Iterator[Any]:
    """The rows of a table, the cells of a row, also where a content control stands between."""
    for part in holder:
        if part.tag == tag:
            yield part
        elif part.tag not in _LEFT_OUT:
            yield from _within(part, tag)


def _row(cells: Iterable[object]) -> str:
    return "\t".join(map(_cell, cells))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else " ".join(str(value).split())
