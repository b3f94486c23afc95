"""How much memory a crawl takes as it goes on: `python -m tests.benchmarks.memory`."""

import argparse
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import timedelta

from config.database import open_database
from config.site import load_profile
from crawler.crawl import open_crawl
from crawler.progress import Progress
from tests.benchmarks.crawlers import Task
from tests.benchmarks.crawling import ENDLESS
from tests.benchmarks.importing import resident
from tests.replica import Replica
from tests.replica.traps import DEFAULT

POINTS = 10
"""How often memory is told while as many answers come as there are articles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """The crawl after so many answers."""

    answers: int
    resident: float
    """Megabytes in memory then, and never more up to here."""
    seconds: float


def measure(articles: int) -> list[Point]:
    """Crawl a replica of light pages; memory at most, told after each tenth as many answers as it has articles."""
    found: list[Point] = []
    most = 0.0
    began = time.perf_counter()

    def report(progress: Progress) -> None:
        nonlocal most
        most = max(most, resident())
        if progress.done >= (len(found) + 1) * articles / POINTS:
            found.append(Point(answers=progress.done, resident=most, seconds=time.perf_counter() - began))

    with (
        Replica(articles=articles, light=True, traps=DEFAULT - ENDLESS, crawl_delay=0) as replica,
        tempfile.TemporaryDirectory(prefix="mic-bench-") as folder,
    ):
        settings = Task.over(replica, folder).settings
        database = open_database(settings.database)
        with open_crawl(settings, load_profile("mic"), database, patience=timedelta(0)) as crawl:
            crawl.run(report=report)
        database.close()
    return found


def main() -> None:
    """Print the curve, a line each or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for point in measure(asked.articles):
        if asked.json:
            print(json.dumps(asdict(point)))
        else:
            print(f"after {point.answers:>9,} answers: {point.resident:6.1f} MB at most, {point.seconds:8.0f} s")


if __name__ == "__main__":
    main()
