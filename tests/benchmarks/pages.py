"""The replica's pages as a crawl would bring them, without a crawl."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.page import FetchedPage
from tests.replica.changes import Changes
from tests.replica.corpus import Corpus
from tests.replica.exchange import Request
from tests.replica.options import Options
from tests.replica.site import Site
from tests.replica.traps import DEFAULT, Traps
from tests.replica.truth import truths

NOW = datetime(2025, 11, 1, tzinfo=UTC)
REDIRECTING = {11, 13}
"""Traps that answer some addresses with another: here each is asked for once."""


class Pages:
    """The pages of a replica of so many articles, with furniture of real weight."""

    def __init__(self, articles: int) -> None:
        self._corpus = Corpus(Options(articles=articles, traps=Traps.of(DEFAULT - REDIRECTING)))
        self._site = Site(self._corpus, lambda: NOW)

    def articles(self) -> Iterator[FetchedPage]:
        """The page of each article that lists link to."""
        return (self._fetch(truth.addresses[0]) for truth in truths(self._corpus, Changes()))

    def everything(self) -> Iterator[FetchedPage]:
        """Of each article its page and its files, then the lists; no two captured at the same moment."""
        addresses: dict[str, None] = {}
        lists: dict[str, None] = {}
        for truth in truths(self._corpus, Changes()):
            addresses |= dict.fromkeys([truth.addresses[0], *(file.address for file in truth.attachments)])
            lists |= dict.fromkeys(listing.address for listing in truth.listed)
        return (self._fetch(address, number) for number, address in enumerate(addresses | lists))

    def _fetch(self, address: str, number: int = 0) -> FetchedPage:
        url = urlsplit(address)
        target = url.path + (f"?{url.query}" if url.query else "")
        asked = Request(scheme=url.scheme, host=url.hostname or "", target=target, headers={})
        answer = self._site.answer(asked)
        return FetchedPage(
            url=address,
            captured_at=NOW + timedelta(seconds=number),
            status=answer.status,
            headers=tuple(answer.headers),
            payload=answer.body,
        )
