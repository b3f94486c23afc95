"""What every answer told of its page, and how servers were on the days that matters for.

The record is made of the archive: the next update reads all captures again, which fills the new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970 UTC


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("capture", KEY, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=True),
        sa.Column("server", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen", sa.String(length=8), nullable=False),
        sa.Column("confirms", KEY, nullable=True),
        sa.Column("lost_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_answers_capture")),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_subject_seen_at", "answers", ["subject", "seen", "at"], unique=False)
    op.create_index("ix_answers_key", "answers", ["key"], unique=False)
    op.create_index("ix_answers_server_day", "answers", ["server", "day"], unique=False)
    op.create_index("ix_answers_confirms", "answers", ["confirms"], unique=False)
    op.create_table(
        "server_days",
        sa.Column("server", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("server", "day", name=op.f("pk_server_days")),
    )
    op.drop_table("absences")
    op.add_column(
        "observations", sa.Column("meaning", sa.String(length=64), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("articles", sa.Column("missing_since", MOMENT, nullable=True))
    op.create_index("ix_articles_missing_since", "articles", ["missing_since"], unique=False)
    op.execute("UPDATE cursors SET value = 0 WHERE name = 'record'")
