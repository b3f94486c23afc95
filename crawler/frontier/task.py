"""What the frontier hands out and takes back: tasks, finds, outcomes."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from config.site import Kind
from crawler.address import Address

URGENT, LIST, ARTICLE, PAGE, PRINT, ATTACHMENT, ASSET, WALK = range(8)
"""Priorities; less is sooner. Lists come first, since they lead to everything; print forms come after articles, so
that an article's own form replaces them while they wait. What a walk tries is left to runs that walk."""

PRIORITY: dict[Kind, int] = {
    "list": LIST,
    "feed": LIST,
    "sitemap": LIST,
    "article": ARTICLE,
    "document": ARTICLE,
    "page": PAGE,
    "print": PRINT,
    "attachment": ATTACHMENT,
    "asset": ASSET,
}

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

Verdict = Literal["fetched", "unchanged", "moved", "gone", "failed", "forbidden"]
"""What an answer means for its address. `failed` is tried again soon, `forbidden` after days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One address to be fetched, with what is known from the last time."""

    id: int
    identity: str
    url: str
    kind: Kind
    server: str
    category: str
    page: int | None
    priority: int
    depth: int
    hops: int
    attempts: int
    status: int | None
    """Of the last answer, as in Outcome."""
    fetched_at: datetime | None
    etag: str
    last_modified: str
    payload_digest: str
    meaning: str
    capture: int | None
    """The capture that holds the last body; a 304 confirms it."""
    first_at: datetime | None
    """When it was answered for the first time; of the `checks` since then, `changes` found something else."""
    checks: int
    changes: int
    changed_at: datetime | None

    @property
    def host(self) -> str:
        """Scheme and canonical host of a page that has no key: what its identity begins with."""
        return "/".join(self.identity.split("/", 3)[:3])


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An address found on a page."""

    address: Address
    found_on: str = ""
    depth: int = 0
    category: str = ""
    hops: int = 0
    """Redirects in a row that led to it."""
    priority: int | None = None
    """None for that of its kind."""
    modified: datetime | None = None
    """When it last changed, as the place says that names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of a task. `status` is what the answer stands for: 404 for a soft one."""

    task: Task
    verdict: Verdict
    at: datetime
    status: int
    etag: str = ""
    last_modified: str = ""
    meaning: str = ""
    moved_to: Address | None = None
    """Another form of the same identity, to be asked for instead."""
    retry_base: float = 10.0
    """Seconds before the first further attempt after a failure."""

    @property
    def repeats(self) -> int:
        """Answers in a row that were no good; of one that says its page is gone, only those that said so too."""
        if self.verdict == "gone" and self.task.status not in _GONE:
            return 0
        return self.task.attempts


def form(kind: Kind, url: str) -> int:
    """How good an address is of what it holds, less is better: an article's own, a query, a print form."""
    return 2 if kind == "print" else 1 if "?" in url else 0


def priority_of(found: Found) -> int:
    """When a new address is to be fetched, compared with others."""
    return PRIORITY[found.address.kind] if found.priority is None else found.priority
