"""Discovery over the replica of the ministry's hosts: news, numbers no list reaches, what pages need."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config.database import Database, open_database
from config.settings import Settings
from config.site import SiteProfile, Walk, load_profile
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.crawl import open_crawl
from crawler.page import Html, decode
from crawler.tables import captures
from tests.replica import Replica, Truth
from tests.replica.traps import DEFAULT

PROFILE = load_profile("mic")
ADDRESSES = Addresses(PROFILE)
COOKIE_PROBES, SITEMAPS = 11, 16
"""Traps that answer in full however often they are asked."""
FRESH = 60
"""Requests a look for news may take where there are few."""


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=300, light=True, crawl_delay=0, traps=DEFAULT - {COOKIE_PROBES, SITEMAPS}) as running:
        yield running


@pytest.fixture(scope="module")
def truths(replica: Replica) -> list[Truth]:
    return list(replica.truth())


@pytest.fixture(scope="module")
def hidden(truths: list[Truth]) -> list[Truth]:
    """What nothing but its number leads to, where that is one that can be tried."""
    found = [truth for truth in truths if truth.reach == "number" and len(Key.parse(truth.key).id) < 12]
    assert len(found) >= 5
    return found


@pytest.fixture(scope="module")
def news(replica: Replica, truths: list[Truth]) -> Truth:
    """An article of the first page of a list and its feed; not there before `test_news…`."""
    dated = [(truth.published.day, truth) for truth in truths if truth.key.startswith("mst:") and truth.published]
    _, newest = max(dated, key=lambda pair: (pair[0], bool(pair[1].listed), pair[1].key))
    replica.control.remove(newest.key)
    return newest


@pytest.fixture(scope="module")
def settings(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("replica")
    return Settings(data=data, host_map=replica.host_map, crawl_ca=replica.ca_file, crawl_delay=0)


@pytest.fixture(scope="module")
def crawled(replica: Replica, settings: Settings, news: Truth) -> Iterator[Database]:
    """The database of a whole crawl."""
    database = open_database(settings.database)
    with open_crawl(settings, PROFILE, database, patience=timedelta(seconds=5)) as crawl:
        assert crawl.run().remaining == 0
    assert news.addresses[0] not in replica.log()["addresses"]
    yield database
    database.close()


def archived(database: Database) -> dict[str, int]:
    """Canonical addresses with the status of their last answer."""
    ordered = sa.select(captures.c.canonical, captures.c.status).order_by(captures.c.sequence)
    with database.reading() as connection:
        return {row.canonical: row.status for row in connection.execute(ordered)}


def test_all_that_archived_articles_need_to_look_as_they_looked_is_archived(settings, crawled):
    archive = open_archive(settings, crawled, ADDRESSES, SystemClock())
    there, needed = archived(crawled), set[str]()
    for batch, _ in archive.changes(after=0):
        for capture in batch:
            if capture.kind == "article" and capture.status == 200:
                page = archive.read(capture)
                requisites = map(ADDRESSES.read, Html.parse(decode(page).text, page.url).links().requisites)
                needed |= {address.canonical for address in requisites if address.allowed}
    archive.close()
    assert {there.get(canonical) for canonical in needed} == {200}
    assert len(needed) > 20
    with crawled.reading() as connection:
        assets = connection.execute(sa.select(captures).where(captures.c.kind == "asset")).all()
    whole = [asset.payload_digest for asset in assets if asset.revisit_of is None]
    assert len(whole) == len(set(whole)), "the same bytes are kept once"


def test_news_are_found_with_few_requests(replica, settings, crawled, news):
    with open_crawl(settings, PROFILE, crawled) as crawl:
        replica.control.clear()
        quiet = crawl.fresh()
        nothing = replica.log()
        replica.control.restore(news.key)
        replica.control.clear()
        summary = crawl.fresh()
    log = replica.log()
    print(f"without news {nothing['requests']} requests, {nothing['sent']} bytes; with one {log['requests']}")
    assert news.addresses[0] in log["addresses"]
    assert (quiet.new, nothing["statuses"], nothing["sent"]) == (0, {"304": nothing["requests"]}, 0)
    assert max(nothing["requests"], log["requests"]) <= FRESH
    assert summary.fetched + summary.not_modified <= FRESH


def walks_around(hidden: list[Truth], margin: int = 3) -> tuple[Walk, ...]:
    """A walk over a few numbers around each, as the profile's own would come by."""
    forms = {walk.name: walk for walk in PROFILE.walks}
    found = []
    for position, truth in enumerate(hidden):
        key = Key.parse(truth.key)
        kind = "documents" if key.kind == "document" else "policy" if key.family == "cspl" else "articles"
        ends = {"first": max(1, int(key.id) - margin), "last": int(key.id) + margin}
        own = {"name": f"{kind} {position}", "share": 1.0, **ends}
        found.append(forms[kind].model_copy(update=own))
    return tuple(found)


def test_articles_reached_by_number_alone_are_found_and_known_ones_left(replica, settings, crawled, hidden):
    profile: SiteProfile = PROFILE.model_copy(update={"walks": walks_around(hidden)})
    before = archived(crawled)
    wanted = {ADDRESSES.read(truth.addresses[0]).canonical for truth in hidden}
    assert not wanted & set(before)
    replica.control.clear()
    with open_crawl(settings, profile, crawled) as crawl:
        summary = crawl.walk()
    there = archived(crawled)
    assert {there.get(canonical) for canonical in wanted} == {200}
    assert summary.remaining == 0
    asked = {ADDRESSES.read(url).canonical for url in replica.log()["addresses"] if "robots.txt" not in url}
    assert not asked & set(before), "nothing known is asked for again"
    assert len(asked) <= 7 * len(hidden)
    print(f"{len(hidden)} hidden: {len(asked)} numbers tried, {summary.fetched} found")
