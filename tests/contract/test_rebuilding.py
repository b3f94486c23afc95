"""A whole rebuild from a record that goes on changing, while people search."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from config.settings import Settings
from crawler.progress import Progress, Report, silent
from indexer.engines import SearchIndex
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update_index
from indexer.pipeline.rebuilding import rebuild
from indexer.pipeline.turns import UPDATE, turn
from indexer.query.request import SearchRequest
from tests.contract.conftest import elastic_settings
from tests.webui.library import Told, archive, fill, key_of, library, withhold
from webui.services import Services, open_services

SIZE = 300
EVERYTHING = SearchRequest(reprints=True)
PATIENCE = 60


@pytest.fixture
def settings(store, tmp_path, request) -> Settings:
    """An empty data folder, and the place where the store keeps its generations."""
    if store.name == "embedded":
        return Settings(data=tmp_path)
    url = request.getfixturevalue("elasticsearch_url")
    return elastic_settings(url, store.handle()._settings.elastic_name, data=tmp_path)


@pytest.fixture
def told() -> list[Told]:
    """What the record is told, in its order."""
    return list(library(SIZE))


@pytest.fixture
def site(settings) -> Iterator[Services]:
    """The site that people search, its record and its index up to date."""
    with open_services(settings) as opened:
        fill(opened, SIZE)
        yield opened


@pytest.fixture
def workshop(site) -> Iterator[Workshop]:
    """The same stores as another process opens them, to rebuild the index."""
    with open_workshop(site.settings) as opened:
        yield opened


def build_anew(workshop: Workshop, report: Report = silent) -> int:
    return rebuild(workshop.stores, workshop.database, workshop.clock, report)


@dataclass
class Visitors:
    """What they were told: of each search how many there are, of each scan how many it went through."""

    index: SearchIndex
    totals: list[int] = field(default_factory=list)
    counted: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def search(self) -> None:
        found = self.index.search(EVERYTHING)
        assert len(found.hits) == found.request.size
        self.totals.append(found.total)
        self.counted.append(sum(value.count for value in found.facet("dated").values))
        assert self.index.search(SearchRequest(query="thong tin", reprints=True)).total > SIZE / 10
        assert self.index.suggest("thong t")

    def scan(self) -> None:
        self.scanned.append(len({hit.key for hit in self.index.scan(EVERYTHING)}))


@contextmanager
def searching(index: SearchIndex) -> Iterator[Visitors]:
    """Two visitors who ask without a pause for the length of a block, and a little before and behind it."""
    visitors, stop = Visitors(index), threading.Event()

    def ask(question: Callable[[], None]) -> None:
        while not stop.is_set():
            try:
                question()
            except Exception as error:  # noqa: BLE001 - whatever they meet is a failure
                visitors.failures.append(error)

    threads = [threading.Thread(target=ask, args=(question,)) for question in (visitors.search, visitors.scan)]
    for thread in threads:
        thread.start()
    try:
        _wait_for_more(visitors)
        yield visitors
        _wait_for_more(visitors)
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)


def _wait_for_more(visitors: Visitors) -> None:
    """Until everyone was answered twice more, so that one of the answers was wholly asked for since."""
    before, until = (len(visitors.totals), len(visitors.scanned)), time.monotonic() + PATIENCE
    while len(visitors.totals) < before[0] + 2 or len(visitors.scanned) < before[1] + 2:
        assert not visitors.failures
        assert time.monotonic() < until
        time.sleep(0.01)


def test_no_search_fails_or_sees_half_an_index_and_no_change_is_lost(site, workshop, told, monkeypatch):
    """An article is changed and one withheld while most is written, and again while the rebuild waits its turn."""
    monkeypatch.setattr("indexer.record.BATCH_TEXT", 50_000)  # several batches
    before = site.index.generation
    updating = turn(site.database, site.clock, UPDATE, silent)
    changed, withheld = [20, 30], [21, 31]

    def meanwhile(progress: Progress) -> None:
        amid = 0 < progress.done < (progress.total or 0)
        early = progress.message == "indexing" and amid and len(changed) == 2
        late = progress.message.startswith("waiting for ") and len(changed) == 1
        if not (early or late):
            return
        assert site.index.generation == before
        article = told[changed.pop()].article
        archive(site, replace(article, title=f"{article.title} đính chính"))
        withhold(site, key_of(withheld.pop()))
        update_index(site.record, site.index, silent)
        if late:
            site.index.release()
            updating.__exit__(None, None, None)

    with searching(site.index) as visitors:
        updating.__enter__()
        assert build_anew(workshop, meanwhile) == SIZE - 2
    assert (changed, withheld, visitors.failures) == ([], [], [])
    for numbers in (visitors.totals, visitors.counted, visitors.scanned):
        assert (numbers[0], numbers[-1]) == (SIZE, SIZE - 2)
        assert set(numbers) <= {SIZE, SIZE - 1, SIZE - 2}
        assert numbers == sorted(numbers, reverse=True)
    assert site.index.generation != before
    update_index(site.record, site.index, silent)
    found = {hit.key: hit.title.text for hit in site.index.scan(EVERYTHING)}
    assert set(found) == set(site.record.listed(0, SIZE))
    assert {key for key, title in found.items() if title.endswith("đính chính")} == {key_of(20), key_of(30)}
