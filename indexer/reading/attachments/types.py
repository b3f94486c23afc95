"""What a file is, by its first bytes and inner names; what a server calls it counts for nothing."""

import io
import zipfile
from typing import Literal

FileType = Literal["pdf", "docx", "xlsx", "doc", "xls", "ole", "rtf", "zip"]

_HEAD = 1_024
"""Bytes in which a PDF's mark must stand: readers allow as much before it."""
MOST_ENTRIES = 10_000
"""Files inside a file of which the names are looked at."""
_ENTRY = b"PK\x01\x02"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def file_type(data: bytes) -> FileType | None:
    """The type of a file; None for text, markup, pictures and what is not known."""
    head = data[:_HEAD].lstrip()
    if b"%PDF-" in head and not head.startswith(b"<"):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data)
    if data.startswith(_OLE):
        return _compound(data)
    return "rtf" if data.startswith(b"{\\rtf") else None


def is_markup(data: bytes) -> bool:
    """Whether the data is a web page."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<script", b"<div"))


def _zipped(data: bytes) -> FileType:
    try:
        if data.count(_ENTRY) > MOST_ENTRIES:
            return "zip"
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # A cut file has lost its directory; the first entries still tell.
        names = {name for name in ("word/document.xml", "xl/workbook.xml") if name.encode() in data}
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


def _compound(data: bytes) -> FileType:
    """Old Office files name their streams in UTF-16."""
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    return "xls" if "Workbook".encode("utf-16-le") in data else "ole"
