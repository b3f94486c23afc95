"""Opens everything the background work needs, for commands and the worker."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from config.database import PATIENT_SECONDS, open_database
from config.settings import Settings
from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.address import Addresses
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.frontier import Frontier
from indexer.engines.opening import open_index
from indexer.jobs.tasks import Workshop
from indexer.pipeline import Stores
from indexer.pipeline.readers import Readers
from indexer.query.lexicon import Lexicon
from indexer.record import Record


@contextmanager
def open_workshop(settings: Settings) -> Iterator[Workshop]:
    """Everything open, for the length of a block.

    Raises DatabaseError, ProfileError, VocabularyError, which say in one line what is wrong.
    """
    clock = SystemClock()
    profile, vocabulary = load_profile(settings.site), load_vocabulary()
    with ExitStack() as opened:
        database = open_database(settings.database, busy=PATIENT_SECONDS)
        opened.callback(database.close)
        archive = open_archive(settings, database, Addresses(profile), clock)
        opened.callback(archive.close)
        index = open_index(settings, Lexicon.of(vocabulary))
        opened.callback(index.close)
        readers = opened.enter_context(Readers(settings, archive, profile, vocabulary))
        stores = Stores(
            archive=archive,
            record=Record(database, profile.withdrawal),
            index=index,
            read_all=readers.read,
            read_ahead=readers.begin,
            frontier=Frontier(database, clock),
        )
        yield Workshop(settings=settings, profile=profile, database=database, clock=clock, stores=stores)
