"""Everything the rows say of some keys, brought together and merged."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from config.site import Withdrawal
from crawler.tables import captures
from indexer.article import Standing
from indexer.record.answers import is_well
from indexer.record.codec import ARTICLE, ATTACHMENT, LISTED
from indexer.record.correcting import Correction, corrected
from indexer.record.corrections import in_force
from indexer.record.merging import ArticleRecord, merge
from indexer.record.saying import FileSaid, ListSaid, PageSaid, Sighting, proper
from indexer.record.standing import Answered, standings
from indexer.record.statements import load_statements
from indexer.tables import answers, file_uses, files, mentions, observations, server_days

_VARIANT = re.compile(r"https?://(?:www\.|m\.)?|:(?:80|443)(?=/)", re.IGNORECASE)
_GOOD = range(200, 300)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Everything that was said of one article."""

    pages: Sequence[PageSaid]
    listed: Sequence[ListSaid]
    files: Mapping[str, Sequence[FileSaid]]
    sightings: Sequence[Sighting]
    standings: tuple[Standing, ...]
    corrections: tuple[Correction, ...]

    def merged(self) -> ArticleRecord | None:
        """The article it makes; None where no page of its own was ever read."""
        record = merge(self.pages, self.listed, self.files, self.sightings, self.standings)
        if record is None or not self.corrections:
            return record
        article = record.read
        for correction in self.corrections:
            article = corrected(article, correction)
        return replace(record, article=article, corrections=self.corrections)


def gather(connection: Connection, keys: Sequence[str], rule: Withdrawal) -> dict[str, ArticleRecord]:
    """The merged articles of these keys; a key that no page of its own speaks for is left out."""
    found = {key: said.merged() for key, said in evidence(connection, keys, rule).items()}
    return {key: merged for key, merged in found.items() if merged is not None}


def evidence(connection: Connection, keys: Sequence[str], rule: Withdrawal) -> dict[str, Evidence]:
    """What was said of those of these keys that a page of its own speaks for."""
    pages = _pages(connection, keys)
    known = list(pages)
    listed, offered = _listed(connection, known), _files(connection, known)
    sightings, stands = _sightings(connection, pages), _standings(connection, known, rule)
    corrections = in_force(connection, known)
    return {
        key: Evidence(
            pages=said,
            listed=listed[key],
            files=_offered_by(said, offered),
            sightings=sightings[key],
            standings=stands[key],
            corrections=corrections.get(key, ()),
        )
        for key, said in pages.items()
    }


def _offered_by(
    pages: Sequence[PageSaid], files: Mapping[str, Sequence[FileSaid]]
) -> dict[str, Sequence[FileSaid]]:
    """Files of one article alone: what others offer must not decide what it means."""
    offered = {link.address for page in pages for link in page.article.attachments}
    return {address: files[address] for address in offered if address in files}


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
    ordered = sorted(pages, key=lambda page: page.order)
    return next((page for page in reversed(ordered) if page.captured_at <= at), ordered[0])


def _files(connection: Connection, keys: list[str]) -> dict[str, list[FileSaid]]:
    used = sa.select(file_uses.c.address).where(file_uses.c.key.in_(keys))
    captured = sa.select(files, captures.c.truncated).join(captures).where(files.c.address.in_(used))
    rows = connection.execute(captured.order_by(files.c.captured_at, files.c.payload_digest)).all()
    said = load_statements(connection, (row.statement for row in rows), ATTACHMENT.load)
    found: dict[str, list[FileSaid]] = defaultdict(list)
    for row in rows:
        found[row.address].append(
            FileSaid(
                captured_at=row.captured_at,
                payload_digest=row.payload_digest,
                attachment=said[row.statement],
                whole=not row.truncated,
            )
        )
    return {address: proper(said) for address, said in found.items()}


def _listed(connection: Connection, keys: list[str]) -> dict[str, list[ListSaid]]:
    told = sa.select(mentions, captures.c.captured_at).join(captures).where(mentions.c.key.in_(keys))
    rows = connection.execute(told).all()
    said = load_statements(connection, (row.statement for row in rows), LISTED.load)
    found: dict[str, list[ListSaid]] = defaultdict(list)
    for row in rows:
        found[row.key].append(
            ListSaid(
                source=row.source,
                listed=said[row.statement],
                capture=row.capture,
                captured_at=row.captured_at,
                url=row.canonical,
            )
        )
    return found


def _pages(connection: Connection, keys: Sequence[str]) -> dict[str, list[PageSaid]]:
    """Captures by key. Those that say the same share one Article, which is read once."""
    of_capture = (
        captures.c[name] for name in ("captured_at", "kind", "url", "payload_digest", "truncated", "source")
    )
    told = sa.select(observations, *of_capture).join(captures).where(observations.c.key.in_(keys))
    rows = connection.execute(told).all()
    said = load_statements(connection, (row.statement for row in rows), ARTICLE.load)
    found: dict[str, list[PageSaid]] = defaultdict(list)
    for row in rows:
        found[row.key].append(
            PageSaid(
                capture=row.capture,
                captured_at=row.captured_at,
                kind=row.kind,
                copy=row.copy,
                url=row.url,
                payload_digest=row.payload_digest,
                article=said[row.statement],
                whole=not row.truncated,
                source=row.source,
            )
        )
    return found
