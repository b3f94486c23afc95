"""Whole results as their files and archived copies: byte for byte, what is missing told, nothing withheld."""

import csv
import io
import json
import tempfile
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Generator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from warcio.archiveiterator import ArchiveIterator

from crawler.address import Addresses
from crawler.page import body
from indexer.article import Attachment, AttachmentLink
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.record import Correction
from tests.archive.exporting.test_exporting import validate
from tests.webui.library import SIZE, archive, key_of, library, withhold
from webui import create_app
from webui.export.bundles import KINDS
from webui.export.sending import AT_ONCE
from webui.protection import EXPORTS
from webui.replay.files import MOST_BYTES, Names, file_name, stem

WITH_FILE = key_of(1)
HOSTILE = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/absolute.pdf",
    "C:evil.pdf",
    "a\x00b.pdf",
    "a\r\nX: y.pdf",
    "CON",
    "nul.pdf",
    "LPT1.txt.pdf",
    "com¹.pdf",
    "trailing. . .",
    "\u202efdp.exe",
    "ă" * 400 + ".pdf",
    "Tho\u0302ng tu\u031b.pdf",
    "",
    ".",
    "~root",
    "a:b|c?d*e<f>g.pdf",
)


def saved(client, address: str) -> bytes:
    with client.get(address, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)


def unpacked(client, address: str) -> zipfile.ZipFile:
    file = zipfile.ZipFile(io.BytesIO(saved(client, address)))
    assert file.testzip() is None
    return file


def manifest(file: zipfile.ZipFile) -> tuple[str, list[dict[str, str]]]:
    """What it says of the whole, and its lines."""
    (name,) = (name for name in file.namelist() if name.endswith("manifest.csv"))
    lines = file.read(name).decode("utf-8-sig").splitlines()
    told = [line for line in lines if line.startswith(("#", '"#'))]
    if not told:
        told_there = json.loads(file.read("datapackage.json"))["description"]
        return told_there, list(csv.DictReader(lines))
    return "\n".join(told), list(csv.DictReader(lines[len(told) :]))


def offer(services, names, *, number="199990", padding="") -> list[bytes]:
    """An article with files of these names, indexed; returns what the files hold."""
    key = replace(WITH_FILE, id=number)
    urls = [f"https://mic.gov.vn/Upload/{number}-{place}.pdf" for place in range(len(names))]
    article = replace(
        next(library(1)).article,
        key=key,
        url=f"https://mic.gov.vn/Pages/TinTuc/{number}/",
        title=f"Bài có tệp số {number}",
        attachments=tuple(
            AttachmentLink(address=url, url=url, name=name) for url, name in zip(urls, names, strict=True)
        ),
    )
    files = [Attachment(address=url, url=url, type="pdf", text=f"%PDF {url}") for url in urls]
    archive(services, article, *files, padding=padding)
    for changes, cursor in services.record.changes(after=services.index.cursor):
        services.index.apply(changes, cursor)
    addresses = Addresses(services.profile)
    found = [services.archive.captures(canonical=addresses.read(url).canonical)[-1] for url in urls]
    return [body(services.archive.read(capture)) for capture in found]


@pytest.fixture
def own_index(services, settings, tmp_path):
    """An index of the test's own."""
    own = settings.model_copy(update={"index": f"{tmp_path}/index"})
    index = open_index(own, Lexicon.of(services.vocabulary))
    for changes, cursor in services.record.changes(after=index.cursor):
        index.apply(changes, cursor)
    yield replace(services, index=index)
    index.close()


def test_attached_files_are_those_of_the_archive(client, services):
    file = unpacked(client, "/download/files")
    about, lines = manifest(file)
    assert {line["key"] for line in lines} == {str(key_of(number)) for number in range(SIZE)}
    there = [line for line in lines if line["file"]]
    assert there
    assert {line["file"] for line in there} == set(file.namelist()) - {"manifest.csv"}
    for line in there:
        (capture,) = services.archive.captures(canonical=line["url"])
        data = file.read(line["file"])
        assert data == body(services.archive.read(capture))
        assert (line["digest"], line["bytes"]) == (capture.payload_digest, str(len(data)))
        assert line["captured_at"] == capture.captured_at.isoformat()
    assert all(line["missing"] for line in lines if not line["file"])
    assert f"Số bài: {SIZE}" in about
    assert "http://localhost/search" in about


def test_archived_copies_are_those_of_the_archive(client, services, tmp_path):
    path = tmp_path / "some.wacz"
    path.write_bytes(saved(client, "/download/copies?q=thông+tin&then=Long+An"))
    validate(path)
    with zipfile.ZipFile(path) as file:
        about, lines = manifest(file)
        with file.open("archive/selection.warc.gz") as warc:
            records = [
                (record.rec_headers["WARC-Target-URI"], record.raw_stream.read())
                for record in ArchiveIterator(warc, no_record_parse=True)
                if record.rec_type == "response"
            ]
    for said in ("thông tin", "Long An"):
        assert said in about
    assert len(lines) == len(records) > 2
    for line, (url, data) in zip(lines, records, strict=True):
        captures = services.archive.captures(canonical=Addresses(services.profile).read(url).canonical)
        (capture,) = [one for one in captures if one.captured_at.isoformat() == line["captured_at"]]
        assert data.endswith(services.archive.read(capture).payload)
    assert {"mic.css", "logo.png"} <= {line["url"].rpartition("/")[2] for line in lines}


