"""The text of a file, or the reason why there is none: the article that offers it stands in any case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from crawler.address import Address
from indexer.article import EMPTY, WEB_PAGE, Attachment
from indexer.reading.attachments import office, old, pdf
from indexer.reading.attachments.problems import FileProblem
from indexer.reading.attachments.types import FileType, file_type, is_markup

MAX_TEXT = 5_000_000
"""Characters kept of one file; the longest law has 300,000."""

_SHOWN: dict[FileType, Literal["pdf", "docx", "doc", "xlsx"]] = {
    "pdf": "pdf",
    "docx": "docx",
    "xlsx": "xlsx",
    "doc": "doc",
}


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read of a file; `pages` where it has any."""

    text: str
    pages: int | None = None


def read_file(data: bytes, address: Address, extract: Callable[[bytes], FileText]) -> Attachment:
    """Read a file by what it is, not by what it is called. Never raises: `problem` tells what is wrong."""
    kind = file_type(data)
    shown = _SHOWN.get(kind) if kind else None
    text, pages, problem = "", None, ""
    try:
        found = extract(data)
        text, pages = found.text, found.pages
        problem = "" if text else "no text"
    except FileProblem as error:
        problem, pages = str(error), error.pages
    return Attachment(
        address=address.canonical, url=address.url, type=shown or "other", text=text, pages=pages, problem=problem
    )


def extract(data: bytes) -> FileText:
    """The text of a file, up to MAX_TEXT. Raises FileProblem. What the data holds may take all time and memory."""
    kind = file_type(data)
    found = _read(data, kind)
    return FileText(found.text[:MAX_TEXT], found.pages)


def _read(data: bytes, kind: FileType | None) -> FileText:
    if not data.strip(b"\0\r\n\t "):
        raise FileProblem(EMPTY)
    if kind is None:
        raise FileProblem(WEB_PAGE if is_markup(data) else "no file that can be read")
    if kind == "pdf":
        pages = pdf.read(data)
        return FileText("\n".join(pages).strip(), len(pages))
    readers: dict[FileType, Callable[[bytes], str]] = {
        "docx": office.read_document,
        "xlsx": office.read_sheets,
        "doc": old.read_document,
    }
    if kind not in readers:
        raise FileProblem(
            "encrypted" if kind == "ole" and old.is_encrypted(data) else f"{kind} files are not read"
        )
    return FileText(readers[kind](data))
