"""The straight line: what is new in the archive goes into the record, what is new in the record into the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.archive import Archive
from crawler.frontier import Frontier
from crawler.page import Capture
from crawler.progress import Progress, Report
from indexer.engines import IndexOutdated, SearchIndex
from indexer.record import ReadCapture, Record

_ANEW = "The database is another one or an older copy; make the index anew with: python -m indexer rebuild"

ReadAll = Callable[[Sequence[Capture]], list[ReadCapture]]
"""What captures say, in their order; `readers.Readers.read` is one."""


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
    """Read the captures the record does not know yet. Raises ArchiveError where the archive is not there."""
    start = stores.record.cursor
    total = stores.archive.last_sequence - start
    stores.archive.check()
    for batch, cursor in stores.archive.changes(after=start):
        _take_in(stores, batch, cursor)
        report(Progress(done=cursor - start, total=max(total, cursor - start), message="reading"))


def read_again(stores: Stores, report: Report) -> None:
    """Read every capture of the archive again, as it is read today; the record's cursor stays where it is.

    Raises ArchiveError where the archive is not there.
    """
    total = stores.record.cursor
    stores.archive.check()
    for batch, cursor in stores.archive.changes(after=0):
        known = [capture for capture in batch if capture.sequence <= total]
        _take_in(stores, known, None)
        report(Progress(done=min(cursor, total), total=total, message="reading again"))
        if cursor >= total:
            return


def update_index(record: Record, index: SearchIndex, report: Report) -> None:
    """Write the changes the index does not know yet, while nobody else writes any.

    Raises IndexUnavailable; IndexOutdated where the index is no index of this record.
    """
    start, last = index.cursor, record.last_sequence
    if start > last:
        raise IndexOutdated(f"the index has come to change {start} of a record that has {last}. {_ANEW}")
    write_changes(record, index, report)
    held, present = index.count(), record.count()
    if held != present:
        raise IndexOutdated(f"the index holds {held} articles where the record has {present}. {_ANEW}")


def write_changes(record: Record, index: SearchIndex, report: Report) -> None:
    """Write the changes the index does not know yet. Raises IndexUnavailable."""
    start = index.cursor
    total = record.last_sequence - start
    # The cursor is asked for anew each time: another generation, which lacks other changes, may be live by now.
    while batch := next(record.changes(after=index.cursor), None):
        changes, cursor = batch
        index.apply(changes, cursor)
        report(Progress(done=cursor - start, total=max(total, cursor - start), message="indexing"))


def _take_in(stores: Stores, batch: Sequence[Capture], cursor: int | None) -> None:
    reads = stores.read_all(batch)
    changed = stores.record.apply([*reads, *_compared(stores, reads)], cursor)
    if cursor is not None:
        captured = {capture.key for capture in batch if capture.key is not None}
        stores.frontier.learn({key: changed[str(key)] for key in captured if str(key) in changed})


def _compared(stores: Stores, reads: Sequence[ReadCapture]) -> list[ReadCapture]:
    """Earlier captures of articles that seem to have changed, read as they are read today.

    So better reading is never taken for a change. One that cannot be read any more stays as it was.
    """
    earlier = map(stores.archive.capture, stores.record.unlike(reads))
    return stores.read_all([capture for capture in earlier if capture is not None])
