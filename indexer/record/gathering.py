"""Everything the rows say of some keys, brought together and merged."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.site import Withdrawal
from crawler.tables import captures
from indexer.article import Listed, Standing
from indexer.record.answers import is_well
from indexer.record.codec import ARTICLE, ATTACHMENT, LISTED
from indexer.record.merging import ArticleRecord, FileSaid, PageSaid, Sighting, merge, proper
from indexer.record.standing import Answered, standings
from indexer.tables import answers, file_uses, files, mentions, observations, server_days

_VARIANT = re.compile(r"https?://(?:www\.|m\.)?|:(?:80|443)(?=/)", re.IGNORECASE)
_GOOD = range(200, 300)


def gather(connection: Connection, keys: Sequence[str], rule: Withdrawal) -> dict[str, ArticleRecord]:
    """The merged articles of these keys; a key that no page of its own speaks for is left out."""
    pages: dict[str, list[PageSaid]] = defaultdict(list)
    said = sa.select(observations, captures.c.truncated).join(captures).where(observations.c.key.in_(keys))
    for row in connection.execute(said):
        pages[row.key].append(_page(row))
    listed: dict[str, list[tuple[str, Listed]]] = defaultdict(list)
    for row in connection.execute(sa.select(mentions).where(mentions.c.key.in_(list(pages)))):
        listed[row.key].append((row.source, LISTED.load(row.said)))
    offered, sightings = _files(connection, list(pages)), _sightings(connection, pages)
    stands = _standings(connection, list(pages), rule)
    found = {key: merge(said, listed[key], offered, sightings[key], stands[key]) for key, said in pages.items()}
    return {key: merged for key, merged in found.items() if merged is not None}


def place(url: str) -> str:
    """An address without what differs between variants of a host: scheme, `www.` and `m.`, port, letter case."""
    return _VARIANT.sub("", url).casefold()


def _standings(connection: Connection, keys: list[str], rule: Withdrawal) -> dict[str, tuple[Standing, ...]]:
    of_the_day = sa.and_(server_days.c.server == answers.c.server, server_days.c.day == answers.c.day)
    told = (
        sa.select(
            answers, captures.c.url, captures.c.status, captures.c.error, server_days.c.good, server_days.c.bad
        )
        .select_from(answers.join(captures).outerjoin(server_days, of_the_day))
        .where(answers.c.key.in_(keys), answers.c.seen != "")
    )
    found: dict[str, list[Answered]] = defaultdict(list)
    for row in connection.execute(told):
        found[row.key].append(
            Answered(
                capture=row.capture,
                at=row.at,
                server=row.server,
                place=place(row.url),
                seen=row.seen,
                why=_why(row),
                is_well=is_well(rule, row),
            )
        )
    return defaultdict(tuple, {key: standings(said, rule) for key, said in found.items()})


def _why(row: Row[Any]) -> str:
    if row.status in _GOOD:
        return {"gone": "soft 404", "failed": "soft 500"}.get(row.seen, "")
    return str(row.status or row.error)


def _sightings(connection: Connection, pages: Mapping[str, Sequence[PageSaid]]) -> dict[str, list[Sighting]]:
    """When the server said of these keys' pages that they stand as they were (304)."""
    confirmed = sa.select(captures.c.key, captures.c.captured_at, captures.c.payload_digest).where(
        captures.c.key.in_(list(pages)), captures.c.status == HTTPStatus.NOT_MODIFIED
    )
    found: dict[str, list[Sighting]] = defaultdict(list)
    for row in connection.execute(confirmed):
        of_these_bytes = [page for page in pages[row.key] if page.payload_digest == row.payload_digest]
        if of_these_bytes:
            found[row.key].append(Sighting(at=row.captured_at, page=_latest(of_these_bytes, row.captured_at)))
    return found


def _latest(pages: Sequence[PageSaid], at: datetime) -> PageSaid:
    """The last of these pages that was captured up to a moment, else the first of all."""
    ordered = sorted(pages, key=lambda page: (page.captured_at, page.capture))
    return next((page for page in reversed(ordered) if page.captured_at <= at), ordered[0])


def _files(connection: Connection, keys: list[str]) -> dict[str, list[FileSaid]]:
    used = sa.select(file_uses.c.address).where(file_uses.c.key.in_(keys))
    captured = sa.select(files, captures.c.truncated).join(captures).where(files.c.address.in_(used))
    found: dict[str, list[FileSaid]] = defaultdict(list)
    for row in connection.execute(captured.order_by(files.c.captured_at, files.c.capture)):
        found[row.address].append(
            FileSaid(
                captured_at=row.captured_at,
                payload_digest=row.payload_digest,
                attachment=ATTACHMENT.load(row.said),
                whole=not row.truncated,
            )
        )
    return {address: proper(said) for address, said in found.items()}


def _page(row: Row[Any]) -> PageSaid:
    return PageSaid(
        capture=row.capture,
        captured_at=row.captured_at,
        kind=row.kind,
        copy=row.copy,
        url=row.url,
        payload_digest=row.payload_digest,
        article=ARTICLE.load(row.said),
        whole=not row.truncated,
    )
