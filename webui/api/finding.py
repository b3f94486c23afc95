"""The API's addresses for finding: search, one facet, suggestions, a whole result as a file."""

from dataclasses import replace

from flask import Response, abort, request

from indexer.query.request import SearchRequest
from indexer.query.results import FacetValue
from webui import asking
from webui.api.blueprint import DOWN, FINDING, answers, api
from webui.api.found import Counted, FacetAnswer, SearchAnswer, SuggestedLine, Suggestions
from webui.api.models import (
    ExportArguments,
    ExportPath,
    FacetArguments,
    FacetPath,
    SearchArguments,
    SuggestArguments,
)
from webui.api.paging import part
from webui.api.sending import sent
from webui.arguments import clean, folded, read
from webui.errors import Problem
from webui.export.columns import chosen
from webui.export.table import table
from webui.export.writing import FORMS
from webui.services import services

_TOOK = ("took_ms",)


@api.get("/search", tags=[FINDING], responses=answers(SearchAnswer, status_503=DOWN))
def search(query: SearchArguments) -> Response:  # noqa: ARG001 - checked by then
    """Search the archive, with facets and counts."""
    return sent(SearchAnswer.of(asking.corrected(asking.search(_asked()))), passing=_TOOK)


@api.get("/facets/<facet>", tags=[FINDING], responses=answers(FacetAnswer, status_503=DOWN))
def facet(path: FacetPath, query: FacetArguments) -> Response:
    """All values of one facet for a search, those with most articles first."""
    found = asking.search(replace(_asked(), size=1, after=""))
    values = [value for value in found.facet(path.facet).values if _has(value, query.find)]
    places, following = part([value.value for value in values], query.after, query.size)
    counted = [Counted.model_validate(values[place]) for place in places]
    return sent(
        FacetAnswer(facet=path.facet, total=len(values), next=following, partial=found.partial, values=counted)
    )


@api.get("/suggest", tags=[FINDING], responses=answers(Suggestions, status_503=DOWN))
def suggest(query: SuggestArguments) -> Response:
    """Lines to offer while somebody types."""
    found = asking.suggest(clean(query.q))
    return sent(Suggestions(lines=[SuggestedLine.of(line) for line in found]))


_FILES = {
    "description": "The file, sent while it is made; it says the query, filters, time and count.",
    "content": {
        form.media_type.partition(";")[0]: {"schema": {"type": "string", "contentMediaType": form.media_type}}
        for form in FORMS.values()
    },
}


@api.get("/export/<form>", tags=[FINDING], responses=answers(_FILES, status_503=DOWN))
def export(path: ExportPath, query: ExportArguments) -> Response:
    """A whole result of any size as CSV, XLSX or JSON Lines."""
    return table(_asked(), path.form, chosen(list(query.column)))


def _asked() -> SearchRequest:
    """The search that the parameters describe; 422 for names that are none."""
    labels = services().labels
    known = {
        "then": labels.then,
        "today": labels.today,
        "region": labels.regions,
        "region_today": labels.regions_today,
    }
    for field, names in known.items():
        for value in request.args.getlist(field):
            if value not in names:
                detail = f"{value!r} is none of the {len(names)} there are"
                problem = Problem(status=422, title="A parameter makes no sense", detail=detail, field=field)
                abort(problem.response())
    return read(request.args.items(multi=True), labels)


def _has(value: FacetValue, wanted: str) -> bool:
    return folded(wanted) in folded(value.value)
