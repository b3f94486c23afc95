"""The crawlers that are compared, each in a process of its own that says what its crawl took."""

import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from config.settings import Settings
from config.site import load_profile
from crawler.address import Address, Addresses
from tests.replica import Replica

ROOT = Path(__file__).parents[3]
PROFILE = "mic"
LINKS = (("a[href], area[href], link[href]", "href"), ("img[src]", "src"))
"""What counts as a link."""


class CrawlerError(Exception):
    """A crawler ended without saying what it did; the message is its complaint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a crawler is told: where the replica is, and the empty folder it keeps what it archives in."""

    host_map: str
    proxy: str
    """For crawlers that cannot map hosts."""
    ca_file: str
    folder: str

    @property
    def settings(self) -> Settings:
        """For our own crawler: no delay, all else as it is for everybody."""
        return Settings.model_validate(
            {"data": self.folder, "host_map": self.host_map, "crawl_ca": self.ca_file, "crawl_delay": 0}
        )

    @classmethod
    def told(cls) -> Self:
        """The task of this process, from its argument."""
        return cls(**json.loads(sys.argv[1]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Crawled:
    """What a crawl took, from its first request until everything was written; imports and opening do not count."""

    processor: float
    """Seconds, those of child processes included."""
    seconds: float
    resident: float
    """Megabytes in memory at most, what it had before included."""


class Watch:
    """Measures this process from when it is made."""

    def __init__(self) -> None:
        self._began, self._spent = time.perf_counter(), _processor()

    def stop(self) -> None:
        """Print what was measured, for `crawl`."""
        crawled = Crawled(
            processor=_processor() - self._spent,
            seconds=time.perf_counter() - self._began,
            resident=_most_resident(),
        )
        print(json.dumps(asdict(crawled)))


def _most_resident() -> float:
    """What getrusage says is inherited from whoever started the process, where that had more."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(told[1]) / 1_024 if told else 0.0


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


class Rules:
    """The links every crawler follows: those our profile allows, what has a key once, whatever its address."""

    def __init__(self) -> None:
        self.seeds = load_profile(PROFILE).seeds
        self._addresses = Addresses(load_profile(PROFILE))
        self._met: set[str] = set()

    def new(self, url: str) -> Address | None:
        """The address to be asked for; None where it may not be, or was met before."""
        address = self._addresses.read(url)
        if not address.allowed or address.identity in self._met:
            return None
        self._met.add(address.identity)
        return address


def crawl(name: str, replica: Replica, folder: Path) -> Crawled:
    """Let one of the modules of this package crawl a replica. Raises CrawlerError."""
    task = Task(
        host_map=replica.host_map, proxy=replica.proxy_url, ca_file=str(replica.ca_file), folder=str(folder)
    )
    command = [sys.executable, "-m", f"{__name__}.{name}", json.dumps(asdict(task))]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode or not done.stdout:
        raise CrawlerError(f"{name}: {done.stderr.strip() or 'ended without a word'}")
    return Crawled(**json.loads(done.stdout))
