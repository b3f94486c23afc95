"""The jobs' tables: the truth about background work; the queue only wakes the worker."""

import sqlalchemy as sa

from config.database import BigKey, Timestamp, metadata

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),  # JSON
    sa.Column("state", sa.String(16), nullable=False),  # queued, running, done, failed, cancelled
    sa.Column("asked_by", sa.String(120), nullable=False),
    sa.Column("asked_at", Timestamp, nullable=False),
    sa.Column("started_at", Timestamp),
    sa.Column("ended_at", Timestamp),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("machine", sa.String(200), nullable=False),  # of the worker that runs it
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("seen_at", Timestamp),  # when that worker last reported
    sa.Column("cancelling", sa.Boolean, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer),
    sa.Column("errors", sa.Integer, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Index("ix_jobs_state", "state"),
)

job_log = sa.Table(
    "job_log",
    metadata,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("job", BigKey, sa.ForeignKey(jobs.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("level", sa.String(16), nullable=False),  # info, warning, error
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_job_log_job", "job"),
)

schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),  # the kind of job it asks for
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("every", sa.Integer, nullable=False),  # seconds
    sa.Column("next_at", Timestamp, nullable=False),
    sa.Column("job", BigKey, sa.ForeignKey(jobs.c.id, ondelete="SET NULL")),  # the last it asked for
)
