"""Where a page keeps what: its make recognised, its parts found by the profile's selectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from config.site import Template
from indexer.reading.text import clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The parts of an article's page, as markup where their inner order counts, else as words."""

    template: str
    title: str
    lead: str = ""
    """Markup."""
    body: str = ""
    """Markup."""
    signed: tuple[str, ...] = ()
    date: str = ""
    month_first: bool = False
    category: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """Links of the box of files and of the body: address as written, and what the link says."""
    general: bool = False
    """Found by the general method: nothing vouches for it."""


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
    """The parts of a page of a known make. Its furniture is taken out of the tree on the way."""
    if template.drop:
        for node in tree.css(", ".join(template.drop)):
            node.decompose()
    body = _first(tree, template.body)
    lead = _first(tree, template.lead)
    boxes = [node for selector in template.attachments for node in tree.css(selector)]
    offered = list(links(boxes))
    for box in boxes:
        box.decompose()
    return Found(
        template=template.name,
        title=_words(_first(tree, template.title)),
        lead=_markup(lead),
        body=_markup(body),
        signed=tuple(filter(None, (_words(node) for selector in template.author for node in tree.css(selector)))),
        date=_words(_first(tree, template.date)),
        month_first=template.month_first,
        category=_words(_last(tree, template.category)),
        links=tuple(dict.fromkeys((*offered, *links([body] if body is not None else [])))),
    )


def links(nodes: Sequence[LexborNode]) -> Iterator[tuple[str, str]]:
    """Address, as written, and words of every link in or at some nodes."""
    for node in nodes:
        for anchor in (node,) if node.tag == "a" else node.css("a[href]"):
            target = anchor.attributes.get("href")
            if target:
                yield target, _words(anchor)


def _first(tree: LexborHTMLParser, selectors: Sequence[str]) -> LexborNode | None:
    """The first match of the first selector that has one."""
    return next((node for selector in selectors if (node := tree.css_first(selector)) is not None), None)


def _last(tree: LexborHTMLParser, selectors: Sequence[str]) -> LexborNode | None:
    """The last match: the end of a trail of links is the nearest category."""
    return next((nodes[-1] for selector in selectors if (nodes := tree.css(selector))), None)


def _words(node: LexborNode | None) -> str:
    return clean(node.text(separator="")) if node is not None else ""


def _markup(node: LexborNode | None) -> str:
    return (node.html or "") if node is not None else ""
