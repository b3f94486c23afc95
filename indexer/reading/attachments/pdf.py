"""PDF files: the text layer of each page; scans are recognised and said so. PDFium is not thread-safe."""

from collections.abc import Iterator

import pypdfium2 as pdfium

from indexer.reading.attachments.problems import FileProblem
from indexer.reading.text import clean

MOST_PAGES = 3_000
SCANNED = 25
"""Characters a page has on average at most if the file is a scan: page numbers and stamps."""


def read(data: bytes) -> list[str]:
    """The text of each page, lines kept. Raises FileProblem."""
    try:
        with pdfium.PdfDocument(data) as document:
            count = len(document)
            texts = list(_texts(document, min(count, MOST_PAGES)))
    except pdfium.PdfiumError as error:
        raise FileProblem("encrypted" if "assword" in str(error) else f"damaged: {error}") from error
    if not count:
        raise FileProblem("damaged: no pages")
    if sum(map(len, texts)) <= SCANNED * count:
        raise FileProblem("scanned", count)
    return [*texts, *[""] * (count - len(texts))]


def _texts(document: pdfium.PdfDocument, count: int) -> Iterator[str]:
    for number in range(count):
        page = document[number]
        text_page = page.get_textpage()
        lines = text_page.get_text_range().splitlines()
        text_page.close()
        page.close()
        yield "\n".join(line for line in map(clean, lines) if line)
