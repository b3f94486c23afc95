"""The queue that wakes workers; the jobs' table is the truth, so a lost wake-up only delays."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import HueyException

_NAME = "mic"
_log = structlog.get_logger(__name__)


class QueueError(Exception):
    """The queue's address is of no kind we know; the message names those we do."""


@contextmanager
def open_queue(address: str) -> Iterator[Huey]:
    """The queue at `redis://…`, `postgresql://…` or `sqlite:///path`, for the length of a block.

    Raises QueueError.
    """
    queue = _queue(address)
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
        except (HueyException, OSError, sa.exc.SQLAlchemyError) as error:
            _log.warning("no worker woken", job=number, reason=str(error))

    return wake


def _queue(address: str) -> Huey:
    scheme = address.partition(":")[0]
    if scheme in ("redis", "rediss", "unix"):
        return RedisHuey(_NAME, url=address, results=False)
    if scheme == "postgresql":
        return PostgresHuey(_NAME, dsn=address, results=False)
    if scheme == "sqlite":
        return SqliteHuey(_NAME, filename=sa.make_url(address).database, results=False)
    raise QueueError(f"MIC_QUEUE: {scheme}: is none of redis:, postgresql:, sqlite:")
