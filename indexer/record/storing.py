"""Rows of what captures said, kept per capture: reading a capture again replaces what it said before."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import insert_new
from crawler.page import Capture
from indexer.article import Article, Attachment, Listed, Listing, Rejected
from indexer.record.codec import ARTICLE, ATTACHMENT, LISTED, digest
from indexer.record.meaning import meaning
from indexer.record.reads import ReadCapture
from indexer.tables import file_uses, files, mentions, observations, rejections


def store(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    """Write what a batch of captures said; returns the keys whose articles may be others now."""
    touched = _forget(connection, [read.capture.id for read in batch if not read.is_unread])
    touched |= _store_articles(connection, batch)
    touched |= _store_mentions(connection, batch)
    touched |= _store_files(connection, batch)
    touched |= _sighted(batch)
    rejected = [
        {"capture": read.capture.id, "url": read.reading.url, "reason": read.reading.reason}
        for read in batch
        if isinstance(read.reading, Rejected)
    ]
    insert_new(connection, rejections.c.capture, rejected)
    return touched


def _forget(connection: Connection, captures: list[int]) -> set[str]:
    """Remove what these captures said when they were read before; returns the keys it was about."""
    touched: set[str] = set()
    for table in (observations, mentions):
        gone = sa.delete(table).where(table.c.capture.in_(captures)).returning(table.c.key)
        touched |= set(connection.execute(gone).scalars())
    addresses = sa.delete(files).where(files.c.capture.in_(captures)).returning(files.c.address)
    touched |= _users(connection, connection.execute(addresses).scalars())
    connection.execute(sa.delete(rejections).where(rejections.c.capture.in_(captures)))
    return touched


def _store_articles(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    rows, uses = [], []
    for read in batch:
        if not isinstance(read.reading, Article):
            continue
        capture, key = read.capture, str(read.reading.key)
        rows.append(
            {
                "capture": capture.id,
                "key": key,
                "kind": capture.kind,
                "copy": read.copy,
                "url": capture.url,
                "captured_at": capture.captured_at,
                "payload_digest": capture.payload_digest,
                "meaning": meaning(read.reading),
                "said": ARTICLE.dump(read.reading),
            }
        )
        uses += [{"address": link.address, "key": key} for link in read.reading.attachments]
    insert_new(connection, file_uses.c.key, uses)
    return set(insert_new(connection, observations.c.key, rows))


def _store_mentions(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    rows = [
        _mention(read.capture, entry)
        for read in batch
        if isinstance(read.reading, Listing)
        for entry in read.reading.entries
    ]
    return set(insert_new(connection, mentions.c.key, rows))


def _mention(capture: Capture, entry: Listed) -> dict[str, object]:
    said = LISTED.dump(entry)
    return {
        "key": str(entry.key),
        "source": "feed" if capture.kind == "feed" else "list",
        "canonical": capture.canonical,
        "capture": capture.id,
        "captured_at": capture.captured_at,
        "digest": digest(said),
        "said": said,
    }


def _store_files(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    rows = [
        {
            "capture": read.capture.id,
            "address": read.reading.address,
            "captured_at": read.capture.captured_at,
            "payload_digest": read.capture.payload_digest,
            "said": ATTACHMENT.dump(read.reading),
        }
        for read in batch
        if isinstance(read.reading, Attachment)
    ]
    return _users(connection, insert_new(connection, files.c.address, rows))


def _sighted(batch: Sequence[ReadCapture]) -> set[str]:
    """Keys of what stands unchanged; the captures say so themselves, `gathering` asks them."""
    captures = (read.capture for read in batch if read.capture.status == HTTPStatus.NOT_MODIFIED)
    return {str(capture.key) for capture in captures if capture.key is not None}


def _users(connection: Connection, addresses: Iterable[str]) -> set[str]:
    """Keys of the articles that offer these files."""
    found = sa.select(file_uses.c.key).where(file_uses.c.address.in_(list(addresses)))
    return set(connection.execute(found).scalars())