def test_each_capture_is_there_once(client):
    _, lines = manifest(unpacked(client, "/download/copies"))
    seen = [(line["url"], line["captured_at"]) for line in lines]
    assert len(seen) == len(set(seen))


def test_names_are_safe(settings, own_index):
    held = offer(own_index, [*HOSTILE, "a.pdf", "A.pdf", "a.pdf"])
    client = create_app(settings, own_index).test_client()
    file = unpacked(client, "/download/files?q=title:199990")
    names = [name for name in file.namelist() if name != "manifest.csv"]
    assert [file.read(name) for name in names] == held
    for name in names:
        folder, _, last = name.partition("/")
        assert folder == "mic-199990"
        assert last == unicodedata.normalize("NFC", last)
        assert not set(last) & set('/\\:*?"<>|~\x00\r\n\u202e')
        assert last.split(".")[0].lower() not in {"con", "nul", "lpt1", "com1", "com¹", ""}
        assert not last.endswith((".", " "))
        assert len(last.encode()) <= MOST_BYTES + 20
    assert len({name.casefold() for name in names}) == len(names)
    assert {"mic-199990/a.pdf", "mic-199990/A (2).pdf", "mic-199990/a (3).pdf"} <= set(names)
    assert "mic-199990/Thông tư.pdf" in names
    with tempfile.TemporaryDirectory() as folder:
        file.extractall(folder)
        assert len([path for path in Path(folder).rglob("*") if path.is_file()]) == len(names) + 1


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_the_same_however_often_it_is_made_safe(name):
    once = file_name(name, "https://mic.gov.vn/a.pdf")
    assert file_name(once, "https://mic.gov.vn/a.pdf") == once
    assert stem(stem(name)) == stem(name)


def test_a_number_that_is_taken_is_not_given_again():
    names = Names()
    given = [names.of("x", name) for name in ("a (2).pdf", "a.pdf", "a.pdf", "a.pdf", "b", "B")]
    assert given == ["x/a (2).pdf", "x/a.pdf", "x/a (3).pdf", "x/a (4).pdf", "x/b", "x/B (2)"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_withheld_is_in_no_download(client, services, kind):
    data = saved(client, f"/download/{kind}")
    assert str(WITH_FILE) in {line["key"] for line in manifest(unpacked(client, f"/download/{kind}"))[1]}
    withhold(services, WITH_FILE)  # the index has it still
    file = unpacked(client, f"/download/{kind}")
    assert len(data) > len(saved(client, f"/download/{kind}"))
    for name in file.namelist():
        assert WITH_FILE.id not in name
        assert str(WITH_FILE).encode() not in file.read(name)
    if kind == "copies":
        with file.open("archive/selection.warc.gz") as warc:
            urls = [record.rec_headers["WARC-Target-URI"] or "" for record in ArchiveIterator(warc)]
        assert not [url for url in urls if WITH_FILE.id in url]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_withheld_while_it_is_made_is_not_in_it(app, services, kind):
    hits = list(services.index.scan(replace(SearchRequest(), sort="oldest")))
    with app.test_request_context("/"):
        pieces = KINDS[kind].make(services, hits, [("Query", "")])
        begun = next(pieces)
        withhold(services, hits[-1].key)
        file = zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces)))
    assert str(hits[-1].key) not in {line["key"] for line in manifest(file)[1]}


def test_corrected_articles_are_told_as_corrected(client, services):
    wish = Correction(
        at=services.clock.now(),
        who="minh",
        key=WITH_FILE,
        field="date",
        value=date(2010, 2, 3),
        reason="Công văn.",
    )
    services.record.correct(wish, expected=None)
    _, lines = manifest(unpacked(client, "/download/files"))
    assert {line["published"] for line in lines if line["key"] == str(WITH_FILE)} == {"2010-02-03"}


@pytest.mark.parametrize("kind", KINDS)
def test_captures_that_cannot_be_read_are_named_and_the_rest_goes_on(client, services, settings, kind):
    whole = manifest(unpacked(client, f"/download/{kind}"))[1]
    (lost,) = services.archive.files()
    file = Path(settings.archive) / lost
    capture = next(one for one in services.archive.captures(key=WITH_FILE))
    file.write_bytes(file.read_bytes()[: capture.offset])  # everything from here on is lost
    lines = manifest(unpacked(client, f"/download/{kind}"))[1]
    assert len(lines) == len(whole)
    gone = [line for line in lines if line["missing"] == "không đọc được tệp lưu trữ"]
    assert gone
    assert str(settings.archive) not in str(lines)
    assert {line["file"] for line in gone} == {""}
    assert [line for line in lines if line["file"]]


