"""Boxes of links that lead from articles and home pages into the spaces without end (trap 4)."""

from html import escape

from tests.replica import spaces
from tests.replica.addresses import HOSTS
from tests.replica.catalogue import by_stream
from tests.replica.item import Item
from tests.replica.slots import SEED_DAY
from tests.replica.templates.body import text
from tests.replica.templates.view import View


def widgets(view: View, item: Item | None = None) -> str:
    """Links into the spaces: from an article to its day and its words, from elsewhere to some."""
    if 4 not in view.traps or view.host != HOSTS["mic"]:
        return ""
    day = item.moment.date() if item else SEED_DAY
    words = " ".join(item.text.title.split()[:3]) if item else "thông tin"
    series = by_stream()[f"mic:{(item and item.slot.category) or 91}"]
    links = [
        (spaces.day_address(series, day), "Xem theo ngày"),
        (spaces.search_address(words), "Tìm kiếm"),
        (spaces.week_address(SEED_DAY), "Lịch công tác"),
        (spaces.questions_address(1), "Hỏi đáp"),
    ]
    return links_box("tien-ich-tim", links)


def links_box(css: str, links: list[tuple[str, str]]) -> str:
    """A box of links with their words."""
    rows = "".join(f'<li><a href="{escape(url)}">{text(words)}</a></li>' for url, words in links)
    return f'<div class="{css}"><ul>{rows}</ul></div>'
