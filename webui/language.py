"""Which language a page speaks, and how dates, hours and numbers are written in it."""

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, Domain
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

from webui import addresses
from webui.catalogue import translations

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "lang"
_YEAR_SECONDS = 365 * 86_400
_VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975: a fixed offset is right


class _Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """Flask-Babel's lookups, over catalogues read from .po sources."""

    def get_translations(self) -> NullTranslations:
        return translations(current())


def set_up(app: Flask) -> Domain:
    """Let every page find its language: the address goes before the cookie, the cookie before the setting."""
    babel = Babel(app, default_locale=app.config["LANGUAGE"], locale_selector=current)
    babel.domain_instance = catalogues = _Catalogues()
    app.url_defaults(_carry)
    app.after_request(_remember)
    app.jinja_env.filters |= {"day": day, "moment": moment, "number": number, "seconds": seconds, "clock": clock}
    app.context_processor(lambda: {"language": current(), "languages": _switches()})
    return catalogues


def gettext(text: str, **values: object) -> str:
    """A sentence in the language of this page."""
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """A sentence about so many, in the language of this page."""
    return str(_ngettext(one, many, count, **values))


def later(text: str) -> str:
    """Marks a text that is translated when it is shown."""
    return text


def current() -> str:
    """The language of this page; the API's is English unless the address says otherwise."""
    try:
        own = g._get_current_object()  # noqa: SLF001 - public in Flask; a page asks five hundred times
    except RuntimeError:
        return "en"
    known: str | None = own.get("language")
    if known is None:
        usual = (
            ("en",) if addresses.for_programs() else (request.cookies.get(COOKIE), current_app.config["LANGUAGE"])
        )
        wanted = (request.args.get("lang"), *usual)
        known = own.language = next(language for language in wanted if language in LANGUAGES)
    return known


def day(value: date) -> str:
    """A day as people write it: 15/01/2009, or 15 January 2009 in English."""
    if current() == "vi":
        return f"{value:%d/%m/%Y}"
    return str(format_date(value, "d MMMM y", locale="en"))


def moment(value: datetime) -> str:
    """A moment to the minute, in Vietnam's time."""
    local = value.astimezone(_VIETNAM)
    return f"{day(local.date())} {local:%H:%M}"


def day_of(value: datetime) -> str:
    """The day of a moment, in Vietnam's time."""
    return day(value.astimezone(_VIETNAM).date())


def clock(value: datetime) -> str:
    """A moment of today, in Vietnam's time, to the second."""
    return f"{value.astimezone(_VIETNAM):%H:%M:%S}"


def number(value: float) -> str:
    """A number with its thousands grouped: 1.284, or 1,284 in English."""
    return _number(value, current())


@lru_cache(maxsize=4096)  # a page has fifty counts, and formatting one takes as long as finding it
def _number(value: float, language: str) -> str:
    return str(format_decimal(value, locale=language))


def seconds(value: float) -> str:
    """A length of time, said roughly: 40 seconds, 12 minutes, 3 hours, 2 days."""
    if value < 90:  # noqa: PLR2004 - where people stop counting seconds; likewise below
        whole = max(1, round(value))
        return ngettext("%(n)s second", "%(n)s seconds", whole, n=whole)
    if value < 90 * 60:
        return gettext("%(n)s minutes", n=round(value / 60))
    if value < 36 * 3600:
        return gettext("%(n)s hours", n=number(round(value / 3600, 1)))
    return gettext("%(n)s days", n=number(round(value / 86_400, 1)))


def _switches() -> list[tuple[str, str, str]]:
    """The other languages: code, name, address of this page in it."""
    return [(code, name, addresses.in_language(code)) for code, name in LANGUAGES.items() if code != current()]


def _carry(endpoint: str, values: dict[str, Any]) -> None:  # noqa: ARG001 - Flask gives it
    """A page that is not in the usual language leads to pages in its language, cookies or not."""
    if g and request and not addresses.for_programs() and current() != current_app.config["LANGUAGE"]:
        values.setdefault("lang", current())


def _remember(response: Response) -> Response:
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and chosen != request.cookies.get(COOKIE) and not addresses.for_programs():
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=_YEAR_SECONDS,
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Lax",
        )
    return response
