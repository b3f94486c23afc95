"""Who asks, and whether they may: the account of a request, roles, sessions that end."""

import structlog
from flask import Flask, abort, flash, redirect, request, session
from flask_security import current_user
from werkzeug.wrappers import Response

from webui import addresses
from webui.accounts.account import Account
from webui.accounts.attempts import Attempts
from webui.accounts.audit import AuditLog
from webui.language import gettext
from webui.protection import IDLE_MINUTES, SESSION_HOURS
from webui.services import services

ADMINISTRATION = "admin"
"""The blueprint that is for administrators alone."""
EDITING = "corrections"
KEYS = "keys"
"""The blueprints that are for everyone with an account: editors and administrators."""
_BEGAN, _SEEN = "began", "seen"
_TOUCH_SECONDS = 60
"""A session's last use is noted no more often than this: each note is a new cookie."""
_WITH_ONE_TIME_PASSWORD = frozenset({"security.change_password", "security.logout", "static"})
"""What an account may see before it has a password of its own."""

_log = structlog.get_logger(__name__)


def account() -> Account | None:
    """The account that asks, None for anonymous visitors."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 - the proxy's documented way


def audit_log() -> AuditLog:
    """The audit log of this application."""
    return AuditLog(services().database, services().clock)


def attempts() -> Attempts:
    """The failed logins of this application."""
    return Attempts(services().database, services().clock)


def note(action: str, subject: str = "") -> None:
    """Add to the audit log what the account that asks is doing."""
    asking = account()
    audit_log().note(asking.name if asking else "", action, subject, request.remote_addr or "")


def set_up(app: Flask) -> None:
    """Look who asks before anything else is looked at: what is not for them has no other fault."""
    app.before_request(_check_session)
    app.before_request(_let_in)


def _let_in() -> None:
    """Only those whose role lets them see what is not for everyone: 403 and a log line for all others."""
    if request.blueprint not in (ADMINISTRATION, EDITING, KEYS):
        return
    asking = account()
    if asking is None or (request.blueprint == ADMINISTRATION and not asking.is_admin):
        _log.warning("refused", path=request.path, who=asking.name if asking else "anonymous")
        if asking is not None:
            note("refused", request.path)
        abort(403)


def begin_session() -> None:
    """Start the session's clocks at login."""
    now = services().clock.now().timestamp()
    session[_BEGAN] = session[_SEEN] = now
    session.permanent = True


def _check_session() -> Response | None:
    """Before each request: end a session that is over; an account with a one-time password must change it."""
    asking = account() if session else None  # anonymous visitors have no session to look at
    if asking is None:
        return None
    now = services().clock.now().timestamp()
    began, seen = (float(session.get(name) or 0) for name in (_BEGAN, _SEEN))
    if now - began > SESSION_HOURS * 3600 or now - seen > IDLE_MINUTES * 60:
        session.clear()
        flash(gettext("You were logged out after a time without use. Log in again to go on."), "error")
        return redirect(addresses.login(addresses.here() if request.method == "GET" else ""))
    if now - seen > _TOUCH_SECONDS:
        session[_SEEN] = now
    if asking.one_time and request.endpoint not in _WITH_ONE_TIME_PASSWORD:
        return redirect(addresses.password())
    return None
