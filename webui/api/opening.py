"""The article, moment or file that a path names, or the problem that none is to be shown."""

from typing import NoReturn

from flask import abort

from crawler.address import Key
from indexer.record import History, Snapshot
from webui.errors import Problem
from webui.services import services


def history_of(key: str) -> tuple[Key, History]:
    """An article with every moment at which it was seen."""
    named = Key.parse(key)
    found = services().record.history(named)
    return (named, found) if found is not None else absent(named)


def moment_of(history: History, stamp: str, field: str = "stamp") -> Snapshot:
    """One of its moments; `field` is the parameter that names it."""
    found = history.snapshot(stamp)
    if found is None:
        missing("The article has no such capture", field=field)
    return found


def absent(key: Key) -> NoReturn:
    """What is said of an article that is not there, or must not be shown."""
    withheld = services().record.withheld([key])
    if withheld:
        since = f"It was taken out of this archive on request on {withheld[key].at:%Y-%m-%d}."
        abort(Problem(status=451, title="This article is withheld", detail=since, field="key").response())
    missing("No such article", field="key")


def missing(title: str, *, field: str) -> NoReturn:
    """There is none of what a parameter names."""
    abort(Problem(status=404, title=title, field=field).response())
