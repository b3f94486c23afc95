"""The engine is down for a while: crawling and recording go on, and the index catches up by itself."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from config.settings import Settings
from config.site import load_profile
from crawler.crawl import open_crawl
from indexer.engines.elastic import ElasticIndex
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.query.lexicon import Lexicon
from tests.indexer.jobs.test_worker import wait_for, working
from tests.replica.client import Replica


class Door:
    """A port that leads to a server while it is open, and refuses everybody while it is shut."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._connected: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._let_in()

    def shut(self) -> None:
        for connection in (self._listening, *self._connected):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._connected.clear()

    def open(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._let_in()

    def _let_in(self) -> None:
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inside, _ = listening.accept()
                outside = socket.create_connection(self._target)
                self._connected += (inside, outside)
                for one, other in ((inside, outside), (outside, inside)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65_536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@pytest.fixture
def door(elasticsearch_url) -> Iterator[Door]:
    made = Door(elasticsearch_url)
    yield made
    made.shut()


@pytest.fixture
def workshop(door, elasticsearch_url, tmp_path) -> Iterator[Workshop]:
    """Stores over an empty folder whose engine stands behind the door, and a replica to fill them from."""
    name = f"outage-{secrets.token_hex(4)}"
    with Replica(articles=60, crawl_delay=0.0) as replica:
        settings = Settings.model_validate(
            {
                "data": tmp_path,
                "host_map": replica.host_map,
                "crawl_ca": replica.ca_file,
                "engine": "elastic",
                "elastic_url": f"http://127.0.0.1:{door.port}",
                "elastic_name": name,
            }
        )
        with open_workshop(settings) as opened:
            yield opened
    index = ElasticIndex.open(settings.model_copy(update={"elastic_url": elasticsearch_url}), Lexicon())
    for generation in index._client.indices.get(index=f"{name}-*"):
        index._client.indices.delete(index=generation)
    index.close()


def crawl(workshop: Workshop, limit: int | None) -> int:
    """Fetch so many addresses; returns how many are left."""
    with open_crawl(workshop.settings, load_profile("mic"), workshop.database) as opened:
        return opened.run(limit=limit).remaining


def test_what_is_crawled_during_an_outage_is_found_after_it(workshop, door):
    stores, settings = workshop.stores, workshop.settings
    more = {
        "MIC_ENGINE": "elastic",
        "MIC_ELASTIC_URL": settings.elastic_url,
        "MIC_ELASTIC_NAME": settings.elastic_name,
    }
    with working(settings, **more) as worker:
        crawl(workshop, 40)
        wait_for(lambda: 0 < stores.index.count() == stores.record.count())
        before = stores.index.count()
        door.shut()
        assert not stores.index.health().ok
        assert crawl(workshop, None) == 0
        wait_for(lambda: stores.record.cursor == stores.archive.last_sequence)
        assert stores.record.count() > before
        assert worker.poll() is None
        door.open()
        wait_for(lambda: stores.index.health().ok and stores.index.cursor == stores.record.last_sequence)
        assert stores.index.count() == stores.record.count()
