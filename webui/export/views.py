"""The export's addresses: a form, and the files it leads to."""

from flask import Blueprint, Response, abort, render_template, request

from indexer.query.request import SearchRequest
from indexer.record import Sizes
from webui import asking, errors, wording
from webui.errors import Problem
from webui.export.asked import about, asked, file_name
from webui.export.bundles import KINDS
from webui.export.columns import COLUMNS, USUAL, chosen
from webui.export.sending import send
from webui.export.table import table
from webui.export.writing import FORMS
from webui.language import gettext, number
from webui.services import services

export = Blueprint("export", __name__)


@export.get("/export")
def form() -> str:
    """What to export and as what."""
    found = asking.tally(asked())
    whole, settings = found.request.whole(), services().settings
    return render_template(
        "export/form.html",
        asked=whole,
        total=found.total,
        columns=COLUMNS,
        usual=USUAL,
        forms=FORMS,
        kinds=KINDS,
        sizes=_sizes(whole) if found.total <= settings.download_articles else None,
        most=settings.download_articles,
        most_bytes=settings.download_bytes,
    )


@export.get("/export/<ending>")
def file(ending: str) -> Response:
    """A whole result as a file, sent while it is made."""
    if ending not in FORMS:
        abort(404)
    return table(asked(), ending, chosen(request.args.getlist("column")))


@export.get("/download/<kind>")
def download(kind: str) -> Response:
    """The attached files or archived copies of a whole result, sent while they are read; 400 of too many."""
    if kind not in KINDS:
        abort(404)
    made = KINDS[kind]
    found = asking.tally(asked())
    most = services().settings.download_articles
    if found.total > most:
        return errors.answer(
            Problem(status=400, title=gettext("Too many articles to be downloaded at once")),
            hint=gettext(
                "%(articles)s were found; files and archived copies of at most %(most)s can be had together. "
                "Filters make the result smaller.",
                articles=wording.articles(found.total),
                most=number(most),
            ),
        )
    pieces = made.make(services(), asking.scan(found.request.whole()), about(found))
    return send(pieces, made.media_type, file_name(found.request, made.ending))


def _sizes(whole: SearchRequest) -> Sizes:
    """How much a download of each kind would be."""
    return services().record.sizes([hit.key for hit in asking.scan(whole)])
