"""WARC files in object storage, digests other tools gave payloads, how far asking CDX servers has come."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "warc_files", sa.Column("digest", sa.String(length=80), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("warc_files", sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("warc_files", sa.Column("tried_at", sa.BigInteger()))
    op.create_table(
        "payload_labels",
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("payload_digest", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("label", name=op.f("pk_payload_labels")),
    )
    op.create_table(
        "harvests",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_harvests")),
    )
