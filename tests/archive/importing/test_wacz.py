"""WACZ files: their WARC files are imported where they lie, and hostile ones are refused with a reason."""

import gzip
import hashlib
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from crawler.importing import Importer
from tests.archive.importing.maker import OTHER, Maker, sha1
from tests.crawler.answers import URL

WARC = b"".join(Maker().response(URL, b"<h1>Tin</h1>").response(OTHER, b"%PDF").parts)
LATER = "2021-01-01T00:00:00Z"


@pytest.fixture
def importer(settings, addresses, archive):
    return Importer(settings, addresses, archive)


def manifest(files: dict[str, bytes]) -> bytes:
    resources = [
        {"path": name, "hash": "sha256:" + hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in files.items()
    ]
    return json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}).encode()


def make(
    path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_STORED, stated: bytes | None = None
) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in files.items():
            file.writestr(name, data)
        file.writestr("datapackage.json", manifest(files) if stated is None else stated)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("plain", [True, False])
def test_every_warc_file_inside_is_imported(importer, tmp_path, method, plain):
    more = b"".join(Maker(packed=not plain).revisit(URL, LATER, sha1(b"<h1>Tin</h1>")).parts)
    files = {f"archive/a.warc{'' if plain else '.gz'}": more, "archive/b.warc.gz": WARC, "pages/pages.jsonl": b"x"}
    path = make(tmp_path / "x.wacz", files, method)
    (imported,) = importer.copy_all([path])
    assert (imported.copied, imported.incomplete, imported.problems) == (3, 0, [])
    assert importer.copy(path).known == 3


def refused(importer, path: Path) -> str:
    """The reason; nothing was copied."""
    imported = importer.copy(path)
    assert imported.copied == 0
    assert len(imported.problems) == 1
    return str(imported.problems[0])


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/cron.d/x", "archive/../../x.warc.gz", "..\\x.warc", "C:/x.warc", ".."]
)
def test_names_that_lead_out_are_refused(importer, tmp_path, name):
    path = make(tmp_path / "x.wacz", {name: WARC, "archive/a.warc.gz": WARC})
    assert "leads out" in refused(importer, path)


def test_an_archive_inside_the_archive_is_refused(importer, tmp_path):
    inner = make(tmp_path / "inner.wacz", {"archive/a.warc.gz": WARC}).read_bytes()
    path = make(tmp_path / "x.wacz", {"archive/inner.wacz": inner, "archive/a.warc.gz": WARC})
    assert "inside the archive" in refused(importer, path)


def test_a_zip_bomb_is_refused_before_it_goes_off(importer, tmp_path):
    path = make(tmp_path / "x.wacz", {"archive/a.warc": bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    assert "claim to hold 50,000,000" in refused(importer, path)


def test_an_entry_larger_than_it_claims_is_refused(importer, tmp_path):
    """The directory says 100 bytes, the stream has a million."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(WARC + bytes(1_000_000)) + packer.flush()
    path = make(tmp_path / "x.wacz", {"archive/a.warc": WARC}, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path) as file:
        entry = file.getinfo("archive/a.warc")
    data = path.read_bytes()
    start = entry.header_offset + 30 + len(entry.filename)
    path.write_bytes(data[:start] + packed[: entry.compress_size] + data[start + entry.compress_size :])
    assert refused(importer, path)


def test_entries_that_share_their_bytes_are_refused(importer, tmp_path):
    """Two names for one place: with many names a file of kilobytes holds terabytes."""
    path = make(tmp_path / "x.wacz", {"archive/a.warc.gz": WARC, "archive/b.warc.gz": WARC})
    with zipfile.ZipFile(path) as file:
        second = file.getinfo("archive/b.warc.gz").header_offset
    data = path.read_bytes()
    directory = data.index(b"PK\x01\x02")
    place = data.index(b"archive/b.warc.gz", directory) - 4
    assert data[place : place + 4] == struct.pack("<I", second)
    path.write_bytes(data[:place] + struct.pack("<I", 0) + data[place + 4 :])
    assert "lies within another" in refused(importer, path)


def test_an_encrypted_entry_is_refused(importer, tmp_path):
    path = make(tmp_path / "x.wacz", {"archive/a.warc.gz": WARC})
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    path.write_bytes(data)
    assert "encrypted" in refused(importer, path)


def test_other_methods_of_compression_are_refused(importer, tmp_path):
    path = make(tmp_path / "x.wacz", {"archive/a.warc.gz": WARC}, zipfile.ZIP_BZIP2)
    assert "method 12" in refused(importer, path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused(importer, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.wacz", "w") as file:
        file.writestr("archive/a.warc.gz", WARC)
        file.writestr("archive/a.warc.gz", WARC)
        file.writestr("datapackage.json", manifest({"archive/a.warc.gz": WARC}))
    assert "the same name twice" in refused(importer, tmp_path / "x.wacz")


@pytest.mark.parametrize(
    "stated",
    [
        b"",
        b"[]",
        b"{}",
        b'{"resources": 5}',
        b"[" * 100_000,
        b'{"resources": [{"path": "archive/a.warc.gz"}]}',
        b"\xff",
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(importer, tmp_path, stated):
    path = make(tmp_path / "x.wacz", {"archive/a.warc.gz": WARC}, stated=stated)
    assert "datapackage.json" in refused(importer, path)


def test_no_manifest_and_no_warc_are_refused(importer, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.wacz", "w") as file:
        file.writestr("archive/a.warc.gz", WARC)
    assert "no datapackage.json" in refused(importer, tmp_path / "x.wacz")
    assert "no WARC file" in refused(importer, make(tmp_path / "y.wacz", {"pages/pages.jsonl": b""}))


@pytest.mark.parametrize("hash_", ["sha256:00", "md5", "shake_128:00", "crc32:00"])
def test_a_warc_whose_digest_is_another_is_refused_and_the_others_are_not(importer, tmp_path, hash_):
    files = {"archive/a.warc.gz": WARC, "archive/b.warc.gz": Maker().response(URL, b"b").parts[0]}
    stated = json.loads(manifest(files))
    stated["resources"][0]["hash"] = hash_
    imported = importer.copy(make(tmp_path / "x.wacz", files, stated=json.dumps(stated).encode()))
    assert imported.copied == 1
    assert "archive/a.warc.gz" in imported.problems[0]


@pytest.mark.parametrize("cut", [10, 100, 1_000])
def test_a_file_that_is_cut_is_refused(importer, tmp_path, cut):
    path = make(tmp_path / "x.wacz", {"archive/a.warc.gz": WARC * 10})
    path.write_bytes(path.read_bytes()[:-cut])
    assert "no ZIP file" in refused(importer, path)


def test_what_is_no_zip_is_refused(importer, tmp_path):
    path = tmp_path / "x.wacz"
    path.write_bytes(gzip.compress(b"x"))
    assert "no ZIP file" in refused(importer, path)
