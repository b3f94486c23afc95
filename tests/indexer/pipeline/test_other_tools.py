"""What another tool archived (Wget, through the replica's proxy) becomes the same record as a crawl of our own."""

import gzip
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from crawler.importing import Imported, Importer
from crawler.progress import silent
from crawler.tables import captures
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.tables import articles
from tests.replica.addresses import HOSTS, NAMES
from tests.replica.client import Replica

ARTICLES = 96
TRAPS = (1, 2, 6, 7, 8, 12)
"""Without lists that never end: Wget has no way to see that they repeat themselves."""
VARIANTS = sorted(set(NAMES) - set(HOSTS.values()))
NEVER = "tangLuotTruyCap|ratting|sendto[fF]riend|traloi|TTS|load[a-zA-Z]+[.]aspx|XemTheoNgay"

pytestmark = pytest.mark.wget


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, light=True, crawl_delay=0.0, traps=TRAPS) as running:
        yield running


@pytest.fixture(scope="module")
def live(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """What a crawl of our own records."""
    data = tmp_path_factory.mktemp("live")
    settings = Settings.model_validate({"data": data, "host_map": replica.host_map, "crawl_ca": replica.ca_file})
    database = open_database(settings.database)
    with open_crawl(settings, load_profile("mic"), database) as crawl:
        crawl.run()
    database.close()
    with recording(settings) as workshop:
        yield workshop


@pytest.fixture(scope="module")
def files(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """WARC files Wget writes, with the lists that each page has in its menu as its way."""
    folder = tmp_path_factory.mktemp("wget")
    options = {
        "ca-certificate": replica.ca_file,
        "domains": ",".join(HOSTS.values()),
        "exclude-domains": ",".join(VARIANTS),
        "reject-regex": f"/({NEVER})",
        "level": "inf",
        "tries": 1,
        "timeout": 20,
        "warc-file": folder / "site",
        "warc-max-size": "2M",
        "warc-tempdir": folder,
    }
    flags = ("recursive", "span-hosts", "page-requisites", "no-verbose", "delete-after", "no-directories")
    proxies = [f"--execute={name}={replica.proxy_url}" for name in ("http_proxy", "https_proxy")]
    seeds = [f"https://{host}/" for host in HOSTS.values()]
    command = ["wget", "--execute=use_proxy=yes", *proxies, *(f"--{flag}" for flag in flags)]
    command += [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run([*command, *seeds], cwd=folder, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode in (0, 8), done.stderr[-2_000:]  # 8: some addresses answered with errors
    assert replica.log()["touched"] == []
    return sorted(folder.glob("*.warc.gz"))


@pytest.fixture(scope="module")
def brought(
    files: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workshop, list[Imported]]]:
    """What these files record in an archive that is otherwise empty, last file first."""
    settings = Settings(data=tmp_path_factory.mktemp("brought"))
    with importing(settings) as importer:
        outcomes = importer.copy_all(files[::-1])
    with recording(settings) as workshop:
        yield workshop, outcomes


@contextmanager
def importing(settings: Settings) -> Iterator[Importer]:
    database, addresses = open_database(settings.database), Addresses(load_profile("mic"))
    archive = open_archive(settings, database, addresses, SystemClock())
    yield Importer(settings, addresses, archive)
    archive.close()
    database.close()


@contextmanager
def recording(settings: Settings) -> Iterator[Workshop]:
    with open_workshop(settings) as workshop:
        update(workshop.stores, silent)
        yield workshop


def said(workshop: Workshop, key: str) -> dict[str, object]:
    """What the record says of an article, but for when it was seen."""
    record = workshop.stores.record.article(Key.parse(key))
    assert record is not None
    article = record.article
    return {
        "title": article.title,
        "lead": article.lead,
        "blocks": article.blocks,
        "author": article.author,
        "source": article.source,
        "language": article.language,
        "published": (article.published.day, article.published.how) if article.published else None,
        "category": article.category,
        "attachments": [(file.address, " ".join(file.text.split()), file.pages) for file in record.files],
        "versions": len(record.versions),
    }


def differences(one: Workshop, other: Workshop, key: str) -> dict[str, tuple[Any, Any]]:
    """Fields of which two records say different things."""
    here, there = said(one, key), said(other, key)
    return {name: (here[name], there[name]) for name in here if here[name] != there[name]}


def keys(workshop: Workshop) -> set[str]:
    with workshop.database.reading() as connection:
        return set(connection.scalars(sa.select(articles.c.key).where(articles.c.present)))


def test_every_article_of_the_crawl_is_there_and_says_the_same(live, brought):
    """Some dates are known better: Wget fetches every form of an article, also the print page, which states a date
    where the article's own page has none; a crawl of ours fetches one form and takes the date of a list or feed.
    """
    workshop, _ = brought
    expected = keys(live)
    assert len(expected) > 60
    assert keys(workshop) == expected
    wrong = {key: different for key in sorted(expected) if (different := differences(workshop, live, key))}
    dates = {key: fields.pop("published") for key, fields in wrong.items() if "published" in fields}
    assert {key: fields for key, fields in wrong.items() if fields} == {}
    for (day, how), (crawled_day, crawled_how) in dates.values():
        assert (how, crawled_how in ("listed", "feed", "text")) == ("stated", True)
        assert day == crawled_day or crawled_how == "text"


def test_nothing_was_damaged_doubtful_or_left_over(files, brought):
    workshop, outcomes = brought
    assert len(files) > 2
    for outcome in outcomes:
        assert (outcome.damaged, outcome.doubtful, outcome.incomplete) == (0, 0, 0), outcome
        assert set(outcome.problems) <= {"nothing in it"}
    with workshop.database.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(captures))
    assert count == sum(outcome.copied for outcome in outcomes)


def test_a_second_import_adds_nothing(files, brought):
    workshop, _ = brought
    with importing(workshop.settings) as importer:
        assert [outcome.copied for outcome in importer.copy_all(files)] == [0] * len(files)


def test_requests_are_kept_with_their_answers(brought, files):
    """But for answers a file begins with: Wget put their requests at the end of the file before."""
    archive = brought[0].stores.archive
    found = next(archive.changes(after=0))[0]
    asked = {one: gzip.decompress(archive.bytes_of(archive.extent(one))) for one in found}
    alone = [one.source for one, data in asked.items() if b"User-Agent: Wget/" not in data]
    assert len(alone) == len(set(alone)) < len(files)
