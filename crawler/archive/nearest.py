"""Which capture of an address shows it as it was at a moment: for pages that are looked at with their parts."""

from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from crawler.archive.rows import CAPTURES, select
from crawler.page import Capture
from crawler.page.answer import REDIRECTS
from crawler.tables import captures

_AT_ONCE = 500
_GOOD = sa.and_(captures.c.status.in_((HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)), captures.c.payload_size > 0)
_MOVED = sa.and_(
    captures.c.status.between(REDIRECTS.start, REDIRECTS.stop - 1),
    captures.c.status != HTTPStatus.NOT_MODIFIED,
    captures.c.location != "",
)


def good(connection: Connection, canonical: str, at: datetime) -> Capture | None:
    """The answer with a body that is nearest in time."""
    return _nearest(connection, sa.and_(captures.c.canonical == canonical, _GOOD), at)


def redirect(connection: Connection, canonical: str, at: datetime) -> Capture | None:
    """The redirect that is nearest in time."""
    return _nearest(connection, sa.and_(captures.c.canonical == canonical, _MOVED), at)


def held(connection: Connection, canonicals: Collection[str]) -> frozenset[str]:
    """Those of these addresses that have either."""
    wanted, found = sorted(canonicals), set[str]()
    for start in range(0, len(wanted), _AT_ONCE):
        of_these = captures.c.canonical.in_(wanted[start : start + _AT_ONCE])
        rows = sa.select(captures.c.canonical).where(of_these, sa.or_(_GOOD, _MOVED)).distinct()
        found.update(connection.scalars(rows))
    return frozenset(found)


def _nearest(connection: Connection, wanted: sa.ColumnElement[bool], at: datetime) -> Capture | None:
    """Two looks into the index: an image of the page's head may have a thousand captures."""
    before = CAPTURES.where(wanted, captures.c.captured_at <= at).order_by(captures.c.captured_at.desc()).limit(1)
    after = CAPTURES.where(wanted, captures.c.captured_at > at).order_by(captures.c.captured_at).limit(1)
    found = [*select(connection, before), *select(connection, after)]
    return min(found, key=lambda capture: abs(capture.captured_at - at), default=None)
