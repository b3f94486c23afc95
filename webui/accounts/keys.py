"""API keys of accounts: made and told once, kept as digests, found again by what a request carries."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa

from config.database import Database
from crawler.clock import Clock
from webui.accounts.tables import accounts, api_keys

MOST: Final = 20
"""Keys in force that one account may have."""
LONGEST_NAME: Final = 64
_PREFIX: Final = "mic_"  # whoever finds one in a file or a log knows what it is
_SECRET_BYTES: Final = 32
_SHOWN: Final = 10
_TOUCHED: Final = timedelta(minutes=1)
"""A key's last use is noted no more often than this: each note is a write."""


class ApiKeyError(Exception):
    """A key cannot be made; the message is one of `name taken`, `too many`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """One key, without what it is known by."""

    id: int
    account: int
    name: str
    beginning: str
    """Its first letters, as its holder sees them."""
    made_at: datetime
    ends_at: datetime | None
    """None: it holds until it is revoked."""
    revoked_at: datetime | None
    used_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys of one database."""

    database: Database
    clock: Clock

    def make(self, account: int, name: str, lasting: timedelta | None) -> tuple[ApiKey, str]:
        """A new key and, this once, what it is known by. Raises ApiKeyError."""
        now = self.clock.now()
        held = [key for key in self.of(account) if key.holds(now)]
        if any(key.name == name for key in held):
            raise ApiKeyError("name taken")
        if len(held) >= MOST:
            raise ApiKeyError("too many")
        secret = f"{_PREFIX}{secrets.token_urlsafe(_SECRET_BYTES)}"
        row = {
            "account": account,
            "name": name,
            "beginning": secret[:_SHOWN],
            "digest": _digest(secret),
            "made_at": now,
            "ends_at": now + lasting if lasting else None,
        }
        with self.database.writing() as connection:
            made = connection.execute(sa.insert(api_keys).returning(api_keys), row).one()
        return _key(made), secret

    def of(self, account: int) -> Sequence[ApiKey]:
        """All keys an account ever had, the newest first."""
        mine = sa.select(api_keys).where(api_keys.c.account == account).order_by(api_keys.c.id.desc())
        with self.database.reading() as connection:
            return [_key(row) for row in connection.execute(mine)]

    def revoke(self, account: int, number: int) -> ApiKey | None:
        """End one key of an account; None where it has none of that number that could be ended."""
        mine = sa.and_(api_keys.c.id == number, api_keys.c.account == account, api_keys.c.revoked_at.is_(None))
        ended = sa.update(api_keys).where(mine).values(revoked_at=self.clock.now()).returning(api_keys)
        with self.database.writing() as connection:
            row = connection.execute(ended).one_or_none()
        return _key(row) if row else None

    def known(self, secret: str) -> ApiKey | None:
        """The key that a request carries, if it holds and its account is not closed; its use is noted."""
        now = self.clock.now()
        wanted = (
            sa.select(api_keys)
            .join(accounts, accounts.c.id == api_keys.c.account)
            .where(api_keys.c.digest == _digest(secret), accounts.c.active)
        )
        with self.database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        key = _key(row) if row else None
        if key is None or not key.holds(now):
            return None
        if key.used_at is None or now - key.used_at >= _TOUCHED:
            with self.database.writing() as connection:
                connection.execute(sa.update(api_keys).where(api_keys.c.id == key.id).values(used_at=now))
        return key


def _digest(secret: str) -> str:
    """A plain digest will do: of 256 random bits nobody makes a table."""
    return sha256(secret.encode()).hexdigest()


def _key(row: sa.Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        account=row.account,
        name=row.name,
        beginning=row.beginning,
        made_at=row.made_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
