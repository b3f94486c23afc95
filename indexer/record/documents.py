"""What of an article goes into the index (pure)."""

from collections.abc import Iterable, Sequence

from indexer.article import PlaceMention
from indexer.document import IndexedDocument
from indexer.record.merging import ArticleRecord

_ABOUT = ("subject", "issuer")
"""Roles that say what an article is about; a venue or a mere mention does not."""


def document(record: ArticleRecord) -> IndexedDocument:
    """The document of an article."""
    article, version = record.article, record.versions[-1]
    return IndexedDocument(
        key=article.key,
        url=article.url,
        title=article.title,
        lead=article.lead,
        body="\n\n".join(block.text for block in article.blocks),
        attachments="\f".join(file.text for file in record.files if file.text),
        attachment_names=tuple(link.name for link in article.attachments),
        author=article.author,
        source=article.source,
        category=article.category,
        language=article.language,
        published=article.published.day if article.published else None,
        published_how=article.published.how if article.published else "archive",
        published_sure=article.published is None or article.published.sure,
        provinces_then=_provinces(article.places, "then"),
        provinces_today=_provinces(article.places, "today"),
        numbers=_unique(number.normal for number in article.numbers),
        issues=_unique(number.normal for number in article.numbers if number.role == "issues"),
        document_types=_unique(number.type for number in article.numbers if number.role == "issues"),
        status=record.status,
        versions=len(record.versions),
        captured_at=version.captured_at,
        withdrawn_at=record.withdrawal.since if record.withdrawal else None,
        last_seen_at=record.last_at if record.withdrawal else None,
        digest=version.payload_digest,
    )


def _provinces(places: Sequence[PlaceMention], side: str) -> tuple[str, ...]:
    return _unique(name for place in places if place.role in _ABOUT for name in getattr(place, side))


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    """Without repeats, in order of first appearance."""
    return tuple(dict.fromkeys(value for value in values if value))
