"""Rows of what captures said, kept per capture: reading a capture again replaces what it said before."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import insert_new
from crawler.page import Capture
from indexer.article import Article, Attachment, Listed, Listing, Rejected
from indexer.record.codec import ARTICLE, ATTACHMENT, LISTED
from indexer.record.meaning import meaning
from indexer.record.reads import ReadCapture
from indexer.record.statements import forget_unused, store_statements
from indexer.tables import file_uses, files, mentions, observations, rejections


def store(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    """Write what a batch of captures said; returns the keys whose articles may be others now."""
    touched, left = _forget(connection, [read.capture.id for read in batch if not read.is_unread])
    touched |= _store_articles(connection, batch)
    touched |= _store_mentions(connection, batch)
    touched |= _store_files(connection, batch)
    touched |= _sighted(batch)
    forget_unused(connection, left)
    rejected = [
        {"capture": read.capture.id, "url": read.reading.url, "reason": read.reading.reason}
        for read in batch
        if isinstance(read.reading, Rejected)
    ]
    insert_new(connection, rejections.c.capture, rejected)
    return touched


def _forget(connection: Connection, captures: list[int]) -> tuple[set[str], set[int]]:
    """Remove what these captures said when they were read before.

    Returns the keys it was about, and the statements that may be left over.
    """
    touched: set[str] = set()
    left: set[int] = set()
    for table in (observations, mentions):
        gone = sa.delete(table).where(table.c.capture.in_(captures)).returning(table.c.key, table.c.statement)
        rows = connection.execute(gone).all()
        touched |= {row.key for row in rows}
        left |= {row.statement for row in rows}
    removed = sa.delete(files).where(files.c.capture.in_(captures)).returning(files.c.address, files.c.statement)
    offered = connection.execute(removed).all()
    touched |= _users(connection, {row.address for row in offered})
    connection.execute(sa.delete(rejections).where(rejections.c.capture.in_(captures)))
    return touched, left | {row.statement for row in offered}


def _store_articles(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    said = [(read, read.reading) for read in batch if isinstance(read.reading, Article)]
    texts = [ARTICLE.dump(article) for _, article in said]
    numbers = store_statements(connection, texts)
    rows = [
        {
            "capture": read.capture.id,
            "key": str(article.key),
            "copy": read.copy,
            "meaning": meaning(article),
            "statement": numbers[text],
        }
        for (read, article), text in zip(said, texts, strict=True)
    ]
    uses = [
        {"address": link.address, "key": str(article.key)} for _, article in said for link in article.attachments
    ]
    insert_new(connection, file_uses.c.key, uses)
    return set(insert_new(connection, observations.c.key, rows))


def _store_mentions(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    said = [
        (read.capture, entry)
        for read in batch
        if isinstance(read.reading, Listing)
        for entry in read.reading.entries
    ]
    texts = [LISTED.dump(entry) for _, entry in said]
    numbers = store_statements(connection, texts)
    rows = [_mention(capture, entry, numbers[text]) for (capture, entry), text in zip(said, texts, strict=True)]
    return set(insert_new(connection, mentions.c.key, rows))


def _mention(capture: Capture, entry: Listed, statement: int) -> dict[str, object]:
    return {
        "key": str(entry.key),
        "source": "feed" if capture.kind == "feed" else "list",
        "canonical": capture.canonical,
        "capture": capture.id,
        "statement": statement,
    }


def _store_files(connection: Connection, batch: Sequence[ReadCapture]) -> set[str]:
    said = [(read.capture, read.reading) for read in batch if isinstance(read.reading, Attachment)]
    texts = [ATTACHMENT.dump(attachment) for _, attachment in said]
    numbers = store_statements(connection, texts)
    rows = [
        {
            "capture": capture.id,
            "address": attachment.address,
            "captured_at": capture.captured_at,
            "payload_digest": capture.payload_digest,
            "statement": numbers[text],
        }
        for (capture, attachment), text in zip(said, texts, strict=True)
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
