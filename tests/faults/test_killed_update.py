"""An update that is killed again and again ends with the record and the index of one that was left in peace."""

import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from config.settings import Settings
from config.site import load_profile
from crawler.crawl import open_crawl
from crawler.tables import leases
from indexer.engines.elastic import ElasticIndex
from indexer.engines.opening import open_index
from indexer.pipeline.turns import UPDATE
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.record import Record
from tests.replica.client import Replica

KILLS = 10
ARTICLES = 160
STEP = 30
"""Addresses fetched between two kills: few enough that there is something to do for each."""
ROOT = Path(__file__).parents[2]
OF_ITS_TIME = {"captured_at", "digest", "score"}
"""What differs between two crawls of the same: when they were, and bytes such as a counter of visits."""


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, crawl_delay=0.0) as running:
        yield running


@pytest.fixture
def settings(replica: Replica, tmp_path: Path) -> Settings:
    return Settings.model_validate({"data": tmp_path, "host_map": replica.host_map, "crawl_ca": replica.ca_file})


@pytest.fixture(
    params=["tantivy", pytest.param("elastic", marks=[pytest.mark.postgresql, pytest.mark.elasticsearch])]
)
def troubled(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """SQLite with the embedded engine; PostgreSQL with a cluster."""
    apart = settings.model_copy(update={"data": tmp_path / "troubled", **_below(tmp_path / "troubled")})
    if request.param == "tantivy":
        yield apart
        return
    more = {
        "database": request.getfixturevalue("postgresql_url"),
        "engine": "elastic",
        "elastic_url": request.getfixturevalue("elasticsearch_url"),
        "elastic_name": f"killed-{secrets.token_hex(4)}",
        "elastic_timeout": 20.0,
    }
    yield (clustered := apart.model_copy(update=more))
    index = ElasticIndex.open(clustered, Lexicon())
    for generation in index._client.indices.get(index=f"{clustered.elastic_name}-*"):
        index._client.indices.delete(index=generation)
    index.close()


def _below(data: Path) -> dict[str, str]:
    return {
        "database": f"sqlite:///{data}/mic.sqlite3",
        "archive": str(data / "archive"),
        "index": str(data / "index"),
    }


def crawl(settings: Settings, limit: int | None = None) -> int:
    """Fetch so many addresses; returns how many are left."""
    database = open_database(settings.database)
    with open_crawl(settings, load_profile("mic"), database) as opened:
        left = opened.run(limit=limit).remaining
    database.close()
    return left


def updating(settings: Settings) -> subprocess.Popen[str]:
    names = ("data", "database", "archive", "index", "engine", "elastic_url", "elastic_name", "elastic_timeout")
    chosen = {f"MIC_{name.upper()}": str(getattr(settings, name)) for name in names}
    return subprocess.Popen(
        [sys.executable, "-m", "indexer", "update", "--json"],
        cwd=ROOT,
        env=os.environ | chosen,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def update_to_the_end(settings: Settings) -> None:
    process = updating(settings)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, complained
    told = json.loads(said)
    assert (told["recorded"], told["indexed"]) == (told["archived"], told["articles"])


def wait_for_work(process: subprocess.Popen[str], database: Database) -> None:
    """Until the process has its turn: starting Python takes longer than all the rest."""
    held = sa.select(leases.c.process).where(leases.c.name == UPDATE)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with database.reading() as connection:
            if connection.scalar(held) == process.pid:
                return
        time.sleep(0.002)


def kill_after(seconds: float, settings: Settings, database: Database) -> bool:
    """Kill an update so long after it began to work; returns whether it was still at it."""
    process = updating(settings)
    wait_for_work(process, database)
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < seconds:
        time.sleep(0.002)
    is_killed = process.poll() is None
    process.kill()
    process.communicate()
    return is_killed


def timeless(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in OF_ITS_TIME}


def recorded(settings: Settings) -> dict[str, Any]:
    """What the record says, by key."""
    database = open_database(settings.database, migrate=False)
    record = Record(database)
    found = {}
    for changes, _ in record.changes(0):
        for change in changes:
            merged = record.article(change.key)
            copies = sorted((copy.url, copy.captures) for copy in merged.copies) if merged else []
            versions = [version.meaning_digest for version in merged.versions] if merged else []
            document = timeless(asdict(change.document)) if change.document else None
            found[str(change.key)] = (document, versions, copies, merged and merged.files)
    assert record.count() == sum(1 for document, *_ in found.values() if document)
    database.close()
    return found


def indexed(settings: Settings) -> dict[str, Any]:
    """What the index shows of each article, by key, and how it counts them all."""
    index = open_index(settings, Lexicon())
    hits = [timeless(asdict(hit)) for hit in index.scan(SearchRequest(reprints=True))]
    results = index.search(SearchRequest(query='"Long An" OR "Hà Nội"', reprints=True))
    counted = (index.count(), results.total, results.facets, results.years)
    index.close()
    found = {str(hit["key"]): hit for hit in hits}
    assert len(found) == len(hits) == counted[0]
    return {"hits": found, "counted": counted}


def test_ten_kills_change_nothing_of_record_and_index(settings, troubled):
    crawl(settings)
    update_to_the_end(settings)
    seed = int(time.time())
    print(f"seed {seed}")
    dice = random.Random(seed)
    database = open_database(troubled.database)
    killed = 0
    for _ in range(KILLS):
        crawl(troubled, limit=STEP)
        killed += kill_after(dice.uniform(0, dice.choice((0.2, 0.6, 2.0))), troubled, database)
    print(f"{killed} of {KILLS} were still at work")
    assert killed
    assert crawl(troubled) == 0
    update_to_the_end(troubled)
    database.close()

    assert recorded(troubled) == recorded(settings)
    assert len(recorded(settings)) > ARTICLES * 0.9
    assert indexed(troubled) == indexed(settings)
