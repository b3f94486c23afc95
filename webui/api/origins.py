"""CORS: pages of any site may read the API, without cookies; nothing else of this site."""

from typing import Final

from flask import Flask, Response, request

from webui import addresses

_DAY: Final = "86400"
_READ: Final = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
_SENT: Final = "Accept, Authorization, If-None-Match"


def set_up(app: Flask) -> None:
    """Say so on every answer of the API, errors included."""
    app.after_request(_open)


def _open(response: Response) -> Response:
    if not addresses.for_programs():
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _READ
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = _DAY
    return response
