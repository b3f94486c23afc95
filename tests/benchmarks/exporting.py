"""How fast a whole result becomes a file, and in how much memory."""

import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.engines import Engine
from tests.benchmarks.searching import environment
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, seconds
from tests.serving import serving

FORMS = ("csv", "jsonl", "xlsx")
PIECE = 1 << 16
ROUNDS = 3
NOTE = (
    "Every article of the index, over HTTP from `python -m webui serve`. scan: the same hits in the same order "
    "out of the index in process, no file made of them. Memory: how much more the web interface takes at most "
    "than after the first tenth of the time the file took."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """One file: seconds it took, and megabytes the server grew by in its last nine tenths."""

    seconds: float
    grown: float


def measure(bench: Bench) -> Iterator[Table]:
    """Rows a second of each form on each engine, at each size."""
    for size in bench.sizes:
        rows = [row for engine in bench.engines for row in _rows(bench, engine, size)]
        yield Table(
            title=f"Export of {size:,} articles", ours="export", others=("scan",), rows=tuple(rows), notes=(NOTE,)
        )


def _rows(bench: Bench, engine: Engine, size: int) -> Iterator[Row]:
    settings, library = bench.indexed(engine, size), bench.fed(size)
    with (
        closing(library.open_index(settings)) as index,
        serving(environment(settings), "--port", "0") as (address, server),
    ):
        works: dict[str, Callable[[], Made]] = {
            form: partial(_export, f"{address}/export/{form}", server.pid) for form in FORMS
        }
        works["scan"] = lambda: Made(seconds=seconds(lambda: sum(1 for _ in index.scan(SearchRequest()))), grown=0)
        took = interleaved(works, min(bench.rounds, ROUNDS))
    scanned = size / median(made.seconds for made in took["scan"])
    for form in FORMS:
        rate = size / median(made.seconds for made in took[form])
        yield Row(name=f"{engine.name}: {form}", unit="rows/s", ours=rate, others=(scanned,))
        yield Row(name=f"{engine.name}: {form}", unit="MB more", ours=max(made.grown for made in took[form]))


def _export(address: str, server: int) -> Made:
    """Ask for a file and throw it away piece by piece."""
    began, sizes = time.perf_counter(), []
    with urllib.request.urlopen(address, timeout=60) as answer:
        while answer.read(PIECE):
            sizes.append((time.perf_counter() - began, _resident(server)))
    took = time.perf_counter() - began
    early = [size for at, size in sizes if at <= took / 10] or [size for _, size in sizes[:1]]
    return Made(seconds=took, grown=max(size for _, size in sizes) - max(early))


def _resident(process: int) -> float:
    """Megabytes of memory of a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1_024
    return own + sum(_resident(int(child)) for child in children)
