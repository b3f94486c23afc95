"""Requests of the day, robots.txt out of reach, first answers, walks along numbers, the schedule of crawls."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970 UTC


def upgrade() -> None:
    op.add_column("servers", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("servers", sa.Column("requests", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("robots", sa.Column("unreachable_since", MOMENT, nullable=True))
    op.add_column("addresses", sa.Column("first_at", MOMENT, nullable=True))
    op.execute("UPDATE addresses SET first_at = found_at WHERE capture IS NOT NULL")
    op.drop_index("ix_addresses_server_due", "addresses")
    op.create_index("ix_addresses_server_due", "addresses", ["server", "priority", "due_at", "id"], unique=False)
    failing = sa.text("attempts > 0")
    op.create_index(
        "ix_addresses_failing",
        "addresses",
        ["server", "due_at"],
        unique=False,
        sqlite_where=failing,
        postgresql_where=failing,
    )
    op.create_table(
        "walks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("closely", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_walks")),
    )
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("job", KEY, nullable=True),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name=op.f("fk_schedule_job"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedule")),
    )
