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

statements = sa.Table(
    "statements",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("said", sa.Text, nullable=False),  # Article, Listed or Attachment as JSON
)
"""What was said, each thing once: captures that say the same share a row, which goes with the last of them."""

observations = sa.Table(
    "observations",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("copy", sa.String(32), nullable=False),  # server family that answered
    sa.Column(
        "meaning", sa.String(64), nullable=False, server_default=sa.text("''")
    ),  # digest, files' contents left out
    sa.Column("statement", sa.BigInteger, nullable=False, server_default=sa.text("0")),  # an Article
    sa.Index("ix_observations_key", "key"),
    sa.Index("ix_observations_statement", "statement"),
)
"""What an article's own pages said: one short row per capture that was answered with a page."""

mentions = sa.Table(
    "mentions",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),  # list, feed
    sa.Column("canonical", sa.Text, nullable=False),  # of the list page
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), nullable=False),
    sa.Column("statement", sa.BigInteger, nullable=False, server_default=sa.text("0")),  # a Listed
    sa.Index("uq_mentions_key_canonical_statement", "key", "canonical", "statement", unique=True),
    sa.Index("ix_mentions_capture", "capture"),
    sa.Index("ix_mentions_statement", "statement"),
)
"""What lists and feeds said of an article: a list that says the same again adds nothing."""

files = sa.Table(
    "files",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("statement", sa.BigInteger, nullable=False, server_default=sa.text("0")),  # an Attachment
    sa.Index("ix_files_address_captured_at", "address", "captured_at"),
    sa.Index("ix_files_statement", "statement"),
)

file_uses = sa.Table(
    "file_uses",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Index("ix_file_uses_key", "key"),
)
"""Which articles offer a file: what has to be merged anew when the file changes."""

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("capture", BigKey, sa.ForeignKey(captures.c.id), primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),  # Address.identity of what was asked for
    sa.Column("key", sa.String(96)),
    sa.Column("server", sa.String(32), nullable=False),  # family that answered
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("day", sa.Date, nullable=False),  # in UTC
    sa.Column("seen", sa.String(8), nullable=False),  # there, gone, failed, refused, moved; '' where nobody knows
    sa.Column("confirms", BigKey),  # of a 304: the capture that holds the body
    sa.Column("lost_at", Timestamp),  # of the first answer since it was there that did not show it
    sa.Index("ix_answers_subject_seen_at", "subject", "seen", "at"),
    sa.Index("ix_answers_key", "key"),
    sa.Index("ix_answers_server_day", "server", "day"),
    sa.Index("ix_answers_confirms", "confirms"),
)
"""What every answer told of an address that may hold articles: whether what it held is there."""

server_days = sa.Table(
    "server_days",
    metadata,
    sa.Column("server", sa.String(32), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("good", sa.Integer, nullable=False),  # addresses that showed what they hold
    sa.Column("bad", sa.Integer, nullable=False),  # addresses that did not, and had until lately
)
"""How servers were on the days on which articles were gone; counted from `answers`."""

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
    sa.Column("present", sa.Boolean, nullable=False),  # False: no article any more, or withheld
    sa.Column("digest", sa.String(64), nullable=False),  # of the document: the same again takes no new sequence
    sa.Column("meaning_digest", sa.String(64), nullable=False),  # of the last version
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("published", sa.Date),
    sa.Column("missing_since", Timestamp),  # no copy is there any more, and that is not confirmed
    sa.Column("document", sa.Text, nullable=False),  # IndexedDocument as JSON, '' where not present
    sa.Column("title", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column(
        "relations", sa.String(64), nullable=False, server_default=sa.text("''")
    ),  # digest of what its relations to other articles were made from
    sa.Index("ix_articles_present_category", "present", "category"),
    sa.Index("ix_articles_missing_since", "missing_since"),
)
"""One row per key that ever was an article: what the index is rebuilt from. All else is merged when asked for."""

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),  # account name, or `command line`
    sa.Column("key", sa.String(96), nullable=False),
    sa.Column("field", sa.String(16), nullable=False),  # date, category, provinces, withheld
    sa.Column("value", sa.Text, nullable=False),  # JSON of what is right; '' takes the correction before it back
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("supersedes", BigKey, sa.ForeignKey("corrections.id")),  # of the same key and field
    sa.Index("ix_corrections_key", "key"),
)
"""What people corrected. Rows are only ever added: with the archive they are all the record is made of."""

likenesses = sa.Table(
    "likenesses",
    metadata,
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Column("text", sa.String(64), nullable=False),  # digest of the words compared
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Column("rank", sa.String(160), nullable=False),  # who leads: the least of a group
    sa.Column("leader", sa.String(96)),  # whose reprint it is; None where it leads
    sa.Index("ix_likenesses_leader", "leader"),
)
"""Articles whose texts are compared to find reprints."""

likeness_buckets = sa.Table(
    "likeness_buckets",
    metadata,
    sa.Column("bucket", sa.BigInteger, primary_key=True),
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Index("ix_likeness_buckets_key", "key"),
)
"""Near-identical texts meet in at least one bucket."""

number_uses = sa.Table(
    "number_uses",
    metadata,
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Column("normal", sa.String(120), primary_key=True),
    sa.Column("role", sa.String(8), primary_key=True),  # issues, cites
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("number", sa.String(16), nullable=False),  # without noughts before it
    sa.Column("year", sa.Integer),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Index("ix_number_uses_normal", "normal"),
    sa.Index("ix_number_uses_number_type", "number", "type"),
)
"""Which articles issue and cite which documents."""

TABLES = (
    *(cursors, statements, observations, mentions, files, file_uses, answers, server_days, rejections, articles),
    *(corrections, likenesses, likeness_buckets, number_uses),
)
"""All of the record. `corrections` alone does not follow from the archive."""
