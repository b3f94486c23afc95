"""What reading takes: pages a second beside trafilatura, huge pages, hostile ones, memory."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
import trafilatura

from crawler.page import FetchedPage
from indexer.article import Article, Listing
from tests.benchmarks.pages import Pages
from tests.indexer.reading.pages import ARTICLE, answer, page, reader, sharepoint, truth

TIMES = 30
"""How many pages are read while trafilatura reads one."""
SIZES = range(45_000, 65_000)
"""Bytes of the pages that are compared: 55 KB on average, as real ones have."""
ROUNDS, SAMPLE = 2, 20
HUGE, SECONDS = 10_000_000, 2.0
LIST = "https://mic.gov.vn/Pages/ChuyenMuc/PhanTrang/1748/1/x.html"
FEED = "https://mic.gov.vn/Pages/TinTuc/rss.aspx?chuyenmucid=91"


def seconds(work: Callable[[FetchedPage], object], pages: Sequence[FetchedPage]) -> float:
    """Processor time, so that what else the machine does counts little."""
    began = time.process_time()
    for one in pages:
        work(one)
    return time.process_time() - began


def _by_trafilatura(given: FetchedPage) -> object:
    return trafilatura.bare_extraction(given.payload, with_metadata=True)


def test_pages_are_read_thirty_times_as_fast_as_by_trafilatura(capsys: pytest.CaptureFixture[str]):
    fitting = [one for one in Pages(200).articles() if len(one.payload) in SIZES]
    pages = fitting[:: len(fitting) // SAMPLE][:SAMPLE]  # articles and documents as the site has them
    assert len(pages) == SAMPLE
    assert all(isinstance(reader().read(one), Article) for one in pages)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(reader().read, pages * 4) / 4)
        theirs.append(seconds(_by_trafilatura, pages))
    ratio = min(theirs) / min(ours)
    kilobytes = sum(len(one.payload) for one in pages) / SAMPLE / 1e3
    with capsys.disabled():
        print(f"\n{SAMPLE / min(ours):.0f} pages/s of {kilobytes:.0f} KB, {ratio:.1f} times trafilatura's")
    assert ratio >= TIMES


def _filled(unit: str) -> str:
    return unit * (HUGE // len(unit.encode()))


PROSE = (
    "Hội nghị nghe báo cáo kết quả thực hiện nhiệm vụ năm 2008 ở tỉnh Long An theo Nghị định số 14/2008/NĐ-CP. "
)
DENSE = (
    "Sở Thông tin và Truyền thông các tỉnh Long An, Cà Mau, TP. Hồ Chí Minh, huyện Phú Quốc (Kiên Giang) theo các "
    "Quyết định số 12, 13 và 15/QĐ-BTTTT ngày 15/01/2009 và Nghị định số 14/2008/NĐ-CP của Chính phủ. "
)
HUGE_PAGES = {
    "paragraphs": (f"<p>{PROSE * 3}</p>", sharepoint("{}"), ARTICLE),
    "one paragraph": (PROSE, sharepoint("<p>{}</p>"), ARTICLE),
    "table": (f"<tr><td>{PROSE * 3}</td><td>14</td></tr>", sharepoint("<table>{}</table>"), ARTICLE),
    "unknown make": (f"<p>{PROSE * 3}</p>", "<h1>Một trang dài</h1><div>{}</div>", ARTICLE),
    "dense table": (f"<tr><td>{DENSE}</td><td>14</td></tr>", sharepoint("<table>{}</table>"), ARTICLE),
    "dense unknown make": (f"<p>{DENSE}</p>", "<h1>Một trang dài</h1><div>{}</div>", ARTICLE),
    "names": ("Long An, Cà Mau, Bạc Liêu, ", sharepoint("<p>{}</p>"), ARTICLE),
    "encoded twice": (f"<p>{PROSE}</p>".encode().decode("latin-1"), sharepoint("{}"), ARTICLE),
    "list": (f'<div><a href="/Pages/TinTuc/1/x.html">{PROSE}</a></div>', "{}", LIST),
}
"""What is repeated, what stands around it, and where."""


@pytest.mark.parametrize("name", HUGE_PAGES)
def test_a_page_of_ten_megabytes_is_read_in_two_seconds(name: str, capsys: pytest.CaptureFixture[str]):
    unit, frame, url = HUGE_PAGES[name]
    huge = page(frame.replace("{}", _filled(unit)), url)
    found: list[object] = []
    kept = reader()  # made once for each process
    gc.collect()
    gc.freeze()  # pytest's own objects are no part of reading
    taken = seconds(lambda one: found.append(kept.read(one)), [huge])
    gc.unfreeze()
    with capsys.disabled():
        print(f"\n{name}: {len(huge.payload) / 1e6:.1f} MB in {taken:.2f} s")
    assert isinstance(found[0], Article | Listing)
    assert taken < SECONDS


REPEATS = (
    "a", "1", "1/", "1.", "-", " ", "\t", "\u00a0", "(", "((", ")", "theo ", "Theo A", "nguồn: ", "a, ", "A, ",
    "số ", "số 12, 13 và ", "Quyết định số ", "1/QĐ-", "14/2008/NĐ-CP ", "ngày 1", "ngày 1/1/2009 ", "1 tháng ",
    "June ", "TP. ", "tỉnh A, ", "Sở TT&TT ", "Long An - ", "và ", "&", "&amp;", "<br> ", "\u0301", "o\u0301",
    "&shy;", "<b>", "<p>", "<!--", "<a href='/x.pdf'>x</a>", "<td>", " - ", "| ", "(Mic.gov.vn) - ", '"',
    "Bé Th«ng ", "aù", "\x1e ", "Lượt truy cập: ", "1:", "a.b.", "TT-", "Chia sẻ: ",
)  # fmt: skip
"""Beginnings of what expressions look for, again and again."""
LENGTH = 6_000


def hostile(text: str) -> Iterator[FetchedPage]:
    """Pages that hold it wherever one of ours looks: known and unknown make, list, feed."""
    known = sharepoint(f'<p>{text}</p><p align="right"><b>{text}</b></p>', lead=text, title=text)
    yield page(known.replace('<div class="news', f'<div class="date-detail">{text}</div><div class="news', 1))
    yield page(
        f"<html><head><title>{text}</title><script type='application/ld+json'>{text}</script></head><body>"
        f"<h1>Tên bài của trang</h1><div class='author'>{text}</div><div>{text}</div><p>{text}</p></body></html>"
    )
    yield page(
        f"<div class='item_news'><a class='title' href='/Pages/TinTuc/1/x.html'>{text}</a>{text}</div>", LIST
    )
    entry = f"<title>{text}</title><link>https://mic.gov.vn/Pages/TinTuc/1/x.html</link><pubDate>{text}</pubDate>"
    yield page(f"<rss><channel><item>{entry}</item></channel></rss>", FEED)


@pytest.mark.parametrize("unit", REPEATS)
def test_hostile_repeats_take_time_that_grows_with_their_length_alone(unit: str):
    short = [unit * (length // len(unit)) for length in (LENGTH, 3 * LENGTH)]
    for one, longer in zip(*map(hostile, short), strict=True):
        taken = seconds(reader().read, [one])
        if taken > 0.1:  # else not even a square would harm
            assert any(seconds(reader().read, [longer]) < 6 * taken for _ in range(2))


def resident() -> float:
    """Megabytes this process has in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4_096 / 1e6


@cache
def _whole_replica() -> list[FetchedPage]:
    return [answer(next(url for url in said.addresses if url not in said.moved)) for said in truth()]


def test_memory_stays_as_it_is_however_many_pages_are_read(capsys: pytest.CaptureFixture[str]):
    seconds(reader().read, _whole_replica())
    before = resident()
    for _ in range(3):
        seconds(reader().read, _whole_replica())
    grown = resident() - before
    with capsys.disabled():
        print(f"\n{grown:.1f} MB more after {3 * len(_whole_replica())} pages")
    assert grown < 5
