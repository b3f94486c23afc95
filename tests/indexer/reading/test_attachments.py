"""Files: read by what they are; what cannot be read says why."""

import io
import random
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.site import load_profile
from crawler.address import Addresses
from indexer.article import EMPTY, WEB_PAGE, Attachment
from indexer.language.normalise import search_text
from indexer.reading.attachments import Apart, read_file
from indexer.reading.attachments.files import extract
from tests.indexer.reading.pages import answer, reader, truth
from tests.replica.files import pdf

FILE = "https://mic.gov.vn/Upload_Moi/VanBan/38TT.{}"


ADDRESSES = Addresses(load_profile("mic"))
SAMPLES = Path(__file__).with_name("samples")
SCAN = Path(SAMPLES, "scan.pdf").read_bytes()
PICTURED = """BỘ THÔNG TIN VÀ TRUYỀN THÔNG
Số: 38/2021/TT-BTTTT
Thông tư này quy định việc quản lý hạ tầng viễn thông thụ động ở tỉnh Long An và thành phố Đà Nẵng.
Doanh nghiệp viễn thông có trách nhiệm báo cáo định kỳ trước ngày 15 tháng 12 hằng năm."""
"""What stands on the scanned page."""


def file(data: bytes, ending: str = "pdf") -> Attachment:
    return read_file(data, ADDRESSES.read(FILE.format(ending)), extract)


def a_pdf() -> bytes:
    return pdf.write(pdf.lay_out("Thông tư", ["Quy định về quản lý hạ tầng viễn thông thụ động. " * 4] * 3))


