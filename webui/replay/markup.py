"""HTML written anew out of what may stay: elements and attributes of known names, addresses rewritten (pure).

The frame it is shown in runs no script and asks nobody else anyway. This is the other lock of the same door.
"""

from collections.abc import Callable, Iterator
from html import escape
from typing import Literal

from selectolax.lexbor import LexborNode

from crawler.page import Html
from crawler.page.links import of_srcset
from webui.replay import styles
from webui.replay.allowed import (
    ATTRIBUTES,
    DROPPED,
    ELEMENTS,
    IMAGES,
    PRESENTATION,
    SVG,
    SVG_ATTRIBUTES,
    VOID,
)

Use = Literal["style", "image", "font", "link"]
Rewrite = Callable[[str, Use], str]
"""From an address as it is written, and what it is for, to the one that stands for it; '' where there is none."""


def inert(page: Html, rewrite: Rewrite) -> str:
    """The page as HTML that holds nothing but text, known markup and rewritten addresses."""
    root = page.tree.root
    return "<!doctype html>\n" + "".join(_written(root, rewrite)) if root else ""


def _written(root: LexborNode, rewrite: Rewrite) -> Iterator[str]:
    """Walks the tree without recursion: pages may be nested a thousand deep."""
    node: LexborNode | None = root
    while node is not None:
        text, enters = _opened(node, rewrite)
        yield text
        child = node.child if enters else None
        if child is not None:
            node = child
            continue
        if enters:
            yield _closed(node)
        while node.mem_id != root.mem_id and node.next is None and node.parent is not None:
            node = node.parent
            yield _closed(node)
        node = None if node.mem_id == root.mem_id else node.next


def _opened(node: LexborNode, rewrite: Rewrite) -> tuple[str, bool]:
    """What a node begins with, and whether its children are to be written, too."""
    if node.is_text_node:
        return escape(node.text_content or "", quote=False), False
    tag = (node.tag or "").lower()
    if not node.is_element_node or tag in DROPPED:
        return "", False
    if tag == "style":
        return f"<style>{_raw(styles.sheet(node.text(), rewrite))}</style>", False
    if tag == "link":
        return _link(node, rewrite), False
    if tag in ELEMENTS or tag in SVG:
        return f"<{SVG.get(tag, tag)}{''.join(_attributes(node, tag, rewrite))}>", tag not in VOID
    return "", True


def _closed(node: LexborNode) -> str:
    tag = (node.tag or "").lower()
    return f"</{SVG.get(tag, tag)}>" if (tag in ELEMENTS or tag in SVG) and tag not in VOID else ""


def _link(node: LexborNode, rewrite: Rewrite) -> str:
    """A style sheet; what else a page names in its head is of no use here."""
    relations = set((node.attributes.get("rel") or "").lower().split())
    address = node.attributes.get("href") or ""
    if "stylesheet" in relations and "alternate" not in relations and address:
        rewritten = rewrite(address, "style")
        media = node.attributes.get("media") or "all"
        if rewritten:
            return f'<link rel="stylesheet" href="{escape(rewritten)}" media="{escape(media)}">'
    return ""


def _attributes(node: LexborNode, tag: str, rewrite: Rewrite) -> Iterator[str]:
    is_svg = tag in SVG
    for name, value in node.attributes.items():
        lower, text = name.lower(), value or ""
        if lower == "style":
            yield _attribute("style", styles.inline(text, rewrite))
        elif lower in ("src", "data-src", "data-original", "srcset", "background", "href", "xlink:href"):
            continue
        elif is_svg:
            if lower in SVG_ATTRIBUTES:
                yield _attribute(SVG_ATTRIBUTES[lower], _presented(lower, text, rewrite))
        elif lower in ATTRIBUTES:
            yield _attribute(lower, text)
    yield from _addresses(node, tag, rewrite)


def _presented(name: str, value: str, rewrite: Rewrite) -> str:
    """A presentation attribute may name another element, or an image, as style sheets do."""
    return styles.inline(value, rewrite) if name in PRESENTATION else value


def _addresses(node: LexborNode, tag: str, rewrite: Rewrite) -> Iterator[str]:
    found = node.attributes
    if tag in IMAGES:
        names = ("src", "data-src", "data-original")
        sizes = (address for address in of_srcset(found.get("srcset") or ""))
        written = [found.get(name) or "" for name in names] + list(sizes)
        rewritten = next((new for address in written if address and (new := rewrite(address, "image"))), "")
        if rewritten:
            yield _attribute("src", rewritten)
    if tag in ("a", "area"):
        address = found.get("href") or ""
        rewritten = address if address.startswith("#") else rewrite(address, "link") if address else ""
        if rewritten:
            yield _attribute("href", rewritten)
            yield "" if address.startswith("#") else ' target="_top"'
    if tag in ("body", "table", "td", "th", "tr") and found.get("background"):
        rewritten = rewrite(found["background"] or "", "image")
        if rewritten:
            yield _attribute("background", rewritten)
    if tag in ("use", "lineargradient", "radialgradient", "pattern"):
        address = found.get("href") or found.get("xlink:href") or ""
        if address.startswith("#"):
            yield _attribute("href", address)


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'


def _raw(css: str) -> str:
    """Style sheets stand in HTML as they are: no `<` in them may end their element."""
    return css.replace("<", "\\3c ")
