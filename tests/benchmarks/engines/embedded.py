"""Tantivy, in process."""

import secrets
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from tantivy import Document, Index, Searcher

from config.settings import Settings
from indexer.document import Change
from indexer.engines.answering import search
from indexer.engines.embedded import HEAP, THREADS, EmbeddedIndex, schema
from indexer.engines.embedded.reading import Snapshot
from indexer.engines.entry import entry
from indexer.query.clauses import NOTHING
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from tests.benchmarks.engines import Replay
from tests.benchmarks.timing import seconds

REMEMBERED = 8
"""Searches whose answers are remembered: fewer than any mix holds, so that each is answered anew."""


class Embedded:
    """An Engine in a folder."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self, settings: Settings) -> Settings:
        chosen = {"engine": "embedded", "index": str(self._new()), "index_remembered": REMEMBERED}
        return settings.model_copy(update=chosen)

    def drop(self, settings: Settings) -> None:
        shutil.rmtree(settings.index)

    def size(self, settings: Settings) -> int:
        return sum(file.stat().st_size for file in Path(settings.index).rglob("*") if file.is_file())

    def bulk(self, changes: Sequence[Change]) -> Callable[[], float]:
        documents = [schema.document(entry(change.document)) for change in changes if change.document]

        def write() -> float:
            folder = self._new()
            folder.mkdir(parents=True)
            took = seconds(lambda: _write(folder, documents))
            shutil.rmtree(folder)
            return took

        return write

    def replays(self, settings: Settings, lexicon: Lexicon, requests: Sequence[SearchRequest]) -> list[Replay]:
        index = EmbeddedIndex(Path(settings.index), lexicon)
        recorded = _RecordedIndex(Index.open(str(Path(settings.index) / index.generation)))
        snapshot = Snapshot(cast("Index", recorded), 1)

        def forget() -> None:
            snapshot.count(NOTHING, 1)
            snapshot.count(NOTHING, 1, ahead=True)

        return [recorded.record(partial(search, snapshot, request, lexicon), forget) for request in requests]

    def _new(self) -> Path:
        return self._folder / f"index-{secrets.token_hex(4)}"


class _RecordedIndex:
    """An index whose searcher keeps every call that is made to it."""

    def __init__(self, index: Index) -> None:
        self.schema = index.schema
        self._searcher = _RecordedSearcher(index.searcher())

    def searcher(self) -> "_RecordedSearcher":
        return self._searcher

    def record(self, work: Callable[[], object], forget: Callable[[], object]) -> Replay:
        work()  # what a snapshot knows of its state is asked once
        forget()  # … and what it remembers of searches is none of the engine's work
        self._searcher.calls.clear()
        work()
        calls = list(self._searcher.calls)
        answer = [call for call in calls if not call.keywords.get("count")]
        return Replay(everything=lambda: [call() for call in calls], answer=lambda: [call() for call in answer])


class _RecordedSearcher:
    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.calls: list[partial[Any]] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._searcher, name)

        def call(*arguments: object, **named: object) -> object:
            self.calls.append(partial(method, *arguments, **named))
            return method(*arguments, **named)

        return call


def _write(folder: Path, documents: Sequence[Document]) -> None:
    writer = Index(schema.build(), str(folder), reuse=False).writer(HEAP, THREADS)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
