"""What pages, lists and files said is kept once, however many captures say it."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOGETHER = 500
"""Rows moved at a time."""
SPEAKING = {"observations": "capture", "mentions": "id", "files": "capture"}
"""Tables that hold what was said, with their primary keys."""
TWICE = ("kind", "url", "captured_at", "payload_digest")
"""Columns of `observations` that `captures` has, too."""

STATEMENTS = sa.table("statements", sa.column("id"), sa.column("digest"), sa.column("said"))


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("digest", name=op.f("uq_statements_digest")),
    )
    op.drop_index("uq_mentions_key_canonical_digest", "mentions")
    for table, primary in SPEAKING.items():
        op.add_column(table, sa.Column("statement", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
        _move(table, primary)
        op.create_index(f"ix_{table}_statement", table, ["statement"], unique=False)
        op.drop_column(table, "said")
    op.drop_column("mentions", "digest")
    op.drop_column("mentions", "captured_at")
    op.create_index(
        "uq_mentions_key_canonical_statement", "mentions", ["key", "canonical", "statement"], unique=True
    )
    for column in TWICE:
        op.drop_column("observations", column)


def _move(name: str, primary: str) -> None:
    """Write what a table's rows say into `statements`, and let them point there."""
    connection = op.get_bind()
    table = sa.table(name, sa.column(primary), sa.column("said"), sa.column("statement"))
    number = table.c[primary]
    waiting = sa.select(number, table.c.said).where(table.c.statement == 0).order_by(number).limit(TOGETHER)
    while rows := connection.execute(waiting).all():
        for key, said in rows:
            digest = sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
            known = sa.select(STATEMENTS.c.id).where(STATEMENTS.c.digest == digest)
            statement = connection.scalar(known)
            if statement is None:
                connection.execute(sa.insert(STATEMENTS).values(digest=digest, said=said))
                statement = connection.scalar(known)
            connection.execute(sa.update(table).where(number == key).values(statement=statement))
