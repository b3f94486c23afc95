"""Where a page of unknown make says when it was published.

After htmldate (Barbaresi, 2020): what machines are told goes before what people are shown.
"""

import re
from collections.abc import Callable
from itertools import dropwhile, islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.language.dates import stated_date
from indexer.reading.text import clean, short

LONGEST_DATE = 80
"""Characters of a line that only tells a date."""
NEAR = 2_000
"""Elements after a title among which its date is looked for: more than most pages have."""
LONGEST_ITEM = 1_200
"""Characters of what a list shows of one article: title, teaser, day."""
ITEM_DEPTH = 4
"""Elements around a link in which its day may stand."""
MOST_OTHERS = 4
"""Words of such a line that are none of a calendar's: who posted it, what the day is of."""

_META_DATES = (
    "meta[property='article:published_time']", "meta[name='pubdate']", "meta[itemprop='datePublished']",
    "meta[name='publishdate']", "meta[name='DC.date.issued' i]", "meta[name='citation_date' i]",
)  # fmt: skip
_STAMPED = "article time[datetime], main time[datetime], time[itemprop][datetime]"
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_LETTERS = re.compile(r"[^\W\d_]+")
_CALENDAR = frozenset((
    "thứ", "hai", "ba", "tư", "năm", "sáu", "bảy", "chủ", "nhật", "ngày", "tháng", "giờ", "phút", "lúc", "cập",
    "đăng", "sa", "ch", "am", "pm", "gmt", "utc", "updated", "published", "posted", "on", "at", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
))  # fmt: skip
_PART_OF_DAY = re.compile(r"\W*(?:sáng|trưa|chiều|tối|hôm nay|trong|từ)\b", re.IGNORECASE)


def told_to_machines(tree: LexborHTMLParser) -> str:
    """The date in the page's head, in linked data, or in the attribute of a time."""
    for selector in _META_DATES:
        node = tree.css_first(selector)
        if node is not None and node.attributes.get("content"):
            return clean(node.attributes["content"] or "")
    for script in tree.css("script[type='application/ld+json']"):
        found = _LINKED_DATA.search(script.text())
        if found:
            return clean(found[1])
    stamped = tree.css_first(_STAMPED)
    return clean(stamped.attributes["datetime"] or "") if stamped is not None else ""


def date_line(tree: LexborHTMLParser, title: LexborNode | None, *, month_first: bool) -> str:
    """The first line that only tells a date after the title: before it stands the page's head with today's."""
    if title is None:
        return ""
    nodes = iter(tree.css("h1, h2, span, div, p, time, li, td, em, i, b, strong"))
    after = dropwhile(lambda node: node.mem_id != title.mem_id, nodes)
    for node in islice(after, 1, NEAR):
        words = short(node, LONGEST_DATE)
        if words and _is_date_line(words) and stated_date(words, month_first=month_first):
            return words
    return ""


def date_beside(link: LexborNode, title: str, is_own: Callable[[str], bool]) -> str:
    """The line that only tells a date beside an article's link on a list; '' where there is none.

    It is looked for in elements around the link that lead to no other article: `is_own` is asked of each address.
    """
    holder = link.parent
    for _ in range(ITEM_DEPTH):
        if holder is None or holder.tag in ("body", "html") or not short(holder, LONGEST_ITEM):
            return ""
        if not all(is_own(other.attributes.get("href") or "") for other in holder.css("a[href]")):
            return ""
        for node in (holder, *holder.css("td, div, p, li, dd, span, time, small, em, i, b, strong, font")):
            words = short(node, LONGEST_ITEM).replace(title, "", 1)
            if len(words) <= LONGEST_DATE and _is_date_line(words) and _is_apart(node) and stated_date(words):
                return words
        holder = holder.parent
    return ""


def _is_apart(node: LexborNode) -> bool:
    """Whether no words stand right beside an element: of a sentence it would be a part."""
    if node.tag in ("td", "div", "p", "li", "dd") or node.parent is None:
        return True
    beside = (one.text_content or "" for one in node.parent.iter(include_text=True) if one.is_text_node)
    return not any(_LETTERS.search(text) for text in beside)


def _is_date_line(words: str) -> bool:
    """Whether a line tells hardly more than a moment; "Sáng ngày 15/01/2009, Sở họp." begins a text."""
    others = [word for word in _LETTERS.findall(words.lower()) if word not in _CALENDAR]
    return len(others) <= MOST_OTHERS and not words.endswith((".", ";")) and _PART_OF_DAY.match(words) is None
