"""How fast pages are read, beside trafilatura in the same run: `python -m tests.benchmarks.reading`."""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from statistics import median
from urllib.parse import urlsplit

import trafilatura

from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.page import FetchedPage
from indexer.article import Article
from indexer.language.folding import fold
from indexer.language.normalise import normalise, search_text
from indexer.reading import Reader
from tests.replica.addresses import home
from tests.replica.corpus import Corpus
from tests.replica.exchange import Request
from tests.replica.options import Options
from tests.replica.site import Site

ROUNDS = 7
NOW = datetime(2025, 11, 1, tzinfo=UTC)


def pages(count: int) -> list[FetchedPage]:
    """Article pages of the replica with furniture of real weight, as they are answered."""
    corpus = Corpus(Options(articles=count))
    site = Site(corpus, lambda: NOW)
    found = []
    for item in corpus:
        url = urlsplit(home(item))
        answer = site.answer(
            Request(
                scheme=url.scheme,
                host=url.hostname or "",
                target=url.path + (f"?{url.query}" if url.query else ""),
                headers={},
            )
        )
        found.append(
            FetchedPage(
                url=url.geturl(), captured_at=NOW, status=answer.status, headers=tuple(answer.headers),
                payload=answer.body,
            )
        )  # fmt: skip
    return found


Read = Callable[[FetchedPage], object]


def rates(readers: Sequence[Read], sample: Sequence[FetchedPage], seconds: float) -> list[float]:
    """Pages a second of each: the median of rounds in which they take turns, for other work slows all alike."""
    found: list[list[float]] = [[] for _ in readers]
    for _ in range(ROUNDS):
        for read, figures in zip(readers, found, strict=True):
            done, began = 0, time.perf_counter()
            while (spent := time.perf_counter() - began) < seconds / ROUNDS:
                read(sample[done % len(sample)])
                done += 1
            figures.append(done / spent)
    return [median(figures) for figures in found]


def megabytes(work: Callable[[str], object], text: str) -> float:
    """Megabytes of UTF-8 a second, the best of five."""
    work(text)
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        work(text)
        spent.append(time.perf_counter() - began)
    return len(text.encode()) / 1e6 / min(spent)


def _trafilatura(page: FetchedPage) -> object:
    """Text with title, author and date, as reading gives them."""
    return trafilatura.bare_extraction(page.payload, with_metadata=True)


def _trafilatura_text(page: FetchedPage) -> object:
    return trafilatura.bare_extraction(page.payload)


def _texts(reader: Reader, sample: Sequence[FetchedPage]) -> tuple[str, int]:
    """The texts of all articles, and how many there are."""
    read = [said for page in sample if isinstance(said := reader.read(page), Article)]
    return "\n".join(block.text for article in read for block in article.blocks), len(read)


def measure(count: int, seconds: float) -> dict[str, float]:
    """All figures."""
    sample = pages(count)
    reader = Reader(load_profile("mic"), load_vocabulary())
    text, articles = _texts(reader, sample)
    ours, theirs, text_only = rates((reader.read, _trafilatura, _trafilatura_text), sample, seconds)
    return {
        "page_bytes": sum(len(page.payload) for page in sample) / len(sample),
        "articles_read": articles,
        "pages_per_second": ours,
        "trafilatura_pages_per_second": theirs,
        "times_trafilatura": ours / theirs,
        "trafilatura_text_only_pages_per_second": text_only,
        "search_text_mb_per_second": megabytes(search_text, text),
        "normalise_mb_per_second": megabytes(normalise, text),
        "fold_mb_per_second": megabytes(fold, text),
    }


def main() -> None:
    """Print the figures, a line each or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.pages, asked.seconds)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:30} {value:12,.1f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
