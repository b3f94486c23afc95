"""Public Vietnamese texts with questions that each have one answer, in halves for tuning and for testing.

XQuAD-vi (Artetxe, Ruder and Yogatama 2020; CC BY-SA 4.0): questions about passages. Laws on information and
communications (official texts): the title of an article as the query, its text without the title as the answer.
Resolutions on provinces (`dvhcvn`, MIT) stand between them and are no answer to anything.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from crawler.address import Key
from indexer.document import IndexedDocument
from indexer.evaluate.files import BadInput
from indexer.evaluate.scores import Judged
from indexer.language.normalise import search_text

Half = Literal["tuning", "test"]

_ARTICLE = re.compile(r"^Điều (\d+[a-z]?)\s*\.?\s*(\S.*)$", re.MULTILINE)
_CHAPTER = re.compile(r"^(?:Chương|Mục|Phần)\s.*$", re.MULTILINE)
_SHORTEST = 8
"""Words of an article's text: shorter ones refer to others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A judged query and the half it belongs to."""

    judged: Judged
    half: Half


@dataclass(frozen=True, kw_only=True, slots=True)
class Collection:
    """All documents, indexed together, and the queries of each set by name: `questions`, `titles`."""

    documents: tuple[IndexedDocument, ...]
    sets: dict[str, tuple[Asked, ...]]

    def half(self, name: str, half: Half) -> list[Judged]:
        """The queries of one half of a set."""
        return [asked.judged for asked in self.sets[name] if asked.half == half]


def read_collection(folder: Path) -> Collection:
    """The texts in a folder with `xquad.vi.json`, `ict_laws/*.txt` and `resolutions2025/*.md`. Raises BadInput."""
    passages, questions = _xquad(folder / "xquad.vi.json")
    articles, titles = _laws(_files(folder / "ict_laws", "*.txt"))
    others = [_document(path.stem, _text(path)) for path in _files(folder / "resolutions2025", "*.md")]
    return Collection(
        documents=(*passages, *articles, *others),
        sets={"questions": tuple(questions), "titles": tuple(titles)},
    )


def _xquad(path: Path) -> tuple[list[IndexedDocument], list[Asked]]:
    """Halves by subject, so that no passage is known from tuning."""
    documents, asked = [], []
    for subject, about in enumerate(json.loads(_text(path))["data"]):
        for number, passage in enumerate(about["paragraphs"]):
            name = f"xquad-{subject}-{number}"
            documents.append(_document(name, passage["context"]))
            asked += [
                Asked(judged=Judged(query=qa["question"], relevant=frozenset({name})), half=_half(subject))
                for qa in passage["qas"]
            ]
    return documents, asked


def _laws(paths: Sequence[Path]) -> tuple[list[IndexedDocument], list[Asked]]:
    """Every second title is for tuning. Articles of one title, such as "Giải thích từ ngữ", all answer it."""
    documents, named = [], defaultdict[str, list[tuple[str, str]]](list)
    for path in paths:
        for number, title, text in _articles(_text(path)):
            name = f"{path.stem}-{number}"
            documents.append(_document(name, text))
            named[search_text(title)].append((title, name))
    asked = [
        Asked(judged=Judged(query=same[0][0], relevant=frozenset(name for _, name in same)), half=_half(number))
        for number, same in enumerate(named.values())
    ]
    return documents, asked


def _articles(law: str) -> Iterator[tuple[str, str, str]]:
    heads = list(_ARTICLE.finditer(law))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        text = _CHAPTER.sub("", law[head.end() : after.start() if after else None]).strip()
        if len(text.split()) >= _SHORTEST:
            yield head[1], head[2].strip(), text


def _half(number: int) -> Half:
    return "test" if number % 2 else "tuning"


def _document(name: str, text: str) -> IndexedDocument:
    key = Key(family="evaluated", id=name.replace("_", "-"))
    return IndexedDocument(key=key, url=name, title="", body=text, captured_at=datetime(2000, 1, 1, tzinfo=UTC))


def _files(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern))
    if not found:
        raise BadInput(f"{folder}: no {pattern}")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error
