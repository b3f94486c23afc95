"""Attached files say what the truth says they do, to the libraries that will read them."""

import io

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from tests.replica.conftest import ARTICLES, site_of
from tests.replica.files import FileContent, file_content
from tests.replica.files.pdf import lay_out, write
from tests.replica.item import FileType
from tests.replica.text.documents import FileText

_ALL_LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"


def spaced_once(text: str) -> str:
    return " ".join(text.split())


def pdf_text(data: bytes) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document), len(document)
    finally:
        document.close()


def contents(kind: FileType) -> list[FileContent]:
    corpus = site_of(articles=ARTICLES).corpus
    found = [
        file_content(1, item, file)
        for item in corpus
        for file in item.files
        if file.type == kind and file.state == "whole"
    ]
    return found[:40]


def test_pdf_text_comes_out_as_it_went_in() -> None:
    chosen = contents("pdf")
    assert len(chosen) == 40
    for content in chosen:
        text, pages = pdf_text(content.render())
        assert spaced_once(text) == spaced_once(content.text)
        assert pages == content.pages
    assert {content.pages for content in chosen} >= {1, 2}


def test_pdf_text_has_every_vietnamese_letter() -> None:
    letters = f"{_ALL_LETTERS} {_ALL_LETTERS.upper()} 0123456789 .,;:/-–()%“”…&"
    text, _ = pdf_text(write(lay_out("Tiêu đề", (letters, letters[::-1]))))
    assert spaced_once(text) == spaced_once(f"Tiêu đề {letters} {letters[::-1]}")


def test_pdf_shows_something() -> None:
    """A page drawn by the library is not blank."""
    document = pypdfium2.PdfDocument(contents("pdf")[0].render())
    bitmap = document[0].render(scale=0.5)
    assert len(set(bytes(bitmap.buffer))) > 10
    document.close()


def test_docx_text_comes_out_as_it_went_in() -> None:
    chosen = contents("docx")
    assert len(chosen) > 20
    for content in chosen:
        paragraphs = Document(io.BytesIO(content.render())).paragraphs
        assert "\n".join(paragraph.text for paragraph in paragraphs) == content.text


def test_xlsx_cells_come_out_as_they_went_in() -> None:
    chosen = contents("xlsx")
    assert len(chosen) > 10
    for content in chosen:
        book = load_workbook(io.BytesIO(content.render()), read_only=True)
        rows = ["\t".join(str(cell) for cell in row if cell) for row in book.worksheets[0].values]
        book.close()
        assert "\n".join(rows) == content.text


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_a_file_is_the_same_bytes_each_time(kind: FileType) -> None:
    said = FileText(heading="Một", paragraphs=("Hai", "Ba & bốn"), rows=("a\tb",))
    assert FileContent(kind, said).render() == FileContent(kind, said).render()
