"""What only the cluster engine promises: credentials, time, missing shards, other people's indices."""

import secrets
import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from indexer.document import Change
from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.engines.elastic import ElasticIndex
from indexer.engines.elastic.client import connect
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from tests.contract.conftest import elastic_settings, elastic_store
from tests.contract.documents import article, changes
from tests.services import elasticsearch

ARTICLES = [article(n, title=f"Tin số {n}", category="Tin") for n in range(60)]


def _index(url: str, **more: object) -> ElasticIndex:
    return ElasticIndex.open(elastic_settings(url, f"test-{secrets.token_hex(4)}", **more), Lexicon())


@pytest.fixture
def store(elasticsearch_url):
    yield from elastic_store(elasticsearch_url)


@pytest.fixture
def silent():
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken, stop = [], threading.Event()

        def take() -> None:
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    taken.append(server.accept()[0])
                except TimeoutError:
                    continue

        taking = threading.Thread(target=take)
        taking.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        stop.set()
        taking.join()
        for connection in taken:
            connection.close()


def _closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


class TestNobodyAnswers:
    @pytest.fixture(params=["closed", "silent"])
    def index(self, request, silent):
        made = _index(silent if request.param == "silent" else _closed(), elastic_timeout=1.5)
        yield made
        made.close()

    def test_a_search_gives_up_within_two_seconds(self, index):
        for ask in (
            lambda: index.search(SearchRequest(query="gì")),
            lambda: index.suggest("gì"),
            lambda: index.scan(SearchRequest()),
            index.count,
        ):
            began = time.monotonic()
            with pytest.raises(IndexUnavailable):
                ask()
            assert time.monotonic() - began < 2

    def test_health_is_red_within_two_seconds(self, index):
        began = time.monotonic()
        health = index.health()
        assert time.monotonic() - began < 2
        assert not health.ok
        assert health.detail

    def test_a_dead_node_is_passed_over(self, elasticsearch_url):
        index = _index(f"{_closed()},{elasticsearch_url}")
        for _ in range(4):
            assert index.search(SearchRequest()).total == 0
        index.close()


def test_one_node_that_is_slow_costs_no_more_than_the_time_allowed(store, silent):
    """The generation is looked up while all is well; then the cluster falls silent."""
    index = store.holding(*ARTICLES)
    index.search(SearchRequest())
    index._client = connect(elastic_settings(silent, "any"))
    index._settings = elastic_settings(silent, index._settings.elastic_name, elastic_timeout=0.5)
    began = time.monotonic()
    with pytest.raises(IndexUnavailable):
        index.search(SearchRequest(query="một câu hỏi dài hơn sáu từ thì gần đúng"))
    assert time.monotonic() - began < 1


def test_several_shards_count_and_order_like_one(elasticsearch_url):
    one, many = (made for n in (1, 3) for made in elastic_store(elasticsearch_url, elastic_shards=n))
    for request in (
        SearchRequest(query="tin số"),
        SearchRequest(query="tin số 7", filters=(("category", ("Tin",)),)),
        SearchRequest(sort="oldest"),
    ):
        ours, theirs = (store.holding(*ARTICLES).search(request) for store in (one, many))
        assert [hit.key for hit in ours.hits] == [hit.key for hit in theirs.hits]
        assert (ours.total, ours.facets, ours.years) == (theirs.total, theirs.facets, theirs.years)


def test_a_generation_of_another_version_says_which_command_to_run(store):
    store.holding(*ARTICLES[:3])
    index = store.handle()
    client, name = index._client, index.generation
    client.indices.put_mapping(index=name, meta={"name": index._settings.elastic_name, "mapping": 0, "cursor": 3})
    for use in (lambda: index.search(SearchRequest()), lambda: index.apply([], 4)):
        with pytest.raises(IndexOutdated, match="python -m indexer rebuild"):
            use()
    assert not index.health().ok
    made = index.begin_generation()
    made.apply(changes(ARTICLES[:5]), 5)
    index.promote(made)
    assert index.search(SearchRequest()).total == 5


def test_only_generations_of_this_name_are_removed(store):
    index = store.holding(*ARTICLES[:2])
    client, name = index._client, index._settings.elastic_name
    others = [f"{name}-notes", f"{name}-2x", f"{name}-evaluate-1"]
    unmarked = f"{name}-77"
    for other in (*others, unmarked):
        client.indices.create(index=other)
    for _ in range(3):
        made = index.begin_generation()
        index.promote(made)
    left = set(client.indices.get(index=f"{name}-*"))
    assert {*others, unmarked} <= left
    assert len(left) == len(others) + 3


