"""Changes sent to Elasticsearch in bulk; a document's version is the record's sequence, so order is no matter."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from indexer.document import Change
from indexer.engines import IndexUnavailable
from indexer.engines.elastic.client import RETRIES, for_writing
from indexer.engines.entry import entry
from indexer.query.fields import TEXTS

AT_ONCE = 250
"""Changes of one request."""

PARALLEL = 4
"""Requests under way: while one waits for the cluster, the next is made."""

BYTES = 10_000_000
"""Of one request; a larger article goes alone."""

ABSENT = "\u3164 \u3164"
"""Stands for a text an article does not have: letters to Elasticsearch that the normaliser lets into no text.

Lucene counts only the articles that have a field, tantivy all there are. Where few have one, as with attachments,
that made scores differ by 2.7; with it the engines count alike. Two words, so that there is a pair too.
"""

_PASSED, _MISSING = 409, 404
"""A newer version is there already; what was to be removed is not there."""


def write(client: Elasticsearch, index: str, changes: Sequence[Change]) -> None:
    """Write all changes, again and again where the cluster is busy. Raises IndexUnavailable for one it refuses."""
    chunks = [changes[start : start + AT_ONCE] for start in range(0, len(changes), AT_ONCE)]
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        for _ in pool.map(lambda chunk: _write(for_writing(client), index, chunk), chunks):
            pass  # what one of them raised is raised here


def _write(client: Elasticsearch, index: str, changes: Sequence[Change]) -> None:
    results = streaming_bulk(
        client,
        (action for change in changes for action in _action(index, change)),
        chunk_size=AT_ONCE,
        max_chunk_bytes=BYTES,
        max_retries=RETRIES,
        initial_backoff=0.5,
        retry_on_status=(429, 503),
        raise_on_error=False,
        raise_on_exception=True,
        yield_ok=False,
    )
    for _, result in results:
        said = next(iter(result.values()))
        if said["status"] not in (_PASSED, _MISSING):
            reason = said.get("error", said["status"])
            raise IndexUnavailable(f"Elasticsearch does not take {said['_id']}: {reason}")


def _action(index: str, change: Change) -> Iterator[dict[str, Any]]:
    about = {
        "_index": index,
        "_id": str(change.key),
        "version": change.sequence,
        "version_type": "external_gte",
    }
    if change.document is None:
        yield about | {"_op_type": "delete"}
        return
    made = entry(change.document)
    yield about | {
        "_op_type": "index",
        "_source": {
            **made.texts,
            **{field: ABSENT for field in TEXTS if not made.texts[field]},
            **made.looked_into,
            **made.keywords,
            "day": made.published.isoformat() if made.published else None,
            "card": made.card,
            "shown": made.shown,
        },
    }
