"""Finding the article on a page of unknown make, or of a known one whose marks are missing.

After Readability (Arc90, 2009): paragraphs speak for the element that holds them and half as much for the one
around it, by their length and commas; links speak against. The best element is the body; boxes in it that are
named like furniture, or are hardly more than links, are taken out. Where names say nothing, order does: the lead
stands between title and body.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.reading.dating import date_line, told_to_machines
from indexer.reading.finding import LEAD, Found, between, links
from indexer.reading.text import clean, is_counter, short

LEAST = 25
"""Characters of a paragraph that speaks."""
LONGEST_TITLE = 400
LONGEST_NAME = 120
"""Characters of a line that only names an author."""
LONGEST_BOX = 5_000
"""Characters of a lead, or of a box that may be furniture."""
CANDIDATES = 20
"""Elements that are weighed as the body, those about which most is said."""
MOSTLY_LINKS = 0.6
"""Share of a box's words that are links, from which on it is no text."""

_FURNITURE = (
    "script, style, noscript, template, nav, header nav, footer, aside, form input, select, iframe, [hidden], "
    "[style*='display:none'], [style*='display: none']"
)
_UNLIKELY = re.compile(
    r"comment|binhluan|sidebar|footer|menu|breadcrumb|duong-dan|related|lien-quan|share|chia-se|social|rating|"
    r"danh-gia|tien-ich|cong-cu|widget|cot-phai|banner|copyright|chan-trang|pager|phan-trang|"
    r"luot-(?:xem|truy-cap)|views|other|ribbon|login",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"\W*(?:©|\(c\)|copyright|bản quyền|all rights|địa chỉ\s*:|điện thoại\s*:|trụ sở\s*:|"
    r"giấy phép\s+(?:số|hoạt động)|ghi rõ nguồn)",
    re.IGNORECASE,
)
"""How lines begin that say whose site it is, and where they sit."""
_AUTHORS = re.compile(r"author|tac-?gia|byline|__by\b|source|nguon-?(?:tin)?\b|signature", re.IGNORECASE)
_META_TITLES = ("meta[property='og:title']", "meta[name='title']")
_LEADS = re.compile(r"(?:^|[-_ ])(?:sapo|lead|summary|description|chapo)|ArticleDescription", re.IGNORECASE)
_SITE_NAME = re.compile(r"\s+[-|–»]\s+(?=[^-|–»]*[^\W\d])[^-|–»]{3,80}$")
"""A part of words: "giai đoạn 2020 - 2024" ends with none."""
_INLINE = frozenset(("a", "b", "em", "font", "i", "span", "strong", "u"))
_BOXES = frozenset(("div", "ul", "ol", "section"))
_PARTS = frozenset(("td", "th", "li", "dd", "dt", "tr", "tbody"))


def find_anyway(tree: LexborHTMLParser, known: Found | None, *, month_first: bool = False) -> Found:
    """The parts of a page, those a template did find kept.

    `month_first`: whether a date that people are shown begins with the month, as on print views.
    """
    told = told_to_machines(tree)
    for node in tree.css(_FURNITURE):
        node.decompose()
    title_node = _title_node(tree)
    title = (known.title if known else "") or (_words(title_node) or _named(tree))
    base = known or Found(template="general", title="", month_first=month_first)
    date = base.date or told or date_line(tree, title_node, month_first=base.month_first)
    found = replace(base, title=title, date=date, general=True, is_told=bool(told) and not base.date)
    if base.body is not None:
        return found
    body = _body(tree)
    holder = _holder(title_node, body)
    offered = tuple(dict.fromkeys((*base.links, *links([holder] if holder is not None else []))))
    lead = base.lead or (_lead(tree, body, title_node, holder) if body is not None else None)
    signed = (*base.signed, *_signed(holder, body)) if holder is not None else base.signed
    if body is not None:
        _tidy(body, lead)
    return replace(found, lead=lead, body=body, links=offered, signed=signed)


def _title_node(tree: LexborHTMLParser) -> LexborNode | None:
    """The heading that the page's own title begins with, else its first of the first rank."""
    headings = [node for selector in ("h1", "h2", "[class*='title']") for node in tree.css(selector)]
    named = _named(tree)
    for node in headings:
        words = short(node, LONGEST_TITLE)
        if named and len(words) >= LEAST and (named.startswith(words) or words.startswith(named)):
            return node
    first = next((node for node in headings if node.tag == "h1" and short(node, LONGEST_TITLE)), None)
    if first is not None or len(named) < LEAST:
        return first
    return next((node for node in tree.css("div, p, td, span, b, strong") if clean(_own(node)) == named), None)


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
    for node, text in _paragraphs(tree):
        speaks = 1 + text.count(",") + min(len(text) / 100, 5)
        around = _around(node)
        for share, holder in ((1.0, around), (0.5, around.parent if around else None)):
            if holder is not None and holder.tag not in ("html", "-undef"):
                nodes[holder.mem_id] = holder
                scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + speaks * share
    if not scores:
        return None
    first = sorted(scores, key=lambda one: -scores[one])[:CANDIDATES]
    return nodes[max(first, key=lambda one: scores[one] * (1 - _link_share(nodes[one])))]


