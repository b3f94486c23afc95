"""What other tools archived is copied as if it had been fetched just so, once."""

import gzip
from dataclasses import replace
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.address import Key
from crawler.archive import records
from crawler.importing import Importer
from tests.crawler.answers import URL

WHEN = "2019-05-06T07:08:09Z"
OTHER = "https://mic.gov.vn/Upload/a.pdf"


class Maker:
    """Writes a WARC as another tool would: SHA-1 digests, transfer-codings kept."""

    def __init__(self, *, packed: bool = True) -> None:
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed, warc_version="1.0")

    def response(self, url: str, payload: bytes, *headers: tuple[str, str], status: str = "200 OK", when=WHEN):
        http = StatusAndHeaders(status, [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(payload),
            length=len(payload),
            http_headers=http,
            warc_headers_dict={"WARC-Date": when},
        )
        self._writer.write_record(record)
        return self

    def revisit(self, url: str, of: str, when: str):
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("X-New", "1")], protocol="HTTP/1.1")
        record = self._writer.create_revisit_record(
            url, "sha1:XXXX", of, WHEN, http_headers=http, warc_headers_dict={"WARC-Date": when}
        )
        self._writer.write_record(record)
        return self

    def at(self, path):
        path.write_bytes(self._out.getvalue())
        return path


@pytest.fixture
def importer(settings, addresses, archive):
    return Importer(settings, addresses, archive)


@pytest.mark.parametrize("packed", [True, False])
def test_answers_of_the_site_are_copied_and_others_are_not(importer, archive, tmp_path, packed):
    made = Maker(packed=packed)
    made.response(URL, b"<h1>Tin</h1>").response("https://example.org/", b"x")
    made.response("https://mic.gov.vn/Pages/TinTuc/ratting.aspx", b"x").response(
        OTHER, b"%PDF", status="404 Not Found"
    )
    imported = importer.copy(made.at(tmp_path / "other.warc"))
    assert (imported.copied, imported.foreign, imported.known, imported.problem) == (2, 2, 0, "")
    (capture,) = archive.captures(key=Key(family="mic", id="144805"))
    page = archive.read(capture)
    assert (capture.source, f"{capture.captured_at:%Y-%m-%dT%H:%M:%SZ}") == ("other.warc", WHEN)
    assert (page.url, page.payload, page.media_type) == (URL, b"<h1>Tin</h1>", "text/html")
    assert capture.payload_digest == records.digest(b"<h1>Tin</h1>")
    (missing,) = archive.captures(canonical=OTHER)
    assert missing.status == 404


def test_a_second_time_nothing_is_added(importer, archive, tmp_path):
    made = Maker().response(URL, b"a").response(URL, b"b", when="2020-01-01T00:00:00Z").response(URL, b"a")
    path = made.at(tmp_path / "x.warc.gz")
    assert [importer.copy(path).copied for _ in range(2)] == [2, 0]
    assert importer.copy(path).known == 3
    assert archive.last_sequence == 2


def test_codings_are_treated_as_in_a_crawl(importer, archive, tmp_path):
    packed = gzip.compress(b"<h1>Tin</h1>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    importer.copy(Maker().response(URL, chunked, *headers).at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=Key(family="mic", id="144805"))
    assert archive.read(capture).payload == packed


def test_redirects_are_copied(importer, archive, tmp_path):
    made = Maker().response(URL, b"", ("Location", "/new.htm"), status="301 Moved")
    importer.copy(made.at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=Key(family="mic", id="144805"))
    assert (capture.status, capture.location) == (301, "https://mic.gov.vn/new.htm")


def test_a_revisit_gets_the_payload_it_refers_to(importer, archive, tmp_path):
    later = "2021-01-01T00:00:00Z"
    revisit = Maker().revisit(URL, URL, later).at(tmp_path / "revisit.warc.gz")
    assert importer.copy(revisit).incomplete == 1
    importer.copy(Maker().response(URL, b"<h1>Tin</h1>").at(tmp_path / "first.warc.gz"))
    assert importer.copy(revisit).copied == 1
    first, second = archive.captures(key=Key(family="mic", id="144805"))
    assert second.revisit_of == first.id
    assert archive.read(second).payload == b"<h1>Tin</h1>"
    assert archive.read(second).header("x-new") == "1"


def test_a_long_answer_is_cut_and_marked(settings, addresses, archive, tmp_path):
    small = settings.model_copy(update={"page_limit": 100})
    made = Maker().response(URL, bytes(101)).response(OTHER, bytes(100))
    Importer(small, addresses, archive).copy(made.at(tmp_path / "x.warc.gz"))
    (cut,), (whole,) = archive.captures(key=Key(family="mic", id="144805")), archive.captures(canonical=OTHER)
    assert (cut.payload_size, cut.truncated) == (100, "length")
    assert (whole.payload_size, whole.truncated) == (100, "")


@pytest.mark.parametrize(
    "broken", [b"nonsense, no archive at all", b"", b"WARC/1.0\r\nContent-Length: -5\r\n\r\n"]
)
def test_what_is_no_archive_is_a_problem_and_no_error(importer, tmp_path, broken):
    path = tmp_path / "x.warc"
    path.write_bytes(broken)
    imported = importer.copy(path)
    assert imported.copied == 0


def test_what_comes_before_a_cut_is_kept(importer, archive, tmp_path):
    made = Maker().response(URL, b"<h1>Tin</h1>").response(OTHER, bytes(range(256)) * 200)
    path = made.at(tmp_path / "x.warc.gz")
    path.write_bytes(path.read_bytes()[:-100])
    imported = importer.copy(path)
    assert (imported.copied, imported.problem) == (1, "the file ends in the middle of a record")
    assert archive.captures(canonical=OTHER) == []
    (capture,) = archive.captures(key=Key(family="mic", id="144805"))
    assert archive.read(capture).payload == b"<h1>Tin</h1>"


def test_our_own_files_can_be_imported_elsewhere(importer, archive, tmp_path, addresses):
    from tests.crawler.answers import html_page  # noqa: PLC0415

    page = html_page("<p>ours</p>", ("Transfer-Encoding", "chunked"))
    main, request = records.answer(page, records.digest(page.payload), None, "crawl")
    path = tmp_path / "ours.warc.gz"
    path.write_bytes(records.warcinfo("ours", {"software": "x"}) + main + request)
    importer.copy(path)
    (capture,) = archive.captures(canonical=addresses.read(page.url).canonical)
    read = archive.read(capture)
    assert (read.payload, read.captured_at) == (page.payload, page.captured_at)
    assert replace(read, headers=()) == replace(page, headers=(), request_headers=(), status_line=read.status_line)
