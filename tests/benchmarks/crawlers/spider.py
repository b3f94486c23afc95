"""A Scrapy spider that follows the same links and keeps the bodies, each in a file."""

import os
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor

from tests.benchmarks.crawlers import Rules, Task, Watch

SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
}
"""All else is Scrapy's default: many requests at once, no certificates checked."""
LINKS = LinkExtractor(
    tags=("a", "area", "link", "img"), attrs=("href", "src"), deny_extensions=(), unique=True, strip=True
)


class SiteSpider(scrapy.Spider):
    """Keeps what it is answered in a folder."""

    name = "site"
    folder: Path

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._rules = Rules()
        self._numbers = count()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The profile's seeds."""
        for seed in self._rules.seeds:
            for request in self._ask(seed):
                yield request

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        """Keep an answer, and follow its links."""
        (self.folder / str(next(self._numbers))).write_bytes(response.body)
        if isinstance(response, HtmlResponse):
            for link in LINKS.extract_links(response):
                yield from self._ask(link.url)

    def _ask(self, url: str) -> Iterator[scrapy.Request]:
        address = self._rules.new(url)
        if address is not None:
            yield scrapy.Request(address.url)


def main() -> None:
    """Crawl until no link is left."""
    task = Task.told()
    os.environ |= {"http_proxy": task.proxy, "https_proxy": task.proxy}  # robots.txt goes through it too
    process = CrawlerProcess(SETTINGS)
    process.crawl(SiteSpider, folder=Path(task.folder))
    watch = Watch()
    process.start()
    watch.stop()


if __name__ == "__main__":
    main()
