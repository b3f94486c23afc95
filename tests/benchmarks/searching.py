"""How fast the search page is, beside the query its engine answers."""

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
from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.queries import KINDS, Asked, queries
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, percentile, seconds, typical
from tests.serving import serving
from webui.arguments import write

PAGE, PYTHON, ALL, ANSWER = "page", "search()", "engine", "one query"
CONTESTANTS = (PAGE, PYTHON, ALL, ANSWER)
NOTE = (
    "page: HTML over HTTP from `python -m webui serve`, one client. search(): the same search "
    "in process, results with snippets. engine: all our adapter asks the engine for it, asked again without our "
    "Python. one query: the answer alone (hits, total, seven facets, years), without counting first what matches."
)

Contestant = tuple[str, str]
"""Engine and what is measured of it."""
Rounds = list[list[float]]
"""Milliseconds: in each round one for each of the searches, in their order."""
_visitors = count(1)


def measure(bench: Bench) -> Table:
    """Milliseconds of a search page, of its search without the page, and of its engine alone."""
    documents = [change.document for change in bench.library.changes() if change.document]
    asked = queries(documents)
    with ExitStack() as opened:
        contestants: dict[Contestant, Callable[[], float]] = {}
        for engine in bench.engines:
            works = opened.enter_context(_works(bench, engine, [one.request for one in asked]))
            contestants |= {(engine.name, name): _one_by_one(work) for name, work in works.items()}
        interleaved(contestants, len(asked))  # caches are filled
        turns = interleaved(contestants, bench.rounds * len(asked))
    took = {contestant: _in_rounds(values, len(asked)) for contestant, values in turns.items()}
    rows = [row for engine in bench.engines for row in _rows(engine, took, asked)]
    return Table(
        title=f"Search page: {len(asked)} searches in {len(documents):,} articles",
        ours=PAGE,
        others=(PYTHON, ALL, ANSWER),
        rows=tuple(rows),
        notes=(NOTE,),
    )


@contextmanager
def _works(
    bench: Bench, engine: Engine, requests: Sequence[SearchRequest]
) -> Iterator[dict[str, list[Callable[[], float]]]]:
    """Each search in each of the ways, on one engine whose index is filled and whose web interface is running."""
    library = bench.library
    settings = engine.empty(library.settings)
    library.index(settings)
    replays = engine.replays(settings, library.lexicon, requests)
    index = library.open_index(settings)
    with serving(_environment(settings), "--port", "0") as (address, _):
        yield {
            PAGE: [partial(_page, urlsplit(address).netloc, request) for request in requests],
            PYTHON: [partial(seconds, partial(index.search, request)) for request in requests],
            ALL: [partial(seconds, replay.everything) for replay in replays],
            ANSWER: [partial(seconds, replay.answer) for replay in replays],
        }
    index.close()
    engine.drop(settings)


def _one_by_one(works: Sequence[Callable[[], float]]) -> Callable[[], float]:
    """Milliseconds of the next search at each call, over and over."""
    turn = cycle(works)
    return lambda: next(turn)() * 1_000


def _in_rounds(values: Sequence[float], searches: int) -> Rounds:
    return [list(values[start : start + searches]) for start in range(0, len(values), searches)]


def _environment(settings: Settings) -> dict[str, str]:
    """Those settings for a process of its own, which counts searches per visitor that a proxy names."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MIC_")}
    names = ("data", "engine", "index", "elastic_url", "elastic_name", "elastic_timeout")
    chosen = {f"MIC_{name.upper()}": str(getattr(settings, name)) for name in names}
    return own | chosen | {"MIC_LOG_LEVEL": "warning", "MIC_TRUSTED_PROXIES": "1"}


def _page(host: str, request: SearchRequest) -> float:
    """Seconds of one page on a connection that is open, each as another visitor: what one may ask for is limited.

    Raises ClickException for another answer than a page.
    """
    number, target = next(_visitors), f"/search?{urlencode(write(request))}"
    visitor = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.connect()
    with closing(connection):
        began = time.perf_counter()
        connection.request("GET", target, headers={"X-Forwarded-For": visitor, "Accept": "text/html"})
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - began
    if answer.status != HTTPStatus.OK:
        raise ClickException(f"{target}: the web interface answered {answer.status}: {body[:200]!r}")
    return took


def _rows(engine: Engine, took: Mapping[Contestant, Rounds], asked: Sequence[Asked]) -> Iterator[Row]:
    """Of all searches, then of each kind."""
    rounds = [took[engine.name, contestant] for contestant in CONTESTANTS]
    name = engine.name
    yield _row(f"{name}: p50", "ms", [typical(found, partial(percentile, share=0.5)) for found in rounds])
    yield _row(f"{name}: p95", "ms", [typical(found, partial(percentile, share=0.95)) for found in rounds])
    yield _row(f"{name}: one after another", "per s", [typical(found, _per_second) for found in rounds])
    for kind in KINDS:
        places = [place for place, one in enumerate(asked) if one.kind == kind]
        of_kind = [[[values[place] for place in places] for values in found] for found in rounds]
        yield _row(f"{name}: {kind}, p50", "ms", [typical(found, median) for found in of_kind])


def _row(name: str, unit: str, figures: Sequence[float]) -> Row:
    return Row(name=name, unit=unit, ours=figures[0], others=tuple(figures[1:]))


def _per_second(milliseconds: Sequence[float]) -> float:
    return len(milliseconds) / sum(milliseconds) * 1_000
