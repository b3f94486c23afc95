"""Which template shows what an address leads to."""

from collections.abc import Callable, Iterator

from tests.replica.addresses import HOSTS
from tests.replica.item import Item
from tests.replica.routes import Route, ToArticle, ToFeed, ToList, ToNothing, ToPage, ToSpace
from tests.replica.templates import document, endless, english, lists, modern, others, printed, sharepoint
from tests.replica.templates.chunks import Part
from tests.replica.templates.view import View


def markup(view: View, route: Route) -> Iterator[str | Part]:
    """The page a route leads to, as it looks on the view's host."""
    match route:
        case ToArticle(item=item, printed=is_print):
            return (printed.article if is_print else _template(view, item))(view, item)
        case ToList(series=series, page=page):
            return lists.list_page(view, series, page)
        case ToFeed(series=series):
            return others.feed_page(view, series)
        case ToSpace(space=at):
            return endless.page(view, at)
        case ToNothing(way=way):
            return others.gone_page(view, way)
        case _:
            is_home = isinstance(route, ToPage) and route.kind == "home"
            return others.home_page(view) if is_home else others.static_page(view)


def _template(view: View, item: Item) -> Callable[[View, Item], Iterator[str | Part]]:
    """The make of page an article has by its time and by the host it is seen on."""
    if item.document:
        return document.article
    if item.slot.site == "english":
        return english.article
    if item.slot.template == "T3" or view.host == HOSTS["mst"]:
        return modern.article
    return sharepoint.article
