"""A whole result as a table, for whoever asked: a form or a program."""

from collections.abc import Iterable, Iterator

from flask import Response

from indexer.query.request import SearchRequest
from indexer.query.results import Hit
from webui import asking
from webui.export.asked import about, file_name
from webui.export.columns import COLUMNS
from webui.export.sending import send
from webui.export.writing import FORMS, Row


def table(asked: SearchRequest, ending: str, names: tuple[str, ...]) -> Response:
    """Everything a search finds as a file of one of the FORMS, with these columns, sent while it is made."""
    made = FORMS[ending]
    found = asking.tally(asked)
    rows = _rows(asking.scan(found.request.whole()), names)
    return send(made.write(about(found), names, rows), made.media_type, file_name(found.request, ending))


def _rows(hits: Iterable[Hit], names: tuple[str, ...]) -> Iterator[Row]:
    readers = [COLUMNS[name].read for name in names]
    return ([reader(hit) for reader in readers] for hit in hits)
