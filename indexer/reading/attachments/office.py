"""DOCX and XLSX files: paragraphs and tables in order, sheets as rows."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import docx
import openpyxl
from docx.table import Table
from docx.text.paragraph import Paragraph

from indexer.reading.attachments.problems import FileProblem
from indexer.reading.text import clean

LARGEST = 300_000_000
"""Bytes the parts of a file may unpack to."""
MOST_ROWS = 100_000
_HEAD = 2_048


def read_document(data: bytes) -> str:
    """Paragraphs and tables of a DOCX, a line each, cells split by tabs. Raises FileProblem."""
    _check(data)
    try:
        body = docx.Document(io.BytesIO(data)).iter_inner_content()
        return "\n".join(line for part in body for line in _lines(part) if line.strip())
    except Exception as error:  # the library raises whatever a damaged part leads to
        raise FileProblem(f"damaged: {type(error).__name__}") from error


def read_sheets(data: bytes) -> str:
    """Rows of every sheet of an XLSX, cells split by tabs, values as last calculated. Raises FileProblem."""
    _check(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
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


def _lines(part: Paragraph | Table) -> Iterator[str]:
    if isinstance(part, Paragraph):
        yield clean(part.text)
        return
    for row in part.rows:
        yield "\t".join(clean(cell.text) for cell in row.cells)


def _row(cells: Iterable[object]) -> str:
    return "\t".join(map(_cell, cells)).rstrip("\t")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else clean(str(value))
