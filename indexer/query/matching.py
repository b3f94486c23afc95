"""What matches a query, decided here once: strictly all its words, or nearly (pure)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.language.folding import fold
from indexer.language.normalise import search_text, word_pairs
from indexer.query.clauses import AllOf, AnyOf, Clause, Days, Everything, Keyword, Not, Phrase, Prefix, Term
from indexer.query.fields import ALL, ALL_PAIRS, AUTHOR, CATEGORY, FILES, WHOLE, at, number_key
from indexer.query.lexicon import Lexicon
from indexer.query.spelling import meant, same, telex
from indexer.query.tuning import Rules
from indexer.query.understood import (
    Beginning,
    Either,
    Every,
    Excluded,
    Part,
    Query,
    Quoted,
    Restricted,
    Word,
    Words,
)

LONGEST_NUMBER = 7
"""Words of a document number."""

CountEach = Callable[[Sequence[Term], int], Sequence[int]]
"""How many articles hold each of some words; counting one may stop at the number given."""

MOST_SPELLINGS = 60
"""Spellings of one word pair."""

MOST_SLIPS = 3
"""Words of a query whose slips are thought about."""


def is_short(query: Query, most: int) -> bool:
    """Whether the query has no more different words than these."""
    return len({word.bare for word in query.words}) <= most


def strict(query: Query, lexicon: Lexicon) -> Clause:
    """All words, anywhere in an article; phrases, alternatives and exclusions as they were asked."""
    return _strict(query.root, lexicon)


@dataclass(frozen=True, kw_only=True, slots=True)
class Nearness:
    """What is enough where words are asked for: a share of their pairs, or one of `rare`."""

    share: float
    least: int = 1
    """Pairs that are needed, or more than half where there are fewer."""
    rare: tuple[Term, ...] = ()
    """Words and word pairs of the query that few articles hold."""

    def pairs(self, of: int) -> int:
        """How many of so many pairs are enough."""
        return max(int(of * self.share), min(self.least, of // 2 + 1))


def near(query: Query, lexicon: Lexicon, nearness: Nearness) -> Clause:
    """As `strict`, but where words are asked for, less is enough."""
    return _near(query.root, lexicon, nearness)


def _strict(part: Part, lexicon: Lexicon) -> Clause:  # noqa: PLR0911 - one for each kind of part
    match part:
        case Words(words):
            return AllOf(tuple(_words(words, lexicon)))
        case Quoted():
            return quoted(part)
        case Beginning(start):
            return Prefix(ALL, start)
        case Restricted():
            return restricted(part, lexicon)
        case Excluded(inner):
            return Not(_strict(inner, lexicon))
        case Either(choices):
            return AnyOf(tuple(_strict(choice, lexicon) for choice in choices))
        case Every(parts):
            return AllOf(tuple(_strict(inner, lexicon) for inner in parts)) if parts else Everything()


def _near(every: Every, lexicon: Lexicon, nearness: Nearness) -> Clause:
    runs = tuple(part for part in every.parts if isinstance(part, Words))
    others = tuple(
        AnyOf(tuple(_near(choice, lexicon, replace(nearness, rare=())) for choice in part.choices))
        if isinstance(part, Either)
        else _strict(part, lexicon)
        for part in every.parts
        if not isinstance(part, Words)
    )
    return AllOf((nearly(runs, lexicon, nearness), *others)) if runs else AllOf(others or (Everything(),))


def nearly(runs: Sequence[Words], lexicon: Lexicon, nearness: Nearness) -> Clause:
    """All words of these runs, or as much as is enough: pairs of neighbours, a rare word, a document's number."""
    bare = tuple(tuple(word.bare for word in run.words) for run in runs)
    ways: list[Clause] = [AllOf(tuple(_strict(run, lexicon) for run in runs))]
    if any(map(telex, (word for run in bare for word in run))):
        ways.append(AllOf(tuple(Term(ALL, telex(word) or word) for run in bare for word in dict.fromkeys(run))))
    if neighbours := dict.fromkeys(alternatives for run in bare for alternatives in pairs(run)):
        enough = nearness.pairs(len(neighbours))
        ways.append(AnyOf(tuple(any_term(ALL_PAIRS, spelled) for spelled in neighbours), enough))
    ways += nearness.rare
    if numbers := numbers_in(bare):
        ways.append(Keyword("numbers", numbers))
    return AnyOf(tuple(ways)) if len(ways) > 1 else ways[0]


