"""The migrations make exactly the tables that the packages describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import crawler.tables
import indexer.jobs.tables
import indexer.tables
import webui.accounts.tables
from config.database import metadata

DESCRIBED = (crawler.tables, indexer.tables, indexer.jobs.tables, webui.accounts.tables)
"""Importing a module puts its tables into the metadata."""


def test_migrations_equal_metadata(database):
    assert len(metadata.tables) > len(DESCRIBED)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("module", DESCRIBED, ids=lambda module: module.__name__)
def test_every_table_has_a_primary_key(module):
    tables = [table for table in vars(module).values() if hasattr(table, "primary_key")]
    assert tables
    assert all(table.primary_key.columns for table in tables)
