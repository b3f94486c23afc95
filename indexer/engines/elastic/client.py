"""Reaching the cluster: addresses, credentials, how long is waited, what its failures mean."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, TransportError

from config.settings import Settings, SettingsError
from indexer.engines import IndexUnavailable

WRITING = 60.0
"""Seconds one request that writes may take."""

RETRIES = 4
"""Further attempts to write, waiting longer each time."""

_BUSY = (429, 502, 503, 504)


def connect(settings: Settings) -> Elasticsearch:
    """A client for the cluster in the settings; nothing is sent yet. Raises SettingsError."""
    password, key = settings.elastic_password.get_secret_value(), settings.elastic_api_key.get_secret_value()
    hosts = [host.strip() for host in settings.elastic_url.split(",") if host.strip()]
    security: dict[str, object] = {"ssl_context": _trust(settings.elastic_ca)} if settings.elastic_ca else {}
    if key:
        security["api_key"] = key
    elif settings.elastic_user:
        security["basic_auth"] = (settings.elastic_user, password)
    try:
        return Elasticsearch(hosts, **security)  # type: ignore[arg-type]  # each has its own type
    except ValueError as error:
        raise SettingsError(f"MIC_ELASTIC_URL: {error}") from error


def _trust(authority: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise SettingsError(f"MIC_ELASTIC_CA: {authority}: {error.strerror or error}") from error


def for_reading(client: Elasticsearch, seconds: float) -> Elasticsearch:
    """The client for a search: a node that refuses is passed over, one that is slow is waited for only once."""
    nodes = len(list(client.transport.node_pool.all()))
    return client.options(request_timeout=seconds, max_retries=nodes - 1, retry_on_timeout=False)


def for_writing(client: Elasticsearch) -> Elasticsearch:
    """The client for what may be repeated without harm: it waits and tries again."""
    return client.options(
        request_timeout=WRITING,
        max_retries=RETRIES,
        retry_on_timeout=True,
        retry_on_status=_BUSY,
    )


@contextmanager
def engine_errors() -> Iterator[None]:
    """What the client raises, as the reason the index is not available."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as error:
        raise IndexUnavailable(f"Elasticsearch refuses the credentials in MIC_ELASTIC_*: {error}") from error
    except ApiError as error:
        raise IndexUnavailable(f"Elasticsearch refuses what it is asked: {error}") from error
    except TransportError as error:
        raise IndexUnavailable(f"Elasticsearch (MIC_ELASTIC_URL) does not answer: {error}") from error
