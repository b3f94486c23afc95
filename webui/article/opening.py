"""The article an address names, or the answer that none is to be shown: every room of an article begins here."""

from typing import NoReturn

from flask import abort, make_response, render_template

from crawler.address import Key, KeyFormatError
from indexer.record import History, Snapshot
from webui import addresses, wording
from webui.citing import Citation, cite
from webui.services import services


def opened(text: str) -> History:
    """An article's history: 404 where the record knows none of that key, 451 (RFC 7725) where it is withheld."""
    try:
        key = Key.parse(text)
    except KeyFormatError:
        abort(404)
    found = services().record.history(key)
    return found if found is not None else refused(key)


def refused(key: Key) -> NoReturn:
    """The same answer for whatever is asked of an article that is not there, or must not be shown."""
    withheld = services().record.withheld([key])
    if withheld:
        page = render_template("article/withheld.html", key=key, withheld=withheld[key])
        abort(make_response(page, 451))
    abort(404)


def snapshot(history: History, stamp: str) -> Snapshot:
    """One moment of it; 404 where there is none of that stamp."""
    found = history.snapshot(stamp)
    if found is None:
        abort(404)
    return found


def cited(history: History, moment: Snapshot) -> Citation:
    """How that moment is cited."""
    opened_services = services()
    key = history.record.article.key
    return cite(
        history.article(moment),
        moment,
        publisher=opened_services.profile.title,
        archive=wording.archive(opened_services.profile.name),
        permalink=addresses.in_full(addresses.version(key, moment.stamp)),
    )
