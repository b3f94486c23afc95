"""Finding the article on a page of unknown make, or of a known one whose marks are missing.

After Readability (Arc90, 2009): paragraphs speak for the element that holds them and half as much for the one
around it, by their length and commas; links speak against. The best element is the body.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.language.dates import stated_date
from indexer.reading.finding import Found, links
from indexer.reading.text import clean

LEAST = 25
"""Characters of a paragraph that speaks."""
LONGEST_DATE = 80
"""Characters of a line that only tells a date."""
LONGEST_TITLE = 400

_FURNITURE = (
    "script, style, noscript, template, nav, header nav, footer, aside, form input, select, iframe, [hidden], "
    "[style*='display:none'], [style*='display: none']"
)
_UNLIKELY = re.compile(
    r"comment|binhluan|sidebar|footer|menu|breadcrumb|related|lien-quan|share|social|rating|danh-gia|tien-ich|"
    r"widget|cot-phai|banner|copyright|chan-trang|pager|phan-trang|luot-(?:xem|truy-cap)|other|ribbon|login",
    re.IGNORECASE,
)
_META_TITLES = ("meta[property='og:title']", "meta[name='title']")
_META_DATES = (
    "meta[property='article:published_time']", "meta[name='pubdate']", "meta[itemprop='datePublished']",
    "meta[name='publishdate']",
)  # fmt: skip
_LEADS = re.compile(r"(?:^|[-_ ])(?:sapo|lead|summary|description|chapo)|ArticleDescription", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+[-|–»]\s+[^-|–»]{3,80}$")


def find_anyway(tree: LexborHTMLParser, known: Found | None) -> Found:
    """The parts of a page, those a template did find kept."""
    for node in tree.css(_FURNITURE):
        node.decompose()
    title_node = _title_node(tree)
    body = None if known and known.body else _body(tree)
    title = (known.title if known else "") or (_words(title_node) or _named(tree))
    lead = known.lead if known else None
    if lead is None and body is not None:
        lead = _lead(tree, body)
    base = known or Found(template="general", title="")
    return replace(
        base,
        title=title,
        lead=lead,
        body=base.body or body,
        date=base.date or _date(tree, title_node),
        links=base.links or tuple(links([body] if body is not None else [])),
        general=True,
    )


def _title_node(tree: LexborHTMLParser) -> LexborNode | None:
    """The heading that the page's own title begins with, else its first of the first rank."""
    headings = [node for selector in ("h1", "h2", "[class*='title']") for node in tree.css(selector)]
    named = _named(tree)
    for node in headings:
        words = _words(node)
        if named and LEAST <= len(words) <= LONGEST_TITLE and (named.startswith(words) or words.startswith(named)):
            return node
    return next((node for node in headings if node.tag == "h1" and _words(node)), None)


def _named(tree: LexborHTMLParser) -> str:
    """What the page's head calls it, without the site's name."""
    for selector in _META_TITLES:
        node = tree.css_first(selector)
        if node is not None and node.attributes.get("content"):
            return clean(node.attributes["content"] or "")
    node = tree.css_first("title")
    return _SITE_NAME.sub("", _words(node)) if node is not None else ""


def _body(tree: LexborHTMLParser) -> LexborNode | None:
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node, length in _paragraphs(tree):
        text = node.text()
        speaks = 1 + text.count(",") + min(length / 100, 5)
        for share, holder in ((1.0, node.parent), (0.5, node.parent.parent if node.parent else None)):
            if holder is not None and holder.tag not in ("html", "-undef"):
                nodes[holder.mem_id] = holder
                scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + speaks * share
    if not scores:
        return None
    best = max(scores, key=lambda one: scores[one] * (1 - _link_share(nodes[one])))
    return nodes[best]


def _paragraphs(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, int]]:
    """Elements that hold text of their own, with its length; furniture by its class is left out."""
    for node in tree.css("p, div, td, li, pre, blockquote"):
        own = node.text(deep=node.tag == "p").strip()
        if len(own) >= LEAST and not _is_furniture(node):
            yield node, len(own)


def _is_furniture(node: LexborNode) -> bool:
    current: LexborNode | None = node
    for _ in range(6):
        if current is None or current.tag in ("body", "html"):
            return False
        named = f"{current.attributes.get('class') or ''} {current.id or ''}"
        if _UNLIKELY.search(named):
            return True
        current = current.parent
    return False


def _link_share(node: LexborNode) -> float:
    length = len(node.text())
    return min(1.0, sum(len(link.text()) for link in node.css("a")) / length) if length else 1.0


def _lead(tree: LexborHTMLParser, body: LexborNode) -> LexborNode | None:
    """An element outside the body whose name says that it is the lead."""
    for node in tree.css("h2, p, div"):
        named = f"{node.attributes.get('class') or ''} {node.id or ''}"
        if _LEADS.search(named) and len(_words(node)) >= LEAST and node.css_first("h1") is None:
            return None if node.mem_id == body.mem_id else node
    return None


def _date(tree: LexborHTMLParser, title: LexborNode | None) -> str:
    """What machines are told, else the first line that only tells a date after the title.

    Before the title stands the page's head, which shows the day of the visit.
    """
    for selector in _META_DATES:
        node = tree.css_first(selector)
        if node is not None and node.attributes.get("content"):
            return clean(node.attributes["content"] or "")
    stamped = tree.css_first("article time[datetime], main time[datetime], time[itemprop][datetime]")
    if stamped is not None:
        return clean(stamped.attributes["datetime"] or "")
    if title is None:
        return ""
    passed = False
    for node in tree.css("h1, h2, span, div, p, time, li, td, em, i"):
        passed = passed or node.mem_id == title.mem_id
        words = _words(node) if passed and node.mem_id != title.mem_id else ""
        if words and len(words) <= LONGEST_DATE and stated_date(words):
            return words
    return ""


def _words(node: LexborNode | None) -> str:
    return clean(node.text(separator="")) if node is not None else ""
