"""Failed logins, counted in SQL so that restarts and more processes forget nothing."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from config.database import Database
from crawler.clock import Clock
from webui.accounts.tables import failed_logins

WINDOW = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
PER_PAIR = 5
"""Failures of one name from one address: a person who forgot."""
PER_ADDRESS = 20
"""From one address, whatever the name: somebody who tries names."""
PER_NAME = 50
"""Of one name, from wherever: many machines trying one account. High, or anyone could lock out anyone."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The failed logins of one database."""

    database: Database
    clock: Clock

    def too_many(self, name: str, address: str) -> bool:
        """Whether this name and address must wait."""
        recent = failed_logins.c.at > self.clock.now() - WINDOW
        same_name, same_address = failed_logins.c.name == name, failed_logins.c.address == address
        counts = sa.select(
            sa.func.count().filter(sa.and_(same_name, same_address)),
            sa.func.count().filter(same_address),
            sa.func.count().filter(same_name),
        ).where(recent)
        with self.database.reading() as connection:
            pair, of_address, of_name = connection.execute(counts).one()
        return bool(pair >= PER_PAIR or of_address >= PER_ADDRESS or of_name >= PER_NAME)

    def failed(self, name: str, address: str) -> None:
        """Note a failure, and forget old ones."""
        now = self.clock.now()
        with self.database.writing() as connection:
            connection.execute(sa.delete(failed_logins).where(failed_logins.c.at < now - FORGOTTEN))
            connection.execute(sa.insert(failed_logins).values(at=now, name=name, address=address))

    def succeeded(self, name: str, address: str) -> None:
        """A person who remembered starts anew."""
        same = sa.and_(failed_logins.c.name == name, failed_logins.c.address == address)
        with self.database.writing() as connection:
            connection.execute(sa.delete(failed_logins).where(same))
