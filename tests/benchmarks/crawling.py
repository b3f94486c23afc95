"""How fast a site is archived, beside Scrapy and a bare loop, and what asking for all of it again costs."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from config.settings import Settings
from crawler.crawl import open_crawl
from crawler.progress import silent
from indexer.jobs.opening import open_workshop
from indexer.pipeline import update_record
from tests.benchmarks.bench import Bench
from tests.benchmarks.crawlers import Crawled, Task, crawl
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved
from tests.replica import Replica
from tests.replica.traps import DEFAULT

ENDLESS = {3, 4, 11, 13}
"""Traps that a crawler without rules for them never leaves; every contestant is to crawl the same."""

OURS, OTHERS = "ours", ("spider", "loop")
CRAWLERS = (
    "Scrapy with its defaults and no delay: link rules as ours, bodies stored, each in a file, without headers. "
    "bare loop: requests, lexbor and warcio, one request after the other, kept in one WARC, nothing else "
    "remembered. Ours keeps request and response records, their rows, the frontier and the ledger. "
    "Each crawls in a process of its own; imports do not count, nor does the replica's work."
)
AGAIN = (
    "asking again: every address of the site once more where nothing has changed; the bytes of bodies that the "
    "replica sent beside those of the first crawl, and the documents that come to the index."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One crawl of the whole replica, with how many requests it saw."""

    crawled: Crawled
    requests: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """A crawl of everything and the `update` after it."""

    sent: int
    """Bytes of the bodies the replica answered with."""
    changes: int
    """Documents the record handed on to the index."""


def measure(bench: Bench) -> Iterator[Table]:
    """Pages archived a second and a second of processor time, memory, and the cost of a crawl without news."""
    with Replica(articles=bench.pages, traps=DEFAULT - ENDLESS, crawl_delay=0) as replica:
        turns = interleaved({name: partial(_turn, name, replica) for name in (OURS, *OTHERS)}, bench.rounds)
        requests = turns[OURS][0].requests
        first, second = _passes(replica)
    yield Table(
        title=f"Crawling {bench.pages:,} articles in {requests:,} requests",
        ours=OURS,
        others=("Scrapy", "bare loop"),
        rows=(
            _row("archived", "pages/CPU s", turns, lambda turn: turn.requests / turn.crawled.processor),
            _row("archived", "pages/s", turns, lambda turn: turn.requests / turn.crawled.seconds),
            _row("memory at most", "MB", turns, lambda turn: turn.crawled.resident),
            Row(name="asking again", unit="% of bytes", ours=100 * second.sent / first.sent),
            Row(name="asking again", unit="documents", ours=second.changes),
        ),
        notes=(CRAWLERS, AGAIN),
    )


def _row(name: str, unit: str, turns: dict[str, list[Turn]], figure: Callable[[Turn], float]) -> Row:
    ours, *others = (median(map(figure, turns[name])) for name in (OURS, *OTHERS))
    return Row(name=name, unit=unit, ours=ours, others=tuple(others))


def _turn(name: str, replica: Replica) -> Turn:
    replica.control.clear()
    with tempfile.TemporaryDirectory(prefix="mic-bench-") as folder:
        crawled = crawl(name, replica, Path(folder))
    return Turn(crawled=crawled, requests=replica.log()["requests"])


def _passes(replica: Replica) -> tuple[Pass, Pass]:
    """The first crawl, and one of all of it again where nothing has changed."""
    with tempfile.TemporaryDirectory(prefix="mic-bench-") as folder:
        settings = Task.over(replica, folder).settings
        return _pass(settings, replica, again=False), _pass(settings, replica, again=True)


def _pass(settings: Settings, replica: Replica, *, again: bool) -> Pass:
    replica.control.clear()
    with open_workshop(settings) as workshop:
        with open_crawl(settings, workshop.profile, workshop.database, patience=timedelta(0)) as opened:
            opened.run(again=again)
        record = workshop.stores.record
        before = record.last_sequence
        update_record(workshop.stores, silent)
        return Pass(sent=replica.log()["sent"], changes=record.last_sequence - before)
