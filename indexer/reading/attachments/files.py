"""The text of a file, or the reason why there is none: the article that offers it stands in any case."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Literal

from crawler.address import Address
from indexer.article import EMPTY, PAGE_BREAK, WEB_PAGE, Attachment
from indexer.language.legacy import repair_all, undoubled
from indexer.reading.attachments import office, old, pdf, scans
from indexer.reading.attachments.problems import FileProblem, FileText
from indexer.reading.attachments.types import FileType, file_type, is_markup
from indexer.reading.text import clean

MAX_TEXT = 5_000_000
"""Characters kept of one file; the longest law has 300,000."""

_SHOWN: dict[FileType, Literal["pdf", "docx", "doc", "xlsx"]] = {
    "pdf": "pdf",
    "docx": "docx",
    "xlsx": "xlsx",
    "doc": "doc",
}
_READERS: dict[FileType, Callable[[bytes], str]] = {
    "docx": office.read_document,
    "xlsx": office.read_sheets,
    "doc": lambda data: old.read_document(data, "doc"),
    "rtf": lambda data: old.read_document(data, "rtf"),
    "xls": lambda data: old.read_document(data, "xls"),
}


def read_file(data: bytes, address: Address, extract: Callable[[bytes], FileText]) -> Attachment:
    """Read a file by what it is, not by what it is called. Never raises: `problem` tells what is wrong."""
    kind = file_type(data)
    shown = _SHOWN.get(kind) if kind else None
    try:
        found = extract(data)
    except FileProblem as error:
        found = FileText("", error.pages, str(error))
    return Attachment(
        address=address.canonical,
        url=address.url,
        type=shown or "other",
        text=found.text,
        pages=found.pages,
        problem=found.problem or ("" if found.text else "no text"),
        recognised=found.recognised,
    )


def extract(data: bytes, *, ocr: bool = False) -> FileText:
    """The text of a file, up to MAX_TEXT; with `ocr` also of its pages that are pictures.

    Raises FileProblem. What the data holds may take all time and memory.
    """
    found = _read(data, file_type(data), ocr=ocr)
    pages = [page.split("\n") for page in undoubled(found.text[:MAX_TEXT]).split(PAGE_BREAK)]
    lines = map(_clean, repair_all([line for page in pages for line in page]))
    text = PAGE_BREAK.join("\n".join(filter(None, islice(lines, len(page)))) for page in pages)
    return replace(found, text=text if text.strip(PAGE_BREAK) else "")


def _clean(line: str) -> str:
    """A line as it is shown, its cells kept apart. Cleaned only now: letters of old encodings may be unseen."""
    return "\t".join(map(clean, line.split("\t"))).rstrip("\t")


def _read(data: bytes, kind: FileType | None, *, ocr: bool) -> FileText:
    if not data.strip(b"\0\r\n\t "):
        raise FileProblem(EMPTY)
    if kind is None:
        raise FileProblem(WEB_PAGE if is_markup(data) else "no file that can be read")
    if kind == "pdf":
        return pdf.read(data, scans.Recogniser().see if ocr else None)
    if kind not in _READERS:
        raise FileProblem(
            "encrypted" if kind == "ole" and old.is_encrypted(data) else f"{kind} files are not read"
        )
    return FileText(_READERS[kind](data))
