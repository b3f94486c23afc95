"""WACZ files we write: valid by the reference tool, readable by others, and imported they give the same."""

import gzip
import json
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from config.database import open_database
from config.settings import Settings
from crawler.address import Key
from crawler.archive import open_archive
from crawler.exporting import Exporter, ExportError
from crawler.exporting.index import IN_MEMORY, Sorter, blocks, line
from crawler.exporting.package import Package
from crawler.importing import Importer
from crawler.page import FetchedPage
from tests.crawler.answers import AT, URL, html_page
from tests.crawler.conftest import PROFILE

ARTICLE = Key(family="mic", id="144805")
OTHER = "https://mic.gov.vn/Pages/TinTuc/144806/Khac.html"
HOST = "https://mic.gov.vn"
KEPT = (
    *("url", "canonical", "kind", "key", "captured_at", "status", "media_type", "payload_digest"),
    *("payload_size", "location", "error", "truncated"),
)
PAGE = """<title> Tin  một </title><link rel=stylesheet href=/style.css><img src=/Upload/a.jpg><h1>Tin</h1>
<a href=/Upload/tep.pdf>Tệp</a><a href=/Pages/TinTuc/144806/Khac.html>Tin khác</a><a href=https://example.org/>x</a>"""


def other(path: str, payload: bytes, media_type: str) -> FetchedPage:
    return html_page(payload, ("Content-Type", media_type), url=HOST + path)


@pytest.fixture
def full(archive, addresses):
    """An archive of two articles, their files and pictures, redirects, revisits, failures, several files."""
    later = AT + timedelta(days=1)
    old = html_page("", ("Location", URL), url=URL.replace("https:", "http:"), status=301)
    pages = [
        old,
        html_page(PAGE),
        other("/style.css", b"body { background: url(/Upload/bg.png) }", "text/css"),
        other("/Upload/bg.png", b"\x89PNG", "image/png"),
        other("/Upload/a.jpg", b"\xff\xd8", "image/jpeg"),
        other("/Upload/b.jpg", b"\xff\xd8", "image/jpeg"),
        other("/Upload/tep.pdf", b"%PDF", "application/pdf"),
        html_page("<title>Tin hai</title><img src=/Upload/b.jpg>", url=OTHER),
        replace(html_page(gzip.compress(b"<title>x</title>"), ("Content-Encoding", "gzip")), captured_at=later),
        replace(html_page(PAGE), captured_at=later + timedelta(days=1)),
        FetchedPage(url=URL, captured_at=later + timedelta(days=2), error="connection refused"),
        replace(html_page("<p>cut"), captured_at=later + timedelta(days=3), truncated="length"),
    ]
    for page in pages:
        archive.append(page, addresses.read(page.url))
    first = archive.captures(key=ARTICLE)[1]
    unchanged = FetchedPage(url=URL, captured_at=later + timedelta(days=9), status=304, headers=(("Date", "now"),))
    archive.append(unchanged, addresses.read(URL), body_of=first.id)
    return archive


@pytest.fixture
def exporter(full, addresses):
    return Exporter(PROFILE, addresses, full)


def same(archive) -> list[tuple[object, ...]]:
    """Captures without what differs from archive to archive."""
    found = [capture for batch, _ in archive.changes(after=0) for capture in batch]
    return sorted(
        (*(str(asdict(one)[name]) for name in KEPT), archive.read(one).payload, archive.read(one).headers)
        for one in found
    )


@contextmanager
def empty_archive(folder: Path, addresses, clock):
    settings = Settings(data=folder)
    database = open_database(settings.database)
    archive = open_archive(settings, database, addresses, clock)
    yield archive, Importer(settings, addresses, archive)
    archive.close()
    database.close()


def validate(path: Path) -> None:
    """What py-wacz says of it."""
    command = [sys.executable, "-W", "ignore", "-m", "wacz.main", "validate", "-f", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)
    assert "the passed WACZ is valid" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_the_whole_archive_comes_back_as_it_was(exporter, full, addresses, clock, tmp_path):
    path = tmp_path / "all.wacz"
    exported = exporter.export(path)
    assert (exported.captures, exported.bytes) == (13, path.stat().st_size)
    validate(path)
    with empty_archive(tmp_path / "other", addresses, clock) as (archive, importer):
        (imported,) = importer.copy_all([path])
        assert (imported.copied, imported.incomplete, imported.damaged, imported.problems) == (13, 0, 0, [])
        assert same(archive) == same(full)
        assert importer.copy(path).copied == 0
    assert [name.name for name in tmp_path.iterdir() if "part" in name.name or "export-" in name.name] == []


def test_one_article_has_what_belongs_to_it_and_nothing_else(exporter, full, addresses, clock, tmp_path):
    path = tmp_path / "one.wacz"
    exporter.export(path, ARTICLE)
    validate(path)
    with empty_archive(tmp_path / "other", addresses, clock) as (archive, importer):
        (imported,) = importer.copy_all([path])
        assert (imported.incomplete, imported.problems) == (0, [])
        wanted = [row for row in same(full) if "144806" not in str(row[0]) and "b.jpg" not in str(row[0])]
        assert same(archive) == wanted
    manifest = json.loads(zipfile.ZipFile(path).read("datapackage.json"))
    assert manifest["mainPageUrl"] == URL


