"""Shards of an index taken away for a while, out of a real cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from indexer.engines.elastic import ElasticIndex

_GIVEN_OUT = "cluster.routing.allocation.node_initial_primaries_recoveries"
"""Shards a node opens at once: with 0 it opens none, and indices made meanwhile wait."""


@contextmanager
def lost(index: ElasticIndex, *shards: int) -> Iterator[None]:
    """For the length of a block nobody has these shards of the generation; then they are back, as they were."""
    client, name = index._client.options(request_timeout=20), index.generation
    client.cluster.put_settings(transient={_GIVEN_OUT: 0})
    try:
        for shard in shards:
            here = {"index": name, "shard": shard, "node": _node(index, name, shard), "allow_primary": True}
            client.cluster.reroute(commands=[{"cancel": here}])
        yield
    finally:
        client.cluster.put_settings(transient={_GIVEN_OUT: None})
        client.cluster.health(index=name, wait_for_status="yellow", timeout="20s")


def _node(index: ElasticIndex, name: str, shard: int) -> str:
    rows: Any = index._client.cat.shards(index=name, h="shard,node", format="json")
    return next(str(row["node"]) for row in rows if row["shard"] == str(shard))
