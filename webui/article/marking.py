"""Where an article names provinces and documents: its texts in runs, each with what it is evidence of (pure)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.article import Article, DocumentNumber, Part, PlaceMention, Where
from indexer.language.letters import visible

_AROUND = 45
"""Characters shown before and after a mention where it is listed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One mention: `id` is where it stands in the page, `of` the province or document it names."""

    id: str
    kind: Literal["place", "number"]
    of: str
    role: str
    where: Where


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; with a note where it is a mention."""

    text: str
    note: Note | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A mention as it is listed, with the words around it."""

    note: Note
    before: str
    written: str
    after: str


class Marks:
    """The mentions of one article, by where they stand."""

    def __init__(self, article: Article) -> None:
        self._texts = _texts(article)
        self._notes: dict[tuple[Part, int], list[Note]] = defaultdict(list)
        for note in sorted(self._found(article), key=lambda note: (note.where.start, -note.where.end)):
            here = self._notes[note.where.part, note.where.index]
            if not here or here[-1].where.end <= note.where.start:
                here.append(note)

    def runs(self, part: Part, index: int = 0, start: int = 0, end: int | None = None) -> tuple[Run, ...]:
        """The characters `start` to `end` of a text."""
        text = self._texts.get((part, index), "")
        return tuple(self._cut(text, self._notes.get((part, index), ()), start, len(text) if end is None else end))

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        """Where a province or document is named, in reading order."""
        order: tuple[Part, ...] = ("title", "lead", "body")
        notes = [note for here in self._notes.values() for note in here if note.of == name]
        notes.sort(key=lambda note: (order.index(note.where.part), note.where.index, note.where.start))
        return tuple(self._evidence(note) for note in notes)

    def _evidence(self, note: Note) -> Evidence:
        where = note.where
        text = self._texts[where.part, where.index]
        before, after = text[max(0, where.start - _AROUND) : where.start], text[where.end : where.end + _AROUND]
        return Evidence(
            note=note,
            before=_begun(before, whole=where.start <= _AROUND),
            written=text[where.start : where.end],
            after=_ended(after, whole=where.end + _AROUND >= len(text)),
        )

    def _found(self, article: Article) -> Iterator[Note]:
        for number, document in enumerate(article.numbers, 1):
            if self._stands(document):
                yield Note(
                    id=f"d{number}", kind="number", of=document.normal, role=document.role, where=document.where
                )
        for number, place in enumerate(article.places, 1):
            names = place.then or place.today
            if names and self._stands(place):
                yield Note(id=f"m{number}", kind="place", of=names[0], role=place.role, where=place.where)

    def _stands(self, mention: DocumentNumber | PlaceMention) -> bool:
        """Whether the text has the words where they are said to be: after a correction it need not."""
        where = mention.where
        text = self._texts.get((where.part, where.index), "")[where.start : where.end]
        return bool(text) and visible(text).split() == visible(mention.written).split()

    @staticmethod
    def _cut(text: str, notes: Sequence[Note], start: int, end: int) -> Iterator[Run]:
        at = start
        for note in notes:
            if start <= note.where.start and note.where.end <= end:
                if at < note.where.start:
                    yield Run(text[at : note.where.start])
                yield Run(text[note.where.start : note.where.end], note)
                at = note.where.end
        if at < end:
            yield Run(text[at:end])


def _texts(article: Article) -> Mapping[tuple[Part, int], str]:
    found: dict[tuple[Part, int], str] = {
        ("title", 0): article.title,
        ("lead", 0): article.lead,
    }
    return found | {("body", index): block.text for index, block in enumerate(article.blocks)}


def _begun(text: str, *, whole: bool) -> str:
    text = " ".join(text.split()) + " " * text[-1:].isspace()
    return text if whole else f"… {text.partition(' ')[2]}"


def _ended(text: str, *, whole: bool) -> str:
    text = " " * text[:1].isspace() + " ".join(text.split())
    return text if whole else f"{text.rpartition(' ')[0]} …"
