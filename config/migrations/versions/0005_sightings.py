"""Takes away when a page was last seen unchanged: the captures say so, and not only of the last time."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.drop_column("observations", "last_seen_at")
