"""The queue that wakes workers; the jobs' table is the truth, so a lost wake-up only delays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

_NAME = "mic"
_log = structlog.get_logger(__name__)


class QueueError(Exception):
    """The queue's address is of no kind we know; the message names those we do."""


@contextmanager
def open_queue(address: str) -> Iterator[Huey]:
    """The queue at `redis://…`, `postgresql://…` or `sqlite:///path`, for the length of a block.

    Raises QueueError.
    """
    try:
        queue = _queue(address)
    except QueueError:
        raise
    except Exception as error:  # each kind of storage has its own
        raise QueueError(f"MIC_QUEUE: {' '.join(str(error).split())}") from error
    try:
        yield queue
    finally:
        queue.storage.close()


def on_wake(queue: Huey, run: Callable[[int], None] | None = None) -> Callable[[int], None]:
    """Let `run` be called with a job's number when one is woken; returns what wakes it.

    Whoever only asks for jobs passes no `run`.
    """

    def job(number: int) -> None:
        if run is not None:
            run(number)

    task = queue.task(name="job")(job)

    def wake(number: int) -> None:
        try:
            task(number)
        except Exception as error:  # noqa: BLE001 - each kind of storage has its own; the job is in the table
            _log.warning("no worker woken", job=number, reason=" ".join(str(error).split()))

    return wake


def _queue(address: str) -> Huey:
    scheme = address.partition(":")[0]
    if scheme in ("redis", "rediss", "unix"):
        return RedisHuey(_NAME, url=address, results=False)
    if scheme == "postgresql":
        return PostgresHuey(_NAME, dsn=address, results=False)
    if scheme == "sqlite" and (path := sa.make_url(address).database):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(_NAME, filename=path, results=False)
    raise QueueError(f"MIC_QUEUE: {scheme}: is none of redis://…, postgresql://…, sqlite:///path")
