"""The crawler's tables: the archive's captures, the frontier, what is known of each server, leases."""

import sqlalchemy as sa

from config.database import BigKey, Timestamp, metadata

FAILING = sa.text("attempts > 0")
"""Written out, so that the index of such addresses is used."""

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(200), nullable=False),
    sa.Column("machine", sa.String(200), nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("until", Timestamp, nullable=False),
)

warc_files = sa.Table(
    "warc_files",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),  # open, closed or spooled, stored; damaged
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes whose records have their rows
    sa.Column("opened_at", Timestamp, nullable=False),
    sa.Column(
        "digest", sa.String(80), nullable=False, server_default=sa.text("''")
    ),  # of the whole file, once it is full
    sa.Column("error", sa.Text, nullable=False, server_default=sa.text("''")),  # why it could not be uploaded
    sa.Column("tried_at", Timestamp),  # when that was
)

captures = sa.Table(
    "captures",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False, unique=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("canonical", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(96)),
    sa.Column("captured_at", Timestamp, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),  # 0: nothing was answered, see error
    sa.Column("media_type", sa.String(120), nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),  # sha256:<hex> of the payload, '' for failures
    sa.Column("payload_size", sa.BigInteger, nullable=False),
    sa.Column("location", sa.Text, nullable=False),  # where a redirect leads
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("truncated", sa.String(16), nullable=False),  # '', length, time, disconnect, as WARC-Truncated
    sa.Column("revisit_of", BigKey, sa.ForeignKey("captures.id")),
    sa.Column("warc", BigKey, sa.ForeignKey("warc_files.id"), nullable=False),
    sa.Column("offset", sa.BigInteger, nullable=False),
    sa.Column("length", sa.BigInteger, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),  # crawl, or the file it was imported from
    sa.Index("ix_captures_canonical_captured_at", "canonical", "captured_at"),
    sa.Index("ix_captures_key_captured_at", "key", "captured_at"),
    sa.Index("ix_captures_payload_digest", "payload_digest"),
    sa.Index("uq_captures_warc_offset", "warc", "offset", unique=True),
)

payload_labels = sa.Table(
    "payload_labels",
    metadata,
    sa.Column("label", sa.String(160), primary_key=True),  # a digest another tool gave, as sha1:<hex>
    sa.Column("payload_digest", sa.String(80), nullable=False),  # ours of the same payload
)

addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("identity", sa.Text, nullable=False, unique=True),  # Address.identity
    sa.Column("url", sa.Text, nullable=False),  # the form that is asked for
    sa.Column("canonical", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(96)),
    sa.Column("server", sa.String(32), nullable=False),
    sa.Column("category", sa.String(32), nullable=False),  # number of the list, or of the one it was found on
    sa.Column("page", sa.Integer),  # of a list; NULL where its address names none
    sa.Column("priority", sa.SmallInteger, nullable=False),  # less is sooner
    sa.Column("due_at", Timestamp),  # NULL: not to be fetched again by itself
    sa.Column("found_at", Timestamp, nullable=False),
    sa.Column("found_on", sa.Text, nullable=False),
    sa.Column("depth", sa.SmallInteger, nullable=False),  # pages of no known kind on the way to it
    sa.Column("hops", sa.SmallInteger, nullable=False),  # redirects in a row from one of its forms to another
    sa.Column("attempts", sa.SmallInteger, nullable=False),  # answers in a row that were no good
    sa.Column("first_at", Timestamp),  # its first good answer
    sa.Column("fetched_at", Timestamp),
    sa.Column("status", sa.SmallInteger),  # of the last answer, 404 and 500 for pages that stand for them
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("last_modified", sa.Text, nullable=False),
    sa.Column("payload_digest", sa.String(80), nullable=False),
    sa.Column("meaning", sa.String(80), nullable=False),  # digest of what a list or feed says
    sa.Column("capture", BigKey, sa.ForeignKey("captures.id")),  # the last one with a body
    sa.Column("checks", sa.Integer, nullable=False),  # fetches after the first
    sa.Column("changes", sa.Integer, nullable=False),  # of these, those that found another meaning
    sa.Column("changed_at", Timestamp),
    sa.Index("ix_addresses_server_due", "server", "priority", "due_at", "id"),
    sa.Index("ix_addresses_failing", "server", "due_at", sqlite_where=FAILING, postgresql_where=FAILING),
    sa.Index("ix_addresses_key", "key"),
    sa.Index("ix_addresses_kind_category", "kind", "category"),
)

aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("address", BigKey, sa.ForeignKey("addresses.id"), nullable=False),
    sa.Column("found_at", Timestamp, nullable=False),
    sa.Column("tried_at", Timestamp),  # asked for because another form was not there
    sa.Index("ix_aliases_address", "address"),
)

servers = sa.Table(
    "servers",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column(
        "next_at", Timestamp, nullable=False
    ),  # no request starts before; who asks holds the lease server:<name>
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("day", sa.Date),  # there, of the last request
    sa.Column("requests", sa.Integer, nullable=False, server_default="0"),  # on that day
)

walks = sa.Table(
    "walks",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("next", sa.BigInteger, nullable=False),  # steps from the end it began at
    sa.Column("settled", sa.BigInteger, nullable=False),  # steps before this one need not be looked at again
    sa.Column("closely", sa.BigInteger, nullable=False),  # steps up to this one are taken one by one
    sa.Column("missing", sa.Integer, nullable=False),  # numbers in a row that led nowhere
    sa.Column("asked", sa.BigInteger, nullable=False),
    sa.Column("found", sa.BigInteger, nullable=False),  # of these
    sa.Column("changed_at", Timestamp, nullable=False),
)

robots = sa.Table(
    "robots",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),  # scheme and host
    sa.Column("fetched_at", Timestamp, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # of the last time it could be had
    sa.Column("unreachable_since", Timestamp),  # NULL: it could be had the last time
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("host", sa.String(200), primary_key=True),
    sa.Column("decision", sa.String(32), primary_key=True),  # fetched, not modified, skipped, refused, failed
    sa.Column("reason", sa.String(120), primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)

harvests = sa.Table(
    "harvests",
    metadata,
    sa.Column("name", sa.String(300), primary_key=True),  # what is asked of which index: a digest of it
    sa.Column("cursor", sa.Text, nullable=False),  # where in the index it has come to, as JSON
    sa.Column("changed_at", Timestamp, nullable=False),
)
