"""The tables of accounts, of their API keys, of failed logins and of the audit log."""

import sqlalchemy as sa

from config.database import BigKey, Timestamp, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),  # lower case
    sa.Column("role", sa.String(16), nullable=False),  # admin, editor
    sa.Column("password", sa.Text, nullable=False),  # argon2 hash
    sa.Column("one_time", sa.Boolean, nullable=False),  # the password must be changed before anything else
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column(
        "session", sa.String(64), nullable=False, unique=True
    ),  # named by every session; a new one ends them
    sa.Column("made_at", Timestamp, nullable=False),
    sa.Column("seen_at", Timestamp),  # last login
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("account", BigKey, sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("beginning", sa.String(16), nullable=False),  # of the key, so that its holder knows which it is
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256 of the key; the key is nowhere
    sa.Column("made_at", Timestamp, nullable=False),
    sa.Column("ends_at", Timestamp),  # NULL: until it is revoked
    sa.Column("revoked_at", Timestamp),
    sa.Column("used_at", Timestamp),
    sa.Index("ix_api_keys_account", "account"),
)

failed_logins = sa.Table(
    "failed_logins",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Index("ix_failed_logins_at", "at"),
)
"""Counted over a quarter of an hour, forgotten after a day."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),  # account name, or `command line`
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("address", sa.String(64), nullable=False),  # of the client, '' for the command line
    sa.Index("ix_audit_at", "at"),
)
"""What people with accounts did; rows are only ever added."""
