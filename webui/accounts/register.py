"""The register of accounts in SQL: what Flask-Security looks users up in, and what the command line changes."""

import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security.datastore import UserDatastore

from config.database import Database
from webui.accounts.account import Account, Role, RoleName
from webui.accounts.tables import accounts

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_ONE_TIME_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is mistaken for another
_COLUMNS = {"username": "name", "fs_uniquifier": "session"}
"""Flask-Security's names for two of the columns."""


class AccountError(Exception):
    """An account cannot be made or changed; the message says why."""


class Register(UserDatastore):
    """The accounts of one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(Account, Role)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:  # noqa: ARG002, FBT001, FBT002 - Flask-Security's signature
        """The account with this name, session or number."""
        ((name, value),) = wanted.items()
        if name == "username":
            value = normal(str(value))
        column = accounts.c[_COLUMNS.get(name, name)]
        with self._database.reading() as connection:
            row = connection.execute(sa.select(accounts).where(column == value)).one_or_none()
        return _account(row) if row else None

    def find_role(self, role: str) -> Role | None:
        """Roles are fixed: any account knows its own."""
        return Role(role)

    def put(self, model: Account) -> Account:
        """Write an account back."""
        values = {
            "password": model.password,
            "one_time": model.one_time,
            "active": model.active,
            "session": model.fs_uniquifier,
            "seen_at": model.seen_at,
        }
        with self._database.writing() as connection:
            connection.execute(sa.update(accounts).where(accounts.c.id == model.id).values(**values))
        return model

    def commit(self) -> None:
        """Nothing is left to be done: `put` has written."""

    def add(self, name: str, role: RoleName, hashed: str, *, one_time: bool, now: datetime) -> Account:
        """Make an account. Raises AccountError for a name that is taken or cannot be one."""
        normalised = normal(name)
        if not _NAME.fullmatch(normalised):
            raise AccountError(
                f"{name!r} is no account name: 2 to 32 letters a–z, digits, dots, hyphens, underscores"
            )
        row = {
            "name": normalised,
            "role": role,
            "password": hashed,
            "one_time": one_time,
            "active": True,
            "session": uuid.uuid4().hex,
            "made_at": now,
        }
        try:
            with self._database.writing() as connection:
                return _account(connection.execute(sa.insert(accounts).returning(accounts), row).one())
        except sa.exc.IntegrityError as error:
            raise AccountError(f"there is an account named {normalised} already") from error

    def reset(self, name: str, hashed: str) -> Account:
        """Give an account a one-time password and end its sessions. Raises AccountError."""
        account = self.find_user(username=name)
        if account is None:
            raise AccountError(f"there is no account named {normal(name)}")
        account.password, account.one_time, account.active = hashed, True, True
        self.set_uniquifier(account)
        return account

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(accounts).order_by(accounts.c.name)).all()
        return [_account(row) for row in rows]


def normal(name: str) -> str:
    """An account name as it is kept."""
    return name.strip().lower()[:64]


def one_time_password() -> str:
    """Sixteen letters in groups of four: 80 bits, easily read out."""
    letters = [secrets.choice(_ONE_TIME_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        id=row.id,
        username=row.name,
        role=row.role,
        password=row.password,
        one_time=row.one_time,
        active=row.active,
        fs_uniquifier=row.session,
        made_at=row.made_at,
        seen_at=row.seen_at,
    )
