"""The record held against the replica's truth, field by field."""

from collections.abc import Iterable
from typing import Any

from crawler.address import Key
from indexer.jobs.tasks import Workshop
from tests.replica.truth import Truth


def wrongly_recorded(workshop: Workshop, truths: Iterable[Truth]) -> dict[str, dict[str, Any]]:
    """What is recorded of these articles and is not true: by key and field, what is said and what is so."""
    wrong = {}
    for truth in truths:
        said, true = _recorded(workshop, truth.key), _true(truth)
        if said != true:
            wrong[truth.key] = {
                name: (said.get(name), value) for name, value in true.items() if said.get(name) != value
            }
    return wrong


def _recorded(workshop: Workshop, key: str) -> dict[str, Any]:
    record = workshop.stores.record.article(Key.parse(key))
    if record is None:
        return {}
    article = record.article
    return {
        "title": article.title,
        "lead": article.lead,
        "blocks": article.blocks,
        "author": article.author,
        "source": article.source,
        "category": article.category,
        "language": article.language,
        "published": (article.published.day, article.published.how) if article.published else None,
        "attachments": [(file.address, " ".join(file.text.split()), file.pages) for file in record.files],
    }


def _true(truth: Truth) -> dict[str, Any]:
    return {
        "title": truth.title,
        "lead": truth.lead,
        "blocks": truth.blocks,
        "author": truth.author,
        "source": truth.source,
        "category": truth.category,
        "language": truth.language,
        "published": (truth.published.day, truth.published.how) if truth.published else None,
        "attachments": [(file.address, " ".join(file.text.split()), file.pages) for file in truth.attachments],
    }
