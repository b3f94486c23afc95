"""How long the frontier's operations take as it grows: `python -m tests.benchmarks.frontier`."""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from config.database import Database, open_database
from config.settings import Settings
from config.site import load_profile
from crawler.address import Addresses, Key
from crawler.archive import open_archive
from crawler.clock import SystemClock
from crawler.frontier import Found, Frontier, Outcome, Selection, Task
from crawler.page import Capture, FetchedPage
from crawler.tables import addresses as rows
from tests.services import postgresql

SIZES = (1_000, 10_000, 100_000)
GROUP = 32
"""Addresses of one commit, and of one look for what is due, as in a crawl."""
ROUNDS = 15
FIRST = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Time of one operation, for each address it is about: the best of some rounds, for other work only adds."""

    operation: str
    addresses: int
    """In the frontier."""
    milliseconds: float


class Bench:
    """A frontier of some size, in a database of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._addresses = Addresses(load_profile("mic"))
        self._clock = SystemClock()
        self.frontier = Frontier(database, self._clock)
        self._size = 0
        settings = Settings(data=folder)
        archive = open_archive(settings, database, self._addresses, self._clock)
        page = FetchedPage(url=self._url(0), captured_at=self._clock.now(), status=200, payload=b"x")
        self._capture: Capture = archive.append(page, self._addresses.read(page.url))
        archive.close()

    def grow(self, size: int) -> None:
        """Fill it up to a size: all are due, most were fetched before."""
        while self._size < size:
            self._add(min(5_000, size - self._size))
        values = {"fetched_at": self._clock.now(), "capture": self._capture.id, "first_at": self._clock.now()}
        with self._database.writing() as connection:
            connection.execute(sa.update(rows).where(rows.c.id % 10 != 0).values(**values))
            if not self._database.is_sqlite:
                connection.execute(sa.text("ANALYZE addresses"))

    def operations(self) -> Iterator[tuple[str, int, Callable[[], object]]]:
        """Each operation with how many addresses it is about."""
        frontier = self.frontier
        yield "add new", GROUP, lambda: self._add(GROUP)
        yield "meet known", GROUP, self._meet
        yield "take what is due", GROUP, lambda: frontier.take("mic", GROUP)
        yield "record answers", GROUP, self._record
        yield "postpone", GROUP, self._postpone
        yield "look one up", 1, lambda: frontier.task(self._identity(self._size // 2))
        yield "learn a change", 1, lambda: frontier.learn({Key(family="mic", id=str(FIRST + 1)): True})
        yield "let one be due", 1, lambda: frontier.due_now(Selection(keys=[Key(family="mic", id=str(FIRST + 7))]))
        yield "is one tried again soon", 1, lambda: frontier.is_retry_near(["mic"], timedelta(minutes=1), 2)
        yield "is anything due elsewhere", 1, lambda: frontier.is_due("mst")
        yield "count what is due", 1, frontier.due

    def _url(self, number: int) -> str:
        return f"https://mic.gov.vn/Pages/TinTuc/{FIRST + number}/Tin.html"

    def _identity(self, number: int) -> str:
        return self._addresses.read(self._url(number)).identity

    def _add(self, count: int) -> None:
        finds = [
            Found(address=self._addresses.read(self._url(number)), found_on="https://mic.gov.vn/")
            for number in range(self._size, self._size + count)
        ]
        with self._database.writing() as connection:
            self.frontier.add(connection, finds)
        self._size += count

    def _meet(self) -> None:
        numbers = range(0, self._size, max(1, self._size // GROUP))
        finds = [Found(address=self._addresses.read(self._url(number))) for number in numbers][:GROUP]
        with self._database.writing() as connection:
            self.frontier.add(connection, finds)

    def _record(self) -> None:
        tasks = self.frontier.take("mic", GROUP)
        with self._database.writing() as connection:
            self.frontier.record(connection, [(self._outcome(task), self._capture) for task in tasks])

    def _outcome(self, task: Task) -> Outcome:
        return Outcome(
            task=task, verdict="unchanged" if task.capture else "fetched", at=self._clock.now(), status=200
        )

    def _postpone(self) -> None:
        until = self._clock.now() + timedelta(days=1)
        tasks = {task.id: until for task in self.frontier.take("mic", GROUP)}
        with self._database.writing() as connection:
            self.frontier.postpone(connection, tasks)


def timings(bench: Bench, size: int) -> list[Timing]:
    """Every operation at one size."""
    bench.grow(size)
    return [
        Timing(operation=name, addresses=size, milliseconds=1_000 * _seconds(operation) / about)
        for name, about, operation in bench.operations()
    ]


def _seconds(operation: Callable[[], object]) -> float:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        operation()
        found.append(time.perf_counter() - began)
    return min(found)


@contextmanager
def _database(name: str, folder: Path) -> Iterator[Database]:
    if name == "sqlite":
        opened = open_database(f"sqlite:///{folder}/mic.sqlite3")
        yield opened
        opened.close()
        return
    with postgresql.running() as server:
        opened = open_database(server.url)
        yield opened
        opened.close()


def measure(name: str, sizes: Sequence[int]) -> list[Timing]:
    """Every operation at every size."""
    with tempfile.TemporaryDirectory() as folder, _database(name, Path(folder)) as database:
        bench = Bench(database, Path(folder))
        return [timing for size in sizes for timing in timings(bench, size)]


def main() -> None:
    """Print the curve of each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    for name in chosen.database or ["sqlite", "postgresql"]:
        found = measure(name, chosen.sizes)
        if chosen.json:
            print(json.dumps({"database": name, "timings": [asdict(timing) for timing in found]}))
            continue
        print(f"{name}: milliseconds for each address (of a group of {GROUP} where several go together)")
        print(f"{'':<28}" + "".join(f"{size:>12,}" for size in chosen.sizes))
        for operation in dict.fromkeys(timing.operation for timing in found):
            row = [timing.milliseconds for timing in found if timing.operation == operation]
            print(f"{operation:<28}" + "".join(f"{milliseconds:>12.4f}" for milliseconds in row))
    print(f"largest resident size: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024:.0f} MB")


if __name__ == "__main__":
    main()
