"""Queries made out of articles themselves, each of which only some of them can answer (pure, repeatable).

Where nobody judged anything, what somebody would type who half remembers an article is the next best: it tells
nothing of what people want, but which weights lead to the article.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from indexer.document import IndexedDocument
from indexer.evaluate.collection import Asked, Collection
from indexer.evaluate.scores import Judged
from indexer.evaluate.typing import one_letter_wrong
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.lexicon import Lexicon

Titled = Mapping[str, Sequence[IndexedDocument]]
"""Articles by their title as search text."""

MOST = 300
"""Queries of one set."""

_SHORTEST = 6
"""Words of a title of which some can be forgotten."""


def known_items(documents: Sequence[IndexedDocument], lexicon: Lexicon) -> Collection:
    """Documents with the queries they answer themselves, every second one of each set for tuning."""
    titled = defaultdict[str, list[IndexedDocument]](list)
    for document in documents:
        titled[search_text(document.title)].append(document)
    sets = {
        "title parts": _of_titles(titled, _forgotten),
        "title beginnings": _of_titles(titled, _beginning),
        "slips": _of_titles(titled, one_letter_wrong),
        "abbreviations": _of_titles(titled, lambda title: _swapped(title, lexicon)),
        "leads": _of_leads(documents),
        "numbers": _of_numbers(documents),
        "newest": _of_the_newest(titled),
    }
    return Collection(documents=tuple(documents), sets={name: _halved(found) for name, found in sets.items()})


def _of_titles(titled: Titled, way: Callable[[str], str]) -> Iterator[Judged]:
    for title, same in titled.items():
        if len(title.split()) >= _SHORTEST and (query := way(title)) and query != title:
            yield _judged(query, same)


def _forgotten(title: str) -> str:
    """Every third word left out."""
    return " ".join(word for number, word in enumerate(title.split()) if number % 3 != 1)


def _beginning(title: str) -> str:
    """All but the last two words."""
    return " ".join(title.split()[:-2])


def _swapped(title: str, lexicon: Lexicon) -> str:
    """Names written out instead of their abbreviations, and the other way round; '' where there are none."""
    words = tuple(fold(title).split())
    written, done = list[str](), 0
    for start, end, others in lexicon.find(words):
        written += [*words[done:start], *others[0]]
        done = end
    return " ".join((*written, *words[done:])) if done else ""


def _of_leads(documents: Iterable[IndexedDocument]) -> Iterator[Judged]:
    """Twelve words from the middle of a lead, every third left out."""
    for document in documents:
        words = search_text(document.lead).split()
        if len(words) > 2 * _SHORTEST:
            middle = len(words) // 2
            yield _judged(_forgotten(" ".join(words[middle - _SHORTEST : middle + _SHORTEST])), [document])


def _of_numbers(documents: Iterable[IndexedDocument]) -> Iterator[Judged]:
    """A document's number among words, which the article that issues it answers."""
    issuing = defaultdict[str, list[IndexedDocument]](list)
    for document in documents:
        for number in document.issues:
            issuing[number].append(document)
    for number, found in issuing.items():
        yield _judged(f"toàn văn {fold(number).lower().replace('/', ' ')}", found)


def _of_the_newest(titled: Titled) -> Iterator[Judged]:
    """Titles that differ by figures alone, without the figures, which the last article of them answers."""
    series = defaultdict[str, list[IndexedDocument]](list)
    for title, same in titled.items():
        series[" ".join(word for word in title.split() if not word.isdigit())] += same
    for query, found in series.items():
        days = sorted({document.published for document in found if document.published})
        if len(days) > 1 and len(query.split()) >= _SHORTEST:
            yield _judged(query, [document for document in found if document.published == days[-1]])


def _judged(query: str, answers: Iterable[IndexedDocument]) -> Judged:
    return Judged(query=query, relevant=frozenset(document.url for document in answers))


def _halved(queries: Iterator[Judged]) -> tuple[Asked, ...]:
    return tuple(
        Asked(judged=judged, half="test" if number % 2 else "tuning")
        for number, judged in enumerate(islice(queries, MOST))
    )
