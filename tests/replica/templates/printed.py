"""T4: the print view of an article, bare, with the month before the day."""

from collections.abc import Iterator

from tests.replica.item import Item
from tests.replica.templates import dates
from tests.replica.templates.body import files, print_body, sharepoint_picture, signature, text
from tests.replica.templates.chunks import Part
from tests.replica.templates.view import View


def article(view: View, item: Item) -> Iterator[str | Part]:
    """The print view of any article that has one."""
    yield (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>'
        f'<title>{text(item.text.title)}</title></head><body onload="window.print()"><div class="print-page">'
        '<div class="print-site">Cổng thông tin điện tử Bộ Thông tin và Truyền thông</div>'
        f'<div class="print-title">{text(item.text.title)}</div>'
        f'<div class="print-date">{dates.printed(item.moment)}</div>'
        f'<div class="print-lead">(Mic.gov.vn) –<b>{text(item.text.lead)}</b></div><div class="print-content">'
    )
    if item.picture and item.picture.glued:
        yield sharepoint_picture(view, item)
    yield from print_body(view, item)
    yield f"{signature(item)}</div>{files(view, item, 'print-files', 'Tệp đính kèm:')}</div></body></html>"
