"""Where a page keeps what: its make recognised, its parts found by the profile's selectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from config.site import Template
from indexer.language.dates import stated_date
from indexer.reading.text import clean

LEAD = 40
"""Characters an element between title and body must have to be the lead."""
DATE = 60
"""Characters a line that tells when an article was published has at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The parts of an article's page, as nodes of its tree where their inner order counts, else as words."""

    template: str
    title: str
    lead: LexborNode | None = None
    body: LexborNode | None = None
    signed: tuple[str, ...] = ()
    date: str = ""
    month_first: bool = False
    category: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Links of the box of files and of the body: address as written, and what the link says."""
    general: bool = False
    """Found by the general method: nothing vouches for it."""
    is_told: bool = False
    """Whether the date is one that machines are told, which is never the day of the visit."""


def recognise(tree: LexborHTMLParser, templates: Sequence[Template], *, listing: bool) -> Template | None:
    """The first template whose mark the page bears, among those of lists or of the rest."""
    return next(
        (
            template
            for template in templates
            if (template.kind == "list") == listing and tree.css_first(template.recognise) is not None
        ),
        None,
    )


def find(tree: LexborHTMLParser, template: Template) -> Found:
    """The parts of a page of a known make. Its furniture is taken out of the tree on the way.

    They are looked for in the element that holds the article, and only what is not there in the whole page.
    """
    root = tree.root
    holder = (tree.css_first(template.within) if template.within else None) or root
    if root is None or holder is None:
        return Found(template=template.name, title="")
    scopes = (holder,) if holder is root else (holder, root)
    if template.drop:
        for node in holder.css(", ".join(template.drop)):
            node.decompose()
    body = _first(scopes, template.body)
    lead = _first(scopes, template.lead)
    boxes = [node for selector in template.attachments for node in holder.css(selector)]
    offered = list(links(boxes))
    for box in boxes:
        box.decompose()
    title = _first(scopes, template.title)
    date = _words(_first((holder,), template.date))
    if body is not None and holder is not root and (lead is None or not date):
        # Names change; what stands between the title and the body still does.
        near = list(between(title, body, holder))
        lead = lead or next((node for node in near if len(_words(node)) >= LEAD), None)
        date = date or next((words for words in map(_words, near) if _is_date(words)), "")
    return Found(
        template=template.name,
        title=_words(title),
        lead=lead,
        body=body,
        signed=tuple(
            filter(None, (_words(node) for selector in template.author for node in holder.css(selector)))
        ),
        date=date,
        month_first=template.month_first,
        category=_words(_last(holder, template.category)),
        links=tuple(dict.fromkeys((*offered, *links([body] if body is not None else [])))),
    )


def between(title: LexborNode | None, body: LexborNode, holder: LexborNode) -> Iterator[LexborNode]:
    """Elements between the title and the body, the nearest to the body first."""
    current: LexborNode | None = body
    while current is not None and current.mem_id != holder.mem_id:
        before = current.prev
        while before is not None:
            if title is not None and (before.mem_id == title.mem_id or before.css_first("h1") is not None):
                return
            if before.is_element_node:
                yield before
            before = before.prev
        current = current.parent


def _is_date(words: str) -> bool:
    """Whether a line tells a moment and hardly more."""
    moment = stated_date(words) if words and len(words) <= DATE else None
    return moment is not None and moment.hour is not None


def links(nodes: Sequence[LexborNode]) -> Iterator[tuple[str, str]]:
    """Address, as written, and words of every link in or at some nodes."""
    for node in nodes:
        for anchor in (node,) if node.tag == "a" else node.css("a[href]"):
            target = anchor.attributes.get("href")
            if target:
                yield target, _words(anchor)


def _first(scopes: Sequence[LexborNode], selectors: Sequence[str]) -> LexborNode | None:
    """The first match of the first selector that has one, in the first scope that has any."""
    found = (node for scope in scopes for selector in selectors if (node := scope.css_first(selector)) is not None)
    return next(found, None)


def _last(holder: LexborNode, selectors: Sequence[str]) -> LexborNode | None:
    """The last match: the end of a trail of links is the nearest category."""
    return next((nodes[-1] for selector in selectors if (nodes := holder.css(selector))), None)


def _words(node: LexborNode | None) -> str:
    return clean(node.text(separator="")) if node is not None else ""
