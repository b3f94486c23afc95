"""The editors' addresses; every one of them for accounts alone (webui.accounts.access)."""

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from crawler.address import Key, KeyFormatError
from indexer.language.folding import fold
from indexer.record import ArticleRecord, Correction, CorrectionError
from webui import addresses
from webui.accounts.access import EDITING, account, note
from webui.corrections.form import FormError, asked, expected
from webui.language import gettext
from webui.services import services

corrections = Blueprint(EDITING, __name__)


@corrections.after_request
def _keep_nothing(response: FlaskResponse) -> FlaskResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


@corrections.get("/account/start")
def start() -> Response:
    """Where somebody begins who logged in."""
    asking = account()
    return redirect(addresses.admin() if asking and asking.is_admin else addresses.corrections())


@corrections.get("/corrections")
def ledger() -> str:
    """What was corrected, the last first."""
    return render_template("corrections/ledger.html", corrections=services().record.corrections())


@corrections.get("/article/<key>/correct")
def show(key: str) -> str:
    """The forms to correct an article with."""
    return _page(_key(key), "")


@corrections.post("/article/<key>/correct")
def correct(key: str) -> Response | tuple[str, int]:
    """Take in one correction."""
    asking, about, opened = account(), _key(key), services()
    assert asking is not None
    try:
        wanted = asked(request.form, about, asking.name, opened.clock.now(), opened.vocabulary)
    except FormError as error:
        return _page(about, str(error)), 422
    try:
        opened.record.correct(wanted, expected=expected(request.form))
    except CorrectionError:
        told = gettext("Somebody has corrected this meanwhile. See what stands now, then decide again.")
        return _page(about, told), 409
    note("took back" if wanted.taken_back else "corrected", f"{about}: {wanted.field}: {wanted.reason}")
    flash(
        gettext("It is corrected. The search follows within seconds, as soon as the worker has written it."),
        "good",
    )
    return redirect(addresses.article(about))


def _page(key: Key, wrong: str) -> str:
    """The forms; of a withheld article only the one that releases it, without anything it says."""
    opened = services()
    history = opened.record.corrections(key)
    found = opened.record.article(key)
    if found is None and key not in opened.record.withheld([key]):
        abort(404)
    return render_template(
        "corrections/article.html",
        key=key,
        record=found,
        history=history,
        last=_last(history),
        about=_about(found),
        categories=sorted(set(opened.profile.categories.values())),
        provinces={"then": sorted(opened.labels.then, key=fold), "today": sorted(opened.labels.today, key=fold)},
        wrong=wrong,
    )


def _last(history: list[Correction]) -> dict[str, Correction]:
    """The last correction of each field, those that take one back, too."""
    found: dict[str, Correction] = {}
    for correction in history:
        found.setdefault(correction.field, correction)
    return found


def _about(record: ArticleRecord | None) -> dict[str, frozenset[str]]:
    """Provinces the article is about by now: of the 63, and of the 34 those that do not follow from them."""
    places = record.article.places if record else ()
    about = [place for place in places if place.role in ("subject", "issuer")]
    return {
        "then": frozenset(name for place in about for name in place.then),
        "today": frozenset(name for place in about if not place.then for name in place.today),
    }


def _key(text: str) -> Key:
    try:
        return Key.parse(text)
    except KeyFormatError:
        abort(404)
