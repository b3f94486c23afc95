"""How the archive's files are: how many in each state, what waits to be uploaded and why, what is not here."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database
from crawler.archive.files import ArchiveError
from crawler.archive.storage import Storage
from crawler.tables import captures, warc_files

UNSTORED = ("open", "spooled")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileState:
    """One WARC file that is not stored for good, or damaged."""

    name: str
    state: str
    size: int
    opened_at: datetime
    is_here: bool
    """Whether it lies in this machine's folder."""
    error: str = ""
    """Why it could not be uploaded the last time."""
    tried_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveState:
    """The archive's files."""

    place: str
    captures: int
    files: dict[str, int]
    """How many in each state: open, closed, spooled, stored, damaged."""
    bytes: dict[str, int]
    unfinished: tuple[FileState, ...]

    @property
    def problem(self) -> str:
        """What an administrator should see to, '' where there is nothing."""
        damaged = [file.name for file in self.unfinished if file.state == "damaged"]
        if damaged:
            return f"{len(damaged)} damaged WARC files: {', '.join(damaged[:3])}"
        waiting = [file for file in self.unfinished if file.state == "spooled" and file.error]
        return f"{len(waiting)} WARC files wait to be uploaded: {waiting[0].error}" if waiting else ""


def state(database: Database, storage: Storage) -> ArchiveState:
    """The state of all files."""
    counted = sa.select(warc_files.c.state, sa.func.count(), sa.func.sum(warc_files.c.size)).group_by(
        warc_files.c.state
    )
    unfinished = warc_files.c.state.in_((*UNSTORED, "damaged"))
    with database.reading() as connection:
        groups = connection.execute(counted).all()
        rows = connection.execute(sa.select(warc_files).where(unfinished).order_by(warc_files.c.id)).all()
        number = connection.scalar(sa.select(sa.func.count()).select_from(captures)) or 0
    return ArchiveState(
        place=storage.remote.url if storage.remote else str(storage.folder),
        captures=number,
        files={name: count for name, count, _ in groups},
        bytes={name: int(size or 0) for name, _, size in groups},
        unfinished=tuple(
            FileState(
                name=row.name,
                state=row.state,
                size=row.size,
                opened_at=row.opened_at,
                is_here=storage.is_here(row.name),
                error=row.error,
                tried_at=row.tried_at,
            )
            for row in rows
        ),
    )


def check(database: Database, storage: Storage) -> None:
    """Raise ArchiveError where there are files and none can be read, but for those that lie elsewhere."""
    with_records = sa.select(warc_files.c.name, warc_files.c.state).where(warc_files.c.size > 0)
    with database.reading() as connection:
        files = {row.name: row.state for row in connection.execute(with_records.order_by(warc_files.c.id.desc()))}
    if any(storage.is_here(name) for name in files):
        return
    if storage.remote is None and files:
        raise ArchiveError(f"MIC_ARCHIVE: none of the archive's {len(files)} files is in {storage.folder}")
    stored = next((name for name, state in files.items() if state == "stored"), None)
    if storage.remote and stored:
        storage.remote.read(stored, 0, 2)


def elsewhere(connection: Connection, storage: Storage) -> frozenset[str]:
    """Files that only another machine can read yet: in its spool, not in object storage."""
    if storage.remote is None:
        return frozenset()
    unstored = connection.scalars(sa.select(warc_files.c.name).where(warc_files.c.state.in_(UNSTORED)))
    return frozenset(name for name in unstored if not storage.is_here(name))


def give_up(database: Database, name: str) -> bool:
    """Call a file damaged whose spool is lost, so that readers go on without it; False where it is stored."""
    lost = sa.and_(warc_files.c.name == name, warc_files.c.state.in_(UNSTORED))
    with database.writing() as connection:
        return connection.execute(sa.update(warc_files).where(lost).values(state="damaged")).rowcount > 0
