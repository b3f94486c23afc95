"""Half of the search engine is gone: what is found is marked as a part, and nothing passes for the whole."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from indexer.__main__ import main
from indexer.engines import IndexUnavailable
from indexer.engines.elastic import ElasticIndex
from indexer.query.request import SearchRequest
from tests.contract.conftest import elastic_store
from tests.contract.losing import lost
from tests.webui.library import SIZE, fill
from tests.webui.test_search import links, total
from webui import create_app
from webui.services import Services, open_services

MESSAGES = {
    "vi": "Một phần máy tìm kiếm không trả lời: có thể còn bài khác.",
    "en": "A part of the search engine did not answer: more than this may exist.",
}
MARKED = ("/", "/search?q=thong+tin", "/search?q=khongcogi", "/search/filters?q=thong+tin")
WHOLE = (
    "/export?q=thong+tin",
    "/export/csv?q=thong+tin",
    "/export/xlsx",
    "/download/files?q=thong+tin",
    "/feed/atom?q=thong+tin",
    "/feed/json?q=thong+tin",
    "/coverage",
    "/api/v1/export/jsonl?q=thong+tin",
)


@pytest.fixture(scope="module")
def site(elasticsearch_url, tmp_path_factory) -> Iterator[Services]:
    """The library, on two shards."""
    data = tmp_path_factory.mktemp("halved")
    for store in elastic_store(elasticsearch_url, elastic_shards=2, data=data):
        index = store.handle()
        assert isinstance(index, ElasticIndex)
        with open_services(index._settings) as services:
            fill(services)
            yield services


@pytest.fixture(scope="module")
def index(site) -> ElasticIndex:
    assert isinstance(site.index, ElasticIndex)
    return site.index


@pytest.fixture(scope="module")
def app(site) -> Flask:
    return create_app(site.settings, site)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def body(client: FlaskClient, address: str) -> str:
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return answer.get_data(as_text=True)


def test_pages_and_answers_say_that_they_are_a_part_for_as_long_as_they_are(client, index):
    def pages(language: str) -> list[str]:
        client.set_cookie("lang", language)
        return [body(client, address) for address in MARKED]

    def answers() -> list[Any]:
        return [
            json.loads(body(client, f"/api/v1/{path}"))
            for path in ("search?q=thong+tin", "facets/category?q=thong+tin")
        ]

    before = total(body(client, "/search"))
    with lost(index, 1):
        assert 0 < total(body(client, "/search")) < before == SIZE
        for language, message in MESSAGES.items():
            for address, page in zip(MARKED, pages(language), strict=True):
                assert page.count(f'role="status">{message}') == 1, (address, language)
        assert all(answer["partial"] for answer in answers())
    assert total(body(client, "/search")) == before
    assert not any(MESSAGES["vi"] in page for page in pages("vi"))
    assert not any(answer["partial"] for answer in answers())


def test_what_cannot_say_that_it_is_a_part_is_not_made_of_one(client, index):
    with lost(index, 1):
        for address in WHOLE:
            with client.get(address) as answer:
                text = answer.get_data(as_text=True)
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), address
                assert "Hiện chưa tìm được đầy đủ" in text or "Not everything can be found right now" in text
                assert "Content-Disposition" not in answer.headers
        assert body(client, "/search")
    for address in WHOLE:
        with client.get(address) as answer:
            assert (answer.status_code, bool(answer.data)) == (200, True), address


def test_a_file_that_was_begun_is_whole_whatever_is_lost_meanwhile(index, monkeypatch):
    monkeypatch.setattr("indexer.engines.elastic.reading.CHUNK", 10)
    hits = index.scan(SearchRequest())
    found = {next(hits).key}
    with lost(index, 1):
        found |= {hit.key for hit in hits}
        with pytest.raises(IndexUnavailable):
            list(index.scan(SearchRequest()))
    assert len(found) == SIZE


def test_no_place_in_a_list_is_told_that_is_not_all_there(client, index):
    with lost(index, 1):
        found = links(body(client, "/search?q=thong+tin"), "")
        address = next(url for url in found if url.startswith("/article") and "?q=" in url)
        page = body(client, address)
    assert "in-list-back" in page
    assert 'rel="next"' not in page
    assert 'rel="next"' in body(client, address)


def test_an_index_half_of_which_is_gone_is_no_other_records(index):
    with lost(index, 1):
        with pytest.raises(IndexUnavailable, match="1 of 2 shards"):
            index.count()
        assert not index.health().ok


def test_the_command_says_so(index, monkeypatch):
    settings = index._settings
    for name in ("data", "engine", "elastic_url", "elastic_name"):
        monkeypatch.setenv(f"MIC_{name.upper()}", str(getattr(settings, name)))
    said = []
    for shards in ((1,), ()):
        with lost(index, *shards):
            said.append(CliRunner().invoke(main, ["search", "thong tin"]).output)
    assert ["a part of the engine did not answer" in text for text in said] == [True, False], said


def test_nothing_left_is_a_clear_page(client, index):
    with lost(index, 0, 1):
        for address in MARKED:
            with client.get(address) as answer:
                assert answer.status_code == 503
                assert "Hiện chưa tìm kiếm được" in answer.text
    assert body(client, "/search")


def test_a_slip_is_no_reason_to_show_nothing_of_a_part(site, client, index):
    site.learning.current()
    site.learning.wait()
    with lost(index, 1):
        assert MESSAGES["vi"] in body(client, "/search?q=an+toan+thong+tim")
