"""Whether the archive still holds what a citation says: digests computed anew from its files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from config.database import Database
from crawler.address import Key
from crawler.archive import Archive, ArchiveError
from crawler.page import Capture
from indexer.record import Record
from indexer.tables import file_uses

MOST = 20
"""Captures of one payload that are looked at."""

_DIGEST = re.compile(r"(?:sha-?256[:\s]*)?([0-9a-f]{64})", re.IGNORECASE)

Verdict = Literal["match", "mismatch", "unreadable"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """One capture, read again from its file."""

    capture: Capture
    keys: tuple[Key, ...]
    """The article it is a page of, or those that offer it as a file."""
    verdict: Verdict
    computed: str = ""
    """`sha256:` and hex digits; '' where the file cannot be read."""
    problem: str = ""


def written_digest(text: str) -> str:
    """The digest that somebody wrote, `sha256:` with or without, as the archive writes it; '' for none."""
    match = _DIGEST.fullmatch(text.strip())
    return f"sha256:{match[1].lower()}" if match else ""


class Verifier:
    """Verifies captures of articles and of their files; tells nothing of what is withheld."""

    def __init__(self, database: Database, archive: Archive, record: Record) -> None:
        self._database = database
        self._archive = archive
        self._record = record

    def digest(self, payload_digest: str) -> tuple[Verified, ...]:
        """What holds a payload; () where nothing does that may be shown."""
        found = self._archive.with_digest(payload_digest, MOST)
        return tuple(self.shown(found))

    def capture(self, capture: Capture, keys: Sequence[Key]) -> Verified:
        """One capture, whoever may see it."""
        try:
            computed = self._archive.digest_of(capture)
        except ArchiveError as error:
            return Verified(capture=capture, keys=tuple(keys), verdict="unreadable", problem=str(error))
        verdict: Verdict = "match" if computed == capture.payload_digest else "mismatch"
        return Verified(capture=capture, keys=tuple(keys), verdict=verdict, computed=computed)

    def shown(self, found: Sequence[Capture]) -> Iterator[Verified]:
        """Those of some captures that belong to articles that may be shown, and to which."""
        of_captures = [(capture, self._keys(capture)) for capture in found]
        withheld = self._record.withheld([key for _, keys in of_captures for key in keys])
        for capture, keys in of_captures:
            shown = [key for key in keys if key not in withheld]
            if shown:
                yield self.capture(capture, shown)

    def _keys(self, capture: Capture) -> list[Key]:
        if capture.key is not None:
            return [capture.key]
        using = (
            sa.select(file_uses.c.key).where(file_uses.c.address == capture.canonical).order_by(file_uses.c.key)
        )
        with self._database.reading() as connection:
            return [Key.parse(key) for key in connection.scalars(using.limit(MOST))]
