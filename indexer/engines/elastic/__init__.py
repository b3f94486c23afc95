"""The cluster engine: Elasticsearch 9, one alias over numbered generations."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from elasticsearch import Elasticsearch

from config.settings import Settings
from crawler.address import Key
from indexer.document import Change
from indexer.engines import GenerationLive, Health, IndexOutdated, IndexUnavailable
from indexer.engines.answering import Reader, explain, ranked, scan, search, tally
from indexer.engines.elastic.client import connect, engine_errors, for_reading, for_writing
from indexer.engines.elastic.generations import Generations
from indexer.engines.elastic.reading import ElasticReader
from indexer.engines.elastic.writing import write
from indexer.engines.entry import MAPPING
from indexer.engines.nothing import NOTHING
from indexer.engines.offering import related, suggest
from indexer.query.clauses import Clause
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from indexer.query.results import Explained, Hit, SearchResults, Suggestion, Tally

REMEMBERED = 10.0
"""Seconds for which it is not asked again whether a generation is ours to read and how new its articles are.

Which generation is live needs no asking: the alias says it with every search.
"""

LOOK_AGAIN = 1.0
"""The same where there was no generation."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was learnt of a generation, and until when it is believed."""

    index: str | None
    newest: date | None
    until: float


class ElasticIndex:
    """A SearchIndex in a cluster: whichever generation is live, or the one named."""

    def __init__(
        self,
        client: Elasticsearch,
        settings: Settings,
        lexicon: Lexicon,
        index: str | None = None,
    ) -> None:
        self._client, self._settings, self._lexicon, self._index = client, settings, lexicon, index
        self._generations = self._of(for_writing(client))
        self._seen: _Seen | None = None

    @classmethod
    def open(cls, settings: Settings, lexicon: Lexicon) -> Self:
        """Whichever generation is live in the cluster of the settings; nothing is sent yet."""
        return cls(connect(settings), settings, lexicon)

    @property
    def generation(self) -> str:
        """Name of this generation, '' while there is none."""
        return self._find() or ""

    @property
    def cursor(self) -> int:
        """How far into the record's change sequence this generation has come."""
        index = self._find()
        if index is None:
            return 0
        with engine_errors():
            return self._of(self._hurried()).about(index).cursor

    def apply(self, changes: Sequence[Change], cursor: int) -> None:
        """Write changes, let them be found, then keep the cursor: what a kill leaves half done is done again."""
        index = self._find()
        if index is None:
            self.promote(self.begin_generation())
            index = self._find()
            assert index is not None
        self._check(index)
        with engine_errors():
            done = self._generations.about(index).cursor
            write(self._client, index, [change for change in changes if change.sequence > done])
            if self._generations.drop_remade(index):
                raise IndexUnavailable(f"{index} was removed while it was written")
            if self._index is None:
                for_writing(self._client).indices.refresh(index=index)
            self._generations.keep_cursor(index, max(cursor, done))
        self._seen = None

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search, or give up after the seconds in the settings."""
        return search(self._reader(), request, self._lexicon)

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
        """Every hit of a search in its order, out of one state of the index."""
        return scan(self._reader(), request, self._lexicon)

    def ranked(self, clause: Clause, size: int) -> Sequence[Hit]:
        """The first hits of a clause tree by its own score."""
        return ranked(self._reader(), clause, size)

    def count(self) -> int:
        """Documents in this generation, all that were written."""
        index = self._find()
        if index is None:
            return 0
        with engine_errors():
            if self._index is not None:
                for_writing(self._client).indices.refresh(index=index)
            said = self._hurried().count(index=index)
        silent, shards = said["_shards"]["failed"], said["_shards"]["total"]
        if silent:
            raise IndexUnavailable(f"{silent} of {shards} shards of {index} do not answer")
        return int(said["count"])

    def health(self) -> Health:
        """Whether it can answer; never raises."""
        try:
            index = self._find()
            if index:
                self._check(index)
            with engine_errors():
                said = self._hurried().cluster.health(index=index) if index else self._hurried().cluster.health()
            detail = f"cluster {said['cluster_name']} is {said['status']}"
            return Health(
                ok=said["status"] != "red",
                engine="elastic",
                generation=index or "",
                documents=self.count(),
                detail=detail,
            )
        except (IndexUnavailable, IndexOutdated) as problem:
            return Health(ok=False, engine="elastic", detail=str(problem))

    def begin_generation(self) -> Self:
        """A new empty index beside the live one."""
        with engine_errors():
            return self._named(self._generations.make())

    def promote(self, generation: Self) -> None:
        """Make a generation the live one, by moving the alias."""
        assert generation._index is not None
        with engine_errors():
            self._generations.point(generation._index)
        self._seen = None

    def previous(self) -> Self | None:
        """The generation that was live before, as long as it is kept."""
        with engine_errors():
            index = self._generations.previous()
        return None if index is None else self._named(index)

    def discard(self) -> None:
        """Remove this generation's index. Raises GenerationLive for the one that is searched."""
        with engine_errors():
            live = self._generations.live()
            if self._index is None or self._index == live:
                raise GenerationLive(f"{live} is the index that is searched")
            self._generations.remove(self._index)

    def release(self) -> None:
        """Nothing: a cluster has any number of writers."""

    def close(self) -> None:
        """Close the connections, unless this is one generation's handle, which shares them."""
        if self._index is None:
            self._client.close()

    def _named(self, index: str) -> Self:
        return type(self)(self._client, self._settings, self._lexicon, index)

    def _find(self) -> str | None:
        if self._index is not None:
            return self._index
        with engine_errors():
            return self._of(self._hurried()).live()

    def _reader(self) -> Reader:
        """What one search reads. The time it takes to look around is the search's own."""
        until = time.monotonic() + self._settings.elastic_timeout
        if self._seen is None or self._seen.until < time.monotonic():
            self._seen = self._look(until)
        if self._seen.index is None:
            return NOTHING
        name = self._index or self._settings.elastic_name
        return ElasticReader(self._client, name, self._seen.newest, until)

    def _look(self, until: float) -> _Seen:
        index = self._find()
        if index is None:
            return _Seen(None, None, time.monotonic() + LOOK_AGAIN)
        self._check(index)
        if self._index is not None:
            with engine_errors():
                for_writing(self._client).indices.refresh(index=index)
        newest = ElasticReader(self._client, index, None, until).last_day()
        return _Seen(index, newest, time.monotonic() + REMEMBERED)

    def _check(self, index: str) -> None:
        with engine_errors():
            made_with = self._of(self._hurried()).about(index).mapping
        if made_with != MAPPING:
            raise IndexOutdated(
                f"{index} was made by another version of this program; make it anew with: "
                "python -m indexer rebuild",
            )

    def _of(self, client: Elasticsearch) -> Generations:
        settings = self._settings
        return Generations(client, settings.elastic_name, settings.elastic_shards, settings.elastic_replicas)

    def _hurried(self) -> Elasticsearch:
        return for_reading(self._client, self._settings.elastic_timeout)
