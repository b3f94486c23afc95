"""The feeds' addresses: what is new in a search, what has changed, what was withdrawn."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from feedgen.feed import FeedGenerator
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.query.results import Hit, SearchResults
from webui import addresses, asking, faceting, wording
from webui.arguments import read
from webui.language import current, gettext
from webui.services import services

feeds = Blueprint("feeds", __name__)

ENTRIES: Final = 50
SECONDS: Final = 900
"""How long readers need not ask again."""
_EMPTY: Final = datetime(2003, 1, 1, tzinfo=UTC)

News = Literal["new", "changed", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article in a feed. Its `id` stays the same; `updated` moves when it changes or goes."""

    id: str
    title: str
    news: News
    updated: datetime
    text: str
    hit: Hit


@feeds.get("/feed/atom")
def atom() -> BaseResponse:
    """A search as an Atom feed (RFC 4287)."""
    found = _found()
    feed = FeedGenerator()
    feed.id(_self())
    feed.title(_title(found))
    feed.link(href=_self(), rel="self", type="application/atom+xml")
    feed.link(href=_page(found), rel="alternate", type="text/html")
    feed.author(name=services().profile.title)
    feed.language(current())
    entries = list(_entries(found))
    feed.updated(max((entry.updated for entry in entries), default=_EMPTY))
    for entry in entries:
        made = feed.add_entry(order="append")
        made.id(entry.id)
        made.title(entry.title)
        made.link(href=entry.id)
        made.updated(entry.updated)
        made.category({"term": entry.news, "label": _news(entry.news)})
        for place in entry.hit.provinces_then:
            made.category({"term": place})
        if entry.text:
            made.summary(entry.text)
    return _sent(feed.atom_str(), "application/atom+xml")


@feeds.get("/feed/json")
def json_feed() -> BaseResponse:
    """A search as a JSON Feed, version 1.1."""
    found = _found()
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(found),
        "home_page_url": _page(found),
        "feed_url": _self(),
        "language": current(),
        "items": [
            {
                "id": entry.id,
                "url": entry.id,
                "title": entry.title,
                "content_text": entry.text,
                "date_modified": entry.updated.isoformat(),
                "language": entry.hit.language,
                "tags": [entry.news, *entry.hit.provinces_then],
                "_archive": {"key": str(entry.hit.key), "news": entry.news},
            }
            for entry in _entries(found)
        ],
    }
    return _sent(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"), "application/feed+json")


def _found() -> SearchResults:
    asked = read(request.args.items(multi=True), services().labels)
    return asking.complete(replace(asked.whole(), sort="changed", size=ENTRIES))


def _entries(found: SearchResults) -> Iterator[Entry]:
    for hit in found.hits:
        news: News = "withdrawn" if hit.status == "withdrawn" else "changed" if hit.versions > 1 else "new"
        title = hit.title.text if news == "new" else f"[{_news(news)}] {hit.title.text}"
        text = " ".join(snippet.text for snippet in hit.snippets)
        yield Entry(
            id=addresses.in_full(addresses.article(hit.key)),
            title=wording.for_xml(title),
            news=news,
            updated=hit.withdrawn_at or hit.captured_at,
            text=wording.for_xml(text),
            hit=hit,
        )


def _news(news: News) -> str:
    return {"new": gettext("new"), "changed": gettext("changed"), "withdrawn": gettext("withdrawn")}[news]


def _title(found: SearchResults) -> str:
    asked = found.request
    filters = (faceting.facet_value(facet, value) for facet, values in asked.filters for value in values)
    told = " · ".join([asked.query or gettext("All articles"), *filters])
    return wording.for_xml(f"{told} – {services().profile.title}")


def _page(found: SearchResults) -> str:
    asked = replace(found.request.whole(), sort="relevance")
    return addresses.in_full(addresses.search(asked))


def _self() -> str:
    return addresses.in_full(addresses.here())


def _sent(body: bytes, media_type: str) -> BaseResponse:
    answer = Response(body, content_type=f"{media_type}; charset=utf-8")
    answer.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)