def test_a_write_the_cluster_refuses_moves_no_cursor(store):
    index = store.holding(*ARTICLES[:2])
    client, name = index._client, index.generation
    client.indices.put_settings(index=name, settings={"index.blocks.write": True})
    with pytest.raises(IndexUnavailable, match="does not take"):
        index.apply(changes(ARTICLES[2:4], 2), 4)
    assert index.cursor == 2
    client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    index.apply(changes(ARTICLES[2:4], 2), 4)
    assert (index.cursor, index.count()) == (4, 4)


def test_a_generation_removed_while_it_is_written_does_not_come_back_as_something_else(store):
    index = store.holding(*ARTICLES[:2])
    made = index.begin_generation()
    name = made.generation

    class RemovedMeanwhile(list[Change]):
        def __iter__(self) -> Iterator[Change]:
            index._client.indices.delete(index=name)
            return super().__iter__()

    with pytest.raises(IndexUnavailable, match="was removed while it was written"):
        made.apply(RemovedMeanwhile(changes(ARTICLES)), len(ARTICLES))
    assert not index._client.indices.exists(index=name)


def test_an_article_that_came_later_is_not_overwritten_by_a_slower_writer(store):
    """Two processes that believe they may write, each with an old cursor: the record's order wins."""
    index = store.holding()
    fast, slow = article(1, title="Mới"), article(1, title="Cũ")
    index.apply(changes([fast], 8), 0)
    index.apply(changes([slow], 4), 0)
    assert index.search(SearchRequest()).hits[0].title.text == "Mới"


@pytest.fixture(scope="module")
def node():
    """A node of this file's own, with security on."""
    with elasticsearch.running(secured=True) as started:
        yield started


@pytest.mark.elasticsearch
class TestOwnNode:
    """Password, TLS and API keys; and a folder at hand."""

    def _settings(self, node, name, **more):
        return elastic_settings(node.access.url, name, elastic_ca=node.access.ca, **more)

    def _by_password(self, node, name, **more) -> ElasticIndex:
        more |= {"elastic_user": node.access.user, "elastic_password": node.access.password}
        return ElasticIndex.open(self._settings(node, name, **more), Lexicon())

    def test_user_and_password(self, node):
        index = self._by_password(node, "first")
        index.apply(changes(ARTICLES[:2]), 2)
        assert index.search(SearchRequest()).total == 2
        index.close()

    def test_an_api_key_for_these_indices_is_enough(self, node):
        admin = self._by_password(node, "second")
        allowed = {"names": ["second", "second-*"], "privileges": ["all"]}
        key = admin._client.security.create_api_key(
            name="second", role_descriptors={"second": {"cluster": ["monitor"], "indices": [allowed]}}
        )
        index = ElasticIndex.open(self._settings(node, "second", elastic_api_key=key["encoded"]), Lexicon())
        index.apply(changes(ARTICLES[:3]), 3)
        for _ in range(3):
            made = index.begin_generation()
            made.apply(changes(ARTICLES[:9]), 9)
            index.promote(made)
        assert (index.search(SearchRequest()).total, index.health().ok) == (9, True)
        index.close()
        admin.close()

    @pytest.mark.parametrize(
        "wrong", [{"elastic_user": "elastic", "elastic_password": "no"}, {"elastic_api_key": "bm86bm8="}, {}]
    )
    def test_wrong_credentials_are_told(self, node, wrong):
        index = ElasticIndex.open(self._settings(node, "third", **wrong), Lexicon())
        with pytest.raises(IndexUnavailable, match="MIC_ELASTIC"):
            index.search(SearchRequest())
        assert not index.health().ok
        index.close()

    def test_an_unknown_authority_is_not_trusted(self, node):
        index = ElasticIndex.open(elastic_settings(node.access.url, "third"), Lexicon())
        with pytest.raises(IndexUnavailable):
            index.search(SearchRequest())
        index.close()

    def test_half_the_shards_gone_is_partial_not_an_error(self, node):
        index = self._by_password(node, "halved", elastic_shards=2)
        index.apply(changes(ARTICLES), len(ARTICLES))
        assert index.search(SearchRequest()).partial is False
        client, name = index._client, index.generation
        uuid = client.indices.get_settings(index=name)[name]["settings"]["index"]["uuid"]
        client.indices.close(index=name)
        shutil.rmtree(next(node.server.folder.glob(f"data/**/indices/{uuid}/1")))
        client.indices.open(index=name, wait_for_active_shards=0)
        client.options(request_timeout=20).cluster.health(index=name, wait_for_no_initializing_shards=True)
        results = index.search(SearchRequest(query="tin"))
        assert results.partial
        assert 0 < results.total < len(ARTICLES)
        assert len(results.hits) == 20
        assert not index.health().ok
        index.close()
