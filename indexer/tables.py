"""The record's tables: what pages said, the articles merged from it, their versions, people's corrections."""

import sqlalchemy as sa

from config.database import BigKey, Timestamp, metadata
from crawler.tables import captures

Json = sa.JSON(none_as_null=True)

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
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), nullable=False),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),  # article, print, document, list, feed
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("said", Json, nullable=False),  # an Article or a Listed as JSON
    sa.Index("uq_observations_key_capture", "key", "capture", unique=True),
    sa.Index("ix_observations_capture", "capture"),
)

files = sa.Table(
    "files",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), nullable=False, unique=True),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("said", Json, nullable=False),  # an Attachment as JSON
    sa.Index("ix_files_address_captured_at", "address", "captured_at"),
)

file_uses = sa.Table(
    "file_uses",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Index("ix_file_uses_key", "key"),
)

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
    sa.Column("digest", sa.String(80), nullable=False),  # of everything below: unchanged rows take no new sequence
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("published_how", sa.String(16)),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("withheld", sa.Boolean, nullable=False),
    sa.Column("first_at", Timestamp, nullable=False),
    sa.Column("last_at", Timestamp, nullable=False),
    sa.Column("withdrawn_at", Timestamp),
    sa.Column("versions", sa.Integer, nullable=False),
    sa.Column("article", Json, nullable=False),  # the merged Article
    sa.Index("ix_articles_category", "category"),
    sa.Index("ix_articles_published", "published"),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Column("captured_at", Timestamp, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), nullable=False),
    sa.Column("last_seen_at", Timestamp, nullable=False),
    sa.Column("meaning_digest", sa.String(80), nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("article", Json, nullable=False),
)

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("value", Json),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_by", sa.String(120), nullable=False),
    sa.Column("made_at", Timestamp, nullable=False),
    sa.Index("ix_corrections_key", "key"),
)
"""Append only: the last one of a key and field counts; a null value takes a correction back."""
