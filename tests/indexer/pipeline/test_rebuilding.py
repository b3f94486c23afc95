"""Generations and the record: none is searched that lacks changes, or is another record's, or cannot be read."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa

from config.database import sequences
from crawler.address import Key
from crawler.clock import SystemClock
from crawler.lease import LeaseHeld, holding
from crawler.progress import Cancelled, Progress, Report, silent
from indexer.article import Article
from indexer.engines import IndexOutdated
from indexer.engines.embedded import EmbeddedIndex
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update_index
from indexer.pipeline.rebuilding import REBUILD, GenerationRefused, go_back, rebuild
from indexer.pipeline.turns import UPDATE, turn
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.record import Correction, ReadCapture
from tests.contract.documents import article, changes


def build_anew(workshop: Workshop, report: Report = silent, *, accept_fewer: bool = False) -> int:
    return rebuild(workshop.stores, workshop.database, workshop.clock, report, accept_fewer=accept_fewer)


def back(workshop: Workshop) -> None:
    go_back(workshop.stores, workshop.database, workshop.clock, silent)


def found(workshop: Workshop) -> set[str]:
    return {str(hit.key) for hit in workshop.stores.index.scan(SearchRequest(reprints=True))}


def generations(workshop: Workshop) -> set[str]:
    return {path.name for path in Path(workshop.settings.index).iterdir() if path.is_dir()}


def rename(workshop: Workshop) -> set[str]:
    """Let every article be read as another, so that twice as many changes wait; returns the keys that are new."""
    captures = [capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch]
    renamed: list[ReadCapture] = []
    keys: set[str] = set()
    for read in workshop.stores.read_all(captures):
        if isinstance(read.reading, Article):
            key = Key(family="mic", id=f"9{read.reading.key.id}")
            renamed.append(replace(read, reading=replace(read.reading, key=key)))
            keys.add(str(key))
    workshop.stores.record.apply(renamed, None)
    return keys


def as_of_another_version(workshop: Workshop) -> None:
    stores = workshop.stores
    about = Path(workshop.settings.index) / stores.index.generation / "generation.json"
    about.write_text(json.dumps({"mapping": 0}), encoding="utf-8")
    stores.index.close()


def test_a_generation_promoted_during_an_update_gets_the_changes_it_lacks(workshop, monkeypatch):
    """It has come less far than the one the update began with: the later changes alone would leave a gap."""
    monkeypatch.setattr("indexer.record.BATCH_TEXT", 100_000)  # several batches
    record, index = workshop.stores.record, workshop.stores.index
    renamed = rename(workshop)
    index.promote(index.begin_generation())
    behind = index.begin_generation()
    behind.apply([], 0)
    promoted = False

    def meanwhile(progress: Progress) -> None:
        nonlocal promoted
        if not promoted:
            promoted = True
            assert 0 < progress.done < record.last_sequence
            index.release()
            index.promote(behind)

    update_index(record, index, meanwhile)
    assert promoted
    assert found(workshop) == renamed


def test_a_generation_is_promoted_while_nobody_updates(workshop):
    before = workshop.stores.index.generation
    with holding(workshop.database, workshop.clock, UPDATE):
        waiting = threading.Event()

        def report(progress: Progress) -> None:
            if progress.message.startswith("waiting for "):
                waiting.set()

        building = threading.Thread(target=build_anew, args=(workshop, report))
        building.start()
        assert waiting.wait(60)
        assert workshop.stores.index.generation == before
    building.join(60)
    assert workshop.stores.index.generation != before


def test_a_rebuild_that_is_cancelled_leaves_nothing_behind(workshop):
    before = (workshop.stores.index.generation, generations(workshop))

    def impatient(_progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        build_anew(workshop, impatient)
    assert (workshop.stores.index.generation, generations(workshop)) == before
    assert build_anew(workshop) == workshop.stores.record.count()


def test_one_process_rebuilds_or_goes_back_at_a_time(workshop):
    with turn(workshop.database, SystemClock(), REBUILD, silent):
        with pytest.raises(LeaseHeld):
            build_anew(workshop)
        with pytest.raises(LeaseHeld):
            back(workshop)


def test_a_generation_that_lacks_an_article_is_refused(workshop):
    """The record says of an article that it is there, and has no change that would bring it into an index."""
    stores = workshop.stores
    live = stores.index.generation
    with workshop.database.writing() as connection:
        connection.execute(
            sa.text("UPDATE articles SET sequence = -1 WHERE key = (SELECT min(key) FROM articles WHERE present)")
        )
    with pytest.raises(GenerationRefused, match="run it again"):
        build_anew(workshop)
    assert stores.index.generation == live
    assert generations(workshop) == {live}


def test_an_index_of_another_version_is_rebuilt_by_the_command_its_message_names(workshop, truths):
    as_of_another_version(workshop)
    with pytest.raises(IndexOutdated, match="python -m indexer rebuild"):
        workshop.stores.index.search(SearchRequest())
    build_anew(workshop)
    assert found(workshop) == set(truths)


def test_an_index_that_is_damaged_is_rebuilt(workshop, truths):
    index = workshop.stores.index
    folder = Path(workshop.settings.index) / index.generation
    index.close()
    shutil.rmtree(folder)
    build_anew(workshop)
    assert found(workshop) == set(truths)


def test_there_is_no_way_back_to_what_cannot_be_searched(workshop):
    with pytest.raises(GenerationRefused, match="no earlier generation"):
        back(workshop)
    as_of_another_version(workshop)
    build_anew(workshop)
    live = workshop.stores.index.generation
    with pytest.raises(GenerationRefused, match=r"cannot be searched: .*another version"):
        back(workshop)
    assert workshop.stores.index.generation == live


def test_an_index_that_is_ahead_of_the_record_is_another_records(workshop):
    """A database was restored, or another one is used with the index of the first."""
    with workshop.database.writing() as connection:
        connection.execute(sa.update(sequences).where(sequences.c.name == "record").values(value=5))
    with pytest.raises(IndexOutdated, match="make the index anew with: python -m indexer rebuild"):
        update_index(workshop.stores.record, workshop.stores.index, silent)


def test_an_index_that_holds_other_articles_than_the_record_is_another_records(workshop, truths):
    index = workshop.stores.index
    index.apply(changes([article("999999")], index.cursor), index.cursor)
    with pytest.raises(
        IndexOutdated, match=f"holds {len(truths) + 1} articles where the record has {len(truths)}"
    ):
        update_index(workshop.stores.record, index, silent)


def test_going_back_and_on_again_loses_no_change(workshop, truths):
    stores = workshop.stores
    build_anew(workshop)
    newer = stores.index.generation
    back(workshop)
    assert stores.index.generation != newer
    update_index(stores.record, stores.index, silent)
    assert (found(workshop), stores.index.cursor) == (set(truths), stores.record.last_sequence)


class Counted(EmbeddedIndex):
    """An index in whose counting something else comes in between."""

    between: ClassVar[list[Callable[[], None]]] = []

    def count(self) -> int:
        held = super().count()
        if self.between:
            self.between.pop()()
        return held


@pytest.fixture
def withheld_meanwhile(workshop, truths) -> Iterator[Workshop]:
    """Somebody withholds an article when everything is written, and the index and the record are compared."""
    key = Key.parse(min(truths))
    wish = Correction(at=workshop.clock.now(), who="minh", key=key, field="withheld", value=True, reason="Vì thế.")
    index = Counted(Path(workshop.settings.index), Lexicon())
    Counted.between.append(lambda: workshop.stores.record.correct(wish, expected=None))
    yield replace(workshop, stores=replace(workshop.stores, index=index))
    assert not Counted.between
    index.close()


def test_what_is_withheld_while_a_new_generation_is_counted_is_no_reason_to_refuse_it(withheld_meanwhile, truths):
    Counted.between.append(lambda: None)  # the live one is counted first
    assert build_anew(withheld_meanwhile) == len(truths) - 1


def test_what_is_withheld_while_the_index_is_counted_makes_it_no_other_records(withheld_meanwhile, truths):
    stores = withheld_meanwhile.stores
    update_index(stores.record, stores.index, silent)
    assert stores.index.count() == len(truths) - 1
