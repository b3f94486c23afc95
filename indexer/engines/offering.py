"""What is offered unasked: lines while typing, and articles like the one being read."""

from collections.abc import Iterator, Sequence

from indexer.engines.answering import Reader
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.clauses import AllOf, AnyOf, Clause, Keyword, Not, Prefix, Term
from indexer.query.fields import LEADERS, TEXTS, at, number_key
from indexer.query.language import read_words
from indexer.query.lexicon import Lexicon
from indexer.query.matching import Nearness, nearly
from indexer.query.phrases import LINES
from indexer.query.question import Question
from indexer.query.results import Hit, Suggestion
from indexer.query.scoring import mix
from indexer.query.tuning import Weights
from indexer.query.understood import Every, Query, Words

PROVINCES = 3
NUMBERS = 2
RELATED = 6
ALIKE = 0.15
"""Share of the word pairs of an article's title and lead that a related one holds."""


def suggest(reader: Reader, prefix: str, lexicon: Lexicon) -> tuple[Suggestion, ...]:
    """At most LINES lines: provinces, then document numbers, then titles, without duplicates."""
    words = tuple(word.bare for word in read_words(prefix))
    if not words:
        return ()
    lines: dict[str, Suggestion] = {}
    for line in (*_provinces(words, lexicon), *_numbers(reader, words), *_titles(reader, words)):
        lines.setdefault(fold(search_text(line.text)), line)
    return tuple(lines.values())[:LINES]


def related(reader: Reader, key: str) -> Sequence[Hit]:
    """At most RELATED articles that share word pairs with an article's title and lead; none for an unknown key."""
    row = reader.find(key)
    if row is None:
        return ()
    runs = tuple(
        Words(words) for text in (row.hit.title.text, row.texts.lead) if len(words := read_words(text)) > 1
    )
    if not runs:
        return ()
    question = Question(
        match=AllOf((nearly(runs, Lexicon(), Nearness(share=ALIKE)), Not(Keyword("key", (key,))), LEADERS)),
        score=AnyOf(tuple(clause for field in TEXTS for clause in mix(Query(Every(runs)), Weights(), field))),
        filters={},
        sort="relevance",
    )
    return tuple(found.hit for found in reader.top(question, RELATED))


def _provinces(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[Suggestion]:
    """Names in which the typed words stand together, the last of them perhaps unfinished."""
    typed = " " + " ".join(words)
    names = [name for name in lexicon.provinces if typed in f" {fold(search_text(name))}"]
    yield from (Suggestion(text=name, kind="province", query=name) for name in names[:PROVINCES])


def _numbers(reader: Reader, words: tuple[str, ...]) -> Iterator[Suggestion]:
    start = number_key(words)
    if not start[0].isdigit():
        return
    for row in reader.top(_newest(Prefix("numbers", start)), NUMBERS):
        for number in row.hit.numbers:
            if number_key(fold(search_text(number)).split()).startswith(start):
                yield Suggestion(text=number, kind="number", query=number)


def _titles(reader: Reader, words: tuple[str, ...]) -> Iterator[Suggestion]:
    field = at("title", "fold")
    match = AllOf((*(Term(field, word) for word in words[:-1]), Prefix(field, words[-1])))
    for row in reader.top(_newest(match), LINES):
        yield Suggestion(text=row.hit.title.text, kind="title", query=row.hit.title.text, key=row.hit.key)


def _newest(match: Clause) -> Question:
    return Question(match=AllOf((match, LEADERS)), score=None, filters={}, sort="newest")
