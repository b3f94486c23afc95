"""The addresses of one's own API keys; for everyone with an account (webui.accounts.access)."""

from flask import Blueprint, abort, flash, redirect, render_template
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from webui import addresses
from webui.accounts.access import KEYS, account, note
from webui.accounts.forms import MakeKey
from webui.accounts.keys import MOST, ApiKeyError, ApiKeys
from webui.language import gettext, number
from webui.services import services

keys = Blueprint(KEYS, __name__, url_prefix="/account/keys")


@keys.after_request
def _keep_nothing(response: FlaskResponse) -> FlaskResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


@keys.get("")
def show() -> str:
    """One's keys, and the form that makes another."""
    return _page(MakeKey())


@keys.post("")
def make() -> str | tuple[str, int]:
    """Make a key. It is told on this page and nowhere again."""
    form = MakeKey()
    if not form.validate():
        return _page(form), 422
    try:
        made, secret = _keys().make(_holder(), str(form.name.data), form.lasting)
    except ApiKeyError as error:
        form.name.errors = [_refusal(str(error))]
        return _page(form), 409
    note("API key made", f"{made.name} ({made.beginning}…)")
    return _page(MakeKey(formdata=None), secret)


@keys.post("/<int:number>/revoke")
def revoke(number: int) -> Response:
    """End a key."""
    ended = _keys().revoke(_holder(), number)
    if ended is None:
        abort(404)
    note("API key revoked", f"{ended.name} ({ended.beginning}…)")
    flash(gettext("The key is revoked: nobody gets in with it any more."), "good")
    return redirect(addresses.keys())


def _page(form: MakeKey, secret: str = "") -> str:
    opened = services()
    now = opened.clock.now()
    mine = _keys().of(_holder())
    return render_template(
        "accounts/keys.html",
        form=form,
        secret=secret,
        held=[key for key in mine if key.holds(now)],
        ended=[key for key in mine if not key.holds(now)],
        factor=opened.settings.key_factor,
    )


def _refusal(reason: str) -> str:
    if reason == "too many":
        return gettext("You have %(n)s keys already. Revoke one that is no longer used.", n=number(MOST))
    return gettext("You have a key of that name.")


def _holder() -> int:
    asking = account()
    assert asking is not None
    return asking.id


def _keys() -> ApiKeys:
    return ApiKeys(services().database, services().clock)
