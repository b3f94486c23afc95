"""How what matches is ordered: a mix of analyses and fields that holds for any way of typing (pure).

The mix was measured on public question sets (BM25, MRR@10): words without marks 1, with marks .5, pairs without
marks .5, with marks .25. It costs little where marks are typed and loses nothing where they are not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from indexer.language.normalise import word_pairs
from indexer.query.clauses import AllOf, AnyOf, Boost, Clause, Constant, Days, Keyword, Phrase, Term
from indexer.query.fields import ALL, TEXTS, WHOLE, Analysis, at, headings
from indexer.query.lexicon import Lexicon
from indexer.query.matching import is_short, name, numbers_in, operands, pairs, sequence
from indexer.query.results import Why
from indexer.query.spelling import same, same_marked
from indexer.query.tuning import Tuning, Weights
from indexer.query.understood import Query, Word


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a hit's place, and the clause whose score is what it counts."""

    why: Why
    clause: Clause


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """What is scored: a query, the keys of the document numbers it is, and the words it was typed as."""

    query: Query
    numbers: tuple[str, ...] = ()
    typed: str = ""
    complete: Clause | None = None
    """What holds all words, where others match too."""


def reasons(scored: Scored, lexicon: Lexicon, newest: date | None) -> tuple[Reason, ...]:
    """Clauses whose scores add up; none of them decides what matches."""
    query, weights = scored.query, lexicon.tuning.weights
    found: tuple[tuple[Why, Iterable[Clause]], ...] = (
        ("number issued", numbers(scored, "issues", weights.issued)),
        ("number cited", numbers(scored, "numbers", weights.cited)),
        ("all words", [Constant(scored.complete, weights.complete)] if scored.complete else []),
        ("exact title", exact_title(scored.typed, weights)),
        ("as typed", readings(query, lexicon.tuning)),
        *((_ON[field], mix(query, weights, field)) for field in TEXTS),
        ("title phrase", title_phrase(query, weights)),
        ("abbreviation", abbreviations(query, lexicon, weights)),
        ("slip", slips(query, weights)),
        ("recent", recency(newest, weights)),
    )
    kept = ((why, tuple(clauses)) for why, clauses in found)
    return tuple(Reason(why, AnyOf(clauses)) for why, clauses in kept if clauses)


_ON: Mapping[str, Why] = {
    "title": "title words",
    "lead": "lead words",
    "body": "body words",
    "attachments": "attachment words",
}


def mix(query: Query, weights: Weights, field: str) -> Iterator[Clause]:
    """Every word and word pair of a field in every analysis, in both spellings where there are two."""
    for analysis, tokens in _tokens(query):
        weight = weights.of(analysis) * weights.on(field)
        yield from (Boost(Term(at(field, analysis), token), weight) for token in tokens)


def exact_title(typed: str, weights: Weights) -> Iterator[Clause]:
    """The title is what was typed, and no more: with these marks before any others."""
    yield from (Constant(Keyword("heading", (heading,)), weights.exact_title) for heading in headings(typed))


def slips(query: Query, weights: Weights) -> Iterator[Clause]:
    """Word pairs, one of whose words may have been meant otherwise than it was typed."""
    for run in query.runs:
        for spelled in pairs(_bare(run)):
            for field in TEXTS:
                weight = weights.meant * weights.folded_pair * weights.on(field)
                yield from (Boost(Term(at(field, "fold_bi"), pair), weight) for pair in spelled[1:])


def title_phrase(query: Query, weights: Weights) -> Iterator[Clause]:
    """The query as it stands, in a title."""
    for run in query.runs:
        if len(run) > 1:
            yield Boost(Phrase(at("title", "fold"), _bare(run)), weights.title_phrase)


def readings(query: Query, tuning: Tuning) -> Iterator[Clause]:
    """Articles that hold every word, those typed with marks with these marks; for short queries."""
    if is_short(query, tuning.rules.short) and any(word.marked for word in query.words):
        yield Constant(AllOf(tuple(map(_reading, query.words))), tuning.weights.reading)


def _reading(word: Word) -> Clause:
    if not word.marked:
        return Term(ALL, word.bare)
    return AnyOf(tuple(Term(field, word.text) for field in WHOLE))


def numbers(scored: Scored, field: Literal["issues", "numbers"], weight: float) -> Iterator[Clause]:
    """Articles that issue, or cite, a document whose number stands in the query."""
    standing = numbers_in(map(_bare, scored.query.runs))
    asked = tuple(dict.fromkeys((*scored.numbers, *operands(scored.query.root), *standing)))
    if asked:
        yield Constant(Keyword(field, asked), weight)


def abbreviations(query: Query, lexicon: Lexicon, weights: Weights) -> Iterator[Clause]:
    """The other forms of names that stand in the query."""
    for run in query.runs:
        for _, _, others in lexicon.find(_bare(run)):
            for other in others:
                yield Boost(name(other), weights.abbreviation)
                yield Boost(sequence(at("title", "fold"), other), weights.abbreviation * weights.title)


def recency(newest: date | None, weights: Weights) -> Iterator[Clause]:
    """Bands counted from the newest article, not from today: the site publishes nothing any more."""
    if newest:
        for days, bonus in weights.recency:
            yield Constant(Days(since=newest - timedelta(days=days)), bonus)


def _tokens(query: Query) -> Iterator[tuple[Analysis, list[str]]]:
    runs = query.runs
    yield "fold", _once(token for run in runs for word in run for token in (word.bare, same(word.bare)))
    yield "", _once(token for run in runs for word in run for token in (word.text, same_marked(word.text)))
    yield "fold_bi", _once(token for run in runs for token in _both(_bare(run), same))
    yield "bi", _once(token for run in runs for token in _both([word.text for word in run], same_marked))


def _both(words: Sequence[str], other: Callable[[str], str]) -> Iterator[str]:
    """Word pairs in both spellings of either word."""
    for first, second in pairwise(words):
        ones, twos = ([word, *filter(None, (other(word),))] for word in (first, second))
        yield from (pair for one in ones for two in twos for pair in word_pairs((one, two)))


def _once(tokens: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, tokens)))


def _bare(run: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.bare for word in run)
