"""Log lines: one form for all of them, ours and those of libraries, for people or as JSON, on standard error."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import Processor

from config.settings import Settings

_QUIET = (
    "urllib3",
    "alembic",
    "charset_normalizer",
    "werkzeug",
    "huey",
    "aiobotocore",
    "botocore",
    "s3fs",
    "fsspec",
)
"""Libraries that tell at level `info` what nobody needs to know."""
_MUTE = ("warcio", "cdx_toolkit")
"""Libraries that warn of what is in the files they read, which whoever reads them counts and says."""


class _StandardError:
    """Whatever standard error is at the moment of writing: a progress bar takes its place while it is shown."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(settings: Settings) -> None:
    """Set up logging for this process. May be called again; the last call counts."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    stream: Any = _StandardError()
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _last(settings)
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _last(settings: Settings) -> list[Processor]:
    if settings.log_format == "json":
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