def test_what_was_never_archived_is_named(settings, own_index):
    article = replace(
        next(library(1)).article,
        key=replace(WITH_FILE, id="199991"),
        url="https://mic.gov.vn/Pages/TinTuc/199991/",
        title="Bài có tệp chưa lưu 199991",
        attachments=(
            AttachmentLink(address="https://mic.gov.vn/x.pdf", url="https://mic.gov.vn/x.pdf", name="x"),
        ),
    )
    archive(own_index, article, later=timedelta(days=1))
    for changes, cursor in own_index.record.changes(after=own_index.index.cursor):
        own_index.index.apply(changes, cursor)
    client = create_app(settings, own_index).test_client()
    _, (line,) = manifest(unpacked(client, "/download/files?q=title:199991"))
    assert (line["url"], line["file"], line["missing"]) == ("https://mic.gov.vn/x.pdf", "", "chưa lưu được")


def test_a_result_that_is_too_large_is_refused_before_it_begins(settings, services):
    small = settings.model_copy(update={"download_articles": 10})
    client = create_app(small, replace(services, settings=small)).test_client()
    for kind in KINDS:
        answer = client.get(f"/download/{kind}")
        assert answer.status_code == 400
        assert f"{SIZE} bài" in answer.text
    page = BeautifulSoup(client.get("/export").data, "lxml")
    assert not page.select("a[download]")
    assert f"{SIZE} bài" in page.select("#download ~ .message")[0].text
    assert saved(client, "/download/files?size=100&year=2009")


def test_what_would_be_too_many_bytes_is_left_out_and_named(settings, services):
    small = settings.model_copy(update={"download_bytes": 700})
    client = create_app(small, replace(services, settings=small)).test_client()
    file = unpacked(client, "/download/copies")
    _, lines = manifest(file)
    assert sum(int(line["bytes"]) for line in lines if line["file"]) < 2_000
    assert [line for line in lines if "700" in line["missing"]]
    assert "700" in client.get("/export").text


def test_the_form_says_how_much_it_would_be(client):
    page = BeautifulSoup(client.get("/export?then=Long+An").data, "lxml")
    links = [str(link["href"]) for link in page.select("a[download]")]
    assert links == [f"/download/{kind}?then=Long+An" for kind in KINDS if kind in str(links)]
    _, lines = manifest(unpacked(client, links[-1]))
    told = page.select(".downloads li")[-1].text
    count = int("".join(filter(str.isdigit, told.split("lần lưu")[0].split(")")[-1])))
    assert count == len([line for line in lines if "TinTuc" in line["url"]])


def test_nothing_but_two_kinds_is_downloaded(client):
    assert client.get("/download/doc").status_code == 404


@pytest.mark.parametrize("address", ["/export/csv?q=qqqq", *(f"/download/{kind}?q=qqqq" for kind in KINDS)])
def test_one_client_gets_so_many_a_minute_and_is_told_when_to_come_back(client, address):
    many = EXPORTS
    for _ in range(many):
        with client.get(address) as answer:
            assert answer.status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    with client.get(address, environ_base={"REMOTE_ADDR": "192.0.2.7"}) as other:
        assert other.status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_work_ends_where_the_reader_goes_away(app, client, services, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asked = 0

    def hits():
        nonlocal asked
        for hit in services.index.scan(SearchRequest()):
            asked += 1
            yield hit

    with app.test_request_context("/"):
        pieces = KINDS[kind].make(services, hits(), [("Query", "")])
        for _ in range(3):
            next(pieces)
        begun = asked
        assert begun < SIZE
        assert isinstance(pieces, Generator)
        pieces.close()
    assert asked == begun
    assert [path for path in tmp_path.iterdir() if path.name.startswith("export-")] == []
    begun_answers = [client.get(f"/download/{kind}") for _ in range(AT_ONCE)]
    assert client.get(f"/download/{kind}").status_code == 429
    for answer in reversed(begun_answers):
        answer.close()
    with client.get(f"/download/{kind}") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_memory_stays_flat(app, own_index, kind):
    """Three times as many files of a quarter of a megabyte take no more memory."""
    for number in range(6):
        offer(
            own_index, [f"{place}.pdf" for place in range(10)], number=str(199_900 + number), padding="x" * 250_000
        )

    def peak(most: int) -> int:
        hits = [hit for hit in own_index.index.scan(SearchRequest()) if hit.key.id.startswith("1999")][:most]
        assert len(hits) == most
        tracemalloc.start()
        try:
            with app.test_request_context("/"):
                assert sum(map(len, KINDS[kind].make(own_index, hits, [("Query", "")]))) > 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(6) < 1.15 * peak(2)
