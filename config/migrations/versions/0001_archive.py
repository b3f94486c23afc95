"""The archive's captures, the frontier, servers, leases, and the change sequences."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()  # microseconds since 1970 UTC


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("machine", sa.String(length=200), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "ledger",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "host", "decision", "reason", name=op.f("pk_ledger")),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_robots")),
    )
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "servers",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_servers")),
    )
    op.create_table(
        "warc_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warc_files")),
        sa.UniqueConstraint("name", name=op.f("uq_warc_files_name")),
    )
    op.create_table(
        "captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=True),
        sa.Column("captured_at", MOMENT, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("payload_digest", sa.String(length=80), nullable=False),
        sa.Column("payload_size", sa.BigInteger(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("truncated", sa.String(length=16), nullable=False),
        sa.Column("revisit_of", KEY, nullable=True),
        sa.Column("warc", KEY, nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["revisit_of"], ["captures.id"], name=op.f("fk_captures_revisit_of")),
        sa.ForeignKeyConstraint(["warc"], ["warc_files.id"], name=op.f("fk_captures_warc")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
        sa.UniqueConstraint("sequence", name=op.f("uq_captures_sequence")),
    )
    op.create_index("ix_captures_canonical_captured_at", "captures", ["canonical", "captured_at"], unique=False)
    op.create_index("ix_captures_key_captured_at", "captures", ["key", "captured_at"], unique=False)
    op.create_index("ix_captures_payload_digest", "captures", ["payload_digest"], unique=False)
    op.create_index("uq_captures_warc_offset", "captures", ["warc", "offset"], unique=True)
    op.create_table(
        "addresses",
        sa.Column("id", KEY, nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=True),
        sa.Column("server", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("found_on", sa.Text(), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("hops", sa.SmallInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("payload_digest", sa.String(length=80), nullable=False),
        sa.Column("meaning", sa.String(length=80), nullable=False),
        sa.Column("capture", KEY, nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["capture"], ["captures.id"], name=op.f("fk_addresses_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("identity", name=op.f("uq_addresses_identity")),
    )
    op.create_index("ix_addresses_key", "addresses", ["key"], unique=False)
    op.create_index("ix_addresses_kind_category", "addresses", ["kind", "category"], unique=False)
    op.create_index("ix_addresses_server_due", "addresses", ["server", "priority", "due_at"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["address"], ["addresses.id"], name=op.f("fk_aliases_address")),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_aliases")),
    )
    op.create_index("ix_aliases_address", "aliases", ["address"], unique=False)
    op.bulk_insert(
        sa.table("sequences", sa.column("name"), sa.column("value")),
        [{"name": "archive", "value": 0}, {"name": "record", "value": 0}],
    )
