"""The API's addresses."""

from typing import Any, cast

from flask import Response, current_app, jsonify, make_response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ValidationError

from crawler.address import Key
from webui import asking
from webui.api.answers import (
    ArticleAnswer,
    FoundArticle,
    ProblemAnswer,
    RelatedAnswer,
    SearchAnswer,
    SuggestedLine,
    Suggestions,
)
from webui.api.models import ArticlePath, SearchArguments, SuggestArguments
from webui.arguments import Labels, clean, read
from webui.errors import PROBLEM, Problem
from webui.services import services

INFO = Info(
    title="mic-archive",
    version="1",
    description="Full-text search over the archived site of a ministry. Texts are shown as they were archived.",
)


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM: {"schema": ProblemAnswer.model_json_schema()}}}


_NONE, _WITHHELD = _problem("No article of that key."), _problem("The article was taken out on request.")
_LIMITED, _DOWN = _problem("Too many requests."), _problem("The search engine does not answer.")

api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_tags=[Tag(name="Archive")],
    abp_responses={422: _problem("A parameter makes no sense; `field` names it.")},
)


@api.get("/search", responses={200: SearchAnswer, 429: _LIMITED, 503: _DOWN})
def search(query: SearchArguments) -> Response:
    """Search the archive, with facets and counts."""
    labels = services().labels
    wrong = _unknown_province(query, labels)
    if wrong is not None:
        return wrong.response()
    asked = read(request.args.items(multi=True), labels)
    return _json(SearchAnswer.of(asking.corrected(asking.search(asked))))


@api.get("/suggest", responses={200: Suggestions, 429: _LIMITED, 503: _DOWN})
def suggest(query: SuggestArguments) -> Response:
    """Lines to offer while somebody types."""
    found = asking.suggest(clean(query.q))
    return _json(Suggestions(lines=[SuggestedLine.of(line) for line in found]))


@api.get("/openapi.json", doc_ui=False)
def description() -> Response:
    """The OpenAPI description of all this."""
    return jsonify(cast("OpenAPI", current_app).api_doc)


@api.get("/articles/<key>", responses={200: ArticleAnswer, 404: _NONE, 451: _WITHHELD})
def article(path: ArticlePath) -> Response:
    """One article with its text, files, versions and copies."""
    key, record = Key.parse(path.key), services().record
    found = record.article(key)
    if found is not None:
        return _json(ArticleAnswer.of(found, record.group(key)))
    return _absent(key)


@api.get(
    "/articles/<key>/related",
    responses={200: RelatedAnswer, 404: _NONE, 429: _LIMITED, 451: _WITHHELD, 503: _DOWN},
)
def related(path: ArticlePath) -> Response:
    """At most six articles that share words with one, the nearest first."""
    key = Key.parse(path.key)
    if services().record.article(key) is None:
        return _absent(key)
    return _json(RelatedAnswer(hits=[FoundArticle.of(hit) for hit in asking.related(key)]))


def _absent(key: Key) -> Response:
    """What is said of an article that is not shown."""
    withheld = services().record.withheld([key])
    if withheld:
        since = f"It was taken out of this archive on request on {withheld[key].at:%Y-%m-%d}."
        return Problem(status=451, title="This article is withheld", detail=since, field="key").response()
    return Problem(status=404, title="No such article", field="key").response()


def refused(error: ValidationError) -> Response:
    """What a request is told whose parameters make no sense."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    detail = first["msg"].removeprefix("Value error, ")
    return Problem(status=422, title="A parameter makes no sense", detail=detail, field=field).response()


def _unknown_province(query: SearchArguments, labels: Labels) -> Problem | None:
    for field, values, known in (("then", query.then, labels.then), ("today", query.today, labels.today)):
        for value in values:
            if value not in known:
                detail = f"{value!r} is none of the {len(known)} provinces"
                return Problem(status=422, title="A parameter makes no sense", detail=detail, field=field)
    return None


def _json(answer: BaseModel) -> Response:
    response = make_response(answer.model_dump_json())
    response.headers["Content-Type"] = "application/json"
    return response
