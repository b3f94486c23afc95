"""The tables of accounts, of failed logins and of the audit log."""

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
