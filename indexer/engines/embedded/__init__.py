"""The embedded engine: tantivy in a local folder, one writer, any number of reading processes."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Self

from tantivy import Index, IndexWriter

from crawler.address import Key
from indexer.document import Change
from indexer.engines import GenerationLive, Health, IndexBusy, IndexOutdated, IndexUnavailable
from indexer.engines.answering import Reader, explain, ranked, scan, search, tally
from indexer.engines.embedded import schema
from indexer.engines.embedded.generations import Generations
from indexer.engines.embedded.reading import Snapshot, engine_errors
from indexer.engines.entry import MAPPING, entry
from indexer.engines.nothing import NOTHING
from indexer.engines.offering import related, suggest
from indexer.query.clauses import Clause
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.query.results import Explained, Hit, SearchResults, Suggestion, Tally

HEAP = 128_000_000
"""Bytes the writer fills before it writes a segment."""

REMEMBERED = 128
"""Searches whose answers are kept until the index changes: about 100 kB each."""

THREADS = 1
"""Of the writer; what it is fed by is one Python thread."""


class EmbeddedIndex:
    """A SearchIndex in a folder: whichever generation is live, or the one of a number."""

    def __init__(
        self, root: Path, lexicon: Lexicon, number: int | None = None, *, remembered: int = REMEMBERED
    ) -> None:
        self._root, self._lexicon, self._number, self._remembered = root, lexicon, number, remembered
        self._generations = Generations(root)
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._writing: tuple[int, IndexWriter] | None = None

    @property
    def generation(self) -> str:
        """Number of this generation, '' while there is none."""
        number = self._find()
        return "" if number is None else str(number)

    @property
    def cursor(self) -> int:
        """How far into the record's change sequence this generation has come."""
        state = self._state()
        return state.snapshot.cursor if state else 0

    def apply(self, changes: Sequence[Change], cursor: int) -> None:
        """Write changes and the cursor in one commit."""
        number = self._find()
        if number is None:
            self.promote(self.begin_generation())
            number = self._find()
            assert number is not None
        done = self.cursor
        writer = self._writer(number)
        with engine_errors():
            try:
                for change in sorted(changes, key=lambda change: change.sequence):
                    if change.sequence > done:
                        _write(writer, change)
                writer.delete_documents_by_term("key", schema.CURSOR_KEY)
                writer.add_document(schema.cursor_document(max(cursor, done)))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search; of one that was answered before, out of the same state, the answer is remembered."""
        began = time.perf_counter()
        state = self._state()
        found = state.answer(request) if state else search(NOTHING, request, self._lexicon)
        return replace(found, took_ms=(time.perf_counter() - began) * 1_000)

    def tally(self, request: SearchRequest) -> Tally:
        """How much a search finds."""
        return tally(self._reader(), request, self._lexicon)

    def explain(self, request: SearchRequest) -> Sequence[Explained]:
        """The hits of a search, and why each is where it is."""
        return explain(self._reader(), request, self._lexicon)

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """At most eight lines for what was typed so far."""
        return suggest(self._reader(), prefix, self._lexicon)

    def related(self, key: Key) -> Sequence[Hit]:
        """At most six articles that are like this one."""
        return related(self._reader(), str(key))

    def scan(self, request: SearchRequest) -> Iterator[Hit]:
        """Every hit of a search in its order, out of the state the index is in now."""
        return scan(self._reader(), request, self._lexicon)

    def ranked(self, clause: Clause, size: int) -> Sequence[Hit]:
        """The first hits of a clause tree by its own score."""
        return ranked(self._reader(), clause, size)

    def count(self) -> int:
        """Documents in this generation."""
        state = self._state()
        return state.snapshot.documents if state else 0

    def health(self) -> Health:
        """Whether it can answer; never raises."""
        try:
            return Health(ok=True, engine="embedded", generation=self.generation, documents=self.count())
        except (IndexUnavailable, IndexOutdated) as problem:
            return Health(ok=False, engine="embedded", detail=str(problem))

    def begin_generation(self) -> Self:
        """A new empty generation beside the live one."""
        with engine_errors():
            number = self._generations.make()
            Index(schema.build(), str(self._generations.folder(number)), reuse=False)
        return self._numbered(number)

    def promote(self, generation: Self) -> None:
        """Make a generation the live one, by moving one pointer."""
        number = generation._number
        assert number is not None
        generation.close()
        with engine_errors():
            self._generations.point(number)

    def previous(self) -> Self | None:
        """The generation that was live before, as long as it is kept."""
        with engine_errors():
            number = self._generations.live().previous
        return None if number is None else self._numbered(number)

    def discard(self) -> None:
        """Remove this generation's folder. Raises GenerationLive for the one that is searched."""
        with engine_errors():
            live = self._generations.live().current
        if self._number is None or self._number == live:
            raise GenerationLive(f"generation {live} in {self._root} is the one that is searched")
        self.close()
        self._generations.remove(self._number)

    def release(self) -> None:
        """Give back the writer, once it has merged what it was merging."""
        writing, self._writing = self._writing, None
        if writing:
            with engine_errors():
                writing[1].wait_merging_threads()

    def close(self) -> None:
        """Give back the writer and the open files."""
        self.release()
        with self._lock:
            self._opened = None

    def _numbered(self, number: int) -> Self:
        return type(self)(self._root, self._lexicon, number, remembered=self._remembered)

    def _find(self) -> int | None:
        if self._number is not None:
            return self._number
        with engine_errors():
            return self._generations.live().current

    def _reader(self) -> Reader:
        state = self._state()
        return state.snapshot if state else NOTHING

    def _state(self) -> "_State | None":
        """The newest committed state: another process may have committed or promoted since the last search."""
        number = self._find()
        if number is None:
            return None
        with self._lock, engine_errors():
            if self._opened is None or self._opened.number != number:
                self._check(number)
                self._opened = _Opened(number, self._generations.folder(number))
            return self._opened.state(self._stated)

    def _stated(self, index: Index) -> "_State":
        snapshot = Snapshot(index, self._remembered)

        def answer(request: SearchRequest) -> SearchResults:
            return search(snapshot, request, self._lexicon)

        return _State(snapshot=snapshot, answer=lru_cache(self._remembered)(answer))

    def _check(self, number: int) -> None:
        if self._generations.mapping(number) != MAPPING:
            raise IndexOutdated(
                f"generation {number} in {self._root} was made by another version of this program; "
                "make it anew with: python -m indexer rebuild",
            )

    def _writer(self, number: int) -> IndexWriter:
        """The writer of a generation, taken at the first change, held until `release` so that merging goes on."""
        if self._writing is None or self._writing[0] != number:
            self._check(number)
            self.release()
            self._writing = number, _take_writer(self._generations.folder(number))
        return self._writing[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    """What was committed at some time, and how searches are answered out of it."""

    snapshot: Snapshot
    answer: Callable[[SearchRequest], SearchResults]


class _Opened:
    """A generation's folder held open, with the newest state seen of it."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self._meta = folder / "meta.json"
        self._index = Index.open(str(folder))
        self._index.config_reader("manual")
        self._stamp: tuple[int, int] | None = None
        self._state: _State | None = None

    def state(self, made: Callable[[Index], _State]) -> _State:
        """The newest state; one look at one file tells whether it is another, which is then made."""
        found = self._meta.stat()
        stamp = (found.st_ino, found.st_mtime_ns)
        if self._state is None or stamp != self._stamp:
            self._index.reload()
            self._state, self._stamp = made(self._index), stamp
        return self._state


def _take_writer(folder: Path) -> IndexWriter:
    """Raises IndexBusy where another process, or another handle of this one, has it."""
    with engine_errors():
        index = Index.open(str(folder))
        try:
            return index.writer(HEAP, THREADS)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexBusy(f"another process is writing to the index in {folder}") from error
            raise


def _write(writer: IndexWriter, change: Change) -> None:
    writer.delete_documents_by_term("key", str(change.key))
    if change.document is not None:
        writer.add_document(schema.document(entry(change.document)))
