"""Importing: what other tools archived is in the archive as if it had been crawled, once, in any order."""

import gzip
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.database import open_database
from crawler.address import Key
from crawler.archive import records
from crawler.importing import Importer
from crawler.importing.answer import without_chunks
from crawler.page import FetchedPage
from tests.archive.importing.maker import OTHER, WHEN, Maker, sha1
from tests.crawler.answers import AT, URL, html_page

ARTICLE = Key(family="mic", id="144805")
LATER = "2021-01-01T00:00:00Z"
BODY = b"<h1>Tin</h1>"


@pytest.fixture
def database(database_url):
    """On both databases."""
    opened = open_database(database_url, migrate=False)
    yield opened
    opened.close()


@pytest.fixture
def importer(settings, addresses, archive):
    return Importer(settings, addresses, archive)


@pytest.fixture
def kept(archive):
    """What the archive holds, whatever the order in which it came."""

    def reading():
        found = [capture for batch, _ in archive.changes(after=0) for capture in batch]
        return sorted((one.url, str(one.captured_at), one.status, archive.read(one).payload) for one in found)

    return reading


@pytest.mark.parametrize("packed", [True, False])
def test_answers_of_the_site_are_copied_and_others_are_not(importer, archive, tmp_path, packed):
    made = Maker(packed=packed)
    made.response(URL, BODY).response("https://example.org/", b"x")
    made.response("https://mic.gov.vn/Pages/TinTuc/ratting.aspx", b"x").response(
        OTHER, b"%PDF", status="404 Not Found"
    )
    imported = importer.copy(made.at(tmp_path / "other.warc"))
    assert (imported.copied, imported.foreign, imported.known, imported.problems) == (2, 2, 0, [])
    (capture,) = archive.captures(key=ARTICLE)
    page = archive.read(capture)
    assert (capture.source, f"{capture.captured_at:%Y-%m-%dT%H:%M:%SZ}") == ("other.warc", WHEN)
    assert (page.url, page.payload, page.media_type) == (URL, BODY, "text/html")
    assert capture.payload_digest == records.digest(BODY)
    (missing,) = archive.captures(canonical=OTHER)
    assert missing.status == 404


def test_a_file_that_is_one_gzip_member_is_read_too(importer, tmp_path):
    made = Maker(packed=False).response(URL, BODY).response(OTHER, b"%PDF")
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(b"".join(made.parts)))
    assert importer.copy(path).copied == 2


@pytest.mark.parametrize("packed", [True, False])
def test_arc_files_are_read(importer, archive, tmp_path, packed):
    def record(url, block):
        head = f"{url} 192.0.2.1 20060102030405 text/html {len(block)}\n".encode()
        return gzip.compress(head + block + b"\n") if packed else head + block + b"\n"

    version = b"1 0 Alexa Internet\nURL IP-address Archive-date Content-type Archive-length\n"
    begin = record("filedesc://old.arc", version)
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + BODY
    path = tmp_path / "old.arc"
    path.write_bytes(begin + record("dns:mic.gov.vn", b"20060102030405\nmic.gov.vn") + record(URL, answer))
    imported = importer.copy(path)
    assert (imported.copied, imported.foreign, imported.problems) == (1, 1, [])
    (capture,) = archive.captures(key=ARTICLE)
    assert (f"{capture.captured_at:%Y%m%d%H%M%S}", archive.read(capture).payload) == ("20060102030405", BODY)
    assert archive.read(capture).peer == "192.0.2.1"


def test_a_second_time_nothing_is_added(importer, archive, tmp_path):
    made = Maker().response(URL, b"a").response(URL, b"b", when="2020-01-01T00:00:00Z").response(URL, b"a")
    path = made.at(tmp_path / "x.warc.gz")
    assert [importer.copy(path).copied for _ in range(2)] == [2, 0]
    assert importer.copy(path).known == 3
    assert archive.last_sequence == 2


def test_a_redirect_to_another_form_of_the_address_in_the_same_second_is_no_duplicate(importer, archive, tmp_path):
    plain = URL.replace("https:", "http:")
    made = Maker().response(plain, b"", ("Location", URL), status="301 Moved").response(URL, BODY)
    made.response(URL.replace("//mic", "//www.mic"), b"", ("Location", URL), status="302 Found")
    assert importer.copy(made.at(tmp_path / "x.warc.gz")).copied == 3
    assert sorted(capture.status for capture in archive.captures(key=ARTICLE)) == [200, 301, 302]


def test_codings_are_treated_as_in_a_crawl(importer, archive, tmp_path):
    packed = gzip.compress(BODY)
    chunked = b"%x;x=1\r\n%s\r\n3\r\n%s\r\n0\r\n\r\n" % (len(packed) - 3, packed[:-3], packed[-3:])
    headers = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    importer.copy(Maker().response(URL, chunked, *headers).at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=ARTICLE)
    read = archive.read(capture)
    assert (read.payload, read.header("transfer-encoding")) == (packed, "chunked")


