"""Whether the site lives, whether it is ready to answer, and its metrics: for machines that look after it."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from webui.services import Services, services
from webui.watching import meters

health = Blueprint("health", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that is needed, and what is wrong with it. `detail` is for administrators alone."""

    name: str
    ok: bool
    reason: str = ""
    detail: str = ""
    needed: bool = True
    """Whether searches wait for it; what is not needed is only told."""


def checks(open_services: Services) -> tuple[Check, ...]:
    """Everything a search needs, and how the archive's files are."""
    return _database(open_services), _index(open_services), _archive(open_services)


def _database(open_services: Services) -> Check:
    try:
        with open_services.database.reading() as connection:
            connection.execute(sa.select(1))
    except sa.exc.SQLAlchemyError as error:
        return Check(name="database", ok=False, reason="the database does not answer", detail=str(error))
    return Check(name="database", ok=True, detail=open_services.database.engine.dialect.name)


def _index(open_services: Services) -> Check:
    state = open_services.index.health()
    detail = " ".join(part for part in (state.engine, state.generation, state.detail) if part)
    reason = "" if state.ok else "the search engine does not answer"
    return Check(name="index", ok=state.ok, reason=reason, detail=detail)


def _archive(open_services: Services) -> Check:
    try:
        problem = open_services.archive.state().problem
    except sa.exc.SQLAlchemyError as error:
        return Check(
            name="archive", ok=False, reason="the database does not answer", detail=str(error), needed=False
        )
    reason = "WARC files are damaged or wait to be uploaded" if problem else ""
    return Check(name="archive", ok=not problem, reason=reason, detail=problem, needed=False)


@health.get("/health/live")
def live() -> Response:
    """The process answers."""
    return jsonify(status="live")


@health.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Whether searches can be answered, and if not, why."""
    found = checks(services())
    well = all(check.ok for check in found if check.needed)
    told = [{"name": check.name, "ok": check.ok, "reason": check.reason} for check in found]
    return jsonify(status="ready" if well else "not ready", checks=told), 200 if well else 503


@health.get("/metrics")
def metrics() -> Response:
    """Counts and times in Prometheus's form."""
    return Response(generate_latest(meters().registry), content_type=CONTENT_TYPE_LATEST)
