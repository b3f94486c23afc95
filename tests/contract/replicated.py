"""The replica's articles as the record would hand them to an index, without crawling."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from indexer.document import IndexedDocument
from tests.replica.corpus import Corpus
from tests.replica.item import Item
from tests.replica.options import Options

_ABOUT = ("subject", "issuer")


def replicated(count: int, seed: int = 1) -> Iterator[IndexedDocument]:
    """The first articles of a replica; every tenth with an attachment, which says what another article says."""
    before: Item | None = None
    for item in islice(Corpus(Options(articles=count, seed=seed)), count):
        yield _document(item, before if item.index % 10 == 0 else None)
        before = item


def _document(item: Item, attached: Item | None) -> IndexedDocument:
    text = item.text
    about = [province for province, role in text.provinces if role in _ABOUT]
    dated = item.dating.page or item.dating.listed or item.dating.text_day
    return IndexedDocument(
        key=item.key,
        url=f"https://mic.gov.vn/Pages/TinTuc/{item.key.id}/x.html",
        title=text.title,
        lead=text.lead,
        body="\n\n".join(block.text for block in item.blocks),
        attachments="\n".join(block.text for block in attached.blocks) if attached else "",
        attachment_names=tuple(file.name for file in item.files),
        author=text.author,
        source=text.source,
        category=f"Chuyên mục {item.slot.category}" if item.slot.category else "",
        language=item.language,
        published=item.moment.date() if dated else None,
        published_how="stated" if dated else None,
        provinces_then=tuple(dict.fromkeys(name for province in about for name in province.then)),
        provinces_today=tuple(dict.fromkeys(name for province in about for name in province.today)),
        numbers=tuple(dict.fromkeys(mention.normal for mention in text.numbers)),
        issues=tuple(dict.fromkeys(mention.normal for mention in text.numbers if mention.role == "issues")),
        captured_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
