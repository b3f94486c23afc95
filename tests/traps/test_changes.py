"""What happens between two crawls (trap 15): edits, removals, and outages that remove nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.settings import Settings
from config.site import load_profile
from crawler.address import Key
from crawler.crawl import Summary, open_crawl
from crawler.progress import silent
from crawler.tables import addresses
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from tests.indexer.conftest import settings_for
from tests.replica import Replica
from tests.replica.changes import OUTAGES
from tests.replica.coverage import crawled
from tests.traps.naive import Naive

ARTICLES = 130


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, light=True, crawl_delay=0) as running:
        yield running


@pytest.fixture(scope="module")
def before(replica: Replica, tmp_path_factory) -> Settings:
    """The replica crawled and read as it was at first."""
    settings = crawled(replica, tmp_path_factory.mktemp("before") / "data")
    with open_workshop(settings) as workshop:
        update(workshop.stores, silent)
    return settings


@pytest.fixture
def workshop(before: Settings, replica: Replica, tmp_path: Path) -> Iterator[Workshop]:
    """A copy of that; the replica is as it was again afterwards."""
    shutil.copytree(before.data, tmp_path / "data")
    settings = settings_for(replica, tmp_path / "data")
    with open_workshop(settings) as opened:
        yield opened
    replica.control.revert()


def crawl_again(workshop: Workshop) -> Summary:
    """Ask for everything once more, and read what came."""
    soon = timedelta(seconds=2)
    with open_crawl(workshop.settings, load_profile("mic"), workshop.database, patience=soon) as crawl:
        summary = crawl.run(again=True)
    update(workshop.stores, silent)
    return summary


def versions(workshop: Workshop) -> dict[str, int]:
    found = {}
    with workshop.database.reading() as connection:
        keys = list(connection.scalars(sa.select(addresses.c.key).where(addresses.c.key.is_not(None)).distinct()))
    for key in keys:
        record = workshop.stores.record.article(Key.parse(key))
        if record:
            found[key] = len(record.versions)
    return found


def gone(workshop: Workshop) -> set[str]:
    """Keys whose addresses all answered, at last, that nothing is there."""
    with workshop.database.reading() as connection:
        rows = connection.execute(
            sa.select(addresses.c.key, addresses.c.status).where(addresses.c.key.is_not(None))
        )
        statuses: dict[str, set[int]] = {}
        for row in rows:
            statuses.setdefault(row.key, set()).add(row.status)
    return {key for key, found in statuses.items() if found in ({404}, {410})}


@contextmanager
def without_rules(replica: Replica, known: list[str]) -> Iterator[Naive]:
    naive = Naive(replica=replica)
    for url in known:
        naive.fetch(url)
    yield naive
    naive.close()


def test_15_an_edit_is_a_version_and_a_removal_leaves_the_last_one(workshop: Workshop, replica: Replica):
    first = {one.key: one for one in replica.truth() if one.reach != "number"}
    assert versions(workshop) == dict.fromkeys(first, 1)
    was_gone = gone(workshop)
    replica.control.night()
    crawl_again(workshop)
    now = {one.key: one for one in replica.truth() if one.reach != "number"}
    edited = {key for key, one in now.items() if one.revision and not one.gone}
    removed = {key for key, one in now.items() if one.gone and one.gone != "error page"}
    assert len(edited) > 8
    assert len(removed) > 1
    assert {key for key, number in versions(workshop).items() if number > 1} == edited
    assert set(versions(workshop)) == set(first)
    assert gone(workshop) - was_gone == {key for key in removed if "mst.gov.vn" not in str(first[key].addresses)}
    for key in edited:
        record = workshop.stores.record.article(Key.parse(key))
        assert record is not None
        assert record.article.paragraphs == now[key].paragraphs


def test_15_a_crawler_that_keeps_the_last_answer_forgets_what_was_there(replica: Replica):
    """What is removed with status 200 takes its place, and nothing remembers the text before the edit."""
    known = [one.addresses[0] for one in replica.truth() if one.reach == "listed" and one.template in ("T1", "T2")]
    with without_rules(replica, known) as naive:
        before = dict(naive.pages)
        replica.control.night()
        for url in known:
            naive.fetch(url)
        lost = [url for url in known if before[url].title != naive.pages[url].title]
        replica.control.revert()
    assert lost


@pytest.mark.parametrize("way", OUTAGES)
def test_15_an_outage_removes_nothing(workshop: Workshop, replica: Replica, way):
    before, was_gone = versions(workshop), gone(workshop)
    replica.control.outage("mic.gov.vn", way)
    summary = crawl_again(workshop)
    assert summary.gone == 0 or way != "503"
    assert gone(workshop) <= was_gone
    assert versions(workshop) == before
    records = [workshop.stores.record.article(Key.parse(key)) for key in before]
    assert not [record for record in records if record is None or record.status == "withdrawn"]


def test_15_an_outage_with_status_200_overwrites_what_is_kept_without_looking(replica: Replica):
    known = [one.addresses[0] for one in replica.truth() if one.template == "T1" and "//mic." in one.addresses[0]][
        :10
    ]
    with without_rules(replica, known) as naive:
        before = dict(naive.pages)
        for way in ("error page", "home"):
            replica.control.outage("mic.gov.vn", way)
            for url in known:
                naive.fetch(url)
                assert naive.pages[url].status == 200
                assert naive.pages[url].title != before[url].title
        replica.control.revert()
