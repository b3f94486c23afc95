"""Rows written as CSV, XLSX or JSON Lines, piece by piece and in constant memory."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import xlsxwriter

from webui.export.columns import Value
from webui.wording import for_xml

Row = Sequence[Value]
About = Sequence[tuple[str, str]]
"""What a file says of itself: query, filters, time, count."""

ROWS: Final = 500
"""Rows written at once."""
MOST_ROWS: Final = 1_048_000
"""Rows of an XLSX sheet, a little below what the format holds."""
MOST_LETTERS: Final = 32_000
"""Of one cell of a spreadsheet, likewise."""
_CHUNK: Final = 65_536
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of file."""

    title: str
    media_type: str
    write: Callable[[About, Sequence[str], Iterable[Row]], Iterator[bytes]]


def _csv(about: About, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a byte order mark; lines that tell of the file begin with `#`."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    page.write("\ufeff")
    for name, value in about:
        writer.writerow([f"# {name}: {value}"])
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([_harmless(_text(value)) for value in row])
        if number % ROWS == 0:
            yield _taken(page)
    yield _taken(page)


def _json_lines(about: About, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """One JSON object in each line; the first tells of the file."""
    lines = [_json({"about": dict(about)})]
    for row in rows:
        lines.append(_json(dict(zip(columns, map(_plain, row), strict=True))))
        if len(lines) >= ROWS:
            yield b"".join(lines)
            lines.clear()
    yield b"".join(lines)


def _xlsx(about: About, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """A sheet of rows and one that tells of the file. It is written to disk first: the format has no other way."""
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
            "remove_timezone": True,
        }
        with xlsxwriter.Workbook(file, options) as book:
            sheet, told = book.add_worksheet("mic"), book.add_worksheet("about")
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
            for number, row in enumerate(rows, 1):
                if number > MOST_ROWS:
                    break
                for place, value in enumerate(row):
                    _cell(sheet, number, place, value)
            for number, (name, value) in enumerate(about):
                told.write_string(number, 0, name)
                told.write_string(number, 1, for_xml(value[:MOST_LETTERS]))
        file.seek(0)
        yield from iter(lambda: file.read(_CHUNK), b"")


def _cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    elif value:
        sheet.write_string(row, column, for_xml(_text(value)[:MOST_LETTERS]))


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: Value) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False)}\n".encode("utf-8", "replace")


def _taken(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode("utf-8", "replace")


FORMS: Final[Mapping[str, Form]] = {
    "csv": Form("CSV", "text/csv; charset=utf-8", _csv),
    "xlsx": Form("Excel (XLSX)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "jsonl": Form("JSON Lines", "application/jsonl; charset=utf-8", _json_lines),
}
"""By their endings."""
