"""What is told where something cannot be answered: a page in the visitor's language, problem+json in the API."""

import json
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.query.language import QueryTooLong
from indexer.query.request import MAX_QUERY
from webui import addresses, outage
from webui.language import gettext, number
from webui.protection import LIMIT_SECONDS
from webui.watching import request_id

PROBLEM = "application/problem+json"
RETRY_SECONDS = 10
"""When to ask again while the search engine is down."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """An error as RFC 9457 words it; `field` names the parameter that is wrong."""

    status: int
    title: str
    detail: str = ""
    field: str = ""

    def response(self) -> Response:
        """The problem as JSON."""
        told = {"type": "about:blank", "title": self.title, "status": self.status}
        told |= {name: value for name in ("detail", "field") if (value := getattr(self, name))}
        answer = make_response(json.dumps(told, ensure_ascii=False), self.status)
        answer.headers["Content-Type"] = PROBLEM
        return answer


def set_up(app: Flask) -> None:
    """Answer every error of an application."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(QueryTooLong, _too_long)
    app.register_error_handler(outage.Incomplete, _incomplete)
    app.register_error_handler(IndexUnavailable, _unavailable)
    app.register_error_handler(IndexOutdated, _unavailable)
    app.register_error_handler(Exception, _unforeseen)


def answer(problem: Problem, *, hint: str = "", query: str = "") -> Response:
    """The problem as the one who asked can read it."""
    if addresses.for_programs():
        return problem.response()
    page = render_template("layout/problem.html", problem=problem, hint=hint, query=query, request_id=request_id())
    return make_response(page, problem.status)


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect, or an answer made elsewhere
        return make_response(error.response)
    status = error.code or 500
    title, hint = _words(status)
    told = answer(Problem(status=status, title=title), hint=hint)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            told.headers.setdefault(name, value)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told.headers["Retry-After"] = str(LIMIT_SECONDS)  # for limits that are counted, _tell_limit knows better
    return told


def _words(status: int) -> tuple[str, str]:
    """What happened, and what can be done about it."""
    match status:
        case 403:
            return gettext("You may not see this page"), gettext(
                "It is for those who look after the archive. If you are one of them, log in; if you are "
                "logged in, your account lacks the role."
            )
        case 404:
            return gettext("There is no such page"), gettext(
                "The address may be mistyped, or it leads to something the archive never held."
            )
        case 405:
            return gettext("This address does not take that kind of request"), ""
        case 429:
            return gettext("Too many requests"), gettext(
                "From your address more was asked within a minute than one person reads. "
                "Wait a moment, then go on."
            )
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return gettext("Something went wrong on our side"), gettext(
                "It has been logged. Try again; if it happens once more, tell us the number below."
            )
        case _:
            return gettext("The request could not be understood"), gettext("Go back and try it another way.")


def _forged(error: CSRFError) -> Response:
    _log.warning("form refused", reason=error.description, path=request.path)
    problem = Problem(status=400, title=gettext("This form is no longer valid"))
    return answer(problem, hint=gettext("It was open for too long or in another session. Open the page again."))


def _too_long(error: QueryTooLong) -> Response:  # noqa: ARG001 - Flask gives it
    title = gettext("The query is too long")
    detail = gettext("A query has at most %(n)s characters.", n=number(MAX_QUERY))
    hint = gettext("A sentence or a few telling words find more than a whole page of text.")
    status = 422 if addresses.for_programs() else 400
    return answer(Problem(status=status, title=title, detail=detail, field="q"), hint=hint)


def _unavailable(error: Exception) -> Response:
    outage.noticed()
    _log.error("search engine down", reason=str(error))
    title = gettext("Search is not available right now")
    hint = gettext(
        "The search engine does not answer. Nothing is lost: the archive stays complete, "
        "articles can still be opened by their address, and search comes back by itself."
    )
    told = answer(Problem(status=503, title=title), hint=hint, query=request.args.get("q", "")[:MAX_QUERY])
    told.headers["Retry-After"] = str(RETRY_SECONDS)
    return told


def _incomplete(error: outage.Incomplete) -> Response:
    _log.error("search engine answers in part", reason=str(error))
    title = gettext("Not everything can be found right now")
    hint = gettext(
        "A part of the search engine does not answer. What is made of a whole result (files, feeds, counts of the "
        "archive) would lack articles and not say so. Searching goes on meanwhile; try this again in a moment."
    )
    told = answer(Problem(status=503, title=title), hint=hint)
    told.headers["Retry-After"] = str(RETRY_SECONDS)
    return told


def _unforeseen(error: Exception) -> Response:
    _log.error("not foreseen", path=request.path, exc_info=error)
    title, hint = _words(500)
    return answer(Problem(status=500, title=title), hint=hint)
