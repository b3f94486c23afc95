"""How many searches a second the web interface answers, many clients asking at once."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import count
from statistics import median

from config.settings import Settings
from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.searching import API, HTML, ask, asked_of, environment
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved
from tests.services import redis
from tests.serving import serving
from webui.serving import processes

CLIENTS, SECONDS, ROUNDS = 8, 10.0, 3
"""Who ask at once; how long one turn of a contestant lasts at most, how many turns there are at most."""

NOTE = (
    f"{CLIENTS} clients, each asking for the next of the mix as soon as it is answered, on the cores on which "
    "everything runs. API: `/api/v1/search` with hits, snippets, all facets and years; page: the same as HTML; "
    "both by `python -m webui serve`, each search answered anew. remembered: the API with answers remembered as "
    "usual (Elasticsearch keeps what it likes in all three). one query: the answer alone, asked of the bare "
    "engine by as many threads."
)

Ask = Callable[[int], object]
"""Asks for one of the searches, by its place in the mix."""


def measure(bench: Bench) -> Iterator[Table]:
    """Answers a second at each size."""
    with ExitStack() as opened:
        shared = {"MIC_RATES": opened.enter_context(redis.running()).url} if redis.missing() is None else {}
        for size in bench.sizes:
            asked = asked_of(bench.fed(size))
            requests = [one.request for one in asked]
            rows = tuple(_row(bench, engine, size, requests, shared) for engine in bench.engines)
            yield Table(
                title=f"{CLIENTS} clients: {len(requests)} searches in {size:,} articles, over and over",
                ours="API",
                others=("remembered", "page", "one query"),
                rows=rows,
                notes=(NOTE, _processes(shared)),
            )


def _processes(shared: Mapping[str, str]) -> str:
    count = processes(Settings(rates=shared.get("MIC_RATES", "memory://")))
    return f"Processes of the web interface: {count}{'' if shared else ', since Redis is missing'}."


def _row(
    bench: Bench, engine: Engine, size: int, requests: Sequence[SearchRequest], shared: Mapping[str, str]
) -> Row:
    """One engine; the contestants take turns, each with all clients."""
    settings = bench.indexed(engine, size)
    replays = engine.replays(settings, bench.fed(size).lexicon, requests)
    usual = settings.model_copy(update={"index_remembered": Settings().index_remembered})
    with (
        serving({**environment(settings), **shared}, "--port", "0") as (address, _),
        serving({**environment(usual), **shared}, "--port", "0") as (remembering, _),
    ):
        ways: dict[str, Ask] = {
            "API": lambda place: ask(f"{address}{API}", requests[place]),
            "remembered": lambda place: ask(f"{remembering}{API}", requests[place]),
            "page": lambda place: ask(f"{address}{HTML}", requests[place]),
            "one query": lambda place: replays[place].answer(),
        }
        lasting = min(SECONDS, 0.5 + size / 2_000)
        contestants = {name: partial(_per_second, way, len(requests), lasting) for name, way in ways.items()}
        interleaved(contestants, 1)
        took = interleaved(contestants, min(bench.rounds, ROUNDS))
    figures = [median(took[name]) for name in ways]
    return Row(name=engine.name, unit="per s", ours=figures[0], others=tuple(figures[1:]))


def _per_second(way: Ask, searches: int, lasting: float) -> float:
    """Answers a second of all clients together."""
    places, end = count(), time.perf_counter() + lasting

    def client(_: int) -> int:
        done = 0
        while time.perf_counter() < end:
            way(next(places) % searches)
            done += 1
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(client, range(CLIENTS)))
    return done / (time.perf_counter() - began)
