"""The article page's address."""

from flask import Blueprint, abort, render_template, request

from crawler.address import Key, KeyFormatError
from indexer.query.language import QueryTooLong
from indexer.query.request import SearchRequest
from webui import asking
from webui.arguments import read
from webui.article import reading
from webui.services import services

article = Blueprint("article", __name__)


@article.get("/article/<key>")
def show(key: str) -> str | tuple[str, int]:
    """One article: 404 where the record knows none of that key, 451 (RFC 7725) where it is withheld."""
    wanted, record = _key(key), services().record
    found = record.article(wanted)
    if found is None:
        withheld = record.withheld([wanted])
        if not withheld:
            abort(404)
        return render_template("article/withheld.html", key=wanted, withheld=withheld[wanted]), 451
    return render_template(
        "article/article.html",
        record=found,
        article=found.article,
        pieces=reading.pieces(found.article.blocks),
        files=reading.files(found),
        places=reading.places(found.article),
        read_provinces=reading.about(found.read),
        links=record.links(wanted),
        group=record.group(wanted),
        history=reading.history(found),
        standings={standing.server: standing for standing in found.standings},
        related=asking.related(wanted),
        came_from=_came_from(),
    )


def _key(text: str) -> Key:
    try:
        return Key.parse(text)
    except KeyFormatError:
        abort(404)


def _came_from() -> SearchRequest | None:
    """The search whose result led here, for the way back."""
    try:
        asked = read(request.args.items(multi=True), services().labels)
    except QueryTooLong:
        return None
    return None if asked == SearchRequest() else asked
