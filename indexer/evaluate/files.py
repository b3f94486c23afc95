"""Documents and judged queries out of JSON Lines files."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawler.address import Key
from indexer.document import IndexedDocument
from indexer.evaluate.scores import Judged


class BadInput(Exception):  # noqa: N818 - the message is for whoever wrote the file
    """A file of documents or queries cannot be used; the message names the file, the line and the mistake."""


def read_documents(path: Path) -> list[IndexedDocument]:
    """Documents of a JSON Lines file, `{"id","title","text"}`; any text may be an id. Raises BadInput.

    They may have `lead`, `published` (a day) and `issues` (document numbers), too.
    """
    read = enumerate(_lines(path, ("id", "text")), 1)
    return [_document(path, number, said) for number, said in read]


def _document(path: Path, number: int, said: dict[str, Any]) -> IndexedDocument:
    try:
        published = date.fromisoformat(said["published"]) if said.get("published") else None
    except (TypeError, ValueError) as error:
        raise BadInput(f"{path}: 'published' of {said['id']!r} is no day: {said['published']!r}") from error
    issues = tuple(map(str, said.get("issues") or ()))
    return IndexedDocument(
        key=Key(family="evaluated", id=str(number)),
        url=str(said["id"]),
        title=str(said.get("title") or ""),
        lead=str(said.get("lead") or ""),
        body=str(said["text"]),
        published=published,
        numbers=issues,
        issues=issues,
        captured_at=datetime(2000, 1, 1, tzinfo=UTC),
    )


def read_queries(path: Path) -> list[Judged]:
    """Queries of a JSON Lines file, `{"query","relevant":[ids]}`. Raises BadInput."""
    queries = []
    for said in _lines(path, ("query", "relevant")):
        if not isinstance(said["relevant"], list):
            raise BadInput(f"{path}: 'relevant' of {said['query']!r} is no list of ids")
        queries.append(Judged(query=str(said["query"]), relevant=frozenset(map(str, said["relevant"]))))
    return queries


def _lines(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, each with all that is needed."""
    read = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as error:
            raise BadInput(f"{path}, line {number}: {error}") from error
        missing = [name for name in needed if not isinstance(said, dict) or name not in said]
        if missing:
            raise BadInput(f"{path}, line {number}: no {missing[0]!r}")
        read.append(said)
    if not read:
        raise BadInput(f"{path}: empty")
    return read