def test_the_original_of_a_revisit_comes_with_it(full, addresses, clock, tmp_path):
    """The picture of the second article is stored once, with that of the first."""
    path = tmp_path / "two.wacz"
    Exporter(PROFILE, addresses, full).export(path, Key(family="mic", id="144806"))
    with empty_archive(tmp_path / "other", addresses, clock) as (archive, importer):
        assert importer.copy_all([path])[0].incomplete == 0
        (picture,) = archive.captures(canonical=f"{HOST}/Upload/b.jpg")
        assert archive.read(picture).payload == b"\xff\xd8"


def test_articles_can_be_left_out(exporter, tmp_path):
    path = tmp_path / "x.wacz"
    assert exporter.export(path, without=[ARTICLE]).captures == 6
    with pytest.raises(ExportError, match="no capture of mic:144805"):
        exporter.export(tmp_path / "y.wacz", ARTICLE, without=[ARTICLE])
    assert b"144805" not in zipfile.ZipFile(path).read("pages/pages.jsonl")
    assert not (tmp_path / "y.wacz").exists()


def test_an_empty_archive_is_no_file(archive, addresses, tmp_path):
    with pytest.raises(ExportError, match="empty"):
        Exporter(PROFILE, addresses, archive).export(tmp_path / "x.wacz")
    assert list(tmp_path.glob("x.wacz*")) == []


def test_the_index_leads_to_the_records(exporter, tmp_path):
    path = tmp_path / "x.wacz"
    exporter.export(path)
    with zipfile.ZipFile(path) as file:
        lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        assert len(lines) == 12
        for text in lines:
            key, timestamp, fields = text.split(" ", 2)
            entry = json.loads(fields)
            data = file.read(f"archive/{entry['filename']}")
            offset, length = int(entry["offset"]), int(entry["length"])
            with (tmp_path / "record").open("w+b") as record_file:
                record_file.write(data[offset : offset + length])
                record_file.seek(0)
                (record,) = ArchiveIterator(record_file)
                headers = record.rec_headers
            assert headers["WARC-Target-URI"] == entry["url"]
            assert headers["WARC-Date"].translate({ord(letter): None for letter in "-:TZ"})[:14] == timestamp
            assert (record.rec_type == "revisit") == (entry["mime"] == "warc/revisit")
            assert key.startswith("vn,gov,mic)/")
        (first, *_) = file.read("indexes/index.idx").decode().splitlines()[1:]
        assert first.startswith(" ".join(lines[0].split(" ")[:2]))
        assert all(entry.compress_type == 0 for entry in file.infolist() if entry.filename.endswith(".gz"))


def test_pages_are_listed_with_their_titles(exporter, tmp_path):
    path = tmp_path / "x.wacz"
    exporter.export(path)
    head, *pages = [json.loads(text) for text in zipfile.ZipFile(path).read("pages/pages.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [page.get("title") for page in pages] == ["Tin một", "Tin hai", "x", None, None]
    assert all(datetime.fromisoformat(page["ts"]) for page in pages)


def test_requests_go_along(exporter, tmp_path):
    path = tmp_path / "x.wacz"
    exporter.export(path, ARTICLE)
    with zipfile.ZipFile(path) as file, file.open("archive/mic-144805.warc.gz") as warc:
        kinds = [record.rec_type for record in ArchiveIterator(warc)]
    assert kinds[:3] == ["warcinfo", "response", "request"]
    assert kinds.count("request") == 9


def test_warcio_finds_nothing_wrong(exporter, tmp_path):
    path = tmp_path / "x.wacz"
    exporter.export(path)
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.startswith("archive/")]
        file.extractall(tmp_path / "out")
    command = [sys.executable, "-m", "warcio.cli", "check", *(str(tmp_path / "out" / name) for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_breaks_off_leaves_nothing(exporter, full, tmp_path):
    (tmp_path / "data" / "archive" / full.files()[0]).unlink()
    with pytest.raises(Exception, match="No such file"):
        exporter.export(tmp_path / "x.wacz")
    assert list(tmp_path.glob("*.wacz*")) == []


def test_lines_are_sorted_outside_memory(tmp_path):
    sorter = Sorter(tmp_path)
    count = 4 * IN_MEMORY
    tracemalloc.start()
    for number in range(count):
        sorter.add(line(f"{number * 7919 % count:09}", "2020", {}))
    lines, previous = 0, ""
    for text in sorter.sorted():
        assert text > previous
        lines, previous = lines + 1, text
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == count
    assert peak < 20_000_000


def test_blocks_can_be_read_alone():
    lines = [line(f"{number:06}", "2020", {"x": number}) + "\n" for number in range(7_000)]
    found = list(blocks(iter(lines)))
    whole = b"".join(data for data, _ in found)
    places = [json.loads(entry.split(" ", 2)[2]) for _, entry in found]
    assert len(places) == 3
    for place, (one, other_) in zip(places, pairwise([*range(0, 7_000, 3_000), 7_000]), strict=True):
        block = whole[place["offset"] : place["offset"] + place["length"]]
        assert gzip.decompress(block).decode() == "".join(lines[one:other_])


def test_a_package_streams(tmp_path):
    tracemalloc.start()
    with (
        (tmp_path / "x.wacz").open("wb") as file,
        Package(file, datetime(2024, 1, 1, tzinfo=UTC)) as package,
    ):
        for _ in package.add("archive/x.warc.gz", (bytes(1_000_000) for _ in range(100))):
            pass
        for _ in package.seal({}):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
