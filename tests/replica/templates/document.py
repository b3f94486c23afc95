"""T6: the page of a legal document: a table of its particulars, its files below."""

from collections.abc import Iterator

from tests.replica.item import Item
from tests.replica.templates import sharepoint
from tests.replica.templates.body import files, text
from tests.replica.templates.chunks import Part, Volatile
from tests.replica.templates.view import View


def article(view: View, item: Item) -> Iterator[str | Part]:
    """The page of a document."""
    (table,) = (block for block in item.text.blocks if block.kind == "table")
    yield from sharepoint.start(view, item.text.title, (view.guid(item, "first"), view.guid(item, "second")))
    yield f'<div class="main_vbtable"><h1 class="title_vb">{text(item.text.title)}</h1><table class="chi-tiet-vb">'
    for row in table.text.split("\n"):
        name, _, value = row.partition("\t")
        yield f'<tr><td class="ten">{text(name)}</td><td class="gia-tri">{text(value)}</td></tr>'
    yield "</table>"
    for block in item.text.blocks:
        if block.kind != "table":
            yield f'<p class="ghi-chu-vb">{text(block.text)}</p>'
    yield f"{files(view, item, 'file_vb', 'Tệp văn bản:')}</div>"
    yield '<div class="luot-truy-cap">Lượt truy cập: <span>'
    yield Volatile.VIEWS
    yield "</span></div>"
    yield from sharepoint.end(view)
