"""How answers of the API are sent: as JSON with an ETag, and 304 where nothing is new."""

from collections.abc import Collection
from hashlib import sha256

from flask import Response, make_response, request
from pydantic import BaseModel

KEEPING = "public, no-cache"
"""Anyone may keep an answer and must ask whether it still holds: what is withheld is gone at once."""


def sent(answer: BaseModel, passing: Collection[str] = ()) -> Response:
    """An answer; `passing` are fields that differ each time and make no other answer of it."""
    return sent_json(answer.model_dump_json(), answer.model_dump_json(exclude=set(passing)) if passing else "")


def sent_json(text: str, lasting: str = "") -> Response:
    """JSON, and the part of it that tells whether it is new, if that is not all of it."""
    response = make_response(text)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = KEEPING
    # weak: compressed or not, the answer is the same
    response.set_etag(sha256((lasting or text).encode("utf-8", "replace")).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response
