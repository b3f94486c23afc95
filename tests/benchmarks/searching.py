"""How fast a search is, beside the query its engine answers, SQLite, and the page that shows it."""

import http.client
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http import HTTPStatus
from itertools import count, cycle
from statistics import median
from urllib.parse import urlencode, urlsplit

from click import ClickException

from config.settings import Settings
from indexer.engines import SearchIndex
from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.engines.sqlite import Fts
from tests.benchmarks.library import Library
from tests.benchmarks.queries import KINDS, Asked, queries
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, percentile, seconds, typical
from tests.serving import serving
from webui.arguments import write

PYTHON, PAGE, ANSWER, ALL, SQLITE = "search()", "page", "one query", "engine", "SQLite FTS5"
CONTESTANTS = (PYTHON, ANSWER, ALL, SQLITE, PAGE)
HTML, API = "/search", "/api/v1/search"
MOST_FOR_SQLITE = 100_000
"""Articles beyond which SQLite is not asked: it would take the larger part of the time."""
SAMPLE = 2_000
"""Articles out of which words are taken."""

NOTE = (
    "search(): in process, hits with snippets, all facets, years. one query: the answer alone, asked of the "
    "engine again without our Python. engine: all our adapter asks it, what matches being counted first. SQLite "
    "FTS5: the same words, hits with snippets and the same counts, in process. page: HTML over HTTP from "
    "`python -m webui serve`, one client."
)

Rounds = list[list[float]]
"""Milliseconds: in each round one for each of the searches, in their order."""
_visitors = count(1)


def measure(bench: Bench) -> Iterator[Table]:
    """Milliseconds of a search and of its page, beside its engine alone, at each size; then how they grow."""
    sizes: dict[int, Mapping[str, Mapping[str, Rounds]]] = {}
    for size in bench.sizes:
        asked = asked_of(bench.fed(size))
        sizes[size] = _measured(bench, size, [one.request for one in asked])
        yield Table(
            title=f"Search: {len(asked)} searches in {size:,} articles",
            ours=PYTHON,
            others=CONTESTANTS[1:],
            rows=tuple(row for name, took in sizes[size].items() for row in _rows(name, took, asked)),
            notes=(NOTE,),
        )
    if len(sizes) > 1:
        yield _growth(sizes)


def asked_of(library: Library) -> list[Asked]:
    """The mix of searches for these articles."""
    return queries([change.document for change in library.changes(SAMPLE) if change.document])


def _measured(bench: Bench, size: int, requests: Sequence[SearchRequest]) -> dict[str, dict[str, Rounds]]:
    """What each contestant took on each engine; all take turns."""
    with ExitStack() as opened:
        contestants: dict[tuple[str, str], Callable[[], float]] = {}
        for engine in bench.engines:
            works = opened.enter_context(_works(bench, engine, size, requests))
            contestants |= {(engine.name, name): _one_by_one(work) for name, work in works.items()}
        interleaved(contestants, len(requests))  # caches are filled
        turns = interleaved(contestants, bench.rounds * len(requests))
    return {
        engine.name: {
            name: _in_rounds(turns[engine.name, name], len(requests))
            for name in CONTESTANTS
            if (engine.name, name) in turns
        }
        for engine in bench.engines
    }


@contextmanager
def _works(
    bench: Bench, engine: Engine, size: int, requests: Sequence[SearchRequest]
) -> Iterator[dict[str, list[Callable[[], float]]]]:
    """Each search in each of the ways, on one engine whose index is filled and whose web interface is running."""
    library, settings = bench.fed(size), bench.indexed(engine, size)
    replays = engine.replays(settings, library.lexicon, requests)
    with ExitStack() as opened:
        index = opened.enter_context(closing(library.open_index(settings)))
        address, _ = opened.enter_context(serving(environment(settings), "--port", "0"))
        works: dict[str, list[Callable[[], float]]] = {
            PYTHON: [partial(seconds, partial(index.search, request)) for request in requests],
            ANSWER: [partial(seconds, replay.answer) for replay in replays],
            ALL: [partial(seconds, replay.everything) for replay in replays],
            PAGE: [partial(ask, f"{address}{HTML}", request) for request in requests],
        }
        if engine.name == "embedded" and size <= MOST_FOR_SQLITE:
            fts = opened.enter_context(closing(Fts(bench.folder / f"fts-{size}")))
            works[SQLITE] = _in_sqlite(fts, library, index, requests)
        yield works


