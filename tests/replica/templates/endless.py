"""Pages of the spaces without end (trap 4)."""

import random
from collections.abc import Iterator
from datetime import date
from html import escape
from zlib import crc32

from tests.replica import addresses, spaces
from tests.replica.catalogue import Series, by_stream
from tests.replica.item import Item
from tests.replica.spaces import Space
from tests.replica.templates import sharepoint
from tests.replica.templates.body import text
from tests.replica.templates.chunks import Part
from tests.replica.templates.view import View
from tests.replica.templates.widgets import links_box

RESULTS = 10
_IDS = ("91c2a7d0_5f3e_4b68_a7d1_6c0e4f2b8a39", "3e7b1f94_8c25_4d0a_9e63_b5a80d72c41f")
_RELATED = ("cấp xã", "năm tới", "bưu chính", "báo chí", "hội nghị", "kế hoạch", "chuyển đổi số", "tập huấn")
_EVENTS = ("Họp giao ban", "Tiếp công dân", "Làm việc với địa phương", "Dự hội nghị", "Nghe báo cáo")


def page(view: View, at: Space) -> Iterator[str | Part]:
    """A page of a space."""
    yield from sharepoint.start(view, _title(at), _IDS)
    match at.kind:
        case "calendar":
            assert at.series is not None
            yield from _entries(_of_day(view, at.series, at.day))
            yield links_box(
                "lich-ngay", [(spaces.day_address(at.series, day), f"{day:%d/%m/%Y}") for day in _near(at.day)]
            )
        case "search":
            yield from _entries(_results(view, at))
            following = (spaces.search_address(at.query, at.page + 1), "Sau")
            more = [(spaces.search_address(f"{at.query} {word}".strip()), word) for word in _RELATED]
            yield links_box("tim-them", [following, *more])
        case "weeks":
            yield _schedule(at.day)
            weeks = [(spaces.week_address(day), f"Tuần từ {day:%d/%m/%Y}") for day in spaces.around(at.day, 7)]
            yield links_box("tuan-khac", weeks)
        case "questions":
            yield from _questions(min(at.page, spaces.QUESTIONS))
            yield links_box("phan-trang", [(spaces.questions_address(at.page + 1), "Sau")])
    yield from sharepoint.end(view)


def _title(at: Space) -> str:
    match at.kind:
        case "calendar":
            return f"Tin ngày {at.day:%d/%m/%Y}"
        case "search":
            return f"Kết quả tìm kiếm: {at.query}"
        case "weeks":
            return f"Lịch công tác tuần từ {at.day:%d/%m/%Y}"
        case "questions":
            return "Hỏi đáp"


def _entries(items: Iterator[Item]) -> Iterator[str]:
    yield '<div class="ket-qua">'
    for item in items:
        yield f'<p><a href="{escape(addresses.home(item))}">{text(item.text.title)}</a></p>'
    yield "</div>"


def _near(day: date) -> tuple[date, ...]:
    """The days of the calendar that a page shows: a week before and after."""
    return tuple(near for days in range(1, 8) for near in spaces.around(day, days))


def _of_day(view: View, series: Series, day: date) -> Iterator[Item]:
    """The articles of a list that appeared on a day, found by halving."""
    layout, low, high = view.corpus.layout, 0, view.corpus.layout.count(series.stream)
    while low < high:
        middle = (low + high) // 2
        newer = layout.place(layout.nth(series.stream, middle)).moment.date() > day
        low, high = (middle + 1, high) if newer else (low, middle)
    for item in view.run(series, low, layout.count(series.stream)):
        if item.moment.date() != day:
            return
        yield item


def _results(view: View, at: Space) -> Iterator[Item]:
    """Some articles that lists show too; there are always more."""
    series = by_stream()["mic:91"]
    start = crc32(f"{at.query}/{at.page}".encode()) % view.corpus.layout.count(series.stream)
    return view.run(series, start, start + RESULTS)


def _schedule(monday: date) -> str:
    """A week of meetings that say nothing."""
    chance = random.Random(monday.toordinal())
    rows = "".join(f"<tr><td>{hour}h</td><td>{chance.choice(_EVENTS)}</td></tr>" for hour in (8, 10, 14, 16))
    return f"<table><caption>{monday:%d/%m/%Y}</caption>{rows}</table>"


def _questions(page: int) -> Iterator[str]:
    for number in range(5):
        topic = _RELATED[(page * 5 + number) % len(_RELATED)]
        yield f"<p>Hỏi: Bao giờ có quy định mới về {topic}, mục {'i' * page}?</p><p>Đáp: Đang soạn thảo.</p>"
