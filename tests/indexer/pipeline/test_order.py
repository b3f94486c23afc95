"""The order in which captures come into the record never matters, be they crawled or imported."""

import random
import time

import pytest
import sqlalchemy as sa

from crawler.address import Key
from crawler.progress import silent
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.record import ReadCapture, Record
from indexer.tables import TABLES, articles, corrections, cursors, likenesses, number_uses

EDITED = 12


@pytest.fixture
def recrawled(workshop, replica, truths):
    """A site some of whose articles were edited, and one edit taken back, between three crawls."""
    keys = [Key.parse(key) for key, truth in truths.items() if truth.revision == 0][:EDITED]
    try:
        for key in keys:
            replica.control.edit(key)
        with workshop.crawling() as crawl:
            crawl.run(again=True)
    finally:
        replica.control.revert()
    with workshop.crawling() as crawl:
        crawl.run(again=True)
    update(workshop.stores, silent)
    return workshop


def everything_read(workshop: Workshop) -> list[ReadCapture]:
    captures = [capture for batch, _ in workshop.stores.archive.changes(0) for capture in batch]
    return workshop.stores.read_all(captures)


def documents(workshop: Workshop) -> dict[str, str]:
    with workshop.database.reading() as connection:
        rows = connection.execute(sa.select(articles.c.key, articles.c.document))
        return {row.key: row.document for row in rows}


def histories(workshop: Workshop) -> dict[str, list[object]]:
    record = workshop.stores.record
    found = {key: record.article(Key.parse(key)) for key in documents(workshop)}
    return {
        key: [(one.captured_at, one.last_seen_at, one.meaning_digest) for one in merged.versions] if merged else []
        for key, merged in found.items()
    }


def forget_all(workshop: Workshop) -> None:
    with workshop.database.writing() as connection:
        for table in TABLES:
            if table not in (corrections, cursors):
                connection.execute(sa.delete(table))
        connection.execute(sa.update(cursors).values(value=0))


def relations(workshop: Workshop) -> tuple[dict[str, str | None], set[tuple[object, ...]]]:
    """Who leads whom, and who issues and cites which documents."""
    with workshop.database.reading() as connection:
        led = connection.execute(sa.select(likenesses.c.key, likenesses.c.leader))
        used = connection.execute(sa.select(number_uses))
        return {row.key: row.leader for row in led}, {tuple(row) for row in used}


def test_captures_taken_in_in_any_order_make_the_same_record(recrawled):
    expected, history, related = documents(recrawled), histories(recrawled), relations(recrawled)
    assert all(related)
    taken_back = [versions for versions in history.values() if len(versions) == 3]
    assert len(taken_back) >= EDITED - 2
    read = everything_read(recrawled)
    forget_all(recrawled)
    seed = int(time.time())
    print(f"seed {seed}")
    random.Random(seed).shuffle(read)
    record = Record(recrawled.database)
    for start in range(0, len(read), 150):
        record.apply(read[start : start + 150], None)
    assert documents(recrawled) == expected
    assert histories(recrawled) == history
    assert relations(recrawled) == related
