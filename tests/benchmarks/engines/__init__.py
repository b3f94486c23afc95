"""The engines as one would use them without this program, for comparing what it adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from config.settings import Settings
from indexer.document import Change
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """What an engine was asked for one search, asked again as it was, without anything of ours around it."""

    everything: Callable[[], Sequence[object]]
    """All of it: how many articles match each way a query may be read, then the answer."""
    answer: Callable[[], Sequence[object]]
    """The answer alone: hits with their texts, total, facets and years."""


class Engine(Protocol):
    """One engine: where our index of it is, and the same work done bare."""

    name: str

    def empty(self, settings: Settings) -> Settings:
        """Those of an index of its own, which is made when something is written."""

    def drop(self, settings: Settings) -> None:
        """Remove such an index."""

    def size(self, settings: Settings) -> int:
        """Bytes such an index takes."""

    def bulk(self, changes: Sequence[Change]) -> Callable[[], float]:
        """Makes the documents ready, as our adapter hands them to the engine.

        What is returned writes them all into a new index of the same mapping, until they can be found, and gives
        the seconds that took.
        """

    def replays(self, settings: Settings, lexicon: Lexicon, requests: Sequence[SearchRequest]) -> list[Replay]:
        """Answers each request once through our adapter and keeps what the adapter asked."""
