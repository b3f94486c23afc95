"""The straight line: what is new in the archive goes into the record, what is new in the record into the index."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from crawler.archive import Archive
from crawler.frontier import Frontier
from crawler.page import Capture
from crawler.progress import Progress, Report
from indexer.engines import IndexOutdated, SearchIndex
from indexer.record import ReadCapture, Record

_ANEW = "The database is another one or an older copy; make the index anew with: python -m indexer rebuild"

ReadAll = Callable[[Sequence[Capture]], list[ReadCapture]]
"""What captures say, in their order; `readers.Readers.read` is one."""
Awaited = Callable[[Callable[[], None]], list[ReadCapture]]
"""Waits until captures are read, calling what it is given every second, and gives what they say."""
Batch = tuple[Sequence[Capture], int]
"""Captures, and the number of the last in the archive's change sequence."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The three stores in their order, what reads captures, and the frontier, which learns what became of them."""

    archive: Archive
    record: Record
    index: SearchIndex
    read_all: ReadAll
    read_ahead: Callable[[Sequence[Capture]], Awaited]
    """Begins to read captures while others are recorded; `readers.Readers.begin`."""
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

    def told(done: int) -> None:
        report(Progress(done=done - start, total=max(total, done - start), message="reading"))

    _take_in_all(stores, stores.archive.changes(after=start), start, told, moves_cursor=True)


def read_again(stores: Stores, report: Report) -> None:
    """Read every capture of the archive again, as it is read today; the record's cursor stays where it is.

    Raises ArchiveError where the archive is not there.
    """
    total = stores.record.cursor
    stores.archive.check()

    def told(done: int) -> None:
        report(Progress(done=min(done, total), total=total, message="reading again"))

    _take_in_all(stores, _known(stores, total), 0, told, moves_cursor=False)


def _known(stores: Stores, last: int) -> Iterator[Batch]:
    """The captures up to a number of the archive's change sequence."""
    for batch, cursor in stores.archive.changes(after=0):
        yield [capture for capture in batch if capture.sequence <= last], cursor
        if cursor >= last:
            return


def update_index(record: Record, index: SearchIndex, report: Report) -> None:
    """Write the changes the index does not know yet, while nobody else writes any.

    Raises IndexUnavailable; IndexOutdated where the index is no index of this record.
    """
    start, last = index.cursor, record.last_sequence
    if start > last:
        raise IndexOutdated(f"the index has come to change {start} of a record that has {last}. {_ANEW}")
    held, present = write_all(record, index, report)
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


def write_all(record: Record, index: SearchIndex, report: Report) -> tuple[int, int]:
    """Write the changes the index does not know yet; returns how many articles index and record hold then.

    People correct articles at any time: counts with a correction between them are not compared. Raises
    IndexUnavailable.
    """
    while True:
        write_changes(record, index, report)
        held, present = index.count(), record.count()
        if held == present or index.cursor >= record.last_sequence:
            return held, present


def _take_in_all(
    stores: Stores, batches: Iterable[Batch], start: int, told: Callable[[int], None], *, moves_cursor: bool
) -> None:
    """Record batch after batch, the next one being read meanwhile; `told` hears how far this has come."""
    done = start
    for batch, cursor, awaited in _read_ahead(stores, batches):
        reads = awaited(partial(told, done))
        _take_in(stores, batch, reads, cursor if moves_cursor else None)
        done = cursor
        told(done)


def _read_ahead(stores: Stores, batches: Iterable[Batch]) -> Iterator[tuple[Sequence[Capture], int, Awaited]]:
    """Each batch with what waits for its reading, once that of the batch after it has begun."""
    begun: tuple[Sequence[Capture], int, Awaited] | None = None
    for batch, cursor in batches:
        before, begun = begun, (batch, cursor, stores.read_ahead(batch))
        if before:
            yield before
    if begun:
        yield begun


def _take_in(stores: Stores, batch: Sequence[Capture], reads: list[ReadCapture], cursor: int | None) -> None:
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
