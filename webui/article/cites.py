"""The addresses of an article's citations: a page with every form, and each as a file."""

from flask import Blueprint, Response, abort, make_response, render_template

from webui.article.opening import cited, opened, snapshot
from webui.citing import FORMATS

cites = Blueprint("cites", __name__)


@cites.get("/article/<key>/<stamp>/cite")
def show(key: str, stamp: str) -> Response:
    """Every form of a citation, to be copied."""
    history = opened(key)
    shown = snapshot(history, stamp)
    citation = cited(history, shown)
    answer = make_response(
        render_template(
            "article/citing.html",
            record=history.record,
            article=history.article(shown),
            shown=shown,
            citation=citation,
            forms=[(name, form, form.write(citation)) for name, form in FORMATS.items()],
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@cites.get("/article/<key>/<stamp>/cite.<form>")
def download(key: str, stamp: str, form: str) -> Response:
    """A citation as a file."""
    history = opened(key)
    shown = snapshot(history, stamp)
    if form not in FORMATS:
        abort(404)
    citation, chosen = cited(history, shown), FORMATS[form]
    answer = make_response(chosen.write(citation))
    answer.headers["Content-Type"] = chosen.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=f"{citation.name}.{chosen.ending}")
    return answer
