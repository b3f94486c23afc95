"""How soon a result page is there in a real browser, and how heavy it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from indexer.query.request import SearchRequest
from tests.benchmarks.bench import Bench
from tests.benchmarks.searching import HTML, asked_of, environment
from tests.benchmarks.table import Row, Table
from tests.benchmarks.timing import interleaved, percentile
from tests.services import chromium
from tests.serving import serving
from webui.arguments import write

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Seen = Mapping[str, float]
"""What a browser tells of one page: milliseconds, kilobytes, the layout shift."""

FEWEST = 3
"""Searches that are enough in a small index, where nothing but the measuring is tried."""

SETTLED = 400
"""Milliseconds after loading in which something may still move or be painted."""

NOTE = (
    "Chromium without anything in its cache, the embedded engine, searches of the mix. Shown: first contentful "
    "paint after the first byte of the answer. LCP: largest contentful paint since the click. Layout shift: "
    "cumulative. Weight: compressed, with style sheets and scripts. bare: the same page, both refused."
)
_WATCH = """
window.seen = {lcp: 0, shift: 0};
new PerformanceObserver(list => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_TOLD = """() => {
    const [page] = performance.getEntriesByType("navigation"), parts = performance.getEntriesByType("resource");
    const bytes = list => list.reduce((sum, one) => sum + one.transferSize, 0);
    const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    return {
        shown: painted - page.responseStart, lcp: window.seen.lcp, shift: window.seen.shift,
        weight: bytes([page, ...parts]) / 1000,
        scripts: bytes(parts.filter(one => one.initiatorType === "script")) / 1000,
    };
}"""
_FIGURES = (
    ("shown after the answer, p50", "ms", "shown", median),
    ("shown after the answer, p95", "ms", "shown", partial(percentile, share=0.95)),
    ("LCP, p50", "ms", "lcp", median),
    ("LCP, p95", "ms", "lcp", partial(percentile, share=0.95)),
    ("layout shift, most", "", "shift", max),
    ("weight, most", "kB", "weight", max),
    ("JavaScript, most", "kB", "scripts", max),
)


def measure(bench: Bench) -> Iterator[Table]:
    """What the browser tells of the pages of the mix, at each size; nothing where there is no Chromium."""
    if chromium.missing():
        return
    for size in bench.sizes:
        requests = [one.request for one in asked_of(bench.fed(size))][: max(FEWEST, size // 100)]
        settings = bench.indexed(bench.engines[0], size)
        with ExitStack() as opened:
            address, _ = opened.enter_context(serving(environment(settings), "--port", "0"))
            browser = opened.enter_context(chromium.running())
            ways = {
                name: partial(_visit, browser, f"{address}{HTML}", requests, bare=bare)
                for name, bare in (("ours", False), ("bare", True))
            }
            interleaved(ways, 1)
            seen = interleaved(ways, min(bench.rounds, 3))
        yield Table(
            title=f"In a browser: {len(requests)} searches in {size:,} articles",
            ours="ours",
            others=("bare",),
            rows=tuple(_rows(seen)),
            notes=(NOTE,),
        )


def _rows(seen: Mapping[str, Sequence[Sequence[Seen]]]) -> Iterator[Row]:
    for name, unit, key, figure in _FIGURES:
        ours, bare = (
            median(figure([page[key] for page in pages]) for pages in seen[way]) for way in ("ours", "bare")
        )
        yield Row(name=name, unit=unit, ours=ours, others=(bare,))


_visitors = count(1)


def _visit(browser: "Browser", address: str, requests: Sequence[SearchRequest], *, bare: bool) -> list[Seen]:
    """Every search once, each by somebody who was never here."""
    found: list[Seen] = []
    for request in requests:
        number = next(_visitors)
        options: dict[str, Any] = {
            "locale": "vi-VN",
            "viewport": {"width": 1280, "height": 900},
            "extra_http_headers": {"X-Forwarded-For": f"10.9.{number >> 8 & 255}.{number & 255}"},
        }
        with browser.new_context(**options) as context:
            page = context.new_page()
            if bare:
                page.route("**/static/**", lambda route: route.abort())
            page.add_init_script(_WATCH)
            page.goto(f"{address}?{urlencode(write(request))}")
            page.wait_for_timeout(SETTLED)
            found.append(page.evaluate(_TOLD))
    return found
