"""How fast lines are offered while somebody types, and what learning phrases and corrections costs."""

import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from config.settings import Settings
from indexer.engines import SearchIndex
from indexer.engines.opening import open_index
from indexer.evaluate.typing import one_letter_wrong
from indexer.language.folding import fold
from indexer.query.correcting import Corrector
from indexer.query.language import read_words
from indexer.query.lexicon import Lexicon
from indexer.query.phrases import Phrases, with_phrases
from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.importing import resident
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, percentile, seconds, typical

TITLES = 60
"""Titles that are typed: each stopped at once, in a word, and at the end of the second word."""
OURS, FTS = "offered", "FTS5 prefix"
NOTE = (
    "offered: provinces, numbers, phrases and titles, in process. FTS5 prefix: the eight newest titles that hold "
    "what is typed, out of a table of titles alone in SQLite. Learning: read all titles out of the index, then "
    "count words, pairs and phrases, in a process of its own; megabytes are those that stay."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What a process spends on learning from titles."""

    reading: float
    corrector: float
    phrases: float
    """Seconds."""
    grown: float
    """Megabytes."""


def measure(bench: Bench) -> Iterator[Table]:
    """Milliseconds for the lines at each size, on each engine."""
    for size in bench.sizes:
        titles = [change.document.title for change in bench.fed(size).changes() if change.document]
        rows = [row for engine in bench.engines for row in _rows(bench, engine, size, titles)]
        yield Table(
            title=f"Suggestions in {size:,} articles", ours=OURS, others=(FTS,), rows=tuple(rows), notes=(NOTE,)
        )


def _rows(bench: Bench, engine: Engine, size: int, titles: Sequence[str]) -> Iterator[Row]:
    settings, library = bench.indexed(engine, size), bench.fed(size)
    typed = list(_typed(titles))
    phrases, corrector = Phrases.of(titles), Corrector.of(titles)
    with closing(library.open_index(settings)) as index, closing(_fts(titles)) as fts:
        works: dict[str, Callable[[], list[float]]] = {
            OURS: lambda: [seconds(partial(_offered, index, phrases, text)) * 1_000 for text in typed],
            FTS: lambda: [seconds(partial(_prefix, fts, text)) * 1_000 for text in typed],
        }
        interleaved(works, 1)  # caches are filled
        took = interleaved(works, bench.rounds)
    for share in (0.5, 0.95):
        ours, other = (typical(took[name], partial(percentile, share=share)) for name in (OURS, FTS))
        yield Row(name=f"{engine.name}: p{share * 100:.0f}", unit="ms", ours=ours, others=(other,))
    slips = [
        read_words(one_letter_wrong(" ".join(title.split()[:6])))
        for title in titles[:: len(titles) // TITLES or 1]
    ]
    corrected = [seconds(partial(corrector.correct, words)) * 1_000 for words in slips]
    yield Row(name=f"{engine.name}: correction p95", unit="ms", ours=percentile(corrected, 0.95))
    yield from _learning(engine, settings)


def _learning(engine: Engine, settings: Settings) -> Iterator[Row]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        learned = process.submit(learn, settings).result()
    for name in ("reading", "corrector", "phrases"):
        yield Row(name=f"{engine.name}: learning, {name}", unit="s", ours=getattr(learned, name))
    yield Row(name=f"{engine.name}: learned", unit="MB", ours=learned.grown)


def learn(settings: Settings) -> Learned:
    """Learn as the web interface does, in this process."""
    with closing(open_index(settings, Lexicon())) as index:
        next(iter(index.scan(SearchRequest(sort="newest"))), None)
        before, began = resident(), time.perf_counter()
        titles = [hit.title.text for hit in index.scan(SearchRequest(sort="newest"))]
        read = time.perf_counter()
        kept: list[object] = [Corrector.of(titles)]
        corrected = time.perf_counter()
        kept.append(Phrases.of(titles))
        done = time.perf_counter()
        titles.clear()
        return Learned(
            reading=read - began, corrector=corrected - read, phrases=done - corrected, grown=resident() - before
        )


def _typed(titles: Sequence[str]) -> Iterator[str]:
    """Beginnings of words in the middle of titles, every second without marks."""
    for number, title in enumerate(titles[:: len(titles) // TITLES or 1]):
        words = title.split()[number % 3 :]
        text = " ".join(words[:3])
        for end in (2, len(words[0]) + 2 if words else 2, len(text)):
            yield fold(text[:end]) if number % 2 else text[:end]


def _offered(index: SearchIndex, phrases: Phrases, text: str) -> object:
    return with_phrases(index.suggest(text), phrases.holding(read_words(text)))


def _fts(titles: Sequence[str]) -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute(
        "CREATE VIRTUAL TABLE titles USING fts5(title, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    made.executemany("INSERT INTO titles (title) VALUES (?)", ((title,) for title in titles))
    return made


def _prefix(fts: sqlite3.Connection, text: str) -> object:
    words = [word.bare for word in read_words(text)]
    if not words:
        return ()
    match = " ".join(f'"{word}"' for word in words) + "*"
    return fts.execute(
        "SELECT title FROM titles WHERE titles MATCH ? ORDER BY rowid DESC LIMIT 8", (match,)
    ).fetchall()
