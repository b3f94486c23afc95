"""Article bodies as editors left them: paragraphs, divisions, loose text, pictures, tables, lists."""

import random
from collections.abc import Iterator
from html import escape

from indexer.article import Block
from tests.replica.addresses import HOSTS
from tests.replica.item import Item
from tests.replica.templates.view import Link, View
from tests.replica.text.misspelling import with_eths


def text(value: str) -> str:
    """Escaped for an element's content."""
    return escape(value, quote=False)


def sharepoint_body(view: View, item: Item) -> Iterator[str]:
    """The content of `#divArticleContent`: the lead once more (trap 7), the body in mixed markup, the author."""
    chance = view.chance(item, "markup")
    traps = 7 in view.traps
    style = chance.choice(("p", "p", "div", "loose", "mixed")) if traps else "p"
    if traps and item.text.lead and (item.slot.template != "T1" or chance.random() < 0.6):
        glued = item.picture and item.picture.glued and chance.random() < 0.5
        before = f"<em>{text(item.picture.caption)}</em>" if item.picture and glued else ""
        yield f'<p style="text-align: justify;">{before}{text(item.text.lead)}</p>'
    if item.only_link:
        yield f"<p>{_file_link(view, item)}</p>{signature(item)}"
        return
    link = view.announced(item)
    for number, block in enumerate(item.text.blocks):
        if item.picture and not item.picture.glued and item.picture.after == number:
            yield sharepoint_picture(view, item)
        yield _sharepoint_block(block, style, chance, _link_at(item, number, link))
    if item.picture and not item.picture.glued and item.picture.after >= len(item.text.blocks):
        yield sharepoint_picture(view, item)
    yield signature(item)


def print_body(view: View, item: Item) -> Iterator[str]:
    """The content of a print page: plain paragraphs."""
    if item.only_link:
        yield f"<p>{_file_link(view, item)}</p>"
        return
    link = view.announced(item)
    pictured = item.picture if item.picture and not item.picture.glued else None
    for number, block in enumerate(item.text.blocks):
        if pictured and pictured.after == number:
            yield sharepoint_picture(view, item)
        yield _sharepoint_block(block, "p", view.chance(item, "print"), _link_at(item, number, link))
    if pictured and pictured.after >= len(item.text.blocks):
        yield sharepoint_picture(view, item)


def _link_at(item: Item, number: int, link: Link | None) -> Link | None:
    """The link for a block: it stands in the last one the article was published with."""
    return link if number == len(item.text.blocks) - 1 - bool(item.revision) else None


def signature(item: Item) -> str:
    """Author or source, the way editors end an article."""
    signed = f"Theo {item.text.source}" if item.text.source else item.text.author
    return f'<p align="right"><strong>{text(signed)}</strong></p>' if signed else ""


def image(view: View, item: Item) -> str:
    """The article's picture; its description is a file name (trap 7)."""
    assert item.picture is not None
    return f'<img alt="{escape(item.picture.alt)}" src="{_from(view, item, item.picture.path)}" width="450"/>'


def sharepoint_picture(view: View, item: Item) -> str:
    """A picture; its caption is the next paragraph."""
    caption = item.picture.caption if item.picture else ""
    below = f'<p align="center"><em>{text(caption)}</em></p>' if caption else ""
    return f'<p align="center">{image(view, item)}</p>{below}'


def _sharepoint_block(block: Block, style: str, chance: random.Random, link: Link | None) -> str:
    if block.kind == "table":
        return _table(block.text)
    if block.kind == "list":
        return _list(block.text)
    content = _with_link(block.text, link)
    if block.kind == "heading":
        return f"<b>{content}</b><br/>" if style == "loose" else f"<p><strong>{content}</strong></p>"
    match chance.choice(("p", "div", "loose")) if style == "mixed" else style:
        case "div":
            return f'<div style="text-align: justify;">{content}</div><div>&nbsp;</div>'
        case "loose":
            return f"\n{content}<br/><br/>"
        case _:
            return f'<p style="text-align: justify;">{content}</p>'


def modern_body(view: View, item: Item) -> Iterator[str]:
    """The content of the new system's article: tidy paragraphs, figures with captions."""
    if item.only_link:
        yield f"<p>{_file_link(view, item)}</p>"
        return
    link = view.announced(item)
    for number, block in enumerate(item.text.blocks):
        if item.picture and item.picture.after == number:
            yield _figure(view, item)
        yield _modern_block(block, _link_at(item, number, link))
    if item.picture and item.picture.after >= len(item.text.blocks):
        yield _figure(view, item)


def _modern_block(block: Block, link: Link | None) -> str:
    match block.kind:
        case "table":
            return _table(block.text)
        case "list":
            return _list(block.text)
        case "heading":
            return f"<h3>{text(block.text)}</h3>"
        case _:
            return f"<p>{_with_link(block.text, link)}</p>"


def _figure(view: View, item: Item) -> str:
    assert item.picture is not None
    caption = f"<figcaption>{text(item.picture.caption)}</figcaption>" if item.picture.caption else ""
    return f"<figure>{image(view, item)}{caption}</figure>"


def _with_link(words: str, link: Link | None) -> str:
    content = text(words)
    if link is None:
        return content
    for title in (text(link.title), with_eths(text(link.title))):
        if title in content:
            return content.replace(title, f'<a href="{escape(link.url)}">{title}</a>')
    return content


def _table(rows: str) -> str:
    cells = (
        "<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row.split("\t")) + "</tr>"
        for row in rows.split("\n")
    )
    return f'<table border="1" cellspacing="0"><tbody>{"".join(cells)}</tbody></table>'


def _list(items: str) -> str:
    return "<ul>" + "".join(f"<li>{text(item)}</li>" for item in items.split("\n")) + "</ul>"


def _file_link(view: View, item: Item) -> str:
    (file,) = item.files
    words = item.text.blocks[0].text
    return f'<a href="{escape(_from(view, item, file.path))}">{text(words)}</a>' + "".join(
        f"</p><p>{text(block.text)}" for block in item.text.blocks[1:]
    )


def files(view: View, item: Item, css: str, heading: str) -> str:
    """The files an article offers."""
    if not item.files or item.only_link:
        return ""
    links = "".join(
        f'<li><a href="{escape(_from(view, item, file.path))}">{text(file.name)}</a></li>' for file in item.files
    )
    return f'<div class="{css}"><span>{heading}</span><ul>{links}</ul></div>'


def _from(view: View, item: Item, path: str) -> str:
    """Where a file is: the successor's copies show those of the old host."""
    return path if view.host == HOSTS[item.slot.site] else f"https://{HOSTS[item.slot.site]}{path}"
