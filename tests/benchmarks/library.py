"""The stores comparisons work on: the replica archived once, or told; the record and indices made of it."""

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
from tests.benchmarks.feeding import feed
from tests.benchmarks.pages import Pages

TOGETHER = 200
"""Pages whose rows are committed at once, as a crawl does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """A record, up to date unless `forget` has just been called, and the archive it is of."""

    workshop: Workshop
    lexicon: Lexicon
    archived: Path | None = None
    """Copy of the database as it was when everything was archived and nothing read; None where that never was."""

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
        assert self.archived is not None
        _copy(self.archived, Path(database))

    def read(self) -> None:
        """Bring the record up to date with the archive."""
        update_record(self.workshop.stores, silent)

    def changes(self, most: int | None = None) -> Sequence[Change]:
        """What the record hands to an index: everything, or the first so many."""
        batches = self.workshop.stores.record.changes(after=0)
        return list(islice((change for batch, _ in batches for change in batch), most))

    def text_bytes(self) -> int:
        """Bytes of UTF-8 of everything in it that is read: titles, leads, bodies, texts of files."""
        batches = self.workshop.stores.record.changes(after=0)
        documents = (change.document for batch, _ in batches for change in batch if change.document)
        return sum(len(f"{one.title}{one.lead}{one.body}{one.attachments}".encode()) for one in documents)

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
def open_crawled(folder: Path, articles: int) -> Iterator[Library]:
    """A library of so many articles as a crawl brings them, in an empty folder, for the length of a block."""
    with open_workshop(Settings(data=folder)) as workshop:
        _archive(workshop, articles)
        library = Library(
            workshop=workshop, lexicon=Lexicon.of(load_vocabulary()), archived=folder / "archived.sqlite3"
        )
        assert library.archived is not None
        _copy(folder / "mic.sqlite3", library.archived)
        library.read()  # starts the reading processes too, which would be counted else
        yield library


@contextmanager
def open_fed(folder: Path, articles: int) -> Iterator[Library]:
    """A library whose record was told so many articles, in an empty folder, for the length of a block."""
    with open_workshop(Settings(data=folder)) as workshop:
        feed(workshop, articles)
        yield Library(workshop=workshop, lexicon=Lexicon.of(load_vocabulary()))


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
