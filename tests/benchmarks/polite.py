"""How many of the requests its pace allows a polite crawl makes: `python -m tests.benchmarks.polite`."""

import argparse
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from config.database import open_database
from config.settings import Settings
from config.site import load_profile
from crawler.crawl import open_crawl
from crawler.tables import captures
from tests.replica import Replica

FAMILY = "mic"


@dataclass(frozen=True, kw_only=True)
class Slots:
    """What became of the slots of one server family in the midst of a crawl."""

    delay: float
    """Seconds between requests that robots.txt asks for."""
    requests: int
    used: float
    """Share of the slots of that length."""
    used_with_jitter: float
    """Share of the slots of the length they have on average, with what the profile adds by chance."""
    shortest: float
    """Seconds between two requests at least; never less than the delay."""
    processor: float
    """Share of a processor it took."""


def measure(delay: float, requests: int) -> Slots:
    """Crawl so many addresses of a replica."""
    profile = load_profile("mic")
    jitter = next(family.jitter for family in profile.families if family.name == FAMILY)
    with Replica(articles=600, crawl_delay=delay) as replica, tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), host_map=replica.host_map, crawl_ca=replica.ca_file)
        database = open_database(settings.database)
        began = os.times()
        with open_crawl(settings, profile, database, patience=timedelta(seconds=2)) as crawl:
            crawl.run(limit=requests)
        ended = os.times()
        hosts = {host.name for host in profile.hosts if host.family == FAMILY}
        with database.reading() as connection:
            rows = connection.execute(sa.select(captures.c.url, captures.c.captured_at).order_by("captured_at"))
            moments = [row.captured_at.timestamp() for row in rows if urlsplit(row.url).hostname in hosts]
        database.close()
    times = moments[len(moments) // 10 :]  # each host's robots.txt, and pages that are few, come first
    slots, spent = len(times) - 1, times[-1] - times[0]
    return Slots(
        delay=delay,
        requests=len(times),
        used=slots * delay / spent,
        used_with_jitter=slots * delay * (1 + jitter / 2) / spent,
        shortest=min(later - earlier for earlier, later in pairwise(times)),
        processor=(ended.user + ended.system - began.user - began.system) / (ended.elapsed - began.elapsed),
    )


def main() -> None:
    """Print the figures for some delays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delays", type=float, nargs="+", default=[1.0, 0.1, 0.05])
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each crawl takes, about")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    for delay in chosen.delays:
        found = measure(delay, max(30, int(1.3 * chosen.seconds / delay)))
        if chosen.json:
            print(json.dumps(asdict(found)))
        else:
            jittered = f"{found.used_with_jitter:.1%} of those with jitter"
            print(
                f"every {delay:g} s: {found.requests} requests, {found.used:.1%} of the slots used ({jittered}),"
            )
            print(f"  at least {found.shortest:.4f} s between two, {found.processor:.1%} of a processor")


if __name__ == "__main__":
    main()