def pairs(bare: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every pair of neighbours, each with the spellings it may have had if one of its words is a slip."""
    slipped = [word for word in dict.fromkeys(bare) if meant(word)][:MOST_SLIPS]
    ways = {word: (word, *filter(None, (same(word),)), *(meant(word) if word in slipped else ())) for word in bare}
    for first, second in pairwise(bare):
        yield tuple(word_pairs((one, two))[0] for one in ways[first] for two in ways[second])[:MOST_SPELLINGS]


def rarest(query: Query, rules: Rules, count_each: CountEach) -> Iterator[Term]:
    """The rarest words and word pairs of a query, as many as together no more articles hold than the rules allow.

    Where even the rarest of them is too common for that, it alone, if it is rare enough.
    """
    bare = [tuple(word.bare for word in part.words) for part in query.root.parts if isinstance(part, Words)]
    terms = [Term(ALL, word) for word in dict.fromkeys(word for run in bare for word in run)]
    terms += [Term(ALL_PAIRS, pair) for pair in dict.fromkeys(pair for run in bare for pair in word_pairs(run))]
    held = zip(count_each(terms, rules.rarest + 1) if terms else (), terms, strict=True)
    known = sorted((pair for pair in held if pair[0]), key=lambda pair: (pair[0], pair[1].field, pair[1].token))
    left = max(rules.rare, known[0][0]) if known and known[0][0] <= rules.rarest else rules.rare
    for articles, term in known:
        left -= articles
        if left < 0:
            return
        yield term


def numbers_in(runs: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Keys of what may be document numbers in runs of words without marks, each once."""
    return tuple(dict.fromkeys(number for run in runs for number in _numbers(run)))


def _numbers(bare: Sequence[str]) -> Iterator[str]:
    """What may be a document number in a run of words: a figure and the words after it, as far as one reaches."""
    for start, word in enumerate(bare):
        if word[0].isdigit():
            ends = range(start + 2, min(len(bare), start + LONGEST_NUMBER) + 1)
            yield from (number_key(bare[start:end]) for end in ends)


def restricted(part: Restricted, lexicon: Lexicon) -> Clause:  # noqa: PLR0911 - one for each kind of operator
    """What an operator on a field asks for."""
    match part.field:
        case "title":
            return _in_title(part)
        case "attachment":
            bare = _bare_words(part.words)
            return AnyOf((sequence(FILES, bare), _together("attachments", part.words)))
        case "author" | "category":
            return sequence(AUTHOR if part.field == "author" else CATEGORY, _bare_words(part.words))
        case "number":
            return Keyword("numbers", (*part.values, *number_keys(part.written, lexicon)))
        case "province":
            return Keyword("then", part.values) if part.values else Keyword("today", part.today)
        case "year" | "status":
            return Keyword(part.field, part.values)
        case "before" | "after":
            return Days(part.since, part.until)


def number_keys(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What a text is looked up as if it is a document's number in any spelling, and nothing else."""
    normal = lexicon.documents.normal(text) if lexicon.documents and any(map(str.isdigit, text)) else None
    return (number_key(fold(search_text(normal)).split()),) if normal else ()


def operands(part: Part) -> Iterator[str]:
    """Keys of the document numbers that operators of a query ask for."""
    match part:
        case Restricted(field="number"):
            yield from part.values
        case Every(parts) | Either(parts):
            for inner in parts:
                yield from operands(inner)


def _in_title(part: Restricted) -> Clause:
    if any(word.marked for word in part.words):
        return sequence("title", tuple(word.text for word in part.words))
    return sequence(at("title", "fold"), _bare_words(part.words))


def _together(field: str, words: Sequence[Word]) -> Clause:
    """Words in a text that keeps places only of words with marks: typed with marks in order, else all of them."""
    if any(word.marked for word in words):
        return sequence(field, tuple(word.text for word in words))
    return AllOf(tuple(Term(at(field, "fold"), word.bare) for word in words))


def _bare_words(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.bare for word in words)


def quoted(part: Quoted) -> Clause:
    """The words next to each other: in any one text if their marks count, else in everything."""
    if part.marked:
        tokens = tuple(word.text for word in part.words)
        return AnyOf(tuple(sequence(field, tokens) for field in WHOLE))
    return sequence(ALL, tuple(word.bare for word in part.words))


def sequence(field: str, tokens: tuple[str, ...]) -> Clause:
    """A phrase, or a term where it is of one word."""
    return Phrase(field, tokens) if len(tokens) > 1 else Term(field, tokens[0])


def name(tokens: tuple[str, ...]) -> Clause:
    """A name of several words, anywhere: every pair of them.

    Of one name the pairs say nearly what the phrase says, whose places would have to be read in every article that
    holds its words: of "thông tin và truyền thông" that is most of them.
    """
    if len(tokens) == 1:
        return Term(ALL, tokens[0])
    return AllOf(tuple(Term(ALL_PAIRS, pair) for pair in word_pairs(tokens)))


def _words(words: tuple[Word, ...], lexicon: Lexicon) -> Iterator[Clause]:
    """Each word, or what an abbreviation among them stands for, or the abbreviation of what is written out."""
    bare = tuple(word.bare for word in words)
    done = 0
    for start, end, others in lexicon.find(bare):
        yield from _terms(bare[done:start])
        written = AllOf(tuple(_terms(bare[start:end])))
        yield AnyOf((written, *(name(other) for other in others)))
        done = end
    yield from _terms(bare[done:])


def _terms(bare: Sequence[str]) -> Iterator[Clause]:
    return (any_term(ALL, (word, *filter(None, (same(word),)))) for word in dict.fromkeys(bare))


def any_term(field: str, tokens: Sequence[str]) -> Clause:
    """One of some words."""
    return AnyOf(tuple(Term(field, token) for token in tokens)) if len(tokens) > 1 else Term(field, tokens[0])
