"""What every comparison is given."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.engines import Engine
from tests.benchmarks.engines.elastic import Elastic
from tests.benchmarks.engines.embedded import Embedded
from tests.benchmarks.library import Library, open_library
from tests.services import elasticsearch


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """How much is measured, on which engines, over which stores."""

    articles: int
    rounds: int
    """How often all contestants have their turns; medians over them count."""
    library: Library
    engines: tuple[Engine, ...]
    servers: dict[str, str] = field(default_factory=dict)
    """Versions of the servers that were started."""


@contextmanager
def open_bench(folder: Path, articles: int, rounds: int, *, with_elasticsearch: bool) -> Iterator[Bench]:
    """Everything filled and started, for the length of a block. Raises ServiceError."""
    engines: list[Engine] = [Embedded(folder)]
    servers = {}
    with ExitStack() as opened:
        if with_elasticsearch:
            node = opened.enter_context(elasticsearch.running())
            elastic = Elastic(node.access.url)
            opened.callback(elastic.close)
            engines.append(elastic)
            servers[elasticsearch.NAME] = node.version
        library = opened.enter_context(open_library(folder / "library", articles))
        yield Bench(articles=articles, rounds=rounds, library=library, engines=tuple(engines), servers=servers)
