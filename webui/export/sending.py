"""Files sent while they are made, a few at a time."""

import threading
from collections.abc import Iterator
from typing import Final

import structlog
from flask import Response, abort, stream_with_context

from indexer.engines import IndexOutdated, IndexUnavailable

AT_ONCE: Final = 2
"""Files made at the same time by one process: each keeps a thread and the disk busy for as long as it lasts."""
_making = threading.BoundedSemaphore(AT_ONCE)
_log = structlog.get_logger(__name__)


def send(pieces: Iterator[bytes], media_type: str, name: str) -> Response:
    """A file, made piece by piece as it is read, no further where the reader goes away; 429 where too many are."""
    answer = Response(stream_with_context(_to_the_end(pieces)), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    if not _making.acquire(blocking=False):
        abort(429)
    answer.call_on_close(_making.release)
    return answer


def _to_the_end(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What is sent; where the engine fails half-way the connection breaks, and no part passes for the whole."""
    try:
        yield from pieces
    except (IndexUnavailable, IndexOutdated) as error:
        _log.error("export cut short", reason=str(error))
        raise
