"""What is recorded of every kind of article the replica knows, held against what is true of it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from crawler.progress import silent
from indexer.jobs.opening import open_workshop
from indexer.jobs.tasks import Workshop
from indexer.pipeline import update
from indexer.tables import articles
from tests.indexer.conftest import crawl_all, settings_for, true_of
from tests.indexer.pipeline.comparing import wrongly_recorded
from tests.replica.client import Replica

ARTICLES = 320
"""Enough that every kind of article is among them."""


@pytest.fixture(scope="module")
def whole() -> Iterator[Replica]:
    with Replica(articles=ARTICLES, crawl_delay=0.0) as running:
        yield running


@pytest.fixture(scope="module")
def workshop(whole: Replica, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    settings = settings_for(whole, tmp_path_factory.mktemp("whole")).model_copy(update={"processes": 2})
    crawl_all(settings)
    with open_workshop(settings) as opened:
        update(opened.stores, silent)
        yield opened


def test_the_record_says_of_every_article_what_is_true(workshop, whole):
    truths = true_of(whole)
    with workshop.database.reading() as connection:
        present = set(connection.scalars(sa.select(articles.c.key).where(articles.c.present)))
    assert present == set(truths)
    assert wrongly_recorded(workshop, truths.values()) == {}
