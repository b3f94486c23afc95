"""What matches a query, decided here once: strictly all its words, or nearly (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.language.normalise import word_pairs
from indexer.query.clauses import AllOf, AnyOf, Clause, Everything, Keyword, Not, Phrase, Prefix, Term
from indexer.query.fields import ALL, ALL_PAIRS, NAMES, TEXTS, number_key
from indexer.query.lexicon import Lexicon
from indexer.query.understood import Beginning, Either, Every, Excluded, Part, Query, Quoted, Word, Words

SHORT = 6
"""Different words of a query that is first tried strictly."""

ENOUGH = 10
"""Articles a strict match has to find, or nearly matching ones are shown too."""

SHARES = (0.25, 0.15, 0.0)
"""Shares of a query's word pairs that make an article match nearly, rounded down to whole pairs, at least one.

The first that finds ENOUGH counts: in a large collection mostly the first; in a small one, or for a query few
articles come near to, one pair may be all there is.
"""

LONGEST_NUMBER = 7
"""Words of a document number."""

RARE = 100
"""Where no share finds ENOUGH and no article holds all words, a word is reason enough that no more articles than
these hold."""


def is_short(query: Query) -> bool:
    """Whether the query is tried strictly before it is tried nearly."""
    return len({word.bare for word in query.words}) <= SHORT


def strict(query: Query, lexicon: Lexicon) -> Clause:
    """All words, anywhere in an article; phrases, alternatives and exclusions as they were asked."""
    return _strict(query.root, lexicon)


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearness:
    """What is enough where words are asked for: a share of their pairs (at least one pair), or one of `rare`."""

    share: float
    rare: frozenset[str] = frozenset()


def near(query: Query, lexicon: Lexicon, nearness: Nearness) -> Clause:
    """As `strict`, but where words are asked for, less is enough."""
    return _near(query.root, lexicon, nearness)


def _strict(part: Part, lexicon: Lexicon) -> Clause:
    match part:
        case Words(words):
            return AllOf(tuple(_words(words, lexicon)))
        case Quoted():
            return quoted(part)
        case Beginning(start):
            return Prefix(ALL, start)
        case Excluded(inner):
            return Not(_strict(inner, lexicon))
        case Either(choices):
            return AnyOf(tuple(_strict(choice, lexicon) for choice in choices))
        case Every(parts):
            return AllOf(tuple(_strict(inner, lexicon) for inner in parts)) if parts else Everything()


def _near(every: Every, lexicon: Lexicon, nearness: Nearness) -> Clause:
    runs = tuple(part for part in every.parts if isinstance(part, Words))
    others = tuple(
        AnyOf(tuple(_near(choice, lexicon, nearness) for choice in part.choices))
        if isinstance(part, Either)
        else _strict(part, lexicon)
        for part in every.parts
        if not isinstance(part, Words)
    )
    return AllOf((nearly(runs, lexicon, nearness), *others)) if runs else AllOf(others or (Everything(),))


def nearly(runs: Sequence[Words], lexicon: Lexicon, nearness: Nearness) -> Clause:
    """All words of these runs, or as much as is enough: pairs of neighbours, a rare word, a document's number."""
    bare = tuple(tuple(word.bare for word in run.words) for run in runs)
    neighbours = dict.fromkeys(pair for run in bare for pair in word_pairs(run))
    rare = dict.fromkeys(word for run in bare for word in run if word in nearness.rare)
    ways: list[Clause] = [AllOf(tuple(_strict(run, lexicon) for run in runs))]
    if neighbours:
        enough = max(1, int(len(neighbours) * nearness.share))
        ways.append(AnyOf(tuple(Term(ALL_PAIRS, pair) for pair in neighbours), enough))
    ways += [Term(ALL, word) for word in rare]
    if numbers := tuple(dict.fromkeys(number for run in bare for number in document_numbers(run))):
        ways.append(Keyword("numbers", numbers))
    return AnyOf(tuple(ways)) if len(ways) > 1 else ways[0]


def document_numbers(bare: Sequence[str]) -> Iterator[str]:
    """What may be a document number in a run of words: a figure and the words after it, as far as one reaches."""
    for start, word in enumerate(bare):
        if word[0].isdigit():
            ends = range(start + 2, min(len(bare), start + LONGEST_NUMBER) + 1)
            yield from (number_key(bare[start:end]) for end in ends)


def quoted(part: Quoted) -> Clause:
    """The words next to each other: in any one text if their marks count, else in everything."""
    if part.marked:
        tokens = tuple(word.text for word in part.words)
        return AnyOf(tuple(sequence(field, tokens) for field in (*TEXTS, NAMES)))
    return sequence(ALL, tuple(word.bare for word in part.words))


def sequence(field: str, tokens: tuple[str, ...]) -> Clause:
    """A phrase, or a term where it is of one word."""
    return Phrase(field, tokens) if len(tokens) > 1 else Term(field, tokens[0])


def _words(words: tuple[Word, ...], lexicon: Lexicon) -> Iterator[Clause]:
    """Each word, or what an abbreviation among them stands for, or the abbreviation of what is written out."""
    bare = tuple(word.bare for word in words)
    done = 0
    for start, end, others in lexicon.find(bare):
        yield from _terms(bare[done:start])
        written = AllOf(tuple(_terms(bare[start:end])))
        yield AnyOf((written, *(sequence(ALL, other) for other in others)))
        done = end
    yield from _terms(bare[done:])


def _terms(bare: Sequence[str]) -> Iterator[Term]:
    return (Term(ALL, word) for word in dict.fromkeys(bare))
