"""What articles have to do with each other: reprints, and documents that one issues and others cite.

Both follow from the articles: the next update reads all captures again, which fills the new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "likenesses",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("rank", sa.String(length=160), nullable=False),
        sa.Column("leader", sa.String(length=96), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_likenesses")),
    )
    op.create_index("ix_likenesses_leader", "likenesses", ["leader"], unique=False)
    op.create_table(
        "likeness_buckets",
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "key", name=op.f("pk_likeness_buckets")),
    )
    op.create_index("ix_likeness_buckets_key", "likeness_buckets", ["key"], unique=False)
    op.create_table(
        "number_uses",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("normal", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "normal", "role", name=op.f("pk_number_uses")),
    )
    op.create_index("ix_number_uses_normal", "number_uses", ["normal"], unique=False)
    op.create_index("ix_number_uses_number_type", "number_uses", ["number", "type"], unique=False)
    empty = sa.text("''")
    op.add_column("articles", sa.Column("title", sa.Text(), nullable=False, server_default=empty))
    op.add_column("articles", sa.Column("relations", sa.String(length=64), nullable=False, server_default=empty))
    op.execute("UPDATE cursors SET value = 0 WHERE name = 'record'")
