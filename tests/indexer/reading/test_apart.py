"""Files read in a process of their own: the same texts, and no file takes all time or memory."""

import io
import os
import signal
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.article import Attachment
from indexer.reading.attachments.apart import Apart
from indexer.reading.attachments.files import extract
from indexer.reading.attachments.problems import FileProblem
from tests.indexer.reading.pages import read
from tests.indexer.reading.test_attachments import FILE, a_docx, a_pdf, an_xlsx, scan


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    with Apart(seconds=20) as running:
        yield running


def bomb(size: int) -> bytes:
    """A PDF of one page whose content unpacks to so many bytes."""
    content = zlib.compress(b"BT (x) Tj ET" + b" " * size, 1)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(content) + content + b"\nendstream",
    )
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(places)
    return written + table + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(written)


def many_cells(rows: int) -> bytes:
    """An XLSX of some hundred kilobytes with so many rows of forty cells."""
    target = io.BytesIO()
    row = b"<row>" + b"<c><v>1</v></c>" * 40 + b"</row>"
    with (
        zipfile.ZipFile(io.BytesIO(an_xlsx())) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<sheetData>", b"<sheetData>" + row * rows, 1)
            packed.writestr(part.filename, data)
    return target.getvalue()


def children() -> list[int]:
    """Processes of this one that read files."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    processes = [int(number) for task in tasks for number in task.read_text().split()]
    return [one for one in processes if b"attachments.apart" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.parametrize("make", [a_pdf, a_docx, an_xlsx])
def test_a_file_says_the_same_as_read_here(apart, make):
    assert apart.extract(make()) == extract(make())


@pytest.mark.parametrize("data", [scan(), b"%PDF-1.4 nonsense", b"", b"<html>", b"PK\x03\x04nonsense", b"\0" * 9])
def test_what_cannot_be_read_says_the_same_as_read_here(apart, data):
    with pytest.raises(FileProblem) as here:
        extract(data)
    with pytest.raises(FileProblem) as there:
        apart.extract(data)
    assert (str(there.value), there.value.pages) == (str(here.value), here.value.pages)


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read():
    with Apart(memory=300_000_000) as apart:
        with pytest.raises(FileProblem, match="damaged: needs too much"):
            apart.extract(bomb(500_000_000))
        assert apart.extract(a_pdf()) == extract(a_pdf())


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read():
    with Apart(seconds=3) as apart:
        apart.extract(a_docx())
        started = time.monotonic()
        with pytest.raises(FileProblem, match="damaged: takes too long"):
            apart.extract(many_cells(100_000))
        assert time.monotonic() - started < 10
    with Apart() as apart:
        assert apart.extract(a_docx()) == extract(a_docx())


def test_a_process_that_dies_takes_one_file_with_it(apart):
    apart.extract(a_pdf())
    for process in children():
        os.kill(process, signal.SIGKILL)
    with pytest.raises(FileProblem):
        apart.extract(a_pdf())
    assert apart.extract(a_pdf()) == extract(a_pdf())


def test_the_reader_reads_files_apart():
    found = read(a_pdf(), FILE.format("pdf"), content_type="application/pdf")
    assert isinstance(found, Attachment)
    assert children()


def test_nothing_is_started_for_what_is_no_file():
    with Apart() as apart:
        for data in (b"", b"<html>", b"words"):
            with pytest.raises(FileProblem):
                apart.extract(data)
        assert apart._pipe is None