def _in_sqlite(
    fts: Fts, library: Library, index: SearchIndex, requests: Sequence[SearchRequest]
) -> list[Callable[[], float]]:
    fts.fill(library.changes())
    modes = [index.search(request).mode for request in requests]
    return [
        partial(seconds, partial(fts.search, request, mode)) for request, mode in zip(requests, modes, strict=True)
    ]


def _one_by_one(works: Sequence[Callable[[], float]]) -> Callable[[], float]:
    """Milliseconds of the next search at each call, over and over."""
    turn = cycle(works)
    return lambda: next(turn)() * 1_000


def _in_rounds(values: Sequence[float], searches: int) -> Rounds:
    return [list(values[start : start + searches]) for start in range(0, len(values), searches)]


def environment(settings: Settings) -> dict[str, str]:
    """Those settings for a process of its own, which counts searches per visitor that a proxy names."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MIC_")}
    names = ("data", "engine", "index", "index_remembered", "elastic_url", "elastic_name", "elastic_timeout")
    chosen = {f"MIC_{name.upper()}": str(getattr(settings, name)) for name in names}
    return own | chosen | {"MIC_LOG_LEVEL": "warning", "MIC_TRUSTED_PROXIES": "1"}


def ask(address: str, request: SearchRequest) -> float:
    """Seconds of one answer on a connection that is open, each as another visitor: there are limits for one.

    `address` is that of the page or of the API. Raises ClickException for another answer than a result.
    """
    number, url = next(_visitors), urlsplit(address)
    target = f"{url.path}?{urlencode(write(request))}"
    visitor = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    connection = http.client.HTTPConnection(url.netloc, timeout=60)
    connection.connect()
    with closing(connection):
        began = time.perf_counter()
        connection.request("GET", target, headers={"X-Forwarded-For": visitor})
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
    if answer.status != HTTPStatus.OK:
        raise ClickException(f"{target}: the web interface answered {answer.status}: {body[:200]!r}")
    return took


def _rows(engine: str, took: Mapping[str, Rounds], asked: Sequence[Asked]) -> Iterator[Row]:
    """Of all searches, then of each kind."""
    yield _row(f"{engine}: p50", "ms", took, partial(percentile, share=0.5))
    yield _row(f"{engine}: p95", "ms", took, partial(percentile, share=0.95))
    yield _row(f"{engine}: one after another", "per s", took, _per_second)
    for kind in KINDS:
        places = [place for place, one in enumerate(asked) if one.kind == kind]
        of_kind = {
            name: [[values[place] for place in places] for values in rounds] for name, rounds in took.items()
        }
        yield _row(f"{engine}: {kind}, p50", "ms", of_kind, median)


def _row(name: str, unit: str, took: Mapping[str, Rounds], figure: Callable[[Sequence[float]], float]) -> Row:
    figures = {who: typical(rounds, figure) for who, rounds in took.items()}
    return Row(name=name, unit=unit, ours=figures[PYTHON], others=tuple(map(figures.get, CONTESTANTS[1:])))


def _growth(sizes: Mapping[int, Mapping[str, Mapping[str, Rounds]]]) -> Table:
    """How many times longer it takes in the largest index than in the smallest."""
    small, large = sizes[min(sizes)], sizes[max(sizes)]
    return Table(
        title=f"Search: growth from {min(sizes):,} to {max(sizes):,} articles",
        ours=PYTHON,
        others=CONTESTANTS[1:],
        rows=tuple(
            Row(
                name=f"{engine}: p95",
                unit="times",
                ours=_p95(large[engine][PYTHON]) / _p95(small[engine][PYTHON]),
                others=tuple(
                    _p95(large[engine][who]) / _p95(small[engine][who]) if who in large[engine] else None
                    for who in CONTESTANTS[1:]
                ),
            )
            for engine in large
        ),
    )


def _p95(rounds: Rounds) -> float:
    return typical(rounds, partial(percentile, share=0.95))


def _per_second(milliseconds: Sequence[float]) -> float:
    return len(milliseconds) / sum(milliseconds) * 1_000
