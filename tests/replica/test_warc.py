"""The corpus as a web archive: whole for other tools, indexed, the same each time (trap 17)."""

import gzip
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.replica.client import ROOT
from tests.replica.corpus import Corpus
from tests.replica.options import Options
from tests.replica.warc import surt, write

ARTICLES = 120


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(Corpus(Options(articles=ARTICLES)), tmp_path_factory.mktemp("warc"))


def test_warcio_finds_nothing_wrong(written: list[Path]) -> None:
    command = [sys.executable, "-m", "warcio.cli", "check", *map(str, written)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_it_holds_what_archives_hold(written: list[Path]) -> None:
    """Requests, answers in chunks and compressed, redirects, revisits also under other addresses."""
    kinds: Counter[str] = Counter()
    for path in written:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                kinds[record.rec_type] += 1
                if record.rec_type == "response":
                    kinds[record.http_headers.get_statuscode()] += 1
                    kinds[record.http_headers.get_header("Transfer-Encoding") or ""] += 1
                    kinds[record.http_headers.get_header("Content-Encoding") or ""] += 1
                if record.rec_type == "revisit":
                    target = record.rec_headers.get_header("WARC-Target-URI")
                    kinds["same"] += target == record.rec_headers.get_header("WARC-Refers-To-Target-URI")
    assert kinds["response"] == kinds["request"]
    assert kinds["200"] > ARTICLES
    assert min(kinds["301"], kinds["302"], kinds["chunked"], kinds["gzip"]) > 0
    assert 0 < kinds["same"] < kinds["revisit"]


def test_the_index_leads_to_every_answer(written: list[Path]) -> None:
    for path in written:
        lines = path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_text(encoding="utf-8").splitlines()
        assert lines == sorted(lines)
        data = path.read_bytes()
        for line in lines:
            place, moment, told = line.split(" ", 2)
            known = json.loads(told)
            assert place == surt(known["url"])
            assert len(moment) == 14
            member = gzip.decompress(data[int(known["offset"]) : int(known["offset"]) + int(known["length"])])
            assert f"WARC-Target-URI: {known['url']}\r\n".encode() in member
            assert member.startswith(b"WARC/1.1\r\n")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://mic.gov.vn/Pages/TinTuc/1/X.html", "vn,gov,mic)/pages/tintuc/1/x.html"),
        ("http://www.mic.gov.vn/a.aspx?b=2&a=1", "vn,gov,mic,www)/a.aspx?a=1&b=2"),
    ],
)
def test_addresses_are_sorted_by_host_from_the_right(url: str, place: str) -> None:
    assert surt(url) == place


def test_the_command_writes_the_same_bytes_each_time(written: list[Path], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.replica", f"--articles={ARTICLES}", f"--warc={tmp_path / 'again'}"]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONHASHSEED": "5"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.rpartition("/")[2] for line in done.stdout.split()] == [path.name for path in written]
    for path in written:
        for name in (path.name, path.name.replace(".warc.gz", ".cdxj")):
            assert (tmp_path / "again" / name).read_bytes() == (path.parent / name).read_bytes()
