"""The stores all comparisons work on: the replica archived once, the record and indices made of it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from config.settings import Settings
from config.vocabulary import load_vocabulary
from crawler.address import Addresses
from crawler.frontier import Frontier
from crawler.frontier.task import Found
from crawler.progress import silent
from indexer.document import Change
from indexer.engines import SearchIndex
from indexer.engines.opening import open_index
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update_index, update_record
from indexer.query.lexicon import Lexicon
from tests.benchmarks.pages import Pages

TOGETHER = 200
"""Pages whose rows are committed at once, as a crawl does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """An archive of the replica with its record, up to date unless `forget` has just been called."""

    workshop: Workshop
    lexicon: Lexicon
    archived: Path
    """Copy of the database as it was when everything was archived and nothing read."""

    @property
    def settings(self) -> Settings:
        """Where the stores are."""
        return self.workshop.settings

    @property
    def captures(self) -> int:
        """Pages, lists and files in the archive."""
        return self.workshop.stores.archive.last_sequence

    def forget(self) -> None:
        """Put the record back to where nothing was read, below whatever has it open."""
        database = sa.make_url(self.settings.database).database
        assert database is not None
        _copy(self.archived, Path(database))

    def read(self) -> None:
        """Bring the record up to date with the archive."""
        update_record(self.workshop.stores, silent)

    def changes(self) -> Sequence[Change]:
        """Everything the record hands to an index."""
        return [change for batch, _ in self.workshop.stores.record.changes(after=0) for change in batch]

    def open_index(self, settings: Settings) -> SearchIndex:
        """The index of these settings."""
        return open_index(settings, self.lexicon)

    def index(self, settings: Settings) -> None:
        """Bring the index of these settings up to date with the record, as `update` does."""
        index = self.open_index(settings)
        try:
            update_index(self.workshop.stores.record, index, silent)
        finally:
            index.close()


@contextmanager
def open_library(folder: Path, articles: int) -> Iterator[Library]:
    """A library of so many articles in an empty folder, for the length of a block."""
    settings = Settings(data=folder)
    with open_workshop(settings) as workshop:
        _archive(workshop, articles)
        library = Library(
            workshop=workshop, lexicon=Lexicon.of(load_vocabulary()), archived=folder / "archived.sqlite3"
        )
        _copy(folder / "mic.sqlite3", library.archived)
        library.read()  # starts the reading processes too, which would be counted else
        yield library


def _archive(workshop: Workshop, articles: int) -> None:
    """Archive the replica's pages, with their places in the frontier."""
    addresses, archive = Addresses(workshop.profile), workshop.stores.archive
    frontier = Frontier(workshop.database, workshop.clock)
    pages = Pages(articles).everything()
    while batch := list(islice(pages, TOGETHER)):
        found = [addresses.read(page.url) for page in batch]
        for page, address in zip(batch, found, strict=True):
            archive.write(page, address)
        with archive.committing() as (connection, _):
            frontier.add(connection, [Found(address=address) for address in found])


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
