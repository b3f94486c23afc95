"""What reading the archive again would change, found out on a copy of the record, which is thrown away."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from config.database import Database, metadata, open_database, sequences
from crawler.progress import Progress, Report
from crawler.tables import captures, warc_files
from indexer.document import IndexedDocument
from indexer.pipeline import Stores, read_again
from indexer.record import Record
from indexer.tables import TABLES

SAMPLES = 3
"""Articles named of each field that changes."""
_SHOWN = 160
_AT_ONCE = 1_000
_FIELDS = tuple(one.name for one in fields(IndexedDocument) if one.name != "key")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One article's field before and after, shortened to where they differ."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """In how many articles a field becomes another, and in which for example."""

    field: str
    articles: int
    samples: tuple[Sample, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Differences:
    """What would be another. `added` and `removed` are keys of which at most SAMPLES are named."""

    captures: int
    articles: int
    changed: int
    added: int
    removed: int
    added_keys: tuple[str, ...]
    removed_keys: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    """Most first."""

    def lines(self) -> Iterator[str]:
        """The same for people to read, a line each."""
        yield (
            f"{self.captures} captures read again: of {self.articles} articles {self.changed} would be others, "
            f"{self.added} come, {self.removed} go"
        )
        for word, keys in (("comes", self.added_keys), ("goes", self.removed_keys)):
            yield from (f"{word}: {key}" for key in keys)
        for change in self.fields:
            yield f"{change.field}: {change.articles} articles"
            yield from (f"  {one.key}: “{one.before}” → “{one.after}”" for one in change.samples)


@dataclass(slots=True)
class _Found:
    """What was found different so far."""

    changed: int = 0
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    fields: dict[str, list[Sample]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, key: str, before: IndexedDocument | None, after: IndexedDocument | None) -> None:
        if before is None or after is None:
            (self.added if after else self.removed).append(key)
            return
        self.changed += 1
        for name in _FIELDS:
            was, now = getattr(before, name), getattr(after, name)
            if was != now:
                self.counts[name] = self.counts.get(name, 0) + 1
                samples = self.fields.setdefault(name, [])
                if len(samples) < SAMPLES:
                    samples.append(_sample(key, _text(was), _text(now)))


def rehearse(stores: Stores, database: Database, folder: Path, report: Report) -> Differences:
    """Read every capture again, as pages are read today, into a copy of the record in `folder`.

    Nothing of it is kept. Raises ArchiveError where the archive is not there.
    """
    with _copy(database, folder, report) as copy:
        record = stores.record.over(copy)
        last = record.last_sequence
        read_again(replace(stores, record=record), report)
        found = _compare(database, record, last)
        return Differences(
            captures=record.cursor,
            articles=stores.record.count(),
            changed=found.changed,
            added=len(found.added),
            removed=len(found.removed),
            added_keys=tuple(found.added[:SAMPLES]),
            removed_keys=tuple(found.removed[:SAMPLES]),
            fields=tuple(
                FieldChange(field=name, articles=count, samples=tuple(found.fields[name]))
                for name, count in sorted(found.counts.items(), key=lambda counted: (-counted[1], counted[0]))
            ),
        )


@contextmanager
def _copy(database: Database, folder: Path, report: Report) -> Iterator[Database]:
    """A database with the record and what it refers to, for the length of a block."""
    needed = {warc_files, captures, sequences, *TABLES}
    tables = [table for table in metadata.sorted_tables if table in needed]
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="rehearsal-") as place:
        copy = open_database(f"sqlite:///{place}/record.sqlite3")
        try:
            with database.reading() as source, copy.writing() as target:
                for number, table in enumerate(tables):
                    report(Progress(done=number, total=len(tables), message="copying the record"))
                    target.execute(sa.delete(table))
                    rows = source.execution_options(yield_per=_AT_ONCE).execute(_all(table))
                    for some in rows.mappings().partitions(_AT_ONCE):
                        target.execute(sa.insert(table), [dict(row) for row in some])
            yield copy
        finally:
            copy.close()


def _all(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    """Rows in the order of their keys: some refer to earlier ones of the same table."""
    return sa.select(table).order_by(*table.primary_key.columns)


def _compare(database: Database, record: Record, after: int) -> _Found:
    """What is another in a copied record, besides what became another in the original meanwhile."""
    found, original = _Found(), Record(database)
    for changes, _ in record.changes(after):
        keys = [change.key for change in changes]
        known, before = original.documents(keys), original.documents(keys, until=after)
        for change in changes:
            key = str(change.key)
            was = before.get(key)
            if was != change.document and (key in before or key not in known):
                found.note(key, was, change.document)
    return found


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else " ".join(str(value).split())


def _sample(key: str, before: str, after: str) -> Sample:
    """Both texts around the first place where they differ."""
    pairs: Sequence[tuple[str, str]] = list(zip(before, after, strict=False))
    same = next((place for place, (one, other) in enumerate(pairs) if one != other), len(pairs))
    start = max(0, same - _SHOWN // 4) if same > _SHOWN // 2 else 0
    return Sample(key=key, before=_piece(before, start), after=_piece(after, start))


def _piece(text: str, start: int) -> str:
    end = start + _SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
