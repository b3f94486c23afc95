"""Log lines: one form for all of them, ours and those of libraries, for people or as JSON, on standard error."""

import logging
import sys
from time import monotonic
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
_SILENT = ("elastic_transport", "psycopg")
"""Libraries that tell as a warning what they raise as well."""


_REPEATING = ("huey", "Error reading ")
"""Logger and beginning of what is told every second while a queue is down, with where in its code that came up."""
_REPEAT_SECONDS = 60.0


class _OnceInAWhile(logging.Filter):
    """Lets what repeats itself through once a minute, its exception in a few words."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        logger, beginning = _REPEATING
        if not (record.name.startswith(logger) and record.getMessage().startswith(beginning)):
            return True
        error = record.exc_info[1] if record.exc_info else None
        said = record.getMessage() if error is None else f"{record.getMessage()}: {' '.join(str(error).split())}"
        record.msg, record.args, record.exc_info = said, None, None
        now = monotonic()
        if now < self._told.get(said, 0.0):
            return False
        self._told = {text: until for text, until in self._told.items() if until > now} | {
            said: now + _REPEAT_SECONDS
        }
        return True


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
    handler.addFilter(_OnceInAWhile())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _SILENT:
        logging.getLogger(name).setLevel(max(level, logging.ERROR))


def _last(settings: Settings) -> list[Processor]:
    if settings.log_format == "json":
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