def a_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("Quy định về Hội nghị")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Long An", "14"
    document.add_paragraph("Hết")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def an_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Đơn vị", "Số"], ["Long An", 14.0], [None, None], ["Cà Mau", 2.5]):
        sheet.append(row)
    book.create_sheet("hai").append(["trang hai"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_every_file_of_the_replica_is_read_exactly():
    read_ones = 0
    for said in truth():
        for wanted in said.attachments:
            found = reader().read(answer(wanted.address))
            assert isinstance(found, Attachment), wanted.address
            whole = {"whole": wanted.type}.get(wanted.state, "other")
            problem = {"empty": EMPTY, "error page": WEB_PAGE}.get(wanted.state, "")
            assert (found.type, found.pages, found.problem) == (whole, wanted.pages, problem), wanted.address
            assert found.text.split() == wanted.text.split(), wanted.address
            read_ones += 1
    assert read_ones > 20


@pytest.mark.parametrize("ending", ["pdf", "PDF", "docx", "doc", "bin"])
def test_a_file_is_what_its_content_is_whatever_it_is_called(ending):
    assert file(a_pdf(), ending).type == "pdf"
    assert file(a_docx(), ending).type == "docx"
    assert file(an_xlsx(), ending).type == "xlsx"


def test_documents_and_sheets_keep_their_order():
    assert file(a_docx(), "docx").text == "Quy định về Hội nghị\nLong An\t14\nHết"
    assert file(an_xlsx(), "xlsx").text == "Đơn vị\tSố\nLong An\t14\nCà Mau\t2.5\ntrang hai"


def scan() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "problem"),
    [
        (b"", "other", "empty"),
        (b"\0\0\0\r\n", "other", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "other", "a web page instead of a file"),
        (b"\xef\xbb\xbf\r\n<html>x</html>", "other", "a web page instead of a file"),
        (b"<html>%PDF-1.4</html>", "other", "a web page instead of a file"),
        (b"just words", "other", "no file that can be read"),
        (b"%PDF-1.4 and then nothing", "pdf", "damaged"),
        (a_pdf()[:400], "pdf", "damaged"),
        (a_docx()[:3000], "docx", "damaged"),
        (scan(), "pdf", "scanned"),
        (zipped(a=b"x"), "other", "zip files are not read"),
        (zipped(**{"word__document.xml": b"<x>"}), "docx", "damaged"),
        (
            zipped(**{"word__document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
            "docx",
            "damaged: declares entities",
        ),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "other", "encrypted"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "Book".encode("utf-16-le"), "other", "ole files are not read"),
    ],
)
def test_what_cannot_be_read_says_why(data, kind, problem):
    found = file(data)
    assert found.problem.startswith(problem)
    assert found.type == kind
    assert found.text == ""


def test_scans_are_counted_all_the_same():
    assert file(scan()).pages == 2


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("indexer.reading.attachments.office.LARGEST", 1_000_000)
    bomb = zipped(**{"word__document.xml": b"<x/>", "word__media": b"\0" * 2_000_000})
    assert file(bomb, "docx").problem.startswith("unpacks to more than")


def test_an_old_document_is_converted_where_there_is_a_converter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    old = bytes.fromhex("D0CF11E0A1B11AE1") + "WordDocument".encode("utf-16-le")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert file(old, "doc").problem.startswith("no converter for DOC files")
    converter = tmp_path / "catdoc"
    converter.write_text("#!/bin/sh\necho 'Quy định  cũ'\n", encoding="utf-8")
    converter.chmod(converter.stat().st_mode | stat.S_IXUSR)
    found = file(old, "doc")
    assert (found.type, found.text, found.problem) == ("doc", "Quy định cũ", "")
    converter.write_text("#!/bin/sh\necho broken >&2\nexit 1\n", encoding="utf-8")
    assert file(old, "doc").problem == "damaged: broken"


def converter(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_where_one_converter_finds_nothing_the_next_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    old = bytes.fromhex("D0CF11E0A1B11AE1") + "WordDocument".encode("utf-16-le")
    monkeypatch.setenv("PATH", str(tmp_path))
    converter(tmp_path, "antiword", "echo not a Word document >&2")
    converter(tmp_path, "soffice", "echo Quy định cũ")
    assert file(old, "doc").text == "Quy định cũ"


@pytest.mark.antiword
@pytest.mark.parametrize(("kind", "shown"), [("doc", "doc"), ("rtf", "other")])
def test_real_old_documents_are_read(kind: str, shown: str):
    found = file(Path(SAMPLES, f"old.{kind}").read_bytes(), "doc")
    assert (found.type, found.problem) == (shown, "")
    words = " ".join(found.text.split())
    assert words.startswith("QUYẾT ĐỊNH của Bộ trưởng Bộ Bưu chính, Viễn thông Điều 1. Ban hành kèm theo")
    assert "ở tỉnh Đắk Lắk." in words
    assert words.endswith("Tỉnh Số máy Cà Mau 1245 Điều 2. Quyết định có hiệu lực sau 15 ngày.")


@pytest.mark.antiword
def test_tables_and_sheets_of_old_files_are_rows():
    assert "\nTỉnh\tSố máy\nCà Mau\t1245\n" in file(Path(SAMPLES, "old.doc").read_bytes(), "doc").text
    assert file(Path(SAMPLES, "old.xls").read_bytes()).text == "Tỉnh\tSố máy\nCà Mau\t1245\nĐắk Lắk\t78.5"


def test_what_stands_in_tags_boxes_and_merged_cells_of_a_document_is_kept():
    """Word 2003 put smart tags around places; python-docx reads none of what is in them."""
    words = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        "<w:p><w:r><w:t>tỉnh </w:t></w:r><w:smartTag><w:r><w:t>Long An</w:t></w:r></w:smartTag>"
        "<w:ins><w:r><w:t> họp</w:t></w:r></w:ins><w:del><w:r><w:delText> cũ</w:delText></w:r></w:del>"
        "<w:r><w:br/><w:t>dòng hai</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Mục lục</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Tỉnh</w:t></w:r></w:p></w:tc>'
        "<w:tc><w:p><w:r><w:t>Số</w:t></w:r></w:p><w:p><w:r><w:t>máy</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    source, target = zipfile.ZipFile(io.BytesIO(a_docx())), io.BytesIO()
    with zipfile.ZipFile(target, "w") as changed:
        for part in source.infolist():
            document = f"<w:document {words}><w:body>{body}</w:body></w:document>".encode()
            is_body = part.filename == "word/document.xml"
            changed.writestr(part.filename, document if is_body else source.read(part))
    assert file(target.getvalue()).text == ("tỉnh Long An họp\ndòng hai\nMục lục\nTrong khung\nTỉnh\t\tSố máy")


def test_rows_beyond_the_size_a_sheet_claims_are_read():
    source, target = zipfile.ZipFile(io.BytesIO(an_xlsx())), io.BytesIO()
    with zipfile.ZipFile(target, "w") as changed:
        for part in source.infolist():
            changed.writestr(part.filename, source.read(part).replace(b'ref="A1:B4"', b'ref="A1"'))
    assert file(target.getvalue()).text == file(an_xlsx()).text


def scanned_with_a_cover() -> bytes:
    """The scan with a page of text before it."""
    whole = pypdfium2.PdfDocument(a_pdf())
    whole.import_pages(pypdfium2.PdfDocument(SCAN))
    target = io.BytesIO()
    whole.save(target)
    return target.getvalue()


def test_a_scan_is_said_to_be_one_and_a_file_that_partly_is():
    found = file(SCAN)
    assert (found.type, found.pages, found.problem, found.text) == ("pdf", 1, "scanned", "")
    partly = file(scanned_with_a_cover())
    assert (partly.pages, partly.problem, partly.recognised) == (2, "partly scanned", False)
    assert partly.text == f"{file(a_pdf()).text}\f"
    assert partly.page_texts == (file(a_pdf()).text, "")


def long_pdf(*pages: str) -> bytes:
    return pdf.write(tuple(tuple(page.split("\n")) for page in pages))


def test_the_text_of_a_pdf_is_told_page_by_page():
    rules = "Quy định về quản lý hạ tầng viễn thông\nthụ động ở tỉnh Long An."
    found = file(long_pdf(f"THÔNG TƯ\n{rules}", "", f"Điều 2.\n\n{rules}", ""))
    assert found.page_texts == (f"THÔNG TƯ\n{rules}", "", f"Điều 2.\n{rules}", "")
    assert (found.pages, found.problem) == (4, "")


def test_pages_are_no_matter_to_what_is_searched():
    """Words that follow each other over the end of a page still do."""
    text = "Bộ Bưu chính, Viễn thông quy định về việc quản lý dịch vụ truy nhập mạng điện thoại công cộng ở Hà"
    found = file(long_pdf(text, "Nội và các tỉnh"))
    assert "ở hà nội và" in search_text(found.text)
    assert search_text(found.text) == search_text(found.text.replace("\f", "\n"))


def test_what_has_no_pages_or_is_not_known_to_have_any_is_one_text():
    old = Attachment(address="a", url="a", type="pdf", text="Trang một\nTrang hai", pages=2)
    assert old.page_texts == ()
    assert replace(old, pages=1).page_texts == ("Trang một\nTrang hai",)
    assert replace(old, text="", pages=1).page_texts == ()
    assert file(a_docx(), "docx").page_texts == ()


@pytest.mark.tesseract
def test_scans_are_recognised_where_that_is_asked_for():
    with Apart(ocr=True) as apart:
        found = read_file(SCAN, ADDRESSES.read(FILE.format("pdf")), apart.extract)
        partly = read_file(scanned_with_a_cover(), ADDRESSES.read(FILE.format("pdf")), apart.extract)
        whole = read_file(a_pdf(), ADDRESSES.read(FILE.format("pdf")), apart.extract)
    assert (found.pages, found.problem, found.recognised) == (1, "", True)
    words = found.text.split()
    assert "Long" in words
    asked = PICTURED.split()
    assert sum(word in words for word in asked) >= 0.9 * len(asked)
    assert (partly.pages, partly.problem, partly.recognised) == (2, "", True)
    assert partly.text == f"{whole.text}\f{found.text}"
    assert (whole.problem, whole.recognised) == ("", False)


def test_without_tesseract_a_scan_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with Apart(ocr=True) as apart:
        found = read_file(SCAN, ADDRESSES.read(FILE.format("pdf")), apart.extract)
    assert (found.problem, found.pages) == ("scanned: tesseract with Vietnamese is not installed", 1)


@given(st.integers(0, 10_000), st.sampled_from([a_pdf(), a_docx(), an_xlsx()]))
@settings(max_examples=60, deadline=None)
def test_no_damage_raises(seed, data):
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(20):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    file(bytes(damaged[: chance.randrange(1, len(damaged))]))
