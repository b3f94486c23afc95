"""SQLite FTS5 as one would use it for the same search: hits with snippets, and the same counts."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from indexer.document import Change
from indexer.engines.entry import Entry, entry
from indexer.query.language import parse
from indexer.query.request import FACETS, SearchRequest
from indexer.query.results import Mode

_TABLES = """
    CREATE VIRTUAL TABLE texts USING fts5(
        title, lead, body, attachments, tokenize = "unicode61 remove_diacritics 2"
    );
    CREATE TABLE articles (id INTEGER PRIMARY KEY, day TEXT, card TEXT NOT NULL);
    CREATE TABLE labels (id INTEGER, facet TEXT, value TEXT, PRIMARY KEY (facet, value, id)) WITHOUT ROWID;
    CREATE INDEX labels_of ON labels (id, facet, value);
    CREATE INDEX days ON articles (day);
"""
_RANKED = "SELECT rowid, bm25(texts, 5, 2, 1, 0.5) FROM texts WHERE texts MATCH ?"
_SNIPPET = "snippet(texts, -1, '<mark>', '</mark>', '…', 40)"
_ORDERS = {"newest": "articles.day DESC, articles.id DESC", "oldest": "articles.day, articles.id"}


class Fts:
    """One database in a folder of its own, filled and then asked over one connection."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(folder / "fts5.sqlite3")
        self._connection.execute("PRAGMA cache_size = -262144")
        self._connection.executescript(_TABLES)

    def fill(self, changes: Sequence[Change]) -> None:
        """Write every article, then let FTS5 merge what it has written."""
        with self._connection:
            for number, change in enumerate(changes, 1):
                if change.document:
                    self._add(number, entry(change.document), change)
            self._connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self._connection.execute("ANALYZE")

    def search(self, request: SearchRequest, mode: Mode) -> tuple[object, ...]:
        """Total, facets, years and one page of hits. Words are all needed, or in mode `near` one of them."""
        match = _match(request, mode)
        conditions = dict(_conditions(request))
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("DROP TABLE IF EXISTS temp.found")
            cursor.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, rank REAL)")
            chosen = _RANKED if match else "SELECT id, 0 FROM articles"
            cursor.execute(f"INSERT INTO found {chosen}", (match,) if match else ())
            counts = list(_counts(cursor, conditions))
            return _total(cursor, conditions), counts, _hits(cursor, request, match, conditions)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _add(self, number: int, made: Entry, change: Change) -> None:
        document = change.document
        assert document is not None
        texts = (document.title, document.lead, document.body, document.attachments)
        run = self._connection.execute
        run("INSERT INTO texts (rowid, title, lead, body, attachments) VALUES (?, ?, ?, ?, ?)", (number, *texts))
        run("INSERT INTO articles VALUES (?, ?, ?)", (number, made.published, made.card))
        labels = {(facet, value) for facet in (*FACETS, "reprint") for value in made.keywords[facet]}
        self._connection.executemany(
            "INSERT INTO labels VALUES (?, ?, ?)", [(number, facet, value) for facet, value in labels]
        )


def _match(request: SearchRequest, mode: Mode) -> str:
    """The words of a query in FTS5's language, '' where there are none."""
    words = [word.text for run in parse(request.query).runs for word in run]
    return (" OR " if mode == "near" else " ").join(f'"{word}"' for word in words)


Condition = tuple[str, Sequence[object]]


def _conditions(request: SearchRequest) -> Iterator[tuple[str, Condition]]:
    """What a request filters by, under the name of the facet it is."""
    if not request.reprints:
        yield "reprint", ("SELECT id FROM labels WHERE facet = 'reprint' AND value = 'no'", ())
    for facet, values in request.filters:
        places = ", ".join("?" * len(values))
        asked = f"SELECT id FROM labels WHERE facet = '{facet}' AND value IN ({places})"
        yield facet, (asked, values)
    if request.since or request.until:
        first, last = request.since or "0000", request.until or "9999"
        yield "days", ("SELECT id FROM articles WHERE day BETWEEN ? AND ?", (str(first), str(last)))


def _where(conditions: Mapping[str, Condition], without: Sequence[str] = ()) -> tuple[str, list[object]]:
    kept = [condition for name, condition in conditions.items() if name not in without]
    clauses = [f"found.id IN ({asked})" for asked, _ in kept]
    return " AND ".join(clauses) or "1", [value for _, values in kept for value in values]


def _total(cursor: sqlite3.Cursor, conditions: Mapping[str, Condition]) -> int:
    where, values = _where(conditions)
    return int(cursor.execute(f"SELECT count(*) FROM found WHERE {where}", values).fetchone()[0])


def _counts(cursor: sqlite3.Cursor, conditions: Mapping[str, Condition]) -> Iterator[list[tuple[str, str, int]]]:
    """Values of all facets, each under all filters but its own; those of the same filters are counted together."""
    asked: dict[frozenset[str], list[str]] = {}
    for facet in FACETS:
        asked.setdefault(frozenset({facet} & set(conditions)), []).append(facet)
    if others := frozenset({"year", "month", "days"} & set(conditions)) - {"year"}:
        asked.setdefault(others | {"year"}, []).append("year")
    for without, facets in asked.items():
        where, values = _where(conditions, sorted(without))
        places = ", ".join("?" * len(facets))
        counted = f"""
            SELECT facet, value, count(*) FROM found CROSS JOIN labels USING (id)
            WHERE facet IN ({places}) AND {where} GROUP BY facet, value
        """
        yield cursor.execute(counted, (*facets, *values)).fetchall()


def _hits(
    cursor: sqlite3.Cursor, request: SearchRequest, match: str, conditions: Mapping[str, Condition]
) -> list[tuple[object, ...]]:
    """The hits of one page; snippets are made of these alone."""
    where, values = _where(conditions)
    order = _ORDERS.get(request.sort, "found.rank" if match else _ORDERS["newest"])
    asked = f"SELECT id, card FROM found JOIN articles USING (id) WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
    hits = cursor.execute(asked, (*values, request.size + 1, (request.page - 1) * request.size)).fetchall()
    if not match:
        return hits
    shown = (
        f"SELECT highlight(texts, 0, '<mark>', '</mark>'), {_SNIPPET} FROM texts WHERE texts MATCH ? AND rowid = ?"
    )
    return [(card, *cursor.execute(shown, (match, number)).fetchone()) for number, card in hits]
