"""Generations in a cluster: indices `<name>-<number>`, the alias that is searched, the one kept for going back."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from indexer.engines.entry import MAPPING
from indexer.query.request import MAX_DEPTH

FILES = Path(__file__).parents[3] / "config" / "elasticsearch"
"""Analyzers and mapping, as data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a generation says of itself, in its mapping's `_meta`."""

    mapping: int
    cursor: int


class Generations:
    """The indices below one name. Only indices named here and marked as ours are ever removed, one by one."""

    def __init__(self, client: Elasticsearch, name: str, shards: int, replicas: int) -> None:
        self._client, self._name, self._shards, self._replicas = client, name, shards, replicas
        self._previous = f"{name}-previous"

    def live(self) -> str | None:
        """The index searched now."""
        return self._behind(self._name)

    def previous(self) -> str | None:
        """The index that was searched before."""
        return self._behind(self._previous)

    def make(self) -> str:
        """A new empty index, numbered behind all others; it is not refreshed before it is promoted."""
        number = max((int(index.rpartition("-")[2]) for index in self._all()), default=0) + 1
        index = f"{self._name}-{number}"
        settings = _read("analysis") | {
            "number_of_shards": self._shards,
            "number_of_replicas": self._replicas,
            "refresh_interval": -1,
            "max_result_window": MAX_DEPTH + 1,  # one hit more than is shown tells whether another page follows
        }
        mappings = _read("mapping") | {"_meta": self._meta(0)}
        self._client.indices.create(index=index, settings=settings, mappings=mappings)
        return index

    def about(self, index: str) -> About:
        """What a generation says of itself; mapping 0 where it says nothing."""
        said = self._client.indices.get_mapping(index=index)
        meta = said[index]["mappings"].get("_meta", {})
        return About(mapping=int(meta.get("mapping", 0)), cursor=int(meta.get("cursor", 0)))

    def drop_remade(self, index: str) -> bool:
        """Remove an index that `make` did not make, and tell whether it was so.

        Elasticsearch makes one of its own, analysed in its own way, where one is written to that is not there.
        """
        if self.about(index).mapping:
            return False
        self._client.options(ignore_status=404).indices.delete(index=index)
        return True

    def keep_cursor(self, index: str, cursor: int) -> None:
        """Remember how far a generation has come; call it when all before is written."""
        self._client.indices.put_mapping(index=index, meta=self._meta(cursor))

    def point(self, index: str) -> None:
        """Move the alias to a generation, atomically; the one before stays, all others go."""
        before = self.live()
        kept = self.previous() if before == index else before
        self._client.indices.put_settings(index=index, settings={"refresh_interval": None})
        self._client.indices.refresh(index=index)
        moves: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": alias}}
            for alias, old in ((self._name, before), (self._previous, self.previous()))
            if old
        ]
        moves.append({"add": {"index": index, "alias": self._name}})
        if kept:
            moves.append({"add": {"index": kept, "alias": self._previous}})
        self._client.indices.update_aliases(actions=moves)
        for old in self._all() - {index, kept}:
            self.remove(old)

    def remove(self, index: str) -> None:
        """Remove one index of ours, by its full name."""
        said = self._client.indices.get_mapping(index=index)
        if said[index]["mappings"].get("_meta", {}).get("name") == self._name:
            self._client.options(ignore_status=404).indices.delete(index=index)

    def _behind(self, alias: str) -> str | None:
        try:
            found = list(self._client.indices.get_alias(name=alias))
        except NotFoundError:
            return None
        return str(found[0]) if found else None

    def _all(self) -> set[str]:
        own = re.compile(re.escape(self._name) + r"-[0-9]+")
        found = self._client.indices.get(index=f"{self._name}-*", features="aliases")
        return {index for index in found if own.fullmatch(index)}

    def _meta(self, cursor: int) -> dict[str, Any]:
        return {"name": self._name, "mapping": MAPPING, "cursor": cursor}


def _read(name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    return said
