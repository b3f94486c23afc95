"""Moves full WARC files into object storage, beside the crawl: copied, read back, and only then removed here.

Each step may be the last one before a kill. A file that is `spooled` is copied again unless the storage has just
these bytes; one that is `stored` and still here is removed. So every step can be repeated, in any process.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from config.database import Database
from crawler.archive.files import ArchiveError
from crawler.archive.storage import Storage, StorageError
from crawler.clock import Clock
from crawler.lease import LeaseHeld, Leases
from crawler.tables import warc_files

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 900.0
"""Seconds until a storage that did not answer is tried again; doubled every time."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uploaded:
    """What one pass over the spool did."""

    stored: tuple[str, ...] = ()
    failed: dict[str, str]
    """Reasons by the file's name."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The full files of this machine's spool."""

    database: Database
    storage: Storage
    clock: Clock

    def run(self, tell: Callable[[str], None] = lambda _: None) -> Uploaded:
        """Store what waits here, the oldest first, up to the first failure; not what another process uploads."""
        self._remove_stored()
        stored: list[str] = []
        for number, name, size in self._waiting():
            tell(name)
            leases = Leases(self.database, self.clock)
            try:
                leases.take(lease_name(number))
                self._store(number, name, size, leases)
                stored.append(name)
            except LeaseHeld:
                continue
            except (ArchiveError, OSError) as error:
                self._note(number, str(error), self.clock.now())
                _log.warning("a WARC file waits in the spool", file=name, reason=str(error))
                return Uploaded(stored=tuple(stored), failed={name: str(error)})
            finally:
                leases.release()
        return Uploaded(stored=tuple(stored), failed={})

    def _waiting(self) -> list[tuple[int, str, int]]:
        full = warc_files.c.state.in_(("spooled", "closed"))  # closed: the folder of an archive that moves
        spooled = sa.select(warc_files).where(full).order_by(warc_files.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(spooled).all()
        return [(row.id, row.name, row.size) for row in rows if self.storage.is_here(row.name)]

    def _store(self, number: int, name: str, size: int, leases: Leases) -> None:
        """Copy, read back, note, remove: in this order."""
        remote, path = self.storage.remote, self.storage.folder / name
        assert remote is not None
        if not path.exists():  # another process was here since
            return
        tick = leases.keep_waiting
        ours = self.storage.contents(name, tick)
        if ours.size != size:
            raise ArchiveError(f"{path}: {ours.size} bytes instead of {size}")
        if remote.contents(name, tick) != ours:
            remote.put(name, path, tick)
            if remote.contents(name, tick) != ours:
                raise StorageError(f"{remote.url}: {name}: what was stored is not what was sent")
        values = {"state": "stored", "digest": ours.digest, "error": ""}
        with self.database.writing() as connection:
            connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(**values))
        path.unlink(missing_ok=True)

    def _note(self, number: int, reason: str, at: datetime) -> None:
        with self.database.writing() as connection:
            values = {"error": reason, "tried_at": at}
            connection.execute(sa.update(warc_files).where(warc_files.c.id == number).values(**values))

    def _remove_stored(self) -> None:
        """What was stored by a process that was killed before it could remove its copy."""
        here = [path.name for path in self.storage.folder.glob("*.warc.gz")]
        stored = sa.select(warc_files.c.name).where(warc_files.c.state == "stored", warc_files.c.name.in_(here))
        with self.database.reading() as connection:
            names = list(connection.scalars(stored)) if here else []
        for name in names:
            (self.storage.folder / name).unlink(missing_ok=True)


class Uploader:
    """Runs uploads in a thread of its own, so that a crawl never waits for them."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._wake = threading.Event()
        self._turn = threading.Lock()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)

    def wake(self) -> None:
        """There is something new to upload, or may be."""
        self._wake.set()
        if not self._thread.is_alive() and not self._closing:
            with suppress(RuntimeError):  # it was started a moment ago
                self._thread.start()

    def now(self, tell: Callable[[str], None]) -> Uploaded:
        """Upload what waits in the thread that asks for it; the one beside waits meanwhile."""
        with self._turn:
            return self._uploads.run(tell)

    def close(self) -> None:
        """Upload what waits, unless the storage did not answer just now, and end."""
        self._closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        failed = False
        while not (self._closing and failed):
            closing = self._closing
            self._wake.clear()
            failed = self._pass()
            if closing:
                return
            pause = min(2 * pause, LONGEST_PAUSE) if failed else FIRST_PAUSE
            if not self._closing:
                self._wake.wait(pause if failed else None)

    def _pass(self) -> bool:
        """Whether it failed."""
        try:
            with self._turn:
                return bool(self._uploads.run().failed)
        except (sa.exc.SQLAlchemyError, OSError) as error:
            _log.warning("uploading failed", reason=str(error))
            return True


def lease_name(number: int) -> str:
    """The lease of whoever works on a WARC file."""
    return f"warc:{number}"
