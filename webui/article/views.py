"""The article page's address."""

from flask import Blueprint, render_template, request

from indexer.query.language import QueryTooLong
from indexer.query.request import SearchRequest
from indexer.record import History, Snapshot
from webui import asking
from webui.arguments import read, view
from webui.article import files, neighbours, reading
from webui.article.marking import Marks
from webui.article.opening import cited, opened
from webui.citing import FORMATS
from webui.services import services
from webui.sharing import describing

article = Blueprint("article", __name__)


@article.get("/article/<key>")
def show(key: str) -> str:
    """One article as it was last seen: 404 where there is none of that key, 451 where it is withheld."""
    history = opened(key)
    return page(history, history.first_of(history.record.versions[-1]), _came_from())


def page(history: History, shown: Snapshot, came_from: SearchRequest | None = None) -> str:
    """An article as it was at one moment."""
    record, key, told = history.record, history.record.article.key, services().record
    is_last = shown.version is record.versions[-1]
    article = record.article if is_last else history.article(shown)
    marks, links = Marks(article), told.links(key)
    citation = cited(history, shown)
    return render_template(
        "article/article.html",
        record=record,
        article=article,
        shown=shown,
        is_last=is_last,
        last=history.first_of(record.versions[-1]),
        marks=marks,
        pieces=reading.pieces(article.blocks, marks),
        files=files.shown(shown.files, came_from.query if came_from else ""),
        places=reading.places(article, marks),
        read_provinces=reading.about(record.read),
        links=links,
        issuing={link.normal: link.issued_by[0] for link in links if len(link.issued_by) == 1},
        group=told.group(key),
        events=reading.versions(history, shown),
        changes=reading.changes(history),
        seen=len(history.snapshots),
        standings={standing.server: standing for standing in record.standings},
        came_from=came_from,
        view=view(request.args.items(multi=True)),
        place=neighbours.place(key, came_from) if came_from else None,
        citation=FORMATS["txt"].write(citation),
        related=asking.related(key),
        sharing=describing,
    )


def _came_from() -> SearchRequest | None:
    """The search whose result led here, for the way back."""
    try:
        asked = read(request.args.items(multi=True), services().labels)
    except QueryTooLong:
        return None
    return None if asked == SearchRequest() else asked
