"""The audit log: who did what, when and from where; written with every change, never rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from config.database import Database
from crawler.clock import Clock
from webui.accounts.tables import audit

COMMAND_LINE = "command line"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One thing somebody did."""

    at: datetime
    who: str
    action: str
    subject: str
    address: str


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The audit log of one database."""

    database: Database
    clock: Clock

    def note(self, who: str, action: str, subject: str = "", address: str = "") -> None:
        """Add a line, here and in the program's log."""
        row = {"who": who, "action": action, "subject": subject, "address": address[:64]}
        with self.database.writing() as connection:
            connection.execute(sa.insert(audit).values(at=self.clock.now(), **row))
        _log.info("audit", **row)

    def recent(self, limit: int = 200) -> Sequence[Deed]:
        """The last deeds, the newest first."""
        latest = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
        with self.database.reading() as connection:
            return [
                Deed(at=row.at, who=row.who, action=row.action, subject=row.subject, address=row.address)
                for row in connection.execute(latest)
            ]
