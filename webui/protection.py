"""What keeps visitors and accounts safe: headers, cookies, limits, forged forms, the signing key."""

import math
import os
import secrets
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog
from flask import Flask, Response, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings
from webui import addresses

_log = structlog.get_logger(__name__)

SESSION_HOURS: Final = 12
"""How long anyone stays logged in, however busy."""
IDLE_MINUTES: Final = 60
"""How long without a request."""

SEARCHES: Final = 120
SUGGESTIONS: Final = 300
READINGS: Final = 300
VERIFICATIONS: Final = 30
EXPORTS: Final = 10
KEYS: Final = 60
LOGINS: Final = 20
"""A minute, of one client address; failed logins are counted besides, in SQL (accounts/attempts.py)."""
LIMIT_SECONDS: Final = 60

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

COPY: Final = {**POLICY, "frame-src": "'self'"}
"""Of our page around an archived one."""
ARCHIVED: Final = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",  # pages of the time carry their looks in themselves
    "img-src": "'self' data:",
    "font-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "sandbox": "allow-top-navigation-by-user-activation",
}
"""Of an archived page: no script, no origin, no request to anybody else, however it is opened."""
PART: Final = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}
"""Of an archived image (an SVG may be opened as a page), style sheet, font or file."""

OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "copies.show": {"content_security_policy": COPY},
    "copies.page": {"content_security_policy": ARCHIVED, "frame_options": "SAMEORIGIN"},
    "copies.part": {"content_security_policy": PART},
    "copies.file": {"content_security_policy": PART},
}
"""Headers by endpoint, where they are others."""

LIMITS: Final = {
    "search.front": SEARCHES,
    "search.results": SEARCHES,
    "search.filters": SEARCHES,
    "api.search": SEARCHES,
    "api.facet": SEARCHES,
    "api.suggest": SUGGESTIONS,
    "api.export": EXPORTS,
    "api.article": READINGS,
    "api.related": SEARCHES,
    "api.versions": READINGS,
    "api.version": READINGS,
    "api.diff": SEARCHES,
    "api.captures": READINGS,
    "api.capture": VERIFICATIONS,
    "api.citations": READINGS,
    "api.nearest": VERIFICATIONS,
    "api.digest": VERIFICATIONS,
    "article.show": READINGS,
    "styleguide.show": READINGS,
    "versions.comparison": SEARCHES,
    "copies.show": SEARCHES,
    "copies.page": SEARCHES,
    "verify.show": VERIFICATIONS,
    "guide.covered": SEARCHES,
    "export.form": SEARCHES,
    "feeds.atom": SEARCHES,
    "feeds.json_feed": SEARCHES,
    "export.file": EXPORTS,
    "export.download": EXPORTS,
    "security.login": LOGINS,
    "keys.make": KEYS,
}
"""By endpoint."""


class SecretError(Exception):
    """The signing key cannot be kept; the message says where and why."""


def set_up(app: Flask, settings: Settings) -> None:
    """Guard an application."""
    app.config.update(
        SECRET_KEY=signing_key(settings),
        SESSION_COOKIE_NAME="session",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_HOURS * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=1_000_000,
        WTF_CSRF_TIME_LIMIT=SESSION_HOURS * 3600,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        RATELIMIT_STORAGE_URI=settings.rates,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    CSRFProtect(app)
    app.after_request(_keep_private)
    app.after_request(_stay_here)
    Talisman(
        app,
        force_https=False,  # the reverse proxy's business
        strict_transport_security=settings.secure_cookies,
        strict_transport_security_include_subdomains=False,
        session_cookie_secure=settings.secure_cookies,
        session_cookie_samesite="Lax",
        content_security_policy=POLICY,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"camera": "()", "geolocation": "()", "microphone": "()", "browsing-topics": "()"},
    )


def _keep_private(response: Response) -> Response:
    """Answers are made for one visitor, in a language and perhaps an account: no cache between keeps them."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _stay_here(response: Response) -> Response:
    """No redirect leads away; the router's own would repeat whatever host the request was said to be for."""
    if response.location:
        response.location = addresses.on_this_site(response.location)
    return response


def limit(app: Flask, settings: Settings) -> None:
    """Count requests to what can be overused, and give some views headers of their own, once all are there."""
    limiter = Limiter(_client, app=app, in_memory_fallback_enabled=True)
    for endpoint, most in LIMITS.items():
        rate = partial(_rate, most, settings.key_factor)
        limited: Any = limiter.limit(rate)(app.view_functions[endpoint])
        app.view_functions[endpoint] = limited
    app.after_request(partial(_tell_limit, limiter))
    for endpoint, options in OPTIONS.items():
        view: Any = app.view_functions[endpoint]
        view.talisman_view_options = dict(options)


def count_as(holder: str) -> None:
    """Count this request as one of a holder of more than usual, not as one of its address."""
    g.counted_as = holder


def _client() -> str:
    return str(g.get("counted_as", "")) or get_remote_address()


def _rate(most: int, factor: int) -> str:
    return f"{most * factor if 'counted_as' in g else most} per {LIMIT_SECONDS} seconds"


def _tell_limit(limiter: Limiter, response: Response) -> Response:
    """How much is left, as draft-ietf-httpapi-ratelimit-headers writes it; of pages, only when to ask again."""
    limit = limiter.current_limit
    if limit is None:
        return response
    try:
        again, left = limit.window
    except Exception as error:  # noqa: BLE001 - the store of the counts, whichever it is: the answer stands without
        _log.warning("limits not told", reason=str(error))
        return response
    seconds = max(1, math.ceil(again - time.time()))
    if limit.breached:
        response.headers["Retry-After"] = str(seconds)
    if addresses.for_programs():
        response.headers["RateLimit-Policy"] = f'"minute";q={limit.limit.amount};w={limit.limit.get_expiry()}'
        response.headers["RateLimit"] = f'"minute";r={left};t={seconds}'
    return response


def signing_key(settings: Settings) -> str:
    """The key from the settings, or the one in the data folder, made when first asked for. Raises SecretError."""
    if chosen := settings.secret.get_secret_value():
        return chosen
    file = settings.data / "secret"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        _make_once(file)
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(f"{file}: {error}") from error


def _make_once(file: Path) -> None:
    """Write a new key unless there is one; whoever comes second keeps the first one's."""
    if file.exists():
        return
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as target:
        target.write(secrets.token_hex(32))
    try:
        os.link(fresh, file)  # fails where the name is taken, unlike rename
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
