"""The least that archives a site: requests, lexbor and warcio in a loop."""

import gzip
from collections import deque
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from protego import Protego
from selectolax.lexbor import LexborHTMLParser
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.benchmarks.crawlers import LINKS, Rules, Task, Watch


class Loop:
    """One request after the other over kept connections, each answer a response record."""

    def __init__(self, task: Task, writer: WARCWriter) -> None:
        self._rules = Rules()
        self._writer = writer
        self._robots: dict[str, Protego] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = {"http": task.proxy, "https": task.proxy}
        self._session.verify = task.ca_file

    def crawl(self) -> None:
        """Crawl until no link is left."""
        waiting = deque(filter(None, map(self._rules.new, self._rules.seeds)))
        while waiting:
            url = waiting.popleft().url
            if self._is_allowed(url):
                waiting.extend(filter(None, map(self._rules.new, self._ask(url))))

    def _is_allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = Protego.parse(self._session.get(f"{origin}/robots.txt").text)
        return bool(self._robots[origin].can_fetch(url, "loop"))

    def _ask(self, url: str) -> Iterator[str]:
        """Archive an answer; gives the links of it."""
        with self._session.get(url, stream=True) as answer:
            payload = answer.raw.read(decode_content=False)
        self._archive(url, answer, payload)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            is_packed = answer.headers.get("Content-Encoding") == "gzip"
            tree = LexborHTMLParser(gzip.decompress(payload) if is_packed else payload)
            for selector, attribute in LINKS:
                for node in tree.css(selector):
                    yield urljoin(url, node.attributes[attribute] or "")

    def _archive(self, url: str, answer: requests.Response, payload: bytes) -> None:
        headers = StatusAndHeaders(
            f"{answer.status_code} {answer.reason}", [*answer.headers.items()], protocol="HTTP/1.1"
        )
        record = self._writer.create_warc_record(url, "response", payload=BytesIO(payload), http_headers=headers)
        self._writer.write_record(record)


def main() -> None:
    """Crawl into one WARC file."""
    task = Task.told()
    with (Path(task.folder) / "loop.warc.gz").open("wb") as file:
        loop = Loop(task, WARCWriter(file, gzip=True))
        watch = Watch()
        loop.crawl()
        watch.stop()


if __name__ == "__main__":
    main()
