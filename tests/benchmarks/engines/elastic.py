"""A real Elasticsearch, over HTTP."""

import http.client
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import HttpHeaders, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from config.settings import Settings
from indexer.document import Change
from indexer.engines.elastic import ElasticIndex
from indexer.engines.elastic.generations import Generations
from indexer.engines.elastic.writing import _action
from indexer.query.lexicon import Lexicon
from indexer.query.request import SearchRequest
from tests.benchmarks.engines import Replay
from tests.benchmarks.timing import seconds

PATIENCE = 30.0
"""Seconds a search may take before it is given up; a busy machine is to be measured, not refused."""


class Elastic:
    """An Engine in a node without security."""

    name = "elastic"

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = Elasticsearch(url, request_timeout=60)
        self._connections = _Connections(urlsplit(url).netloc)

    def empty(self, settings: Settings) -> Settings:
        chosen = {
            "engine": "elastic",
            "elastic_url": self._url,
            "elastic_name": _new(),
            "elastic_timeout": PATIENCE,
        }
        return settings.model_copy(update=chosen)

    def drop(self, settings: Settings) -> None:
        self._remove(settings.elastic_name)

    def size(self, settings: Settings) -> int:
        said = self._client.indices.stats(index=settings.elastic_name, metric="store")
        return int(said["_all"]["primaries"]["store"]["size_in_bytes"])

    def bulk(self, changes: Sequence[Change]) -> Callable[[], float]:
        actions = [action for change in changes for action in _action("", change)]

        def write() -> float:
            name = _new()
            index = Generations(self._client, name, shards=1, replicas=0).make()
            for action in actions:
                action["_index"] = index
            took = seconds(lambda: self._write(index, actions))
            self._remove(name)
            return took

        return write

    def replays(self, settings: Settings, lexicon: Lexicon, requests: Sequence[SearchRequest]) -> list[Replay]:
        client = Elasticsearch(self._url, node_class=_RecordingNode)
        index = ElasticIndex(client, settings, lexicon)
        (node,) = client.transport.node_pool.all()
        assert isinstance(node, _RecordingNode)
        try:
            return [self._replay(_asked(index, node, request)) for request in requests]
        finally:
            index.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._connections.close()

    def _replay(self, asked: Sequence["_Asked"]) -> Replay:
        answer = [one for one in asked if not one.counts_only]
        return Replay(everything=lambda: self._ask(asked), answer=lambda: self._ask(answer))

    def _ask(self, asked: Sequence["_Asked"]) -> list[bytes]:
        answers, connection = [], self._connections.own
        for one in asked:
            connection.request(one.method, one.target, one.body, one.headers)
            answer = connection.getresponse()
            answers.append(answer.read())
            assert answer.status == 200, answers
        return answers

    def _write(self, index: str, actions: Sequence[dict[str, Any]]) -> None:
        for _ in parallel_bulk(self._client, actions):
            pass  # an action that is refused raises
        self._client.indices.refresh(index=index)

    def _remove(self, name: str) -> None:
        for index in self._client.indices.get(index=f"{name}-*"):
            self._client.indices.delete(index=index)


class _Connections:
    """One for each thread."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._of_thread = threading.local()
        self._all: list[http.client.HTTPConnection] = []

    @property
    def own(self) -> http.client.HTTPConnection:
        """This thread's."""
        if not hasattr(self._of_thread, "connection"):
            self._of_thread.connection = http.client.HTTPConnection(self._host)
            self._all.append(self._of_thread.connection)
        connection: http.client.HTTPConnection = self._of_thread.connection
        return connection

    def close(self) -> None:
        """Close those of all threads."""
        for connection in self._all:
            connection.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """One search as it was sent."""

    method: str
    target: str
    body: bytes
    headers: dict[str, str]

    @property
    def counts_only(self) -> bool:
        return bool(json.loads(self.body)["size"] == 0)


class _RecordingNode(Urllib3HttpNode):
    """A client's way to a node that keeps the searches it sends."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asked: list[_Asked] = []

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = DEFAULT,
    ) -> Any:
        if "/_search" in target and body is not None:
            self.asked.append(_Asked(method=method, target=target, body=body, headers=dict(headers or {})))
        return super().perform_request(method, target, body, headers, request_timeout)


def _asked(index: ElasticIndex, node: _RecordingNode, request: SearchRequest) -> list[_Asked]:
    index.search(request)  # what is known for some seconds is not asked again
    node.asked.clear()
    index.search(request)
    return list(node.asked)


def _new() -> str:
    return f"bench-{secrets.token_hex(4)}"
