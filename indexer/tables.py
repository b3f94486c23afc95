"""The record's tables: what pages said, the articles merged from it."""

import sqlalchemy as sa

from config.database import BigKey, Timestamp, metadata
from crawler.tables import captures

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
"""How far the record has come in the archive's change sequence, in its own transaction."""

observations = sa.Table(
    "observations",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # article, print, document
    sa.Column("copy", sa.String(32), nullable=False),  # server family that answered
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("said", sa.Text, nullable=False),  # Article as JSON
    sa.Index("ix_observations_key", "key"),
)
"""What an article's own pages said: one row per capture that was answered with a page."""

mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),  # list, feed
    sa.Column("canonical", sa.Text, nullable=False),  # of the list page
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("said", sa.Text, nullable=False),  # Listed as JSON
    sa.Index("uq_mentions_key_canonical_digest", "key", "canonical", "digest", unique=True),
    sa.Index("ix_mentions_capture", "capture"),
)
"""What lists and feeds said of an article: a list that says the same again adds nothing."""

files = sa.Table(
    "files",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("said", sa.Text, nullable=False),  # Attachment as JSON
    sa.Index("ix_files_address_captured_at", "address", "captured_at"),
)

file_uses = sa.Table(
    "file_uses",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Index("ix_file_uses_key", "key"),
)
"""Which articles offer a file: what has to be merged anew when the file changes."""

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("why", sa.String(32), nullable=False),  # 404, 410, soft 404
    sa.Index("ix_absences_key", "key"),
)

rejections = sa.Table(
    "rejections",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("reason", sa.String(120), nullable=False),
    sa.Index("ix_rejections_reason", "reason"),
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
    sa.Column("present", sa.Boolean, nullable=False),  # False: nothing says any more that it is an article
    sa.Column("digest", sa.String(64), nullable=False),  # of the document: the same again takes no new sequence
    sa.Column("meaning_digest", sa.String(64), nullable=False),  # of the last version
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("document", sa.Text, nullable=False),  # IndexedDocument as JSON, '' where not present
    sa.Index("ix_articles_present_category", "present", "category"),
)
"""One row per key that ever was an article: what the index is rebuilt from. All else is merged when asked for."""
