"""The API's description for people: a page made of the OpenAPI document, whose English is translated here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses
from webui.api.blueprint import api
from webui.api.describing import document, operations
from webui.api.sending import sent_json
from webui.language import gettext, later
from webui.protection import LIMITS
from webui.services import services

manual = Blueprint("manual", __name__)

_CHAPTERS: Final = {
    "Finding": later("Finding"),
    "Articles": later("An article"),
    "Captures": later("Captures"),
}
_KINDS: Final = {
    "string": later("string"),
    "boolean": later("0 or 1"),
    "date": later("day, as 2009-01-31"),
    "date-time": later("moment, as 2009-01-31T08:00:00Z"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of an operation. `usual` is what it is without being given; '' for nothing."""

    name: str
    place: str
    kind: str
    usual: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One thing that can be asked, with a question and its answer."""

    name: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    asked: str
    """The address of the example, in full."""
    answer: str
    others: tuple[tuple[str, str], ...]
    """Other answers: status and when it is given."""
    limit: int
    """Requests a minute without a key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Operations that belong together."""

    id: str
    name: str
    description: str
    operations: tuple[Operation, ...]


@api.get("/openapi.json", doc_ui=False)
def description() -> BaseResponse:
    """The OpenAPI description of all this."""
    return sent_json(json.dumps(document(), ensure_ascii=False))


@api.get("/", doc_ui=False)
def start() -> BaseResponse:
    """Whoever comes to the API without a question is led to what it can be asked."""
    return redirect(addresses.api_help())


@manual.get("/help/api")
def show() -> str:
    """The page."""
    return render_template(
        "api/manual.html",
        chapters=chapters(document()),
        factor=services().settings.key_factor,
        base=addresses.in_full(api.url_prefix or ""),
    )


def chapters(described: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """The operations of a document by their tags, in its order."""
    told = list(operations(described))
    return tuple(
        Chapter(
            id=tag["name"].lower(),
            name=_said(_CHAPTERS[tag["name"]]),
            description=_said(tag["description"]),
            operations=tuple(_operation(path, one, described) for path, one in told if tag["name"] in one["tags"]),
        )
        for tag in described["tags"]
    )


def _operation(path: str, told: Mapping[str, Any], described: Mapping[str, Any]) -> Operation:
    good = told["responses"]["200"]["content"]
    examples = [content["example"] for content in good.values() if "example" in content]
    answers = (
        (status, _said(answer["description"])) for status, answer in told["responses"].items() if status != "200"
    )
    return Operation(
        name=told["operationId"],
        path=path,
        summary=_said(told["summary"]),
        parameters=tuple(_parameters(told, described)),
        asked=addresses.in_full(question(path, told)),
        answer="\n".join(_written(example) for example in examples),
        others=tuple(answers),
        limit=LIMITS[f"api.{told['operationId']}"],
    )


def question(path: str, told: Mapping[str, Any]) -> str:
    """The address that asks an operation's example."""
    query: list[tuple[str, str]] = []
    for parameter in told.get("parameters", ()):
        name, example = parameter["name"], parameter.get("example")
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(str(example), safe=":"))
        elif example is not None:
            values = example if isinstance(example, list) else [example]
            query += [(name, str(value)) for value in values]
    return f"{path}?{urlencode(query)}" if query else path


def _parameters(told: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[Parameter]:
    for parameter in told.get("parameters", ()):
        schema = parameter["schema"]
        usual = schema.get("default")
        yield Parameter(
            name=parameter["name"],
            place=parameter["in"],
            kind=kind(schema, described["components"]["schemas"]),
            usual="" if usual in (None, "", [], False) else str(usual),
            description=_said(parameter["description"].partition("\n")[0]),
        )


def kind(schema: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """What values a schema allows, in a few words."""
    if "$ref" in schema:
        return kind(known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return gettext(" or ").join(kind(one, known) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return gettext("%(kind)s; may be repeated", kind=kind(schema["items"], known))
    if "minimum" in schema:
        return _numbers(schema["minimum"], schema.get("maximum"))
    return _said(_KINDS[schema.get("format") or schema["type"]])


def _numbers(least: float, most: float | None) -> str:
    if most is None:
        return gettext("whole number, %(least)s or more", least=f"{least:g}")
    return gettext("whole number from %(least)s to %(most)s", least=f"{least:g}", most=f"{most:g}")


def _said(text: str) -> str:
    """What the document says in English, in the language of this page.

    By its own name, since names of the document's fields in a call of gettext would be taken for sentences.
    """
    return gettext(text)


def _written(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
