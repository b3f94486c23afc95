"""Which articles issue documents and which cite them, kept in rows and looked up by the documents' numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import insert_new
from crawler.address import Key
from indexer.article import DocumentNumber, NumberRole
from indexer.tables import articles, number_uses

MOST = 50
"""Articles named of those that issue or cite one document; how many there are is counted."""
_LONGEST = 120
_YEARLY = frozenset(("NĐ", "TT", "TTLT", "NQLT", "Luật", "PL"))
"""Types whose whole numbers hold their year; 749/QĐ-TTg is whole without."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Another article that issues or cites a document, or is a reprint."""

    key: Key
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentLink:
    """A document one article issues or cites, and the other articles that do."""

    normal: str
    """As it is written in this article, normalised."""
    role: NumberRole
    probable: str = ""
    """The whole number that a short form stands for, where exactly one document of the record fits it."""
    issued_by: tuple[Related, ...] = ()
    cited_by: tuple[Related, ...] = ()
    citing: int = 0
    """How many cite it; at most MOST of them are named."""
    probably_cited_by: tuple[Related, ...] = ()
    """Those that use a short form which only this document fits."""


def store_uses(connection: Connection, numbers: Mapping[str, Sequence[DocumentNumber]]) -> None:
    """Write which documents these articles issue and cite, instead of what was written of them before."""
    keys = list(numbers)
    connection.execute(sa.delete(number_uses).where(number_uses.c.key.in_(keys)))
    rows = [row for key, found in numbers.items() for row in _rows(key, found)]
    insert_new(connection, number_uses.c.key, rows)


def links(connection: Connection, key: Key) -> tuple[DocumentLink, ...]:
    """The documents of an article, those it issues first, with who else issues or cites them.

    Looked up when asked for: another article that comes or goes later needs no rows of this one changed.
    """
    rows = sa.select(number_uses).where(number_uses.c.key == str(key))
    own = sorted(connection.execute(rows), key=lambda row: (row.role != "issues", row.normal))
    found: dict[str, DocumentLink] = {}
    for row in own:
        if row.normal not in found:
            probable = _probable(connection, row)
            issuing, _ = _users(connection, probable or row.normal, "issues", key)
            citing, count = _users(connection, probable or row.normal, "cites", key)
            found[row.normal] = DocumentLink(
                normal=row.normal,
                role=row.role,
                probable=probable,
                issued_by=issuing,
                cited_by=citing,
                citing=count,
                probably_cited_by=_by_short_forms(connection, row, key),
            )
    return tuple(found.values())


def _rows(key: str, numbers: Iterable[DocumentNumber]) -> Iterable[dict[str, object]]:
    for number in numbers:
        if len(number.normal) <= _LONGEST:
            yield {
                "key": key,
                "normal": number.normal,
                "role": number.role,
                "type": number.type[:16],
                "number": number.number.lstrip("0")[:16],
                "year": number.year,
                "issuer": number.issuer,
            }


def _is_short(row: sa.Row[Any]) -> bool:
    return not row.issuer or (row.year is None and row.type in _YEARLY)


def _probable(connection: Connection, row: sa.Row[Any]) -> str:
    """The one document that a short form can stand for; '' where none or several fit, or it is whole."""
    if not _is_short(row) or _users(connection, row.normal, "issues", None)[1]:
        return ""
    same = [number_uses.c.number == row.number, number_uses.c.normal != row.normal]
    same += [number_uses.c.type == row.type] if row.type else []
    same += [number_uses.c.issuer == row.issuer] if row.issuer else [number_uses.c.issuer != ""]
    whole = sa.or_(number_uses.c.year.is_not(None), number_uses.c.type.not_in(_YEARLY))
    same += [number_uses.c.year == row.year] if row.year is not None else [whole]
    fitting = connection.scalars(sa.select(number_uses.c.normal).where(*same).distinct().limit(2)).all()
    return fitting[0] if len(fitting) == 1 else ""


def _by_short_forms(connection: Connection, row: sa.Row[Any], besides: Key) -> tuple[Related, ...]:
    """Articles that cite a document by a short form that fits no other."""
    if _is_short(row):
        return ()
    short = sa.select(number_uses).where(
        number_uses.c.number == row.number,
        number_uses.c.normal != row.normal,
        number_uses.c.type.in_((row.type, "")),
        number_uses.c.issuer.in_((row.issuer, "")),
        sa.or_(number_uses.c.year.is_(None), number_uses.c.year == row.year),
        number_uses.c.key != str(besides),
    )
    forms = {one.normal: one for one in connection.execute(short).all()}
    meant = [normal for normal, one in sorted(forms.items()) if _probable(connection, one) == row.normal]
    found = [one for normal in meant for one in _users(connection, normal, "cites", besides)[0]]
    return tuple(dict.fromkeys(found))


def _users(
    connection: Connection, normal: str, role: NumberRole, besides: Key | None
) -> tuple[tuple[Related, ...], int]:
    """Articles that issue or cite a document, by key, and how many there are."""
    of_it = [number_uses.c.normal == normal, number_uses.c.role == role, articles.c.present]
    of_it += [number_uses.c.key != str(besides)] if besides else []
    joined = sa.join(number_uses, articles, number_uses.c.key == articles.c.key)
    count = connection.scalar(sa.select(sa.func.count()).select_from(joined).where(*of_it)) or 0
    chosen = sa.select(articles.c.key).select_from(joined).where(*of_it).order_by(articles.c.key).limit(MOST)
    return related(connection, list(connection.scalars(chosen))) if count else (), count


def related(connection: Connection, keys: Sequence[str]) -> tuple[Related, ...]:
    """These articles by key, with their titles; those that must not be shown are left out."""
    rows = sa.select(articles.c.key, articles.c.title).where(articles.c.key.in_(keys), articles.c.present)
    titles = {row.key: row.title for row in connection.execute(rows)}
    return tuple(Related(key=Key.parse(key), title=titles[key]) for key in keys if key in titles)
