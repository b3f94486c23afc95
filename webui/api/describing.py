"""The OpenAPI document, complete: what the operations say of themselves, with examples, headers and keys."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from flask import current_app
from flask_openapi3.openapi import OpenAPI

from webui.api.blueprint import ARTICLES, CAPTURES, FINDING, SCHEMES
from webui.language import later

EXAMPLES: Final = Path(__file__).parent / "examples.json"
"""A question and its answer for each operation; written by `python -m tests.webui.api_examples`."""
_TEXT: Final = {"type": "string"}
_HEADERS: Final = {
    "ETag": {"description": "Send it as `If-None-Match`: what is not new is answered 304.", "schema": _TEXT},
    "RateLimit": {
        "description": 'What is left: `"minute";r=119;t=60`, r requests for t seconds.',
        "schema": _TEXT,
    },
    "RateLimit-Policy": {
        "description": 'The limit: `"minute";q=120;w=60`, q requests in w seconds.',
        "schema": _TEXT,
    },
}
_SAME: Final = {"description": later("Nothing is new since the answer whose ETag was sent as `If-None-Match`.")}

Document = dict[str, Any]


def document() -> Document:
    """The description of this application's API, as OpenAPI 3.1."""
    kept: dict[str, Document] = current_app.extensions.setdefault("api", {})
    if "document" not in kept:
        kept["document"] = _completed(deepcopy(cast("OpenAPI", current_app).api_doc))
    return kept["document"]


def operations(described: Mapping[str, Any]) -> Iterator[tuple[str, Document]]:
    """Path and operation of everything that can be asked."""
    for path, methods in described["paths"].items():
        yield from ((path, operation) for operation in methods.values())


@cache
def examples() -> Mapping[str, Any]:
    """By operation: `path` and `query` with the parameters' values, and `answer`."""
    found: Mapping[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def _completed(described: Document) -> Document:
    described["security"] = [{}, {"key": []}]
    described["components"]["securitySchemes"] = SCHEMES
    described["tags"] = [
        {"name": tag.name, "description": tag.description} for tag in (FINDING, ARTICLES, CAPTURES)
    ]
    for _, operation in operations(described):
        _exemplify(operation, examples().get(operation["operationId"], {}))
        good = operation["responses"]["200"]
        is_json = "application/json" in good["content"]
        good["headers"] = {name: told for name, told in _HEADERS.items() if is_json or name != "ETag"}
        if is_json:
            operation["responses"]["304"] = _SAME
        operation["responses"] = dict(sorted(operation["responses"].items()))
    return described


def _exemplify(operation: Document, example: Mapping[str, Any]) -> None:
    asked = {**example.get("path", {}), **example.get("query", {})}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in asked:
            parameter["example"] = asked[parameter["name"]]
    if "answer" in example:
        operation["responses"]["200"]["content"][example["media_type"]]["example"] = example["answer"]
