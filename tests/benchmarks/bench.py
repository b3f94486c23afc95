"""What every comparison is given."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings
from tests.benchmarks.engines import Engine
from tests.benchmarks.engines.elastic import Elastic
from tests.benchmarks.engines.embedded import Embedded
from tests.benchmarks.library import Library, open_crawled, open_fed
from tests.services import elasticsearch

CRAWLED = 2_000
"""Articles of the comparisons that need an archive, where nothing else is asked for."""
FED = (10_000, 100_000)
"""Articles of those that need a record alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """How much is measured, on which engines, over which stores; these are made when first asked for."""

    folder: Path
    articles: int | None
    """How many were asked for; None for as many as each comparison is meant for."""
    rounds: int
    """How often all contestants have their turns; medians over them count."""
    engines: tuple[Engine, ...]
    servers: dict[str, str] = field(default_factory=dict)
    """Versions of the servers that were started."""
    _opened: ExitStack
    _crawled: dict[int, Library] = field(default_factory=dict)
    _fed: dict[int, Library] = field(default_factory=dict)
    _indexed: dict[tuple[str, int], Settings] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Articles of the comparisons that read pages."""
        return self.articles or CRAWLED

    @property
    def crawled(self) -> Library:
        """An archive of real pages with its record."""
        count = self.pages
        if count not in self._crawled:
            self._crawled[count] = self._opened.enter_context(open_crawled(self.folder / "crawled", count))
        return self._crawled[count]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the records that are told what they hold."""
        return (self.articles,) if self.articles else FED

    def fed(self, articles: int) -> Library:
        """A record of so many articles."""
        if articles not in self._fed:
            folder = self.folder / f"fed-{articles}"
            self._fed[articles] = self._opened.enter_context(open_fed(folder, articles))
        return self._fed[articles]

    def indexed(self, engine: Engine, articles: int) -> Settings:
        """Those of an index of such a record, which stays until everything was measured."""
        if (engine.name, articles) not in self._indexed:
            library = self.fed(articles)
            settings = engine.empty(library.settings)
            library.index(settings)
            self._opened.callback(engine.drop, settings)
            self._indexed[engine.name, articles] = settings
        return self._indexed[engine.name, articles]


@contextmanager
def open_bench(folder: Path, articles: int | None, rounds: int, *, with_elasticsearch: bool) -> Iterator[Bench]:
    """The servers started, for the length of a block. Raises ServiceError."""
    engines: list[Engine] = [Embedded(folder)]
    servers = {}
    with ExitStack() as opened:
        if with_elasticsearch:
            node = opened.enter_context(elasticsearch.running())
            elastic = Elastic(node.access.url)
            opened.callback(elastic.close)
            engines.append(elastic)
            servers[elasticsearch.NAME] = node.version
        yield Bench(
            folder=folder,
            articles=articles,
            rounds=rounds,
            engines=tuple(engines),
            servers=servers,
            _opened=opened,
        )
