"""Answers that are slow, cut, short, endless or refused (trap 14): our crawler waits, tries again, and goes on."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from config.database import open_database
from crawler.tables import captures
from tests.replica import Replica
from tests.replica.corpus import Corpus
from tests.replica.coverage import Coverage, crawled, measured
from tests.replica.hardships import ENDLESS, LARGE, PACKED, SHUT_OUT, hardship
from tests.replica.traps import TRAPS
from tests.traps.naive import MOST_BYTES, Naive

ARTICLES = 110
DELAY, SLOW = 0.04, 1.5
LIMIT = 8_000_000
"""Bytes kept of one answer: more than the large page has, less than the endless one."""


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, traps=TRAPS, light=True, crawl_delay=DELAY, slow=SLOW) as running:
        yield running


@dataclass(frozen=True)
class Patient:
    """What our crawler brought home."""

    coverage: Coverage
    rows: list[Any]
    log: dict[str, Any]


@pytest.fixture(scope="module")
def patient(replica: Replica, tmp_path_factory) -> Patient:
    settings = crawled(replica, tmp_path_factory.mktemp("patient"), page_limit=LIMIT)
    coverage, log = measured(replica, settings), replica.log()
    database = open_database(settings.database)
    with database.reading() as connection:
        rows = list(connection.execute(sa.select(captures).order_by(captures.c.sequence)))
    database.close()
    return Patient(coverage, rows, log)


def hard(replica: Replica, kind: str) -> list[str]:
    """Keys of the articles that are hard to get in this way."""
    corpus = Corpus(replica.options)
    return [str(item.key) for item in corpus if hardship(item, replica.options) == kind]


def test_14_everything_comes_home_in_spite_of_all(patient: Patient):
    assert patient.coverage.missing == ()
    assert patient.coverage.repeated == ()


def test_14_a_crawler_that_keeps_to_the_pace_is_never_refused(patient: Patient, replica: Replica):
    assert not {"429", "403"} & set(patient.log["statuses"])
    replica.control.clear()
    naive = Naive(replica=replica)
    naive.crawl(["https://mic.gov.vn/"], 120)
    naive.close()
    statuses = Counter(page.status for page in naive.pages.values())
    assert statuses[429] + statuses[403] > 10


@pytest.mark.parametrize(
    ("kind", "truncated"), [("slow", []), ("cut", ["disconnect"]), ("short", ["disconnect"] * 2)]
)
def test_14_what_is_slow_or_cut_is_waited_for_and_asked_again(patient: Patient, replica: Replica, kind, truncated):
    """And each attempt is archived as it was, but for one over a connection that was kept open and closed then."""
    keys = hard(replica, kind)
    assert keys
    for key in keys:
        rows = [row for row in patient.rows if row.key == key and row.kind != "print"]
        assert [row.truncated for row in rows if row.truncated] == truncated
        assert (rows[-1].status, rows[-1].truncated) == (200, "")
        assert sum(row.status == 0 for row in rows) <= (kind == "cut")


def test_14_a_large_page_is_kept_whole_and_an_endless_one_to_the_limit(patient: Patient, replica: Replica):
    for key in hard(replica, "large"):
        rows = [row for row in patient.rows if row.key == key and row.status == 200]
        assert not any(row.truncated for row in rows)
        assert any(row.payload_size > LARGE for row in rows)
    endless = [row for row in patient.rows if row.url.endswith(ENDLESS)]
    assert [(row.truncated, row.payload_size) for row in endless] == [("length", LIMIT)]
    bombs = [row for row in patient.rows if row.url.endswith(PACKED)]
    assert [row.status for row in bombs] == [200]
    assert bombs[0].payload_size < 1_000_000


def test_14_a_crawler_without_patience_loses_articles_and_chokes(replica: Replica, known_hard):
    """Asking slowly enough not to be refused, it still gives up, and swallows what never ends."""
    time.sleep(SHUT_OUT)
    naive = Naive(replica=replica, timeout=SLOW / 2)
    for url in known_hard:
        time.sleep(5 * DELAY)
        naive.fetch(url)
    for path in (ENDLESS, PACKED):
        page = naive.fetch(f"https://mic.gov.vn{path}")
        assert page
        assert len(page.content) > MOST_BYTES
    naive.close()
    assert set(naive.failed) == set(known_hard)


@pytest.fixture
def known_hard(replica: Replica, patient: Patient) -> list[str]:
    """Addresses of articles that are slow, cut or short; we have been there, and the replica forgets that."""
    assert patient.coverage.archived
    wanted = {key for kind in ("slow", "cut", "short") for key in hard(replica, kind)}
    replica.control.revert()
    return [
        next(url for url in one.addresses if url not in one.moved) for one in replica.truth() if one.key in wanted
    ]
