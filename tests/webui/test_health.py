"""What looks after the site learns how it stands; an engine that is down is said at once, and comes back."""

import json
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from config.database import open_database
from crawler.tables import warc_files
from indexer.engines.opening import open_index
from indexer.query.lexicon import Lexicon
from tests.webui.conftest import log_in, make_account
from tests.webui.library import SIZE
from webui import create_app
from webui.outage import PAUSE, Outage


def measured(client) -> dict[str, float]:
    """Metrics by name with labels."""
    samples = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            samples[f"{sample.name}{{{labels}}}"] = sample.value
    return samples


@pytest.fixture
def broken(settings, services, library, tmp_path):
    """The folder of an index whose files are damaged, and an application that searches it."""
    folder = tmp_path / "index"
    shutil.copytree(library.settings.index, folder)
    index = open_index(settings.model_copy(update={"index": str(folder)}), Lexicon())
    app = create_app(settings, replace(services, index=index))
    yield folder, app.test_client()
    index.close()


def damage(folder):
    """Move the generations away and leave a file that is none in their place; returns what mends it."""
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_bytes(b"not a folder")

    def mend():
        folder.unlink()
        away.rename(folder)

    return mend


def test_files_that_wait_for_storage_are_told_and_hinder_nobody(services, client):
    row = {
        "name": "x.warc.gz",
        "state": "spooled",
        "size": 1,
        "opened_at": services.clock.now(),
        "error": "s3: no",
    }
    with services.database.writing() as connection:
        connection.execute(sa.insert(warc_files).values(**row))
    answer = client.get("/health/ready")
    with services.database.writing() as connection:
        connection.execute(sa.delete(warc_files).where(warc_files.c.name == row["name"]))
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    reason = "WARC files are damaged or wait to be uploaded"
    assert answer.json["checks"][2] == {"name": "archive", "ok": False, "reason": reason}


def test_a_site_that_can_search_is_ready(client):
    assert client.get("/health/live").json == {"status": "live"}
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json["status"] == "ready"
    assert [check["name"] for check in answer.json["checks"]] == ["database", "index", "archive"]


def test_an_engine_that_is_down_is_said_within_two_seconds_and_mends_itself(broken):
    folder, client = broken
    mend = damage(folder)
    began = time.monotonic()
    page, api = client.get("/search?q=bưu+chính"), client.get("/api/v1/search?q=a")
    assert time.monotonic() - began < 2
    assert page.status_code == api.status_code == 503
    assert "Hiện chưa tìm kiếm được" in page.text
    assert 'value="bưu chính"' in page.text, "the query is not lost"
    assert page.headers["Retry-After"] == "10"
    assert api.content_type == "application/problem+json"
    ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json
    assert ready.json["checks"][1] == {"name": "index", "ok": False, "reason": "the search engine does not answer"}
    assert str(folder) not in ready.text + page.text + api.text, "where things lie is nobody's business"
    assert client.get("/health/live").status_code == 200
    assert client.get("/article/mic:130000").status_code == 200
    assert client.get("/account/login").status_code == 200
    assert measured(client)["index_up{}"] == 0
    mend()
    assert client.get("/search?q=bưu+chính").status_code == 200
    assert client.get("/health/ready").status_code == 200
    assert measured(client)["index_up{}"] == 1


def test_a_cluster_that_is_down_is_said_within_two_seconds(settings, services):
    told = settings.model_copy(update={"engine": "elastic", "elastic_url": "http://127.0.0.1:1"})
    index = open_index(told, Lexicon())
    client = create_app(told, replace(services, settings=told, index=index)).test_client()
    for address in ("/search?q=a", "/", "/api/v1/search", "/health/ready"):
        began = time.monotonic()
        assert client.get(address).status_code == 503
        assert time.monotonic() - began < 2
    index.close()


