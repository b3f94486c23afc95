"""The same corpus as another archive has it (trap 17): imported, it is the same articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from config.settings import Settings
from crawler.__main__ import main
from crawler.address import Key
from crawler.progress import silent
from crawler.tables import captures
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.tables import articles
from tests.indexer.pipeline.comparing import wrongly_recorded
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.options import Options
from tests.replica.truth import Truth, truths
from tests.replica.warc import write

OPTIONS = Options(articles=320, light=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    return write(Corpus(OPTIONS), tmp_path_factory.mktemp("warc"))


@pytest.fixture(scope="module")
def imported(files: list[Path], tmp_path_factory) -> Iterator[Workshop]:
    """An archive that was never crawled."""
    data = tmp_path_factory.mktemp("imported")
    bring(data, files)
    with open_workshop(Settings(data=data)) as workshop:
        update(workshop.stores, silent)
        yield workshop


def bring(data: Path, files: list[Path]) -> str:
    done = CliRunner().invoke(main, ["import", *map(str, files)], env={"MIC_DATA": str(data)})
    assert done.exit_code == 0, done.output
    return done.output


def true() -> list[Truth]:
    return list(truths(Corpus(OPTIONS), Changes()))


def counted(workshop: Workshop) -> int:
    with workshop.database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(captures)) or 0


def test_17_the_record_is_that_of_a_crawl(imported: Workshop):
    """Also of the articles no crawl can find, since the other archive had their addresses."""
    with imported.database.reading() as connection:
        keys = set(connection.scalars(sa.select(articles.c.key).where(articles.c.present)))
    assert keys == {one.key for one in true()}
    assert wrongly_recorded(imported, true()) == {}


def test_17_a_second_import_adds_nothing(imported: Workshop, files: list[Path]):
    before = counted(imported)
    bring(imported.settings.data, files)
    assert counted(imported) == before


def test_17_a_revisit_says_that_the_article_still_stood(imported: Workshop):
    """Also one of another address: no version more, seen a month later."""
    records = [imported.stores.record.article(Key.parse(one.key)) for one in true()]
    assert all(record and len(record.versions) == 1 for record in records)
    later = [record for record in records if record and (record.last_at - record.first_at).days > 20]
    assert len(later) > len(records) / 4


def test_17_who_takes_every_record_for_a_page_has_more_and_less(files: list[Path]):
    """Redirects and revisits are empty pages then, bodies in chunks or compressed are no text."""
    titles = [one.title for one in true()]
    pages: dict[str, bytes] = {}
    for path in files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type in ("response", "revisit"):
                    pages[record.rec_headers.get_header("WARC-Target-URI")] = record.raw_stream.read()
    assert sum(not page for page in pages.values()) > 60
    text = "\n".join(page.decode("utf-8", "replace") for page in pages.values() if b"<h1" in page)
    assert sum(title in text for title in titles) < 0.8 * len(titles)
