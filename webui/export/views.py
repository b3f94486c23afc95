"""The export's addresses: a form, and the file it leads to."""

from dataclasses import replace

from flask import Blueprint, Response, abort, render_template, request

from indexer.query.request import SearchRequest
from webui import asking
from webui.arguments import read
from webui.export.columns import COLUMNS, USUAL, chosen
from webui.export.sending import sent
from webui.export.writing import FORMS
from webui.services import services

export = Blueprint("export", __name__)


@export.get("/export")
def form() -> str:
    """What to export and as what."""
    found = asking.search(replace(_asked(), size=1))
    return render_template(
        "export/form.html",
        asked=found.request.whole(),
        total=found.total,
        columns=COLUMNS,
        usual=USUAL,
        forms=FORMS,
    )


@export.get("/export/<ending>")
def file(ending: str) -> Response:
    """A whole result as a file, sent while it is made."""
    if ending not in FORMS:
        abort(404)
    return sent(_asked(), ending, chosen(request.args.getlist("column")))


def _asked() -> SearchRequest:
    return read(request.args.items(multi=True), services().labels)
