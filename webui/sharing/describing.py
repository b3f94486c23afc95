"""An article as others show it when somebody shares it: Open Graph and schema.org."""

from collections.abc import Mapping
from typing import Any

from indexer.article import Article
from webui import addresses
from webui.services import services

LONGEST = 200
"""Characters of a description."""


def description(article: Article) -> str:
    """The lead, or where there is none the beginning of the text."""
    text = " ".join((article.lead or next((block.text for block in article.blocks), "")).split())
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rpartition(' ')[0] or text[:LONGEST]} …"


def open_graph(article: Article) -> Mapping[str, str]:
    """Properties of the Open Graph protocol."""
    said = {
        "og:type": "article",
        "og:title": article.title,
        "og:description": description(article),
        "og:url": addresses.in_full(addresses.article(article.key)),
        "og:locale": {"vi": "vi_VN", "en": "en_US"}.get(article.language, article.language),
        "article:published_time": _day(article),
        "article:section": article.category,
    }
    return {name: value for name, value in said.items() if value}


def json_ld(article: Article) -> Mapping[str, Any]:
    """The article in schema.org's words: news of the ministry, kept here, based on its own page."""
    profile = services().profile
    places = dict.fromkeys(name for place in article.places if place.role == "subject" for name in place.then)
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": description(article),
        "inLanguage": article.language,
        "identifier": str(article.key),
        "url": addresses.in_full(addresses.article(article.key)),
        "isBasedOn": article.url,
        "articleSection": article.category,
        "datePublished": _day(article),
        "publisher": {"@type": "GovernmentOrganization", "name": profile.title},
        "author": {"@type": "Person", "name": article.author} if article.author else None,
        "about": [{"@type": "AdministrativeArea", "name": name} for name in places],
    }
    return {name: value for name, value in said.items() if value}


def _day(article: Article) -> str:
    """The day, where it may be told without the words of doubt that stand beside it here."""
    return article.published.day.isoformat() if article.published and article.published.sure else ""
