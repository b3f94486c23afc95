"""The examples of the API's description: questions, and the answers the library gives to them, shortened."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from tests.crawler.still_clock import StillClock
from tests.webui.library import fill, key_of, stamp_of
from webui import create_app
from webui.api.describing import EXAMPLES
from webui.services import open_services

SITE = "https://archive.example"
LISTED, LINES = 2, 4
"""Entries of a list and lines of a file that an example shows."""
_WHOLE = ("runs", "forms")
_FACETS = ("then", "category", "year")
_KEY = str(key_of(0))
_FIRST, _LAST = stamp_of(0), stamp_of(0, edited=True)
_OF_ARTICLE, _OF_CAPTURE = {"key": _KEY}, {"key": _KEY, "stamp": _LAST}

QUESTIONS: Mapping[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "search": ("/search", {}, {"q": "chuyen doi so", "then": ["Long An"], "sort": "newest", "size": 1}),
    "facet": ("/facets/{facet}", {"facet": "then"}, {"q": "thông tin", "find": "long", "size": 2}),
    "suggest": ("/suggest", {}, {"q": "long"}),
    "export": (
        "/export/{form}",
        {"form": "jsonl"},
        {"q": "thông tin", "sort": "newest", "column": ["key", "title", "published"]},
    ),
    "article": ("/articles/{key}", _OF_ARTICLE, {}),
    "related": ("/articles/{key}/related", _OF_ARTICLE, {}),
    "versions": ("/articles/{key}/versions", _OF_ARTICLE, {"size": 2}),
    "version": ("/articles/{key}/versions/{stamp}", {"key": _KEY, "stamp": _FIRST}, {}),
    "diff": ("/articles/{key}/diff", _OF_ARTICLE, {"a": _FIRST, "b": _LAST, "context": "changed"}),
    "captures": ("/articles/{key}/captures", _OF_ARTICLE, {"size": 1}),
    "capture": ("/articles/{key}/captures/{stamp}", _OF_CAPTURE, {}),
    "citations": ("/articles/{key}/captures/{stamp}/citations", _OF_CAPTURE, {"lang": "en"}),
    "nearest": (
        "/captures/nearest",
        {},
        {"url": "https://mic.gov.vn/Pages/TinTuc/130000/", "at": "2019-06-01T00:00:00Z"},
    ),
    "digest": ("/digests/{digest}", {"digest": ""}, {}),
}
"""By operation: path, and the values of its parameters."""


def asked(client: FlaskClient, name: str) -> dict[str, Any]:
    """An example as it is kept: the question's values and the answer, shortened."""
    path, in_path, query = QUESTIONS[name]
    if name == "digest":
        in_path = {"digest": _given(client, f"/api/v1/articles/{_KEY}/captures/{_LAST}")["payload_digest"]}
    address = f"/api/v1{path.format(**in_path)}?{urlencode(query, doseq=True)}"
    with client.get(address) as answer:
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, (address, text)
        is_json = answer.mimetype == "application/json"
        given = shortened(json.loads(text)) if is_json else "\n".join(text.splitlines()[:LINES])
    return {"path": in_path, "query": query, "media_type": answer.mimetype, "answer": given}


def _given(client: FlaskClient, address: str) -> Any:
    with client.get(address) as answer:
        return answer.get_json()


def shortened(value: Any) -> Any:
    """The same with the first entries of each list, of the facets a few, and nothing that differs each time."""
    if isinstance(value, list):
        return [shortened(one) for one in value[:LISTED]]
    if not isinstance(value, dict):
        return value
    kept = {name: one if name in _WHOLE else shortened(one) for name, one in value.items()}
    if "facets" in kept:
        kept["facets"] = {name: kept["facets"][name] for name in _FACETS}
        kept["took_ms"] = 8.5
    if kept.get("score"):
        kept["score"] = round(kept["score"], 1)
    return kept


def prepared(app: Flask) -> FlaskClient:
    """Asks an application that says it is the example's site."""
    app.config["PUBLIC_URL"] = SITE
    return app.test_client()


def main() -> None:
    """Write the examples anew."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        with open_services(settings) as services:
            fill(services)
            client = prepared(create_app(settings, replace(services, clock=StillClock())))
            found = {name: asked(client, name) for name in QUESTIONS}
    EXAMPLES.write_text(f"{json.dumps(found, ensure_ascii=False, indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
