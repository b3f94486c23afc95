"""Every test of this folder runs on tantivy and on a real Elasticsearch."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from config.settings import Settings
from config.vocabulary import load_vocabulary
from indexer.document import IndexedDocument
from indexer.engines import SearchIndex
from indexer.engines.elastic import ElasticIndex
from indexer.engines.embedded import EmbeddedIndex
from indexer.query.lexicon import Lexicon
from tests.contract.documents import changes

LEXICON = replace(
    Lexicon.of(load_vocabulary()),
    abbreviations={
        ("ubnd",): (("uy", "ban", "nhan", "dan"),),
        ("uy", "ban", "nhan", "dan"): (("ubnd",),),
        ("cntt",): (("cong", "nghe", "thong", "tin"),),
        ("cong", "nghe", "thong", "tin"): (("cntt",),),
    },
    provinces=("Hà Nội", "Long An", "An Giang", "Huế", "Thành phố Hồ Chí Minh"),
)


@dataclass
class Store:
    """One place where an engine keeps its generations. `open` gives a handle as another process would have it."""

    name: str
    open: Callable[[], SearchIndex]
    handles: list[SearchIndex] = field(default_factory=list)

    def handle(self) -> SearchIndex:
        self.handles.append(opened := self.open())
        return opened

    def holding(self, *documents: IndexedDocument) -> SearchIndex:
        """A handle of the live generation, into which these documents were written."""
        index = self.handle()
        index.apply(changes(documents), len(documents))
        return index

    def scratch(self, documents: Sequence[IndexedDocument]) -> SearchIndex:
        """A generation of its own with these documents; the test discards it."""
        made = self.handle().begin_generation()
        made.apply(changes(documents), len(documents))
        return made

    def close(self) -> None:
        for handle in self.handles:
            handle.close()


def embedded_store(folder: Path) -> Store:
    return Store("embedded", lambda: EmbeddedIndex(folder, LEXICON))


def elastic_settings(url: str, name: str, **more: object) -> Settings:
    return Settings.model_validate(
        {"engine": "elastic", "elastic_url": url, "elastic_name": name, "elastic_timeout": 20, **more}
    )


def elastic_store(url: str, **more: object) -> Iterator[Store]:
    name = f"test-{secrets.token_hex(4)}"
    settings = elastic_settings(url, name, **more)
    store = Store("elastic", lambda: ElasticIndex.open(settings, LEXICON))
    yield store
    store.close()
    client = ElasticIndex.open(settings, LEXICON)._client
    for index in client.indices.get(index=f"{name}-*"):
        client.indices.delete(index=index)
    client.close()


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of either engine, empty."""
    if request.param == "elastic":
        yield from elastic_store(request.getfixturevalue("elasticsearch_url"))
        return
    made = embedded_store(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture
def both(tmp_path: Path, elasticsearch_url: str) -> Iterator[tuple[Store, Store]]:
    """A store of each engine, empty, to be compared."""
    here = embedded_store(tmp_path / "index")
    for there in elastic_store(elasticsearch_url):
        yield here, there
    here.close()
