"""The API's blueprint: what all operations have in common, and how the answers of each are described."""

from typing import Any, Final

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.tag import Tag
from flask_openapi3.types import ResponseDict
from pydantic import BaseModel, ValidationError

from webui.errors import PROBLEM, Problem
from webui.language import later

VERSION: Final = "1"
INFO: Final = Info(
    title="mic-archive",
    version=VERSION,
    description="Full-text search over the archived site of a ministry, with every capture of its articles. "
    "Texts are shown as they were archived. Addresses in answers are of this site unless they begin with http. "
    "Moments are UTC; days are Vietnam's.",
)
FINDING, ARTICLES, CAPTURES = (
    Tag(name="Finding", description=later("Search, its facets, suggestions, and whole results as files.")),
    Tag(name="Articles", description=later("What an article says, what it said before, and what changed.")),
    Tag(
        name="Captures",
        description=later("What servers answered, when, and whether the archive still holds it."),
    ),
)
SCHEMES: Final[dict[str, Any]] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of an account here. Without one, the limits are those of a client address.",
    }
}

NONE, WITHHELD = later("There is none of that name."), later("The article was taken out on request.")
DOWN = later("The search engine does not answer; `Retry-After` says when to ask again.")
_ALWAYS: Final = {
    401: later("The key is unknown, expired or revoked."),
    406: later("The answer comes in no media type of `Accept`."),
    415: later("The request has a body; no operation takes one."),
    422: later("A parameter makes no sense; `field` names it."),
    429: later("Too many requests; `Retry-After` says when to ask again."),
}


def answers(good: type[BaseModel] | dict[str, Any], **others: str) -> ResponseDict:
    """The answers of an operation: 200 and what else it may say, given as `status_404`."""
    described: ResponseDict = {name.removeprefix("status_"): _problem(words) for name, words in others.items()}
    return {"200": good, **described}


def _problem(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/ProblemAnswer"}
    return {"description": description, "content": {PROBLEM: {"schema": reference}}}


api = APIBlueprint(
    "api",
    __name__,
    url_prefix=f"/api/v{VERSION}",
    abp_responses={status: _problem(words) for status, words in _ALWAYS.items()},
    operation_id_callback=lambda *, name, path, method: name,  # noqa: ARG005 - the library's names
)


def refused(error: ValidationError) -> Response:
    """What a request is told whose parameters make no sense."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    detail = first["msg"].removeprefix("Value error, ")
    return Problem(status=422, title="A parameter makes no sense", detail=detail, field=field).response()
