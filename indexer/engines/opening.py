"""Chooses the engine: the only place that knows there is more than one."""

from pathlib import Path

from config.settings import Settings
from indexer.engines import SearchIndex
from indexer.engines.elastic import ElasticIndex
from indexer.engines.embedded import EmbeddedIndex
from indexer.query.lexicon import Lexicon


def open_index(settings: Settings, lexicon: Lexicon) -> SearchIndex:
    """The index of the engine in the settings, whichever generation is live. Nothing is asked of it yet."""
    if settings.engine == "elastic":
        return ElasticIndex.open(settings, lexicon)
    return EmbeddedIndex(Path(settings.index), lexicon, remembered=settings.index_remembered)
