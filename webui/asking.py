"""Asks the index for what visitors see, and lets nothing through that is withheld.

A withheld article leaves the index at the next update. Until then, and where an older index was put back, it is
held back here: its title and text are never shown, though it may still be counted.
"""

from collections.abc import Sequence
from dataclasses import replace

from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults, Suggestion
from webui.services import services


def search(request: SearchRequest) -> SearchResults:
    """What a search finds. Raises IndexUnavailable."""
    found = services().index.search(request)
    withheld = services().record.withheld([hit.key for hit in found.hits])
    return replace(found, hits=tuple(hit for hit in found.hits if hit.key not in withheld)) if withheld else found


def suggest(prefix: str) -> Sequence[Suggestion]:
    """Lines to offer while somebody types. Raises IndexUnavailable."""
    lines = services().index.suggest(prefix)
    withheld = services().record.withheld([line.key for line in lines if line.key])
    return [line for line in lines if line.key not in withheld]
