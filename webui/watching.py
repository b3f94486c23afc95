"""What is noted of every request: an id in answer and log, one log line, counts and times for /metrics.

Log lines hold neither query strings nor client addresses: what anonymous visitors look for is their own business.
"""

import re
import time
import uuid
from collections import Counter as Counted
from collections.abc import Iterable, Iterator
from contextlib import suppress

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.jobs.store import Jobs
from webui.services import Services, services

HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)
_QUIET = frozenset({"static", "health.live", "health.ready", "health.metrics"})
"""Endpoints whose requests are counted but not logged."""

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_log = structlog.get_logger(__name__)


class Meters:
    """The counts of one application."""

    def __init__(self, open_services: Services) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "web_requests", "Requests answered.", ["endpoint", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "web_request_seconds",
            "Time to answer a request.",
            ["endpoint"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.registry.register(_Stores(open_services))

    def note(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        method = request.method if request.method in _METHODS else "other"
        self.requests.labels(endpoint, method, str(status)).inc()
        self.seconds.labels(endpoint).observe(seconds)


class _Stores(Collector):
    """How the index and the jobs stand, asked when somebody looks."""

    def __init__(self, open_services: Services) -> None:
        self._services = open_services

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked before somebody looks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges, as they are now."""
        up = GaugeMetricFamily("index_up", "Whether the search engine answers.")
        documents = GaugeMetricFamily("index_documents", "Articles that can be found.")
        lag = GaugeMetricFamily("index_lag", "Changes of the record that the index does not have yet.")
        try:
            documents.add_metric([], self._services.index.count())
            lag.add_metric([], index_lag(self._services))
            up.add_metric([], 1)
        except (IndexUnavailable, IndexOutdated):
            up.add_metric([], 0)
        except SQLAlchemyError:  # the record; /health/ready says so
            up.add_metric([], 1)
        yield from (up, documents, lag)
        with suppress(SQLAlchemyError):
            yield _jobs(self._services.jobs)


def index_lag(open_services: Services) -> int:
    """Changes of the record that the index does not have yet. Raises IndexUnavailable."""
    return max(0, open_services.record.last_sequence - open_services.index.cursor)


def _jobs(jobs: Jobs) -> Metric:
    gauge = GaugeMetricFamily("jobs", "Of the last hundred jobs, those in each state.", labels=["state"])
    for state, count in Counted(job.state for job in jobs.recent()).items():
        gauge.add_metric([state], count)
    return gauge


def set_up(app: Flask, open_services: Services) -> Meters:
    """Watch an application's requests."""
    meters = Meters(open_services)
    app.extensions["meters"] = meters
    app.before_request(_begin)
    app.after_request(_end)
    return meters


def request_id() -> str:
    """The id of this request, for the page that reports an error."""
    return str(g.get("request_id", ""))


def _begin() -> None:
    given = request.headers.get(HEADER, "") if services().settings.trusted_proxies else ""
    g.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    meters().note(endpoint, response.status_code, seconds)
    response.headers[HEADER] = request_id()
    if endpoint not in _QUIET:
        _log.info(
            "answered",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
    return response


def meters() -> Meters:
    """Those of the application that answers this request."""
    found = current_app.extensions["meters"]
    assert isinstance(found, Meters)
    return found
