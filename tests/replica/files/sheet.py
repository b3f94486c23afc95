"""Writes XLSX files through xlsxwriter, the same bytes for the same rows."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def write(heading: str, rows: Sequence[str]) -> bytes:
    """A workbook with one sheet: the heading in its first row, then rows whose cells are split by tabs."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _DAY})
    sheet = book.add_worksheet("Số liệu")
    sheet.write_string(0, 0, heading)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row.split("\t")):
            sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()
