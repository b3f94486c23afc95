"""PDF files: the text layer of each page; scans are recognised and said so. PDFium is not thread-safe."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from indexer.article import PAGE_BREAK
from indexer.reading.attachments.problems import PARTLY_SCANNED, SCANNED, FileProblem, FileText

MOST_PAGES = 3_000
FEW = 25
"""Characters a page has at most, on average, if it is a picture: page numbers and stamps."""

SeePage = Callable[[pdfium.PdfPage], str]
"""What stands on a page that is a picture."""


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    is_picture: bool = False
    """There is hardly a word on it, and something to be seen."""
    was_seen: bool = False


def read(data: bytes, see: SeePage | None = None) -> FileText:
    """The text of all pages, PAGE_BREAK between them; with `see`, pages that are pictures are read by it.

    Raises FileProblem.
    """
    try:
        with pdfium.PdfDocument(data) as document:
            count = len(document)
            pages = list(_pages(document, min(count, MOST_PAGES), see))
    except pdfium.PdfiumError as error:
        raise FileProblem("encrypted" if "assword" in str(error) else f"damaged: {error}") from error
    if not count:
        raise FileProblem("damaged: no pages")
    if sum(len(page.text) for page in pages) <= FEW * len(pages):
        raise FileProblem(SCANNED, count)
    return FileText(
        PAGE_BREAK.join(page.text for page in pages),
        count,
        problem=PARTLY_SCANNED if any(page.is_picture and not page.was_seen for page in pages) else "",
        recognised=any(page.was_seen for page in pages),
    )


def _pages(document: pdfium.PdfDocument, count: int, see: SeePage | None) -> Iterator[_Page]:
    for number in range(count):
        page = document[number]
        text = _text(page)
        if len(text.strip()) > FEW:
            yield _Page(text)
        elif see is None:
            yield _Page(text, is_picture=_has_picture(page))
        else:
            seen = see(page)
            yield _Page(seen or text, is_picture=_has_picture(page), was_seen=bool(seen))
        page.close()


def _text(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    text: str = text_page.get_text_range()
    text_page.close()
    return "\n".join(text.splitlines())


def _has_picture(page: pdfium.PdfPage) -> bool:
    return next(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]), None) is not None
