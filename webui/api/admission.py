"""Whether a question to the API is let in: its key, the answers it accepts, that it has no body."""

from http import HTTPStatus

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

from webui import protection
from webui.accounts.keys import ApiKeys
from webui.api.blueprint import api
from webui.errors import Problem
from webui.export.writing import FORMS
from webui.services import services

_SCHEME = "bearer"


@api.before_request
def _let_in() -> Response | None:
    """The answer that refuses; None where the question may be asked. With a key it is counted as its holder's."""
    if (secret := _secret()) is not None:
        key = ApiKeys(services().database, services().clock).known(secret)
        if key is None:
            return _unknown_key()
        protection.count_as(f"key {key.id}")
    if request.content_length or "Transfer-Encoding" in request.headers:
        told = "No operation of this API takes a body; everything is asked in the address."
        return _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A body is not understood", told)
    offered = _offered()
    if not _accepts(offered):
        told = f"The answer is {offered}, which `Accept` leaves out."
        return _refused(HTTPStatus.NOT_ACCEPTABLE, "There is no such form of the answer", told)
    return None


def _secret() -> str | None:
    """What stands behind `Bearer`; None without it: other schemes are a reverse proxy's business."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == _SCHEME else None


def _unknown_key() -> Response:
    told = "The key is unknown, expired or revoked. Without a key the API answers, too, within lower limits."
    answer = _refused(HTTPStatus.UNAUTHORIZED, "The key opens nothing", told)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="api", error="invalid_token"'
    return answer


def _refused(status: HTTPStatus, title: str, detail: str) -> Response:
    return Problem(status=status, title=title, detail=detail).response()


def _offered() -> str:
    """The media type of the answer, should there be one."""
    form = FORMS.get(str((request.view_args or {}).get("form", "")))
    return form.media_type.partition(";")[0] if form else "application/json"


def _accepts(offered: str) -> bool:
    if not request.accept_mimetypes:
        return True
    named = [(name.partition(";")[0].strip(), quality) for name, quality in request.accept_mimetypes]
    return MIMEAccept(named).best_match([offered]) is not None
