"""How fast `update` is, beside writing the same documents, ready made, into the bare engine."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median

from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.library import Library
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, seconds

READING = "reading"
NOTE = (
    "`update` is both steps, one after the other. Bare bulk is the engine's own way to write many (tantivy's "
    "writer, Elasticsearch's `parallel_bulk`): documents made ready before, same mapping, until they are found."
)


def measure(bench: Bench) -> Iterator[Table]:
    """Articles a second of each step of `update`, and of bare bulk indexing."""
    library = bench.crawled
    changes = library.changes()
    contestants: dict[str, Callable[[], float]] = {READING: partial(_read, library)}
    for engine in bench.engines:
        contestants[engine.name] = partial(_index, library, engine)
        contestants[_bare(engine)] = engine.bulk(changes)
    took = interleaved(contestants, bench.rounds)
    rows = [row for engine in bench.engines for row in _rows(engine, took, len(changes))]
    reading = Row(name="archive → record", unit="articles/s", ours=_rate(len(changes), took[READING]))
    yield Table(
        title=f"`update` of {len(changes):,} articles out of {library.captures:,} captures",
        ours="ours",
        others=("bare bulk",),
        rows=(reading, *rows),
        notes=(NOTE,),
    )


def _rows(engine: Engine, took: dict[str, list[float]], articles: int) -> list[Row]:
    bare = _rate(articles, took[_bare(engine)])
    index = took[engine.name]
    both = [sum(steps) for steps in zip(took[READING], index, strict=True)]
    return [
        Row(name=f"{engine.name}: {name}", unit="articles/s", ours=_rate(articles, spent), others=(bare,))
        for name, spent in (("record → index", index), ("`update`", both))
    ]


def _bare(engine: Engine) -> str:
    return f"bare {engine.name}"


def _rate(articles: int, took: Sequence[float]) -> float:
    return articles / median(took)


def _read(library: Library) -> float:
    library.forget()
    return seconds(library.read)


def _index(library: Library, engine: Engine) -> float:
    settings = engine.empty(library.settings)
    took = seconds(lambda: library.index(settings))
    engine.drop(settings)
    return took
