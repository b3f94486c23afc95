"""The addresses of an article's captures: one as it was, all of them in time, two compared."""

from itertools import groupby

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.comparing import Comparison, Row, compare
from webui import addresses
from webui.article import listing, telling
from webui.article.opening import opened, snapshot
from webui.article.views import page

versions = Blueprint("versions", __name__)

LONE = 2
"""Paragraphs that did not change are folded where more of them stand together."""


@versions.get("/article/<key>/<stamp>")
def version(key: str, stamp: str) -> Response | BaseResponse:
    """What an article said at one moment. The stamp as it is written here is the address to keep."""
    history = opened(key)
    shown = snapshot(history, stamp)
    if stamp != shown.stamp:
        return redirect(addresses.version(history.record.article.key, shown.stamp))
    answer = make_response(page(history, shown))
    answer.headers["X-Robots-Tag"] = "noindex"  # the article's page is the one to find
    return answer


@versions.get("/article/<key>/captures")
def captures(key: str) -> str:
    """Every capture, the last first, some to a page."""
    history = opened(key)
    return render_template(
        "article/captures.html",
        record=history.record,
        article=history.record.article,
        seen=len(history.snapshots),
        page=listing.page(
            history,
            request.args,
            request.args.get("page", 1, type=int),
            changes=request.args.get("changes") == "1",
        ),
    )


@versions.get("/article/<key>/compare")
def comparison(key: str) -> str | BaseResponse:
    """Two captures, the earlier one first; without any, the last version beside the one before."""
    history = opened(key)
    about, asked = history.record.article.key, [request.args.get(name, "") for name in ("a", "b")]
    if not all(asked):
        firsts = [history.first_of(one) for one in history.record.versions[-2:]]
        if len(firsts) < len(asked):
            return redirect(addresses.captures(about))
        return redirect(addresses.compare(about, firsts[0].stamp, firsts[1].stamp))
    one, other = sorted((snapshot(history, stamp) for stamp in asked), key=lambda found: found.at)
    found = compare(one, other)
    return render_template(
        "article/comparison.html",
        record=history.record,
        article=history.record.article,
        compared=found,
        telling=telling,
        stretches=stretches(found),
        view="side" if request.args.get("view") == "side" else "inline",
    )


def stretches(found: Comparison) -> list[tuple[bool, list[Row]]]:
    """The rows in their order, those to be folded together apart: whether to fold, and the rows."""
    together = [(is_same, list(rows)) for is_same, rows in groupby(found.rows, lambda row: row.kind == "same")]
    return [(is_same and len(rows) > LONE, rows) for is_same, rows in together]
