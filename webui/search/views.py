"""The search page's addresses."""

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults
from webui import addresses, asking, howto
from webui.arguments import read, view
from webui.search import steps
from webui.search.advice import advise
from webui.search.page import SearchPage, build
from webui.search.tiles import Places
from webui.search.understanding import explain
from webui.services import services

search = Blueprint("search", __name__)

FRAGMENT = "X-Fragment"
"""A request with this header gets the page without its frame: what the scripts put in place."""
_EXAMPLES = ("chuyển đổi số", "an toan thong tin")
_LATEST = 6
"""Articles on the front page."""


@search.after_request
def _vary(response: Response) -> Response:
    """A fragment is another answer than its page, a language chosen by cookie another than the usual one."""
    response.vary.update((FRAGMENT, "Cookie"))
    return response


@search.get("/")
def front() -> str | BaseResponse:
    """The front page: the box, what the archive holds, what came last."""
    if request.args.get("q", "").strip():
        return redirect(addresses.search(_asked()))
    newest = SearchRequest(sort="newest")
    found = asking.search(replace(newest, size=_LATEST))
    page = _page(replace(found, request=SearchRequest()))  # its links lead to searches as they usually are
    return render_template("search/front.html", page=page, examples=_examples(page), newest=newest)


@search.get("/search")
def results() -> str:
    """A result list."""
    found = asking.corrected(asking.search(_asked()))
    template = "search/_results.html" if FRAGMENT in request.headers else "search/results.html"
    return render_template(
        template,
        page=_page(found),
        view=_view(),
        years_here=False,
        understood=explain(found.understood),
        advice=None if found.total else advise(services().index, found),
    )


@search.get("/search/filters")
def filters() -> str:
    """The filters as a page of their own; choosing one stays on it until the list is asked for."""
    found = asking.search(_asked())
    template = "search/_filters.html" if FRAGMENT in request.headers else "search/filters.html"
    page = _page(found, stay=FRAGMENT not in request.headers)
    return render_template(template, page=page, view=_view(), years_here=True)


@search.get("/help")
def help_() -> str:
    """What can be typed."""
    return render_template(
        "search/help.html",
        examples=howto.EXAMPLES,
        operators=howto.operators(),
        asked=lambda query: SearchRequest(query=query),
    )


def _examples(page: SearchPage) -> list[SearchRequest]:
    """Searches to try: words, the same without marks, one with a filter, out of what the archive holds."""
    examples = [SearchRequest(query=query) for query in _EXAMPLES]
    provinces = page.results.facet("then").values
    if provinces:
        examples.append(steps.with_values(examples[0], "then", (provinces[0].value,)))
    return examples


def _asked() -> SearchRequest:
    return read(request.args.items(multi=True), services().labels)


def _page(found: SearchResults, *, stay: bool = False) -> SearchPage:
    address = addresses.filters if stay else addresses.search
    looked = _view()

    def link(asked: SearchRequest, /, **other: str) -> str:
        return address(asked, **{name: value for name, value in (looked | other).items() if value})

    return build(found, _places(found.request), link, compact="view" in looked)


def _places(asked: SearchRequest) -> Places:
    """Which of the two maps the provinces are those of: as asked for, else the one a filter is on."""
    if wanted := _view().get("places"):
        return "today" if wanted == "today" else "then"
    return "today" if asked.values("today") and not asked.values("then") else "then"


def _view() -> dict[str, str]:
    return view(request.args.items(multi=True))
