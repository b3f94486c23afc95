"""Everything the web interface works with, opened once and passed in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flask import current_app

from config.database import Database, open_database
from config.settings import Settings
from config.site import SiteProfile, load_profile
from config.vocabulary import Vocabulary, load_vocabulary
from crawler.address import Addresses
from crawler.archive import Archive, open_archive
from crawler.clock import Clock, SystemClock
from indexer.engines import SearchIndex
from indexer.engines.opening import open_index
from indexer.jobs.store import Jobs
from indexer.jobs.waking import on_wake, open_queue
from indexer.query.lexicon import Lexicon
from indexer.record import Record
from indexer.verifying import Verifier
from webui.arguments import Labels
from webui.learning import Learning


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """Open stores and what reads them. The application closes none of it."""

    settings: Settings
    profile: SiteProfile
    vocabulary: Vocabulary
    database: Database
    archive: Archive
    record: Record
    index: SearchIndex
    learning: Learning
    jobs: Jobs
    clock: Clock

    @property
    def verifier(self) -> Verifier:
        """Recomputes digests from the archive."""
        return Verifier(self.database, self.archive, self.record)

    @property
    def labels(self) -> Labels:
        """Names the province facets know."""
        words = self.vocabulary
        return Labels(
            then=tuple(words.today),
            today=tuple(sorted(words.present)),
            regions=tuple(dict.fromkeys(one.region for one in words.provinces)),
            regions_today=tuple(dict.fromkeys(one.today_region for one in words.provinces)),
        )


def services() -> Services:
    """Those of the application that answers this request."""
    found = current_app.extensions["services"]
    assert isinstance(found, Services)
    return found


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """Open everything, for the length of a block.

    Raises DatabaseError, ProfileError, VocabularyError, QueueError: what says in one line what is wrong.
    """
    clock = SystemClock()
    profile, vocabulary = load_profile(settings.site), load_vocabulary()
    with ExitStack() as opened:
        database = open_database(settings.database)
        opened.callback(database.close)
        queue = opened.enter_context(open_queue(settings.queue))
        archive = open_archive(settings, database, Addresses(profile), clock)
        opened.callback(archive.close)
        index = open_index(settings, Lexicon.of(vocabulary))
        opened.callback(index.close)
        learning = Learning(index)
        opened.callback(learning.close)
        yield Services(
            settings=settings,
            profile=profile,
            vocabulary=vocabulary,
            database=database,
            archive=archive,
            record=Record(database, profile.withdrawal),
            index=index,
            learning=learning,
            jobs=Jobs(database, clock, on_wake(queue)),
            clock=clock,
        )
