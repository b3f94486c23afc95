"""The record: what captures said, and the articles merged from it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970 UTC


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("meaning_digest", sa.String(length=64), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_articles")),
        sa.UniqueConstraint("sequence", name=op.f("uq_articles_sequence")),
    )
    op.create_index("ix_articles_present_category", "articles", ["present", "category"], unique=False)
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "file_uses",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.PrimaryKeyConstraint("address", "key", name=op.f("pk_file_uses")),
    )
    op.create_index("ix_file_uses_key", "file_uses", ["key"], unique=False)
    op.create_table(
        "absences",
        sa.Column("capture", KEY, nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_absences_capture")),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_key", "absences", ["key"], unique=False)
    op.create_table(
        "files",
        sa.Column("capture", KEY, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("payload_digest", sa.String(length=80), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_files_capture")),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_files")),
    )
    op.create_index("ix_files_address_captured_at", "files", ["address", "captured_at"], unique=False)
    op.create_table(
        "mentions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("capture", KEY, nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_mentions_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_capture", "mentions", ["capture"], unique=False)
    op.create_index("uq_mentions_key_canonical_digest", "mentions", ["key", "canonical", "digest"], unique=True)
    op.create_table(
        "observations",
        sa.Column("capture", KEY, nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("copy", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("payload_digest", sa.String(length=80), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_observations_capture")),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_observations")),
    )
    op.create_index("ix_observations_key", "observations", ["key"], unique=False)
    op.create_table(
        "rejections",
        sa.Column("capture", KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_rejections_capture")),
        sa.PrimaryKeyConstraint("capture", name=op.f("pk_rejections")),
    )
    op.create_index("ix_rejections_reason", "rejections", ["reason"], unique=False)
    op.bulk_insert(sa.table("cursors", sa.column("name"), sa.column("value")), [{"name": "record", "value": 0}])