def test_a_body_that_only_claims_to_be_chunked_is_kept(importer, archive, tmp_path):
    importer.copy(Maker().response(URL, BODY, ("Transfer-Encoding", "chunked")).at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=ARTICLE)
    assert archive.read(capture).payload == BODY


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5))
def test_chunks_are_joined(chunks):
    coded = b"".join(b"%X\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    assert without_chunks(coded + b"0\r\n\r\n") == b"".join(chunks)
    assert without_chunks(coded) == b"".join(chunks)


@given(st.binary(max_size=60))
def test_anything_may_claim_to_be_chunked(data):
    assert len(without_chunks(data)) <= len(data)


def test_headers_of_any_bytes_are_kept(importer, archive, tmp_path):
    block = "HTTP/1.1 200 Được\r\nX-Name: Quế\r\n folded\r\nContent-Type: text/html\r\n\r\nx".encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <{URL}>\r\nWARC-Date: {WHEN}\r\n"
    head += f"Content-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    path = tmp_path / "x.warc"
    path.write_bytes(head.encode() + block + b"\r\n\r\n")
    importer.copy(path)
    (capture,) = archive.captures(key=ARTICLE)
    assert capture.url == URL
    assert archive.read(capture).header("x-name").encode("latin-1").decode() == "Quế folded"


def test_redirects_are_copied(importer, archive, tmp_path):
    made = Maker().response(URL, b"", ("Location", "/new.htm"), status="301 Moved")
    importer.copy(made.at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=ARTICLE)
    assert (capture.status, capture.location) == (301, "https://mic.gov.vn/new.htm")


def test_a_long_answer_is_cut_and_marked(settings, addresses, archive, tmp_path):
    small = settings.model_copy(update={"page_limit": 100})
    made = Maker().response(URL, bytes(101)).response(OTHER, bytes(100))
    Importer(small, addresses, archive).copy(made.at(tmp_path / "x.warc.gz"))
    (cut,), (whole,) = archive.captures(key=ARTICLE), archive.captures(canonical=OTHER)
    assert (cut.payload_size, cut.truncated) == (100, "length")
    assert (whole.payload_size, whole.truncated) == (100, "")


# ---- revisits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["address", "digest", "both", "our digest"])
def test_a_revisit_gets_the_payload_it_stands_for(importer, archive, tmp_path, named):
    digest = {"address": "sha1:XXXX", "our digest": records.digest(BODY)}.get(named, sha1(BODY))
    of = (URL, WHEN) if named in ("address", "both") else None
    path = Maker().response(URL, BODY).revisit(URL, LATER, digest, of).at(tmp_path / "x.warc.gz")
    assert (importer.copy(path).copied, importer.copy(path).known) == (2, 2)
    first, second = archive.captures(key=ARTICLE)
    assert second.revisit_of == first.id
    assert (archive.read(second).payload, archive.read(second).header("x-new")) == (BODY, "1")


def test_a_revisit_of_a_payload_that_was_digested_with_its_chunks(importer, archive, tmp_path):
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    made = Maker().response(URL, chunked, ("Transfer-Encoding", "chunked")).revisit(URL, LATER, sha1(chunked))
    assert importer.copy(made.at(tmp_path / "x.warc.gz")).copied == 2
    assert [archive.read(one).payload for one in archive.captures(key=ARTICLE)] == [BODY, BODY]


def test_a_304_stays_a_304(importer, archive, tmp_path):
    made = Maker().response(URL, BODY).revisit(URL, LATER, sha1(BODY), status="304 Not Modified")
    importer.copy(made.at(tmp_path / "x.warc.gz"))
    first, second = archive.captures(key=ARTICLE)
    assert (second.status, second.revisit_of, archive.read(second).payload) == (304, first.id, BODY)


def test_a_revisit_that_tells_nothing_of_itself_is_as_its_original(importer, archive, tmp_path):
    head = f"WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Target-URI: {URL}\r\nWARC-Date: {LATER}\r\n"
    head += f"WARC-Payload-Digest: {sha1(BODY)}\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    importer.copy(Maker(packed=False).response(URL, BODY).raw(head.encode()).at(tmp_path / "x.warc"))
    _, second = archive.captures(key=ARTICLE)
    assert (second.status, archive.read(second).media_type) == (200, "text/html")


def test_a_revisit_whose_original_is_nowhere_is_counted(importer, archive, tmp_path):
    path = Maker().revisit(URL, LATER, sha1(BODY), (URL, WHEN)).at(tmp_path / "x.warc.gz")
    assert [one.incomplete for one in importer.copy_all([path, path])] == [1, 1]
    assert archive.last_sequence == 0


def test_the_order_of_files_does_not_matter(settings, addresses, archive, importer, kept, tmp_path):
    """Revisits before their originals, also of revisits, in every order of four files."""
    last = "2022-01-01T00:00:00Z"
    files = [
        Maker().response(URL, BODY).response(OTHER, b"%PDF").at(tmp_path / "a.warc.gz"),
        Maker().revisit(URL, LATER, sha1(BODY)).at(tmp_path / "b.warc.gz"),
        Maker().revisit(URL, last, "", (URL, LATER)).response(URL, BODY, when=last).at(tmp_path / "c.warc.gz"),
        Maker().revisit(OTHER, last, sha1(b"%PDF"), status="304 Not Modified").at(tmp_path / "d.warc.gz"),
    ]
    importer.copy_all(files)
    expected = kept()
    assert len(expected) == 5
    for order in list(itertools.permutations(files))[1::3]:
        with archive._database.writing() as connection:
            for table in ("captures", "payload_labels"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        outcomes = Importer(settings, addresses, archive).copy_all(order)
        assert (sum(one.incomplete for one in outcomes), kept()) == (0, expected)


def test_a_digest_that_is_not_that_of_the_payload_names_nothing(importer, tmp_path):
    """Else a file could make revisits of other files mean what it likes."""
    made = Maker().response(URL, b"another", payload_digest=sha1(BODY)).revisit(OTHER, LATER, sha1(BODY))
    imported = importer.copy(made.at(tmp_path / "x.warc.gz"))
    assert (imported.copied, imported.doubtful, imported.incomplete) == (1, 1, 1)


# ---- requests ------------------------------------------------------------------------------------------------

IDS = ("<urn:uuid:1>", "<urn:uuid:2>")


@pytest.mark.parametrize("first", ["request", "response", "request, named by it"])
def test_requests_are_kept_with_their_answers(importer, archive, tmp_path, first):
    made = Maker()
    if first == "response":
        made.response(URL, BODY, record_id=IDS[0]).request(URL, record_id=IDS[1], concurrent_to=IDS[0])
    elif first == "request":
        made.request(URL, record_id=IDS[1], concurrent_to=IDS[0]).response(URL, BODY, record_id=IDS[0])
    else:
        made.request(URL, record_id=IDS[1]).response(URL, BODY, record_id=IDS[0], concurrent_to=IDS[1])
    importer.copy(made.at(tmp_path / "x.warc.gz"))
    (capture,) = archive.captures(key=ARTICLE)
    data = (tmp_path / "data" / "archive" / capture.warc).read_bytes()[capture.offset + capture.length :]
    assert b"GET /Pages/TinTuc/144805/Tin.html HTTP/1.1\r\nUser-Agent: other\r\n\r\n" in gzip.decompress(data)


def test_what_was_posted_is_not_what_the_address_answers(importer, tmp_path):
    made = Maker().response(URL, BODY, record_id=IDS[0])
    made.request(URL, method="POST", record_id=IDS[1], concurrent_to=IDS[0])
    imported = importer.copy(made.at(tmp_path / "x.warc.gz"))
    assert (imported.copied, imported.foreign) == (0, 1)


# ---- our own -------------------------------------------------------------------------------------------------


def test_our_own_files_can_be_imported_elsewhere(importer, archive, tmp_path, addresses):
    page = html_page("<p>ours</p>", ("Transfer-Encoding", "chunked"), ("X-Name", "Qu\xc3\xa9"))
    failure = FetchedPage(url=OTHER, captured_at=AT, error="connection refused")
    path = tmp_path / "ours.warc.gz"
    parts = [records.warcinfo("ours", {"software": "x"})]
    parts += records.answer(page, records.digest(page.payload), None, "crawl")
    parts += records.answer(failure, "", None, "crawl")
    path.write_bytes(b"".join(parts))
    assert [importer.copy(path).copied, importer.copy(path).known] == [2, 2]
    (capture,) = archive.captures(canonical=addresses.read(page.url).canonical)
    read = archive.read(capture)
    assert read == replace(page, request_headers=(), status_line=read.status_line)
    (failed,) = archive.captures(canonical=OTHER)
    assert (failed.status, failed.error) == (0, "connection refused")


def test_metadata_of_other_tools_is_no_failure(importer, archive, tmp_path):
    block = b"fetchTimeMs: 100\r\n"
    head = f"WARC/1.0\r\nWARC-Type: metadata\r\nWARC-Target-URI: {URL}\r\nWARC-Date: {WHEN}\r\n"
    head += f"Content-Type: application/warc-fields\r\nContent-Length: {len(block)}\r\n\r\n"
    path = tmp_path / "x.warc"
    path.write_bytes(head.encode() + block + b"\r\n\r\n")
    imported = importer.copy(path)
    assert (imported.copied, imported.problems, archive.last_sequence) == (0, [], 0)
