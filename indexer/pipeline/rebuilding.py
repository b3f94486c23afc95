"""A new generation of the index: written beside the live one and searched once it is whole; and the way back."""

from contextlib import suppress

from config.database import Database
from crawler.clock import Clock
from crawler.progress import Report
from indexer.engines import GenerationLive, IndexOutdated, IndexUnavailable, SearchIndex
from indexer.pipeline import Stores, read_again, write_all, write_changes
from indexer.pipeline.turns import UPDATE, turn

MOST_LOST = 0.01
"""Share of the live index's documents a new generation may lack before it is refused."""

REBUILD = "rebuild"


class GenerationRefused(Exception):  # noqa: N818 - a decision, not a fault
    """A generation was not promoted; the message says why and what to do. The live one stays."""


def rebuild(
    stores: Stores, database: Database, clock: Clock, report: Report, *, accept_fewer: bool = False
) -> int:
    """Write a new generation from the record and make it the live one; returns its number of documents.

    Most of it is written while others update record and live index; the rest, and the promotion, in their place,
    so that nothing comes in between. Raises GenerationRefused when it does not hold every article of the record,
    or over 1 % fewer than the live one (unless `accept_fewer`), and LeaseHeld where another process is rebuilding.
    """
    record, index = stores.record, stores.index
    with turn(database, clock, REBUILD, report) as telling:
        live = _documents(index)
        generation = index.begin_generation()
        try:
            write_changes(record, generation, telling)
            with turn(database, clock, UPDATE, telling, patient=True) as alone:
                count, recorded = write_all(record, generation, alone)
                _check(count, recorded, 0 if accept_fewer else live)
                index.promote(generation)
        except BaseException:
            with suppress(GenerationLive, IndexUnavailable):
                generation.discard()
            raise
    return count


def reread(stores: Stores, database: Database, clock: Clock, report: Report, *, accept_fewer: bool = False) -> int:
    """Read every capture again while nobody else updates, then rebuild; raises what `rebuild` does."""
    with turn(database, clock, UPDATE, report, patient=True) as telling:
        read_again(stores, telling)
    return rebuild(stores, database, clock, report, accept_fewer=accept_fewer)


def go_back(stores: Stores, database: Database, clock: Clock, report: Report) -> None:
    """Make the generation live again that was before; what it lacks by now is written at the next update.

    Raises GenerationRefused where none is kept that can be searched, and LeaseHeld where another process rebuilds.
    """
    with turn(database, clock, REBUILD, report) as telling, turn(database, clock, UPDATE, telling, patient=True):
        before = stores.index.previous()
        if before is None:
            raise GenerationRefused("no earlier generation is kept")
        health = before.health()
        if not health.ok:
            raise GenerationRefused(f"the earlier generation cannot be searched: {health.detail}")
        stores.index.promote(before)


def _check(count: int, recorded: int, live: int) -> None:
    if count != recorded:
        raise GenerationRefused(f"the new generation holds {count} articles, the record {recorded}: run it again")
    if count < live * (1 - MOST_LOST):
        raise GenerationRefused(
            f"the new generation holds {count} articles, the live one {live}: more than 1 % fewer. "
            "If that is right, run it again with --accept-fewer"
        )


def _documents(index: SearchIndex) -> int:
    """Documents of the live generation; with one that cannot be read the new one is not compared."""
    try:
        return index.count()
    except (IndexOutdated, IndexUnavailable):
        return 0
