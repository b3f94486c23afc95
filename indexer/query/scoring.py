"""How what matches is ordered: a mix of analyses and fields that holds for any way of typing (pure).

The mix was measured on public question sets (BM25, MRR@10): words without marks 1, with marks .5, pairs without
marks .5, with marks .25. It costs little where marks are typed and loses nothing where they are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.language.normalise import word_pairs
from indexer.query.clauses import AllOf, AnyOf, Boost, Clause, Constant, Days, Keyword, Phrase, Term
from indexer.query.fields import ALL, NAMES, TEXTS, Analysis, at
from indexer.query.lexicon import Lexicon
from indexer.query.matching import document_numbers, is_short, sequence
from indexer.query.understood import Query, Word


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each reason to be found counts. The mix is measured; the rest is chosen and waits for tuning."""

    folded: float = 1.0
    accented: float = 0.5
    folded_pair: float = 0.5
    accented_pair: float = 0.25
    title: float = 2.0
    lead: float = 1.2
    body: float = 1.0
    attachments: float = 0.6
    title_phrase: float = 1.0
    """Of the phrase's BM25 score: the whole query stands in the title."""
    abbreviation: float = 0.5
    complete: float = 1_000.0
    """Added to articles that hold all words while others match only nearly: they come first."""
    cited: float = 2_000.0
    issued: float = 4_000.0
    """Added where the query holds the number of a document the article cites, or issues: before all others."""
    reading: float = 200.0
    """Added to articles that hold all words, with the marks that were typed: before other readings."""
    recency: tuple[tuple[int, float], ...] = ((365, 0.2), (3 * 365, 0.2), (8 * 365, 0.1))
    """Days before the newest article, and what is added to articles that are not older."""

    def of(self, analysis: Analysis) -> float:
        """Weight of one analysis."""
        return {"": self.accented, "fold": self.folded, "bi": self.accented_pair, "fold_bi": self.folded_pair}[
            analysis
        ]

    def on(self, field: str) -> float:
        """Weight of one field of TEXTS."""
        return {"title": self.title, "lead": self.lead, "body": self.body, "attachments": self.attachments}[field]


def score(query: Query, lexicon: Lexicon, newest: date | None, weights: Weights) -> Clause:
    """Clauses whose scores add up; none of them decides what matches."""
    return AnyOf(
        (
            *mix(query, weights),
            *title_phrase(query, weights),
            *readings(query, weights),
            *numbers(query, weights),
            *abbreviations(query, lexicon, weights),
            *recency(newest, weights),
        ),
    )


def mix(query: Query, weights: Weights) -> Iterator[Clause]:
    """Every word and word pair in every field and analysis."""
    for analysis, tokens in _tokens(query):
        for field in TEXTS:
            weight = weights.of(analysis) * weights.on(field)
            yield from (Boost(Term(at(field, analysis), token), weight) for token in tokens)


def title_phrase(query: Query, weights: Weights) -> Iterator[Clause]:
    """The query as it stands, in a title."""
    for run in query.runs:
        if len(run) > 1:
            yield Boost(Phrase(at("title", "fold"), _bare(run)), weights.title_phrase)


def readings(query: Query, weights: Weights) -> Iterator[Clause]:
    """Articles that hold every word, those typed with marks with these marks; for short queries."""
    if is_short(query) and any(word.marked for word in query.words):
        yield Constant(AllOf(tuple(map(_reading, query.words))), weights.reading)


def _reading(word: Word) -> Clause:
    if not word.marked:
        return Term(ALL, word.bare)
    return AnyOf(tuple(Term(field, word.text) for field in (*TEXTS, NAMES)))


def numbers(query: Query, weights: Weights) -> Iterator[Clause]:
    """Articles that issue a document whose number stands in the query, then those that cite it."""
    asked = tuple(dict.fromkeys(number for run in query.runs for number in document_numbers(_bare(run))))
    if asked:
        yield Constant(Keyword("issues", asked), weights.issued)
        yield Constant(Keyword("numbers", asked), weights.cited)


def abbreviations(query: Query, lexicon: Lexicon, weights: Weights) -> Iterator[Clause]:
    """The other forms of names that stand in the query."""
    for run in query.runs:
        for _, _, others in lexicon.find(_bare(run)):
            for field, weight in ((ALL, 1.0), (at("title", "fold"), weights.title)):
                yield from (Boost(sequence(field, other), weights.abbreviation * weight) for other in others)


def recency(newest: date | None, weights: Weights) -> Iterator[Clause]:
    """Bands counted from the newest article, not from today: the site publishes nothing any more."""
    if newest:
        for days, bonus in weights.recency:
            yield Constant(Days(since=newest - timedelta(days=days)), bonus)


def _tokens(query: Query) -> Iterator[tuple[Analysis, list[str]]]:
    runs = query.runs
    yield "fold", list(dict.fromkeys(word.bare for run in runs for word in run))
    yield "", list(dict.fromkeys(word.text for run in runs for word in run))
    yield "fold_bi", list(dict.fromkeys(pair for run in runs for pair in word_pairs(_bare(run))))
    yield "bi", list(dict.fromkeys(pair for run in runs for pair in word_pairs([word.text for word in run])))


def _bare(run: tuple[Word, ...]) -> tuple[str, ...]:
    return tuple(word.bare for word in run)
