"""A crawl that is killed again and again ends up with the archive of one that was left in peace."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from config.settings import Settings
from config.site import SITES, load_profile
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.tables import captures, warc_files
from tests.crawler.site import Site, serving
from tests.crawler.small_site import NAMES, fill

KILLS = 10
ARTICLES = {"91": 60, "1748": 240}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        fill(running, ARTICLES)
        yield running


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The site's profile with seeds over http, which is all that the small ministry speaks."""
    path = tmp_path / "http.toml"
    path.write_text(
        (SITES / "mic.toml").read_text(encoding="utf-8").replace('"https://', '"http://'), encoding="utf-8"
    )
    return path


def environment(site: Site, profile: Path, data: Path, database: str) -> dict[str, str]:
    return os.environ | {
        "MIC_SITE": str(profile),
        "MIC_DATA": str(data),
        "MIC_DATABASE": database,
        "MIC_HOST_MAP": site.host_map(*NAMES, "m.mic.gov.vn"),
        "MIC_CRAWL_DELAY": "0",
    }


def crawling(variables: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crawler", "crawl", "--json"]
    return subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def crawl_to_the_end(variables: dict[str, str]) -> None:
    process = crawling(variables)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    assert '"remaining": 0' in said, said


def kept(database: Database) -> set[tuple[str, str]]:
    """What the archive holds: canonical address and payload digest of every answer."""
    statement = sa.select(captures.c.canonical, captures.c.payload_digest).where(captures.c.status != 0)
    with database.reading() as connection:
        return {(row.canonical, row.payload_digest) for row in connection.execute(statement)}


def sizes(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {row.name: row.size for row in connection.execute(sa.select(warc_files))}


def tear(folder: Path, known: dict[str, int], dice: random.Random) -> None:
    """What a power cut may add to a kill: the last record half there, or bytes of nobody's."""
    for path in folder.glob("*.warc.gz"):
        tail = path.stat().st_size - known.get(path.name, 0)
        if tail > 0 and dice.random() < 0.5:
            os.truncate(path, path.stat().st_size - dice.randint(1, tail))
        elif dice.random() < 0.3:
            with path.open("ab") as file:
                file.write(dice.randbytes(dice.randint(1, 500)))


def test_ten_kills_change_nothing_of_what_is_kept(site, profile, tmp_path, database_url):
    peaceful = tmp_path / "peaceful"
    quiet = f"sqlite:///{peaceful}/mic.sqlite3"
    crawl_to_the_end(environment(site, profile, peaceful, quiet))
    expected = kept(open_database(quiet))
    assert len(expected) > 350

    troubled = tmp_path / "troubled"
    variables = environment(site, profile, troubled, database_url)
    database = open_database(database_url, migrate=False)
    seed = int(time.time())
    print(f"seed {seed}")
    dice = random.Random(seed)
    for _ in range(KILLS):
        asked = len(site.asked)
        process = crawling(variables)
        until = asked + dice.randint(1, 60)
        deadline = time.monotonic() + 30
        while len(site.asked) < until and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
        process.communicate()
        tear(troubled / "archive", sizes(database), dice)
    crawl_to_the_end(variables)

    assert kept(database) == expected
    check_archive(database, troubled)
    database.close()


def check_archive(database: Database, data: Path) -> None:
    """Every row leads to its record, and warcio finds nothing wrong with any file."""
    addresses = Addresses(load_profile("mic"))
    archive = open_archive(Settings(data=data), database, addresses, SystemClock())
    for batch, _ in archive.changes(after=0):
        for capture in batch:
            page = archive.read(capture)
            assert page.url == capture.url
            assert len(page.payload) == capture.payload_size
    files = [str(path) for path in (data / "archive").glob("*")]
    command = [sys.executable, "-m", "warcio.cli", "check", *files]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
    with database.reading() as connection:
        sequences = list(connection.scalars(sa.select(captures.c.sequence).order_by(captures.c.sequence)))
    assert sequences == list(range(1, len(sequences) + 1))
