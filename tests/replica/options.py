"""What can be chosen when a replica is made."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.replica.traps import Traps

DEFAULT_ARTICLES = 2_000
DEFAULT_SEED = 1
DEFAULT_CRAWL_DELAY = 0.02
DEFAULT_SLOW = 10.0


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices. The same options give the same bytes, but for the parts each visit changes."""

    articles: int = DEFAULT_ARTICLES
    """Articles and documents together, the Long An notice among them."""
    seed: int = DEFAULT_SEED
    traps: Traps = field(default_factory=Traps)
    light: bool = False
    """Pages of about 6 KB instead of the real site's 55 KB."""
    crawl_delay: float = DEFAULT_CRAWL_DELAY
    """Seconds between requests that robots.txt asks for."""
    latency: float = 0
    """Seconds before each answer is sent, so that requests made at the same time are seen to be."""
    slow: float = DEFAULT_SLOW
    """Seconds that the slow page of trap 14 takes."""
    now: datetime | None = None
    """The moment (UTC) the server's clock starts from; the machine's clock if None."""
    conditional: bool = True
    """Answer 304 where a client already has the page."""
    shared_data: Path | None = None
    """Folder with seed_article.txt; the notice is told in words of our own if None."""
