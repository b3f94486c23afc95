"""How fast an index is made anew from the record, beside writing documents, ready made, into the bare engine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from statistics import median

from crawler.progress import silent
from indexer.pipeline.rebuilding import rebuild
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.library import Library
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, seconds

READY = 100_000
"""Documents that are made ready for the bare engine; of a larger record the first so many."""

WRITTEN = 100_000
"""Articles written in all rounds together, about; of a large record fewer rounds are enough."""

NOTE = (
    "rebuild: `python -m indexer rebuild`, out of the record into a new generation that is then searched. "
    "Bare bulk is the engine's own way to write many (tantivy's writer, Elasticsearch's `parallel_bulk`): "
    "documents made ready before, same mapping, until they are found. Size: bytes of the index's files for each "
    "byte of UTF-8 text."
)


def measure(bench: Bench) -> Iterator[Table]:
    """Articles a second, and how large the index is, at each size."""
    for size in bench.sizes:
        library = bench.fed(size)
        changes = library.changes(READY)
        contestants: dict[str, Callable[[], float]] = {}
        sizes: dict[str, float] = {}
        for engine in bench.engines:
            contestants[engine.name] = partial(_rebuild, library, engine, sizes)
            contestants[_bare(engine)] = engine.bulk(changes)
        took = interleaved(contestants, max(1, min(bench.rounds, 2 * WRITTEN // size)))
        rates = {name: (size if name in sizes else len(changes)) / median(spent) for name, spent in took.items()}
        letters = library.text_bytes()
        yield Table(
            title=f"`rebuild` of {size:,} articles of {letters / size:,.0f} bytes of text",
            ours="ours",
            others=("bare bulk",),
            rows=tuple(
                row for engine in bench.engines for row in _rows(engine, rates, sizes[engine.name] / letters)
            ),
            notes=(NOTE,),
        )


def _rows(engine: Engine, rates: dict[str, float], share: float) -> Iterator[Row]:
    bare = rates[_bare(engine)]
    yield Row(name=f"{engine.name}: rebuild", unit="articles/s", ours=rates[engine.name], others=(bare,))
    yield Row(name=f"{engine.name}: size", unit="× text", ours=share)


def _bare(engine: Engine) -> str:
    return f"bare {engine.name}"


def _rebuild(library: Library, engine: Engine, sizes: dict[str, float]) -> float:
    settings = engine.empty(library.settings)
    index = library.open_index(settings)
    workshop = library.workshop
    stores = replace(workshop.stores, index=index)
    took = seconds(lambda: rebuild(stores, workshop.database, workshop.clock, silent))
    index.close()
    sizes[engine.name] = engine.size(settings)
    engine.drop(settings)
    return took
