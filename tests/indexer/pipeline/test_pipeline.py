"""The straight line, from what was archived to what is found, over the replica's whole site."""

from dataclasses import asdict

import pytest
import sqlalchemy as sa

from crawler.address import Key
from crawler.progress import Cancelled, Progress, Report, silent
from indexer.article import Rejected
from indexer.engines import IndexUnavailable
from indexer.jobs.tasks import Workshop
from indexer.pipeline import Stores, read_again, update
from indexer.pipeline.rebuilding import GenerationRefused, go_back, rebuild
from indexer.query.request import SearchRequest
from indexer.record import ReadCapture
from indexer.tables import articles


def recorded(workshop: Workshop) -> set[str]:
    with workshop.database.reading() as connection:
        return set(connection.scalars(sa.select(articles.c.key).where(articles.c.present)))


def found(workshop: Workshop) -> dict[str, str]:
    """Key and title of everything in the index."""
    return {str(hit.key): hit.title.text for hit in workshop.stores.index.scan(SearchRequest(reprints=True))}


def build_anew(workshop: Workshop, report: Report = silent, *, accept_fewer: bool = False) -> int:
    return rebuild(workshop.stores, workshop.database, workshop.clock, report, accept_fewer=accept_fewer)


def test_the_index_finds_every_article_and_an_update_again_writes_nothing(workshop, truths):
    assert found(workshop) == {key: truth.title for key, truth in truths.items()}
    told: list[Progress] = []
    before = (workshop.stores.record.last_sequence, workshop.stores.index.cursor)
    update(workshop.stores, told.append)
    assert told == []
    assert (workshop.stores.record.last_sequence, workshop.stores.index.cursor) == before


def test_an_update_that_is_cancelled_goes_on_where_it_was(unread, truths):
    def impatient(progress: Progress) -> None:
        if progress.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        update(unread.stores, impatient)
    assert 0 < unread.stores.record.cursor < unread.stores.archive.last_sequence
    update(unread.stores, silent)
    assert set(found(unread)) == set(truths)


def test_reading_everything_again_the_same_way_changes_nothing(workshop):
    before = workshop.stores.record.last_sequence
    read_again(workshop.stores, silent)
    assert workshop.stores.record.last_sequence == before


def test_an_unchanged_recrawl_writes_nothing_to_the_index(workshop):
    before = workshop.stores.record.last_sequence
    with workshop.crawling() as crawl:
        summary = crawl.run(again=True)
    update(workshop.stores, silent)
    assert summary.not_modified > summary.fetched
    assert [change for batch, _ in workshop.stores.record.changes(before) for change in batch] == []


def test_an_edit_becomes_a_version_and_is_the_only_thing_indexed(workshop, replica, truths):
    key = next(key for key, truth in truths.items() if truth.template == "T2" and truth.revision == 0)
    before = workshop.stores.record.last_sequence
    replica.control.edit(Key.parse(key))
    try:
        with workshop.crawling() as crawl:
            crawl.run(again=True)
    finally:
        replica.control.revert()
    update(workshop.stores, silent)
    changes = [change for batch, _ in workshop.stores.record.changes(before) for change in batch]
    assert [str(change.key) for change in changes] == [key]
    record = workshop.stores.record.article(Key.parse(key))
    assert record is not None
    assert (record.status, len(record.versions)) == ("changed", 2)


def test_the_record_grows_while_the_engine_is_down_and_the_index_catches_up(unread, truths, tmp_path):
    folder = tmp_path / "data" / "index"
    folder.write_text("no folder", encoding="utf-8")
    with pytest.raises(IndexUnavailable):
        update(unread.stores, silent)
    assert recorded(unread) == set(truths)
    folder.unlink()
    update(unread.stores, silent)
    assert set(found(unread)) == set(truths)


def test_a_new_generation_holds_the_same_and_one_can_go_back(workshop, truths):
    stores = workshop.stores
    first = stores.index.generation
    assert build_anew(workshop) == len(truths)
    assert stores.index.generation != first
    assert set(found(workshop)) == set(truths)
    go_back(stores, workshop.database, workshop.clock, silent)
    assert stores.index.generation == first


def forget(stores: Stores, share: float) -> None:
    """Let the record lose a share of its articles, as a mistake in reading would."""
    for batch, _ in stores.archive.changes(0):
        lost = [capture for capture in batch if capture.key is not None][: int(len(batch) * share)]
        stores.record.apply(
            [ReadCapture(capture=capture, copy="mic", reading=Rejected(url="", reason="x")) for capture in lost],
            None,
        )


def test_a_generation_that_lost_too_much_is_refused_unless_that_is_wanted(workshop):
    stores = workshop.stores
    live, count = stores.index.generation, stores.index.count()
    forget(stores, 0.2)
    with pytest.raises(GenerationRefused, match="--accept-fewer"):
        build_anew(workshop)
    assert (stores.index.generation, stores.index.count()) == (live, count)
    assert build_anew(workshop, accept_fewer=True) == stores.record.count() < count


def test_a_change_during_a_rebuild_is_not_lost(workshop, truths):
    stores = workshop.stores
    lost: list[str] = []

    def meanwhile(progress: Progress) -> None:
        if not lost and progress.message == "indexing":
            [capture] = next(
                [capture]
                for batch, _ in stores.archive.changes(0)
                for capture in batch
                if str(capture.key) in truths
            )
            lost.append(str(capture.key))
            every = [one for one in stores.archive.captures(key=capture.key) if one.status == 200]
            gone = [ReadCapture(capture=one, copy="mic", reading=Rejected(url="", reason="x")) for one in every]
            stores.record.apply(gone, None)

    build_anew(workshop, meanwhile)
    assert set(found(workshop)) == set(truths) - set(lost)
    assert asdict(stores.index.health())["ok"]
