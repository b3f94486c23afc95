"""The record: what the archive says, merged into articles with their versions, in SQL."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.database import Database, sequences
from config.site import Withdrawal
from crawler.address import Key
from indexer.article import Article
from indexer.document import Change, IndexedDocument
from indexer.record import corrections
from indexer.record.answers import store_answers
from indexer.record.codec import DOCUMENT
from indexer.record.correcting import Correction, CorrectionError, Provinces
from indexer.record.explaining import Explained, explain
from indexer.record.gathering import evidence, gather
from indexer.record.history import History, OfferedFile, Snapshot, history
from indexer.record.links import DocumentLink, Related, links
from indexer.record.meaning import meaning
from indexer.record.merging import ArticleRecord
from indexer.record.reads import ReadCapture
from indexer.record.renewing import NAME, renew
from indexer.record.reprints import Group, group
from indexer.record.sizes import Sizes, sizes
from indexer.record.storing import store
from indexer.tables import articles, cursors, observations, rejections

__all__ = [
    "ArticleRecord",
    "Correction",
    "CorrectionError",
    "DocumentLink",
    "Explained",
    "Group",
    "History",
    "Missing",
    "OfferedFile",
    "Provinces",
    "ReadCapture",
    "Record",
    "Related",
    "Sizes",
    "Snapshot",
]

BATCH, BATCH_TEXT = 5_000, 20_000_000
"""Changes an index takes at once, and the characters of their documents. A kill loses as much; it is redone."""

_ROWS = 100
"""Rows fetched together."""

_USUAL = Withdrawal()


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """An article no copy of which is to be had, without a confirmation that it was taken down."""

    key: Key
    title: str
    since: datetime


class Record:
    """The record of one database. `rule` is the site's: when what is gone counts as taken down."""

    def __init__(self, database: Database, rule: Withdrawal = _USUAL) -> None:
        self._database = database
        self._rule = rule

    def over(self, database: Database) -> "Record":
        """The record of another database, by the same rule."""
        return Record(database, self._rule)

    @property
    def cursor(self) -> int:
        """How far into the archive's change sequence the record has come."""
        with self._database.reading() as connection:
            return _cursor(connection)

    @property
    def last_sequence(self) -> int:
        """The last number of the record's own change sequence."""
        with self._database.reading() as connection:
            return int(connection.scalar(sa.select(sequences.c.value).where(sequences.c.name == NAME)) or 0)

    def apply(self, batch: Sequence[ReadCapture], cursor: int | None) -> dict[str, bool]:
        """Take in what captures were read as, in one transaction with the cursor.

        `cursor` None leaves the cursor where it is: for reading old captures again. Returns the keys the batch was
        about, and whether what the article means is another now.
        """
        with self._database.writing() as connection:
            touched = store(connection, batch) | store_answers(connection, batch, self._rule)
            changed = renew(connection, touched, self._rule)
            if cursor is not None:
                forward = sa.and_(cursors.c.name == NAME, cursors.c.value < cursor)
                connection.execute(sa.update(cursors).where(forward).values(value=cursor))
        return changed

    def unlike(self, batch: Sequence[ReadCapture]) -> list[int]:
        """Earlier captures of articles of which a batch says something that none of them said.

        They may have been read worse than pages are read today: read again together with the batch, they show
        whether the article has changed.
        """
        said: dict[str, set[str]] = defaultdict(set)
        for read in batch:
            if isinstance(read.reading, Article):
                said[str(read.reading.key)].add(meaning(read.reading))
        known: dict[str, dict[int, str]] = defaultdict(dict)
        with self._database.reading() as connection:
            columns = (observations.c.key, observations.c.capture, observations.c.meaning)
            for row in connection.execute(sa.select(*columns).where(observations.c.key.in_(list(said)))):
                known[row.key][row.capture] = row.meaning
        here = {read.capture.id for read in batch}
        news = [key for key, before in known.items() if said[key] - set(before.values())]
        return sorted(capture for key in news for capture in known[key] if capture not in here)

    def changes(self, after: int, limit: int = BATCH) -> Iterator[tuple[list[Change], int]]:
        """Batches of the record's changes after a number of its sequence, each with the number of its last.

        A batch ends early where its documents together reach BATCH_TEXT characters.
        """
        wanted = sa.select(articles.c.key, articles.c.sequence, articles.c.document).order_by(articles.c.sequence)
        while True:
            with self._database.reading() as connection:
                rows = connection.execution_options(yield_per=_ROWS).execute(
                    wanted.where(articles.c.sequence > after).limit(limit)
                )
                batch = list(_until_full(rows))
                rows.close()
            if not batch:
                return
            after = batch[-1].sequence
            yield batch, after

    def documents(self, keys: Sequence[Key], until: int | None = None) -> dict[str, IndexedDocument | None]:
        """The documents of those of these keys that are known, and unchanged after a number of the sequence."""
        known = sa.select(articles.c.key, articles.c.document).where(
            articles.c.key.in_([str(key) for key in keys])
        )
        with self._database.reading() as connection:
            rows = connection.execute(known if until is None else known.where(articles.c.sequence <= until))
            return {row.key: DOCUMENT.load(row.document) if row.document else None for row in rows}

    def count(self) -> int:
        """Articles that are to be found in the index."""
        with self._database.reading() as connection:
            present = sa.select(sa.func.count()).select_from(articles).where(articles.c.present)
            return int(connection.scalar(present) or 0)

    def article(self, key: Key) -> ArticleRecord | None:
        """What is known of one article, None where there is none or it is withheld."""
        with self._database.reading() as connection:
            found = gather(connection, [str(key)], self._rule).get(str(key))
            return found if found and not found.withheld else None

    def history(self, key: Key) -> History | None:
        """The same with every moment at which it was captured."""
        with self._database.reading() as connection:
            found = evidence(connection, [str(key)], self._rule).get(str(key))
            return history(found) if found else None

    def withheld(self, keys: Sequence[Key]) -> dict[Key, Correction]:
        """Of these articles those that must not be shown, with why: the one place that says so."""
        with self._database.reading() as connection:
            found = corrections.withheld(connection, [str(key) for key in keys])
            return {Key.parse(key): one for key, one in found.items()}

    def correct(self, wanted: Correction, *, expected: int | None) -> None:
        """Add a correction, of which `id` and `supersedes` are given here, and merge its article anew.

        `expected` is the correction of that field that was in force when this one was decided upon. Raises
        CorrectionError where it is another by now, there is no such article, or the correction has no reason.
        """
        key = str(wanted.key)
        with self._database.writing() as connection:
            if not connection.scalar(sa.select(sa.exists().where(articles.c.key == key))):
                raise CorrectionError(f"there is no article {key}")
            corrections.add(connection, wanted, expected=expected)
            renew(connection, [key], self._rule)

    def corrections(self, key: Key | None = None, limit: int = 200) -> list[Correction]:
        """The last corrections, of one article or of all, the newest first; those taken back, too."""
        with self._database.reading() as connection:
            return corrections.history(connection, key=key, limit=limit)

    def group(self, key: Key) -> Group:
        """Whose reprint an article is, and which are its own."""
        with self._database.reading() as connection:
            return group(connection, str(key))

    def links(self, key: Key) -> tuple[DocumentLink, ...]:
        """The documents an article issues and cites, with the other articles that do."""
        with self._database.reading() as connection:
            return links(connection, key)

    def explain(self, key: Key) -> tuple[Explained, ...]:
        """Where each field of an article comes from; () where there is none. Of a withheld one, too."""
        with self._database.reading() as connection:
            found = evidence(connection, [str(key)], self._rule).get(str(key))
            return explain(found) if found else ()

    def keys(self, category: str) -> list[Key]:
        """Keys of the articles of a category, in their order."""
        of_category = sa.and_(articles.c.present, articles.c.category == category)
        with self._database.reading() as connection:
            found = connection.scalars(sa.select(articles.c.key).where(of_category).order_by(articles.c.key))
            return [Key.parse(key) for key in found]

    def listed(self, first: int, most: int) -> list[Key]:
        """Keys of at most so many articles that are to be found, in their order, those before `first` left out."""
        wanted = sa.select(articles.c.key).where(articles.c.present).order_by(articles.c.key)
        with self._database.reading() as connection:
            return [Key.parse(key) for key in connection.scalars(wanted.offset(first).limit(most))]

    def sizes(self, keys: Sequence[Key]) -> Sizes:
        """How much the archive has of these articles: their files, and the captures of their pages."""
        with self._database.reading() as connection:
            return sizes(connection, [str(key) for key in keys])

    def missing(self, most: int) -> tuple[int, list[Missing]]:
        """How many articles are missing unconfirmed, and which were lost last, at most so many."""
        lost = articles.c.missing_since.is_not(None)
        last = sa.select(articles.c.key, articles.c.missing_since, articles.c.document).where(lost)
        with self._database.reading() as connection:
            count = connection.scalar(sa.select(sa.func.count()).select_from(articles).where(lost))
            rows = connection.execute(last.order_by(articles.c.missing_since.desc(), articles.c.key).limit(most))
            found = [
                Missing(key=Key.parse(row.key), title=DOCUMENT.load(row.document).title, since=row.missing_since)
                for row in rows
            ]
        return int(count or 0), found

    def rejected(self) -> dict[str, int]:
        """How many pages were rejected, by reason, most first."""
        counted = (
            sa.select(rejections.c.reason, sa.func.count().label("pages"))
            .group_by(rejections.c.reason)
            .order_by(sa.desc("pages"), rejections.c.reason)
        )
        with self._database.reading() as connection:
            return {row.reason: row.pages for row in connection.execute(counted)}


def _until_full(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[Change]:
    """The changes in some rows, until there is text enough for one batch."""
    text = 0
    for row in rows:
        yield _change(row)
        text += len(row.document)
        if text >= BATCH_TEXT:
            return


def _change(row: Row[*tuple[Any, ...]]) -> Change:
    return Change(
        sequence=row.sequence,
        key=Key.parse(row.key),
        document=DOCUMENT.load(row.document) if row.document else None,
    )


def _cursor(connection: Connection) -> int:
    return int(connection.scalar(sa.select(cursors.c.value).where(cursors.c.name == NAME)) or 0)