def _around(node: LexborNode) -> LexborNode | None:
    """The element a paragraph stands in; of a cell or an entry, the one around its table or list."""
    current = node
    while current.tag in _PARTS and current.parent is not None:
        current = current.parent
    return current.parent


def _paragraphs(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    """Elements that hold text of their own, with it; furniture by its class is left out."""
    names: dict[int, bool] = {}
    for node in tree.css("p, div, tr, td, li, pre, blockquote"):
        own = _row(node) if node.tag == "tr" else _own(node)
        if len(own) >= LEAST and not _IMPRINT.match(own) and not _is_furniture(node, names):
            yield node, own


def _own(node: LexborNode) -> str:
    """What an element says itself, not in boxes or paragraphs in it."""
    if node.tag == "p":
        return node.text().strip()
    children = (child for child in node.iter(include_text=True) if child.is_text_node or child.tag in _INLINE)
    return "".join(child.text() for child in children).strip()


def _row(node: LexborNode) -> str:
    """The cells of a row that says something as a whole: none of them would by itself."""
    cells = (
        [] if node.css_first("p, div, table") is not None else [clean(cell.text()) for cell in node.css("td, th")]
    )
    return " ".join(cells) if all(len(cell) < LEAST for cell in cells) else ""


def _is_furniture(node: LexborNode, names: dict[int, bool]) -> bool:
    """Whether it is named so, or one of the five around it; `names` keeps what was found out."""
    current: LexborNode | None = node
    for _ in range(6):
        if current is None or current.tag in ("body", "html"):
            return False
        number = current.mem_id
        if number not in names:
            names[number] = _UNLIKELY.search(_name(current)) is not None
        if names[number]:
            return True
        current = current.parent
    return False


def _name(node: LexborNode) -> str:
    return f"{node.attributes.get('class') or ''} {node.id or ''}"


def _link_share(node: LexborNode) -> float:
    length = len(node.text())
    return min(1.0, sum(len(link.text()) for link in node.css("a")) / length) if length else 1.0


def _holder(title: LexborNode | None, body: LexborNode | None) -> LexborNode | None:
    """The smallest element around title and body, or around the title where there is no body: files are in it."""
    above = {node.mem_id for node in _ancestors(title)} if title is not None else set()
    if body is None:
        near = islice(_ancestors(title), 6)
        return next((node for node in near if node.css_first("a[href]") is not None), None)
    return next((node for node in (body, *_ancestors(body)) if node.mem_id in above), body.parent)


def _ancestors(node: LexborNode | None) -> Iterator[LexborNode]:
    """The elements around a node but for the page's body, which holds the furniture too."""
    current = node.parent if node is not None else None
    while current is not None and current.tag not in ("body", "html", "-undef"):
        yield current
        current = current.parent


def _signed(holder: LexborNode, body: LexborNode | None) -> Iterator[str]:
    """Lines named like an author or a source. They are taken out, so that they are no text."""
    around = {node.mem_id for node in (body, *_ancestors(body)) if node is not None}
    for node in holder.css("div, p, span, address"):
        words = short(node, LONGEST_NAME) if _AUTHORS.search(_name(node)) else ""
        if words and node.mem_id not in around:
            node.decompose()
            yield words


def _tidy(body: LexborNode, lead: LexborNode | None) -> None:
    """Take the furniture out of a body."""
    kept = {node.mem_id for node in (body, lead, *_ancestors(lead)) if node is not None}
    for node in body.css("div, ul, ol, section, table, p, span"):
        if node.mem_id in kept:
            continue
        is_box = node.tag in _BOXES
        words = short(node, LONGEST_BOX if is_box else LONGEST_NAME)
        if _UNLIKELY.search(_name(node)) or (words and (is_counter(words) or (is_box and _is_box_of_links(node)))):
            node.decompose()


def _is_box_of_links(node: LexborNode) -> bool:
    if node.css_first("p") is not None:
        return False
    return node.css_first("a") is not None and _link_share(node) >= MOSTLY_LINKS


def _lead(
    tree: LexborHTMLParser, body: LexborNode, title: LexborNode | None, holder: LexborNode | None
) -> LexborNode | None:
    """An element whose name says that it is the lead; else one that may be, between title and body."""
    for node in tree.css("h2, p, div"):
        if _LEADS.search(_name(node)) and len(short(node, LONGEST_BOX)) >= LEAST and node.css_first("h1") is None:
            return None if node.mem_id == body.mem_id else node
    if title is None or holder is None:
        return None
    nearest = (node for node in between(title, body, holder) if _may_lead(node))
    return next(nearest, None)


def _may_lead(node: LexborNode) -> bool:
    words = short(node, LONGEST_BOX)
    return len(words) >= LEAD and not _UNLIKELY.search(_name(node)) and _link_share(node) < MOSTLY_LINKS


def _words(node: LexborNode | None) -> str:
    return clean(node.text(separator="")) if node is not None else ""
