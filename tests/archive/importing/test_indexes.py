"""CDX and CDXJ files: what they list of the site is read out of the WARC files beside them."""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.importing import Importer
from crawler.importing.cdx import CdxError, Line, from_json, from_row, read_timestamp
from tests.archive.importing.maker import OTHER, WHEN, Maker, sha1
from tests.crawler.answers import URL

LATER = "2021-01-01T00:00:00Z"
STAMP = "20190506070809"


@pytest.fixture
def importer(settings, addresses, archive):
    return Importer(settings, addresses, archive)


@pytest.fixture
def made(tmp_path):
    """A WARC with answers, a redirect, a revisit; with the places of its records."""
    maker = Maker().response("https://example.org/", b"x" * 1_000).response(URL, b"<h1>Tin</h1>")
    maker.response(OTHER, b"", ("Location", URL), status="302 Found").revisit(URL, LATER, sha1(b"<h1>Tin</h1>"))
    maker.at(tmp_path / "x.warc.gz")
    return maker


def places(made: Maker) -> list[tuple[int, int]]:
    lengths = [len(part) for part in made.parts]
    return [(sum(lengths[:number]), length) for number, length in enumerate(lengths)]


def cdxj(made: Maker, filename: str = "x.warc.gz") -> str:
    urls = ("https://example.org/", URL, OTHER, URL)
    lines = [
        f"vn,gov,mic)/ {STAMP} "
        + json.dumps({"url": url, "filename": filename, "offset": str(offset), "length": str(length)})
        for url, (offset, length) in zip(urls, places(made), strict=True)
    ]
    return '!meta {"x": 1}\n' + "\n".join(lines) + "\n"


def cdx(made: Maker) -> str:
    urls = ("https://example.org/", URL, OTHER, URL)
    lines = [
        f"vn,gov,mic)/ {STAMP} {url} text/html 200 ABC - - {length} {offset} x.warc.gz"
        for url, (offset, length) in zip(urls, places(made), strict=True)
    ]
    return " CDX N b a m s k r M S V g\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("form", [cdx, cdxj])
@pytest.mark.parametrize("packed", [True, False])
def test_what_is_listed_of_the_site_is_copied(importer, made, tmp_path, form, packed):
    path = tmp_path / f"index.{form.__name__}{'.gz' if packed else ''}"
    text = form(made).encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    imported = importer.copy(path)
    assert (imported.copied, imported.foreign, imported.problems) == (3, 1, [])
    with_its_warc = importer.copy_all([path, tmp_path / "x.warc.gz"])
    assert [(one.copied, one.known, one.foreign) for one in with_its_warc] == [(0, 3, 1)] * 2


def test_what_is_not_listed_is_not_read(importer, made, tmp_path):
    path = tmp_path / "index.cdxj"
    path.write_text("\n".join(cdxj(made).splitlines()[:3]))
    assert importer.copy(path).copied == 1


def test_an_index_that_lies_is_told_of(importer, made, tmp_path):
    path = tmp_path / "index.cdxj"
    good = cdxj(made).splitlines()[2]
    bad = [
        good.replace('"offset": "', '"offset": "9'),
        good.replace('"offset": "', '"offset": "1'),
        good.replace("x.warc.gz", "none.warc.gz"),
        good.replace("x.warc.gz", "../../../../etc/passwd"),
        "x" * 300_000,
        "vn)/ 2019 {",
        "vn)/ 2019 []",
        'vn)/ 2019 {"url": 5}',
    ]
    path.write_text("\n".join([*bad, good]))
    imported = importer.copy(path)
    assert imported.copied == 1
    assert imported.damaged >= 5
    assert any("no such WARC file" in problem for problem in imported.problems)
    assert not any("root:" in problem for problem in imported.problems)


def test_an_index_that_ends_early_is_told_of(importer, made, tmp_path):
    path = tmp_path / "index.cdxj.gz"
    path.write_bytes(gzip.compress(cdxj(made).encode() * 50)[:-20])
    assert "ends early" in importer.copy(path).problems[0]


def test_lines_of_both_dialects_say_the_same():
    ia = from_row(
        ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
        ["vn,gov,mic)/", STAMP, URL, "text/html", "-", "ABC", "321"],
    )
    fields = {"urlkey": "x", "url": URL, "mime": "text/html", "digest": "ABC", "length": "321", "offset": "7"}
    cc = from_json(json.dumps(fields | {"timestamp": STAMP, "status": "-", "filename": "f"}))
    assert ia == Line(url=URL, timestamp=STAMP, mime="text/html", digest="ABC", length=321)
    assert cc == Line(url=URL, timestamp=STAMP, mime="text/html", digest="ABC", length=321, offset=7, filename="f")
    assert f"{ia.captured_at:%Y-%m-%dT%H:%M:%SZ}" == WHEN


@given(st.text(max_size=60))
def test_any_line_is_read_or_refused(text):
    for reading in (from_json, lambda line: from_row(["url", "timestamp"], line.split()), read_timestamp):
        with suppress(CdxError):
            reading(text)
