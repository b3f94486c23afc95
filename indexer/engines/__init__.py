"""What a search engine promises; `embedded` and `elastic` keep it, and know nothing of each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from crawler.address import Key
from indexer.document import Change
from indexer.query.clauses import Clause
from indexer.query.request import SearchRequest
from indexer.query.results import Explained, Hit, SearchResults, Suggestion, Tally


class IndexUnavailable(Exception):  # noqa: N818 - a state of the engine, and the name architecture.md gives it
    """The engine does not answer, or not in time; the message says what is known."""


class IndexBusy(Exception):  # noqa: N818 - likewise
    """Another process writes to this generation; the message says where."""


class GenerationLive(Exception):  # noqa: N818 - likewise
    """The generation is the one that is searched and is not thrown away."""


class IndexOutdated(Exception):  # noqa: N818 - likewise
    """The live generation was made with another mapping; the message says which command to run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """Whether an engine can answer. `detail` is for administrators."""

    ok: bool
    engine: str
    generation: str = ""
    documents: int = 0
    detail: str = ""


class SearchIndex(Protocol):
    """One generation of the index, or whichever is live.

    Every method may raise IndexUnavailable; those that read or write documents may raise IndexOutdated.
    """

    @property
    def generation(self) -> str:
        """Name of this generation, '' while there is none."""

    @property
    def cursor(self) -> int:
        """How far into the record's change sequence this generation has come; 0 when it is new or missing."""

    def apply(self, changes: Sequence[Change], cursor: int) -> None:
        """Write upserts and removals, and the cursor with them; searches see them afterwards.

        Changes the cursor has passed are left out, so applying one twice does no harm. Without any generation the
        first is begun and promoted. Raises IndexBusy, IndexOutdated.
        """

    def search(self, request: SearchRequest) -> SearchResults:
        """Answer a search. Raises QueryTooLong."""

    def tally(self, request: SearchRequest) -> Tally:
        """How much a search finds: what `search` says, for a fraction of its work. Raises QueryTooLong."""

    def explain(self, request: SearchRequest) -> Sequence[Explained]:
        """The hits `search` answers with, and why each is where it is. Raises QueryTooLong."""

    def suggest(self, prefix: str) -> Sequence[Suggestion]:
        """At most eight lines for what was typed so far, without duplicates."""

    def related(self, key: Key) -> Sequence[Hit]:
        """At most six articles that are like this one, the nearest first."""

    def scan(self, request: SearchRequest) -> Iterator[Hit]:
        """Every hit of a search in its order, in constant memory, without snippets."""

    def ranked(self, clause: Clause, size: int) -> Sequence[Hit]:
        """The first hits of a clause tree by its own score: for measuring other rankings in the same index."""

    def count(self) -> int:
        """Documents in this generation."""

    def health(self) -> Health:
        """Whether it can answer; never raises."""

    def begin_generation(self) -> Self:
        """A new empty generation beside the live one, to be written and then promoted."""

    def promote(self, generation: Self) -> None:
        """Make a generation the live one, atomically; the one before is kept for going back, older ones go."""

    def previous(self) -> Self | None:
        """The generation kept for going back, if there is one."""

    def discard(self) -> None:
        """Remove this generation's files. Raises GenerationLive for the one that is searched."""

    def release(self) -> None:
        """Let others write: give back what only one may hold. The next change takes it again."""

    def close(self) -> None:
        """Give back what is held open, for good."""
