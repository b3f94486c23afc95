"""A site to ask without a network, and one behind a real server, both made once for all tests here."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.replica import Replica, Truth
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.exchange import Answer, Request
from tests.replica.options import Options
from tests.replica.site import Site
from tests.replica.traps import DEFAULT, Traps
from tests.replica.truth import truths

ARTICLES = 1_500
PLAIN = DEFAULT - {4, 9, 11, 13, 16}
"""Traps under which every page is plain UTF-8, where it is said to be, and found by following lists."""
NOW = datetime(2025, 11, 3, 1, 0, tzinfo=UTC)

Ask = Callable[..., Answer]


def asking(site: Site) -> Ask:
    """Ask a site for an address; further words are headers."""

    def ask(url: str, **headers: str) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return site.answer(
            Request(scheme=parts.scheme, host=parts.netloc.rstrip("."), target=target or "/", headers=named)
        )

    return ask


def site_of(**options: Any) -> Site:
    """A site of its own, for tests that change it."""
    return Site(Corpus(Options(**({"articles": 400} | options))), lambda: NOW)


@pytest.fixture(scope="session")
def site() -> Site:
    """A site nobody changes."""
    return site_of(articles=ARTICLES, traps=Traps.of(PLAIN))


@pytest.fixture(scope="session")
def known(site: Site) -> tuple[Truth, ...]:
    """The truth of its articles."""
    return tuple(truths(site.corpus, Changes()))


@pytest.fixture
def ask(site: Site) -> Ask:
    """Ask that site."""
    return asking(site)


@pytest.fixture
def shared_data() -> Path:
    """The folder of data that is read where it is."""
    folder = os.environ.get("SHARED_DATA")
    if not folder:
        pytest.skip("SHARED_DATA is not set")
    return Path(folder)


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    """A replica behind a real server."""
    with Replica(articles=200, now=NOW, traps=PLAIN) as running:
        yield running
