"""How fast article pages are read, beside trafilatura."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from statistics import median
from typing import TypeVar

import trafilatura

from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.page import FetchedPage
from indexer.article import Article
from indexer.language.folding import fold
from indexer.language.normalise import normalise, search_text
from indexer.reading import Reader
from tests.benchmarks.bench import Bench
from tests.benchmarks.pages import Pages
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, per_second

Given = TypeVar("Given")

SAMPLE = 200
"""Article pages that are read again and again."""
SECONDS = 1.0
"""Of each contestant in a round, with SAMPLE pages or more."""

OTHERS = ("trafilatura", "its text alone")
NOTE = (
    "Pages are HTML as it was answered. trafilatura gives text with title, author and date, then text alone; ours "
    "gives the same and category, provinces, document numbers and attachments. All in one process."
)


def measure(bench: Bench) -> Iterator[Table]:
    """Pages a second, and megabytes a second of what every text goes through."""
    sample = list(islice(Pages(min(bench.pages, SAMPLE)).articles(), SAMPLE))
    reader = Reader(load_profile("mic"), load_vocabulary())
    texts = [said for page in sample if isinstance(said := reader.read(page), Article)]
    text = "\n".join(block.text for article in texts for block in article.blocks)
    seconds = SECONDS * len(sample) / SAMPLE
    pages = _rates((reader.read, _trafilatura, _text_alone), sample, seconds, bench.rounds)
    language = _rates((search_text, normalise, fold), [text], seconds, bench.rounds)
    size = len(text.encode()) / 1e6
    rows = [
        Row(name=name, unit="MB/s", ours=rate * size)
        for name, rate in zip(("search text", "normalise", "fold"), language, strict=True)
    ]
    kilobytes = sum(len(page.payload) for page in sample) / len(sample) / 1e3
    yield Table(
        title=f"Reading {len(sample)} article pages of {kilobytes:.0f} KB",
        ours="ours",
        others=OTHERS,
        rows=(Row(name="read", unit="pages/s", ours=pages[0], others=tuple(pages[1:])), *rows),
        notes=(NOTE,),
    )


def _rates(
    works: Sequence[Callable[[Given], object]], given: Sequence[Given], limit: float, rounds: int
) -> list[float]:
    """How often a second each work is done, in the median of rounds."""
    contestants = {
        number: partial(per_second, _taking_turns(work, given), limit) for number, work in enumerate(works)
    }
    rates = interleaved(contestants, rounds)
    return [median(rates[number]) for number in range(len(works))]


def _taking_turns(work: Callable[[Given], object], given: Sequence[Given]) -> Callable[[], object]:
    turn = cycle(given)
    return lambda: work(next(turn))


def _trafilatura(page: FetchedPage) -> object:
    return trafilatura.bare_extraction(page.payload, with_metadata=True)


def _text_alone(page: FetchedPage) -> object:
    return trafilatura.bare_extraction(page.payload)
