"""What a crawl is asked to do, what it works with, and what it says it has done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from config.database import Database
from config.settings import Settings
from config.site import Kind, SiteProfile
from crawler.address import Addresses
from crawler.archive import Archive
from crawler.clock import Clock
from crawler.frontier import Frontier
from crawler.frontier.task import Verdict
from crawler.ledger import Decision, Ledger
from crawler.robots import Robots
from crawler.terms import Terms

PATIENCE = timedelta(seconds=60)
"""How long a run waits for a further attempt, or for a server that wants to be left alone, before it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rooms:
    """Everything a crawl works with, open."""

    settings: Settings
    profile: SiteProfile
    database: Database
    clock: Clock
    addresses: Addresses
    archive: Archive
    frontier: Frontier
    robots: Robots
    ledger: Ledger
    terms: Mapping[str, Terms]
    """Of each server family."""
    chance: Random
    """What is left to chance: how much later than needed a request is made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Which due addresses a run fetches."""

    only: Collection[Kind] = ()
    limit: int | None = None
    """Requests after which it ends; robots.txt does not count."""
    urgent: bool = False
    """Only what was made urgent for it."""
    walks: bool = False
    """Only the next numbers of walks, at their share of the pace."""
    follows: bool = False
    """Whether what urgent lists newly show is urgent too."""
    patience: timedelta = PATIENCE


@dataclass(kw_only=True, slots=True)
class Summary:
    """What one run did."""

    fetched: int = 0
    not_modified: int = 0
    moved: int = 0
    gone: int = 0
    failed: int = 0
    forbidden: int = 0
    new: int = 0
    """Addresses that were not known before."""
    bytes: int = 0
    """Of payloads, as they were transferred."""
    seconds: float = 0.0
    remaining: int = 0
    """Addresses that are still due."""
    notes: list[str] = field(default_factory=list)
    """What an administrator should know: servers left alone, accidents put right."""

    @property
    def done(self) -> int:
        """Addresses asked for."""
        return self.fetched + self.not_modified + self.moved + self.gone + self.failed + self.forbidden

    @property
    def errors(self) -> int:
        """Addresses to be tried again."""
        return self.failed + self.forbidden

    def count(self, verdict: Verdict, size: int) -> None:
        """Add one answer."""
        name = "not_modified" if verdict == "unchanged" else verdict
        setattr(self, name, getattr(self, name) + 1)
        self.bytes += size


DECISIONS: dict[Verdict, Decision] = {
    "fetched": "fetched",
    "unchanged": "not modified",
    "moved": "moved",
    "gone": "fetched",
    "failed": "failed",
    "forbidden": "failed",
}
"""How the ledger calls what came of a task; what is gone was answered, and the reason says so."""
