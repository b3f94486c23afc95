"""What was done to the site since it was made: edits, removals, outages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Any, Literal, Self, get_args

from crawler.address import Key

Gone = Literal["404", "410", "soft 404", "error page"]
"""How the site says that a page is not there: two plainly, two with status 200."""

WAYS: tuple[Gone, ...] = get_args(Gone)

Outage = Literal["503", "403", "error page", "home"]
"""What a host answers to everything while it is out of order: also its error page, or a redirect to its home."""

OUTAGES: tuple[Outage, ...] = get_args(Outage)

EDITED, TAKEN_DOWN = 10, 40
"""In a night, one article of so many is edited, one removed."""


@dataclass
class Changes:
    """The state the corpus is seen in. Only the server changes it; others read a copy."""

    revisions: dict[str, int] = field(default_factory=dict)
    removed: dict[str, Gone] = field(default_factory=dict)
    outages: dict[str, Outage] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)
    """Of each article that was ever changed, when that was last."""
    latest: datetime | None = None
    """Of any article."""
    count: int = 0
    """Changes so far."""

    def edit(self, key: Key, now: datetime) -> None:
        """Change the article's meaning, at a moment in UTC."""
        self.revisions[str(key)] = self.revisions.get(str(key), 0) + 1
        self._touch(key, now)

    def remove(self, key: Key, way: Gone, now: datetime) -> None:
        """Take the article down from its page, lists and feeds."""
        self.removed[str(key)] = way
        self._touch(key, now)

    def restore(self, key: Key, now: datetime) -> None:
        """Put it back."""
        self.removed.pop(str(key), None)
        self._touch(key, now)

    def outage(self, host: str, way: Outage | None) -> None:
        """Let a host answer everything in that way, or None: as it should again."""
        self.outages.pop(host, None)
        if way:
            self.outages[host] = way

    def night(self, keys: Iterable[Key], now: datetime) -> None:
        """What happens between two crawls: some articles edited, others removed, in each of the ways in turn."""
        ways = cycle(WAYS)
        for number, key in enumerate(keys):
            if number % TAKEN_DOWN == TAKEN_DOWN // 2:
                self.remove(key, next(ways), now)
            elif number % EDITED == 1:
                self.edit(key, now)

    def to_json(self) -> dict[str, Any]:
        """What the ground truth depends on."""
        return {"revisions": self.revisions, "removed": self.removed}

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(revisions=state["revisions"], removed=state["removed"])

    def _touch(self, key: Key, now: datetime) -> None:
        self.changed_at[str(key)] = self.latest = now
        self.count += 1
