"""An import that is killed again and again, and then run once more, has copied everything once."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from config.database import open_database
from crawler.tables import captures
from tests.archive.object_storage import BUCKET, serving_s3
from tests.benchmarks.importing import write_warc
from tests.faults.test_killed_crawl import check_archive

RECORDS = 3_000
KILLS = 6
ROOT = Path(__file__).parents[2]


def importing(variables: dict[str, str], path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crawler", "import", str(path), "--json"]
    return subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_an_import_may_be_killed_at_any_moment(tmp_path, database_url):
    path = tmp_path / "made.warc.gz"
    write_warc(path, RECORDS)
    variables = os.environ | {"MIC_DATA": str(tmp_path / "data"), "MIC_DATABASE": database_url}
    database = open_database(database_url, migrate=False)
    dice = random.Random(int(time.time()))

    def count() -> int:
        with database.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(captures)) or 0)

    for _ in range(KILLS):
        process = importing(variables, path)
        until = count() + dice.randint(1, RECORDS // KILLS)
        deadline = time.monotonic() + 30
        while count() < until and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.communicate()
    process = importing(variables, path)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    told = json.loads(said)
    assert told["copied"] + told["known"] == RECORDS
    assert told["known"] > 0
    assert count() == RECORDS
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count(captures.c.canonical.distinct()))) == RECORDS
    check_archive(database, tmp_path / "data")
    database.close()


def test_uploads_may_be_killed_at_any_moment(tmp_path, sqlite_url):
    """With an archive in object storage: after the last run everything is there, and nothing else is anywhere."""
    path = tmp_path / "made.warc.gz"
    write_warc(path, 600)
    data = tmp_path / "data"
    settings = {"MIC_DATA": str(data), "MIC_DATABASE": sqlite_url, "MIC_WARC_SIZE": "15000"}
    dice = random.Random(int(time.time()))
    with serving_s3() as s3:
        variables = os.environ | settings | s3.variables | {"MIC_ARCHIVE": f"s3://{BUCKET}/mic"}
        for _ in range(KILLS):
            process = importing(variables, path)
            time.sleep(dice.uniform(1.5, 4.0))
            process.kill()
            process.communicate()
        process = importing(variables, path)
        _, complained = process.communicate(timeout=120)
        assert process.returncode == 0, complained
        command = [sys.executable, "-m", "crawler", "archive", "--upload", "--json"]
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
        state = json.loads(done.stdout)
        assert (state["captures"], set(state["files"])) == (600, {"stored"})
        assert list((data / "spool").glob("*")) == []
        reading = [sys.executable, "-c", READ_ALL]
        elsewhere = variables | {"MIC_DATA": str(tmp_path / "elsewhere")}
        done = subprocess.run(reading, cwd=ROOT, env=elsewhere, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "600"


READ_ALL = """
from config.database import open_database
from config.settings import load
from config.site import load_profile
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock

settings = load()
archive = open_archive(settings, open_database(settings.database), Addresses(load_profile("mic")), SystemClock())
print(sum(bool(archive.read(capture).payload) for batch, _ in archive.changes(after=0) for capture in batch))
"""
