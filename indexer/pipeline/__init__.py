"""The straight line: what is new in the archive goes into the record, what is new in the record into the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.archive import Archive
from crawler.frontier import Frontier
from crawler.page import Capture
from crawler.progress import Progress, Report
from indexer.engines import SearchIndex
from indexer.record import ReadCapture, Record

MOST_LOST = 0.01
"""Share of the live index's documents a new generation may lack before it is refused."""

CATCH_UPS = 10
"""Times a new generation runs after a record that grows meanwhile before it is refused."""

ReadAll = Callable[[Sequence[Capture]], list[ReadCapture]]
"""What captures say, in their order; `readers.Readers.read` is one."""


class GenerationRefused(Exception):  # noqa: N818 - a decision, not a fault
    """A new generation was not promoted; the message says why and what to do. The live one stays."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The three stores in their order, what reads captures, and the frontier, which learns what became of them."""

    archive: Archive
    record: Record
    index: SearchIndex
    read_all: ReadAll
    frontier: Frontier


def update(stores: Stores, report: Report) -> None:
    """Bring record and index up to date with the archive, batch by batch, each batch whole or not at all.

    Raises IndexUnavailable when the engine does not answer; the record is up to date then; the next call goes on.
    """
    update_record(stores, report)
    update_index(stores.record, stores.index, report)


def update_record(stores: Stores, report: Report) -> None:
    """Read the captures the record does not know yet."""
    start = stores.record.cursor
    total = stores.archive.last_sequence - start
    for batch, cursor in stores.archive.changes(after=start):
        _take_in(stores, batch, cursor)
        report(Progress(done=cursor - start, total=max(total, cursor - start), message="reading"))


def read_again(stores: Stores, report: Report) -> None:
    """Read every capture of the archive again, as it is read today; the record's cursor stays where it is."""
    total = stores.record.cursor
    for batch, cursor in stores.archive.changes(after=0):
        known = [capture for capture in batch if capture.sequence <= total]
        _take_in(stores, known, None)
        report(Progress(done=min(cursor, total), total=total, message="reading again"))
        if cursor >= total:
            return


def update_index(record: Record, index: SearchIndex, report: Report) -> None:
    """Write the changes the index does not know yet. Raises IndexUnavailable."""
    start = index.cursor
    total = record.last_sequence - start
    for changes, cursor in record.changes(after=start):
        index.apply(changes, cursor)
        report(Progress(done=cursor - start, total=max(total, cursor - start), message="indexing"))


def rebuild(record: Record, index: SearchIndex, report: Report, *, accept_fewer: bool = False) -> int:
    """Write a new generation from the record and make it the live one; returns its number of documents.

    Raises GenerationRefused when it does not hold every article of the record, or over 1 % fewer than the live one
    (unless `accept_fewer`), and removes it again.
    """
    live = index.count()
    generation = index.begin_generation()
    try:
        count = _catch_up(record, generation, report)
        if count < live * (1 - MOST_LOST) and not accept_fewer:
            raise GenerationRefused(
                f"the new generation holds {count} articles, the live one {live}: more than 1 % fewer. "
                "If that is right, run it again with --accept-fewer"
            )
        index.promote(generation)
    except BaseException:
        generation.discard()
        raise
    return count


def _take_in(stores: Stores, batch: Sequence[Capture], cursor: int | None) -> None:
    changed = stores.record.apply(stores.read_all(batch), cursor)
    if cursor is not None:
        captured = {capture.key for capture in batch if capture.key is not None}
        stores.frontier.learn({key: changed[str(key)] for key in captured if str(key) in changed})


def _catch_up(record: Record, generation: SearchIndex, report: Report) -> int:
    """Write until the generation holds exactly what the record does; the record may grow meanwhile."""
    for _ in range(CATCH_UPS):
        update_index(record, generation, report)
        count = generation.count()
        if count == record.count():
            return count
    raise GenerationRefused(f"the new generation holds {count} articles, the record {record.count()}: try again")
