"""The style guide's address."""

from flask import Blueprint, render_template

from indexer.article import Where
from webui import addresses
from webui.article.marking import Evidence, Note, Run
from webui.errors import Problem
from webui.language import gettext
from webui.search.page import build
from webui.styleguide import samples, tokens

styleguide = Blueprint("styleguide", __name__)


@styleguide.get("/styleguide")
def show() -> str:
    """Every token and every component with its states."""
    note = Note(id="m-1", kind="place", of="Long An", role="subject", where=Where(part="title", start=0, end=7))
    number = Note(
        id="m-2", kind="number", of="14/2008/NĐ-CP", role="cites", where=Where(part="lead", start=0, end=13)
    )
    found = samples.results()
    return render_template(
        "styleguide/styleguide.html",
        tokens=tokens,
        samples=samples,
        page=build(found, "then", addresses.search),
        view={},
        advice=samples.advice(),
        form=samples.form(),
        issuing={},
        csrf_token=lambda: "",  # its forms are switched off, and who only looks gets no session
        runs=(
            Run("Sở Thông tin và Truyền thông "),
            Run("Long An", note),
            Run(" thực hiện "),
            Run("14/2008/NĐ-CP", number),
        ),
        evidence=(
            Evidence(note=note, before="Sở Thông tin và Truyền thông ", written="Long An", after=" thực hiện…"),
        ),
        problem=Problem(status=503, title=gettext("Search is not available right now")),
    )
