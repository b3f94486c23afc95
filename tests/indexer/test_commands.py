"""`python -m indexer`: what people type, what they get on either engine, one line for whatever goes wrong."""

import json
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.clock import SystemClock
from crawler.lease import holding
from indexer.__main__ import main
from indexer.engines.elastic import ElasticIndex
from indexer.pipeline.rebuilding import REBUILD
from indexer.query.lexicon import Lexicon
from tests.contract.conftest import elastic_settings
from tests.indexer.conftest import settings_for

ROOT = Path(__file__).parents[2]
CORRUPT = "\x00 nothing that SQLite would read"


@pytest.fixture
def environment(monkeypatch, replica, crawled, tmp_path):
    """Settings over a copy of what was crawled, nothing of it read, as a shell would give them."""
    shutil.copytree(crawled, tmp_path / "data")
    settings = settings_for(replica, tmp_path / "data")
    monkeypatch.setenv("MIC_DATA", str(settings.data))
    monkeypatch.setenv("MIC_HOST_MAP", str(settings.host_map))
    monkeypatch.setenv("MIC_CRAWL_CA", str(settings.crawl_ca))
    monkeypatch.setenv("MIC_PROCESSES", "1")
    return monkeypatch


@pytest.fixture(params=["embedded", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def engine(request, environment) -> Iterator[str]:
    """The name of the engine that the environment asks for."""
    environment.setenv("MIC_ENGINE", request.param)
    if request.param == "embedded":
        yield request.param
        return
    url, name = request.getfixturevalue("elasticsearch_url"), f"commands-{secrets.token_hex(4)}"
    environment.setenv("MIC_ELASTIC_URL", url)
    environment.setenv("MIC_ELASTIC_NAME", name)
    yield request.param
    opened = ElasticIndex.open(elastic_settings(url, name), Lexicon())
    for index in opened._client.indices.get(index=f"{name}-*"):
        opened._client.indices.delete(index=index)
    opened.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def told(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def refusal(*arguments: str) -> str:
    """The one line of a command that could not do its work."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, ""), done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("Error: ").strip()


def closed() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.usefixtures("engine")
def test_what_was_crawled_is_found_rebuilt_and_gone_back_to(truths):
    first = told("update")
    assert (first["articles"], first["indexed"], first["recorded"]) == (
        len(truths),
        len(truths),
        first["archived"],
    )
    assert told("update") == first
    rebuilt = told("rebuild", "--from-archive")
    assert rebuilt["generation"] != first["generation"]
    assert rebuilt["indexed"] == len(truths)
    assert told("rebuild", "--back") == first
    assert f"{len(truths)} articles recorded" in run("update").stdout
    found = told("search", "Long An", "--filter", "then=Long An", "--size", "100")
    assert found["total"] == len(found["hits"]) > 0
    assert all("Long An" in hit["provinces_then"] for hit in found["hits"])
    assert "Long An" in run("search", "long an").stdout


def test_the_record_is_kept_while_the_engine_is_down_and_the_index_follows(environment, truths):
    environment.setenv("MIC_ENGINE", "elastic")
    environment.setenv("MIC_ELASTIC_URL", f"http://127.0.0.1:{closed()}")
    assert "Elasticsearch (MIC_ELASTIC_URL) does not answer" in refusal("update")
    assert "does not answer" in refusal("search", "x")
    assert "does not answer" in refusal("rebuild")
    environment.setenv("MIC_ENGINE", "embedded")
    assert told("update")["indexed"] == len(truths)


@pytest.mark.usefixtures("environment")
def test_an_archive_that_is_not_there_empties_no_record(environment, truths, tmp_path):
    """A volume that is not mounted says nothing about the articles in it."""
    assert told("update")["articles"] == len(truths)
    environment.setenv("MIC_ARCHIVE", str(tmp_path / "elsewhere"))
    assert refusal("rebuild", "--from-archive").startswith("MIC_ARCHIVE: none of the archive's")
    assert told("update")["articles"] == len(truths)


@pytest.mark.usefixtures("environment")
def test_a_file_of_the_archive_that_is_lost_takes_nothing_back_that_was_read(tmp_path, truths):
    assert told("update")["articles"] == len(truths)
    for file in (tmp_path / "data" / "archive").iterdir():
        file.write_bytes(b"")
    assert told("rebuild", "--from-archive")["indexed"] == len(truths)


def test_a_second_rebuild_is_told_who_is_first(workshop, monkeypatch):
    monkeypatch.setenv("MIC_DATA", str(workshop.settings.data))
    with holding(workshop.database, SystemClock(), REBUILD):
        said = refusal("rebuild")
    assert said.startswith("rebuild is held by ")
    assert said.endswith("; it goes on there")


def test_settings_that_make_no_sense_are_named(environment, tmp_path):
    for command in (("update",), ("search", "x"), ("tag", "-"), ("rebuild",), ("work",)):
        environment.setenv("MIC_ENGIN", "elastic")
        assert refusal(*command).startswith("unknown setting MIC_ENGIN; did you mean MIC_ENGINE?")
        environment.delenv("MIC_ENGIN")
    environment.setenv("MIC_ENGINE", "elastic")
    for name in ("*", "A", "-", "a,b"):
        environment.setenv("MIC_ELASTIC_NAME", name)
        assert refusal("search", "x").startswith("MIC_ELASTIC_NAME: ")
    environment.delenv("MIC_ELASTIC_NAME")
    environment.setenv("MIC_ELASTIC_URL", "nonsense")
    assert refusal("search", "x").startswith("MIC_ELASTIC_URL: ")
    environment.setenv("MIC_ELASTIC_URL", "https://127.0.0.1:1")
    environment.setenv("MIC_ELASTIC_CA", str(tmp_path / "none.pem"))
    assert str(tmp_path / "none.pem") in refusal("search", "x")
    assert str(tmp_path / "none.pem") in refusal("update")


def test_an_archive_of_no_known_kind_is_refused(environment):
    environment.setenv("MIC_ARCHIVE", "cupboard://shelf/1")
    assert refusal("update").startswith("MIC_ARCHIVE: cupboard://shelf/1: Protocol not known")


def test_a_database_or_an_index_that_cannot_be_used_is_named(environment, tmp_path):
    (tmp_path / "file").write_text(CORRUPT)
    environment.setenv("MIC_INDEX", str(tmp_path / "file"))
    assert refusal("update").startswith("the embedded index (MIC_INDEX) cannot be used: ")
    assert "Not a directory" in refusal("search", "x")
    environment.setenv("MIC_DATABASE", f"sqlite:///{tmp_path}/file")
    assert refusal("update").startswith("MIC_DATABASE: ")
    environment.setenv("MIC_DATABASE", f"sqlite:///{tmp_path}/file/db")
    assert refusal("update").startswith("MIC_DATABASE: ")


@pytest.mark.parametrize(
    "queue",
    ["nonsense", "redis://127.0.0.1:99999", "postgresql://127.0.0.1:1/x", "sqlite://", "sqlite:////proc/x/q"],
)
def test_a_queue_that_cannot_be_opened_is_named(environment, queue):
    environment.setenv("MIC_QUEUE", queue)
    assert refusal("work").startswith("MIC_QUEUE: ")


def test_a_database_that_is_locked_is_told_with_what_to_do(environment, tmp_path):
    environment.setattr("indexer.jobs.opening.PATIENT_SECONDS", 1)
    with closing(sqlite3.connect(tmp_path / "data" / "mic.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "database is locked; another process has been writing" in refusal("update")


@pytest.mark.usefixtures("environment")
def test_a_full_disk_ends_an_update_with_one_line_and_loses_nothing(truths):
    """A limit on the size of files stands for it: the database or the index meets it first."""
    code = (
        "import resource\n"
        "from indexer.__main__ import main\n"
        "if __name__ == '__main__':\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "    main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "update"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert "too large" in done.stderr or "disk" in done.stderr
    assert told("update")["indexed"] == len(truths)


def test_what_does_not_go_together_is_refused():
    assert run("rebuild", "--back", "--from-archive").exit_code == 2
    assert run("search", "x", "--filter", "nope=1").exit_code == 2
    assert run("search", "x", "--page", "0").exit_code == 2
    assert run("search", "x", "--since", "2020-13-45").exit_code == 2


@pytest.mark.usefixtures("environment")
def test_a_query_that_is_too_long_is_refused():
    assert refusal("search", "a" * 10_000).startswith("a query has at most 1,000 characters")
