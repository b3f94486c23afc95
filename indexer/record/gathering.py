"""Everything the rows say of some keys, brought together and merged."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from indexer.article import Listed
from indexer.record.codec import ARTICLE, ATTACHMENT, LISTED
from indexer.record.merging import ArticleRecord, FileSaid, PageSaid, merge
from indexer.tables import file_uses, files, mentions, observations


def gather(connection: Connection, keys: Sequence[str]) -> dict[str, ArticleRecord]:
    """The merged articles of these keys; a key that no page of its own speaks for is left out."""
    pages: dict[str, list[PageSaid]] = defaultdict(list)
    for row in connection.execute(sa.select(observations).where(observations.c.key.in_(keys))):
        pages[row.key].append(_page(row))
    listed: dict[str, list[tuple[str, Listed]]] = defaultdict(list)
    for row in connection.execute(sa.select(mentions).where(mentions.c.key.in_(list(pages)))):
        listed[row.key].append((row.source, LISTED.load(row.said)))
    offered = _files(connection, list(pages))
    found = {key: merge(said, listed[key], offered) for key, said in pages.items()}
    return {key: merged for key, merged in found.items() if merged is not None}


def _files(connection: Connection, keys: list[str]) -> dict[str, list[FileSaid]]:
    used = sa.select(file_uses.c.address).where(file_uses.c.key.in_(keys))
    captured = sa.select(files).where(files.c.address.in_(used)).order_by(files.c.captured_at, files.c.capture)
    found: dict[str, list[FileSaid]] = defaultdict(list)
    for row in connection.execute(captured):
        found[row.address].append(
            FileSaid(
                captured_at=row.captured_at,
                payload_digest=row.payload_digest,
                attachment=ATTACHMENT.load(row.said),
            )
        )
    return found


def _page(row: Row[Any]) -> PageSaid:
    return PageSaid(
        capture=row.capture,
        captured_at=row.captured_at,
        last_seen_at=row.last_seen_at,
        kind=row.kind,
        copy=row.copy,
        url=row.url,
        payload_digest=row.payload_digest,
        article=ARTICLE.load(row.said),
    )
