"""The administration's addresses; every one of them for administrators alone (webui.accounts.access)."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from crawler.crawl import Estimate, open_crawl
from indexer.jobs.schedule import DEFAULTS
from indexer.jobs.store import Job, JobError
from indexer.jobs.tasks import Known, estimate
from webui import addresses
from webui.accounts.access import ADMINISTRATION, account, audit_log, note
from webui.accounts.audit import Deed
from webui.admin import crawling, ledgers
from webui.admin.overview import overview, work
from webui.admin.wanted import Wanted, WantedError, wanted
from webui.language import gettext
from webui.services import services

admin = Blueprint(ADMINISTRATION, __name__, url_prefix="/admin")

_PLAIN_JOBS = ("update", "rebuild", "rehearsal", "reread", "fresh", "revisit", "walk")
"""Jobs that take no arguments."""
_LEDGER_DAYS = 7


@admin.after_request
def _keep_nothing(response: FlaskResponse) -> FlaskResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


@admin.get("/")
def index() -> str:
    """Everything at a glance."""
    return render_template("admin/overview.html", overview=overview(services()), now=services().clock.now())


@admin.get("/running")
def running() -> str:
    """The part of it that changes while jobs run."""
    return render_template("admin/_running.html", work=work(services()), now=services().clock.now())


@admin.get("/recrawl")
def recrawl() -> str | tuple[str, int]:
    """The forms, and the preview of what one of them asks for."""
    try:
        asked = wanted(request.args, services())
    except WantedError as error:
        return render_template("admin/recrawl.html", wanted=None, wrong=str(error)), 422
    preview = _estimated(asked) if asked else None
    return render_template("admin/recrawl.html", wanted=asked, preview=preview, wrong="")


@admin.post("/jobs")
def ask() -> Response | tuple[str, int]:
    """Ask for a job."""
    kind = request.form.get("kind", "")
    if kind in _PLAIN_JOBS:
        return _asked(kind, {})
    try:
        asked = wanted(request.form, services()) if kind == "recrawl" else None
    except WantedError as error:
        return render_template("admin/recrawl.html", wanted=None, wrong=str(error)), 422
    if asked is None:
        abort(400)
    return _asked("recrawl", asked.arguments)


@admin.get("/jobs/<int:number>")
def job(number: int) -> str:
    """One job and its log."""
    return _job_page("admin/job.html", number)


@admin.get("/jobs/<int:number>/progress")
def progress(number: int) -> str:
    """The part of a job's page that changes while it runs."""
    return _job_page("admin/_job.html", number)


@admin.post("/jobs/<int:number>/cancel")
def cancel(number: int) -> Response:
    """Cancel a job."""
    return _changed("cancelled", number)


@admin.post("/jobs/<int:number>/retry")
def retry(number: int) -> Response:
    """Try a job again."""
    return _changed("retried", number)


@admin.get("/ledger")
def ledger() -> str:
    """What the crawler decided, per day and host."""
    asked = request.args.get("days", "")
    span = next((days for days in ledgers.SPANS if asked == str(days)), _LEDGER_DAYS)
    return render_template("admin/ledger.html", ledger=ledgers.ledger(services(), span), spans=ledgers.SPANS)


@admin.get("/crawls")
def crawls() -> str:
    """What begins by itself, and how the servers stand."""
    now = services().clock.now()
    return render_template(
        "admin/crawls.html", crawls=crawling.crawls(services()), rhythms=crawling.RHYTHMS, now=now
    )


@admin.post("/crawls/<name>")
def change_crawl(name: str) -> Response:
    """Switch a crawl on or off, or change its rhythm."""
    every, enabled = crawling.rhythm(request.form.get("every", "")), request.form.get("enabled") == "1"
    if name not in DEFAULTS or every is None:
        abort(400)
    crawling.schedule_of(services()).change(name, enabled=enabled, every=every)
    note("schedule changed", f"{name}: {f'every {every}' if enabled else 'off'}")
    flash(gettext("The schedule is changed."), "good")
    return redirect(addresses.crawls())


@admin.get("/audit")
def audit() -> str:
    """Who did what."""
    jobs = services().jobs
    deeds = audit_log().recent()
    known = {job.id: job for job in jobs.recent(len(deeds))}
    return render_template("admin/audit.html", deeds=[(deed, known.get(_job_of(deed))) for deed in deeds])


def _job_of(deed: Deed) -> int:
    """Number of the job a deed was done to, 0 for none."""
    found = re.match(r"job (\d+)\b", deed.subject)
    return int(found[1]) if found else 0


def _estimated(asked: Wanted) -> Estimate:
    opened = services()
    known = Known(profile=opened.profile, record=opened.record, index=opened.index)
    with open_crawl(opened.settings, opened.profile, opened.database, opened.clock) as crawl:
        return estimate(crawl, known, asked.arguments)


def _asked(kind: str, arguments: Mapping[str, Any]) -> Response:
    asking = account()
    assert asking is not None
    new = services().jobs.ask(kind, arguments, asking.name)
    note("asked", f"job {new.id}: {kind} {arguments or ''}".strip())
    return redirect(addresses.job(new.id))


def _changed(deed: str, number: int) -> Response:
    _known(number)
    try:
        (services().jobs.cancel if deed == "cancelled" else services().jobs.retry)(number)
        note(deed, f"job {number}")
    except JobError:
        flash(gettext("The job has moved on meanwhile; see how it stands now."), "error")
    return redirect(addresses.job(number))


def _job_page(template: str, number: int) -> str:
    found = _known(number)
    return render_template(template, job=found, log=services().jobs.log(number), now=services().clock.now())


def _known(number: int) -> Job:
    found = services().jobs.get(number)
    if found is None:
        abort(404)
    return found
