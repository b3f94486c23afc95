"""Files: read by what they are; what cannot be read says why."""

import io
import random
import stat
import zipfile
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
from indexer.reading.attachments import read_file
from indexer.reading.attachments.files import extract
from tests.indexer.reading.pages import answer, reader, truth
from tests.replica.files import pdf

FILE = "https://mic.gov.vn/Upload_Moi/VanBan/38TT.{}"


ADDRESSES = Addresses(load_profile("mic"))


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


@given(st.integers(0, 10_000), st.sampled_from([a_pdf(), a_docx(), an_xlsx()]))
@settings(max_examples=60, deadline=None)
def test_no_damage_raises(seed, data):
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(20):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    file(bytes(damaged[: chance.randrange(1, len(damaged))]))