@pytest.fixture
def frozen(settings, services):
    """Makes sites whose search engine takes connections and says nothing."""
    with ExitStack() as opened, socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        told = settings.model_copy(
            update={"engine": "elastic", "elastic_url": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        )

        def made():
            index = open_index(told, Lexicon())
            opened.callback(index.close)
            return create_app(told, replace(services, settings=told, index=index))

        yield made


ATTEMPTS = 4
"""How often a wait is measured before it is too long: now and then another process has the machine."""


def waited(work: Callable[[], None]) -> float:
    """Seconds a piece of work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_a_cluster_that_is_frozen_keeps_only_the_first_search_waiting(frozen):
    def first(client):
        assert client.get("/search?q=a").status_code == 503

    def others(client):
        for address in ("/search?q=b", "/", "/api/v1/search", "/api/v1/suggest?q=a", "/search/filters"):
            assert client.get(address).status_code == 503
        assert client.get("/article/mic:130000").status_code == 200

    clients = (frozen().test_client() for _ in range(ATTEMPTS))
    times = ((waited(partial(first, client)), waited(partial(others, client))) for client in clients)
    assert any(alone < 2 and together < 1 for alone, together in times)


def test_the_administration_waits_for_a_frozen_cluster_once(frozen):
    def look(client):
        assert 'state-bad">Máy tìm kiếm' in client.get("/admin/").text

    make_account(frozen(), "lan", "admin")
    clients = [frozen().test_client() for _ in range(ATTEMPTS)]
    for client in clients:
        log_in(client, "lan")
    assert any(waited(partial(look, client)) < 2 for client in clients)


def test_an_outage_is_asked_about_by_one_for_all():
    outage = Outage()
    outage.failed(now=0, waited=0.01)
    assert outage.may_ask(0.1), "a refusal costs nothing"
    outage.failed(now=10, waited=1.5)
    assert not outage.may_ask(10 + PAUSE - 0.1)
    assert outage.may_ask(10 + PAUSE), "the first asks"
    assert not outage.may_ask(10 + PAUSE + 0.1), "the others do not wait with it"
    outage.answered()
    assert outage.may_ask(10 + PAUSE + 0.2)


def test_a_database_that_is_down_is_said(settings, services, tmp_path):
    broken = replace(services, database=open_database(f"sqlite:///{tmp_path}", migrate=False))
    client = create_app(settings, broken).test_client()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["checks"][0] == {"name": "database", "ok": False, "reason": "the database does not answer"}
    assert client.get("/metrics").status_code == 200


def test_metrics_count_requests_times_lag_and_jobs(client, services):
    client.get("/search?q=a")
    client.get("/search?q=b")
    client.get("/nothing")
    client.open("/search", method="BREW")
    services.jobs.ask("update", {}, "lan")
    numbers = measured(client)
    assert numbers["web_requests_total{endpoint=search.results,method=GET,status=200}"] == 2
    assert numbers["web_requests_total{endpoint=none,method=GET,status=404}"] == 1
    assert not [name for name in numbers if "BREW" in name], "a visitor cannot invent series"
    assert numbers["web_request_seconds_count{endpoint=search.results}"] >= 2
    assert numbers["index_documents{}"] == SIZE
    assert numbers["index_lag{}"] == 0
    assert numbers["jobs{state=queued}"] == 1


def test_every_answer_has_an_id_that_is_in_the_log(client):
    with capture_logs(processors=[merge_contextvars]) as lines:
        answers = [client.get("/", headers={"X-Request-ID": "visitors-own-id"}) for _ in range(2)]
    numbers = [answer.headers["X-Request-ID"] for answer in answers]
    assert len(set(numbers)) == 2
    assert "visitors-own-id" not in numbers, "only a trusted proxy names requests"
    assert [line["request"] for line in lines if line["event"] == "answered"] == numbers


def test_a_trusted_proxy_names_the_request(settings, services):
    told = settings.model_copy(update={"trusted_proxies": 1})
    client = create_app(told, replace(services, settings=told)).test_client()
    assert (
        client.get("/", headers={"X-Request-ID": "proxy-0123456789"}).headers["X-Request-ID"] == "proxy-0123456789"
    )
    assert client.get("/", headers={"X-Request-ID": "<script>"}).headers["X-Request-ID"] != "<script>"


def test_what_nobody_foresaw_is_a_page_with_a_number_to_report(app):
    app.add_url_rule("/broken", view_func=lambda: 1 // 0)
    app.add_url_rule("/api/broken", endpoint="api_broken", view_func=lambda: 1 // 0)
    client = app.test_client()
    page = client.get("/broken")
    assert page.status_code == 500
    assert page.headers["X-Request-ID"] in page.text
    assert "ZeroDivisionError" not in page.text
    api = client.get("/api/broken")
    assert json.loads(api.text)["status"] == 500
    assert api.content_type == "application/problem+json"
