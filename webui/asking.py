"""Asks the index for what visitors see, and lets nothing through that is withheld.

A withheld article leaves the index at the next update. Until then, and where an older index was put back, it is
held back here: its title and text are never shown, though it may still be counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from crawler.address import Key
from indexer.query.correcting import correction, may_be_corrected
from indexer.query.language import read_words
from indexer.query.phrases import with_phrases
from indexer.query.request import SearchRequest
from indexer.query.results import Hit, SearchResults, Suggestion, Tally
from webui import outage
from webui.services import services

TOGETHER = 500
"""Hits of a scan that are looked up at once."""
_IN_PART = "a part of it does not answer"


def search(request: SearchRequest) -> SearchResults:
    """What a search finds. Raises IndexUnavailable."""
    found = services().index.search(request)
    withheld = services().record.withheld([hit.key for hit in found.hits])
    return replace(found, hits=tuple(hit for hit in found.hits if hit.key not in withheld)) if withheld else found


def complete(request: SearchRequest) -> SearchResults:
    """What a search finds, for what cannot say that it is a part. Raises Incomplete where it is."""
    found = search(request)
    if found.partial:
        raise outage.Incomplete(_IN_PART)
    return found


def tally(request: SearchRequest) -> Tally:
    """How much a search finds. Raises Incomplete where there may be more."""
    found = services().index.tally(request)
    if found.partial:
        raise outage.Incomplete(_IN_PART)
    return found


def corrected(found: SearchResults) -> SearchResults:
    """A result with what may have been meant instead, for those who show that. Raises IndexUnavailable."""
    if not may_be_corrected(found):
        return found
    learned = services().learning.current()
    query = correction(found, learned.corrector, services().index.tally) if learned else ""
    return replace(found, correction=query)


def scan(request: SearchRequest) -> Iterator[Hit]:
    """Every hit of a search in its order, in constant memory. May raise IndexUnavailable at any of them."""
    hits = iter(services().index.scan(request))
    while some := list(islice(hits, TOGETHER)):
        withheld = services().record.withheld([hit.key for hit in some])
        yield from (hit for hit in some if hit.key not in withheld)


def related(key: Key) -> Sequence[Hit]:
    """Articles like one that is read; none where the engine does not answer: the article stands without it."""
    hits: Sequence[Hit] = outage.ask(lambda: services().index.related(key), ())
    withheld = services().record.withheld([hit.key for hit in hits])
    return [hit for hit in hits if hit.key not in withheld]


def suggest(prefix: str) -> Sequence[Suggestion]:
    """Lines to offer while somebody types. Raises IndexUnavailable."""
    lines = services().index.suggest(prefix)
    withheld = services().record.withheld([line.key for line in lines if line.key])
    kept = [line for line in lines if line.key not in withheld]
    learned = services().learning.current()
    return with_phrases(kept, learned.phrases.holding(read_words(prefix)) if learned else ())
