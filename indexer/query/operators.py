"""Operators on fields, `title:` or `tiêu_đề:`: which there are, and whether what follows is a value (pure)."""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.fields import number_key
from indexer.query.lexicon import Lexicon, letters
from indexer.query.understood import FieldName, Restricted, Word

NAMES: Mapping[FieldName, tuple[str, ...]] = {
    "title": ("title", "tiêu_đề", "tựa"),
    "author": ("author", "tác_giả"),
    "number": ("number", "số", "số_hiệu"),
    "province": ("province", "tỉnh", "tỉnh_thành", "địa_phương"),
    "category": ("category", "chuyên_mục"),
    "year": ("year", "năm"),
    "before": ("before", "trước"),
    "after": ("after", "sau"),
    "status": ("status", "trạng_thái"),
    "attachment": ("attachment", "tệp", "đính_kèm"),
}
"""How each may be typed; without marks, with a hyphen or nothing for the underscore, and in capitals, too."""

STATUSES: Mapping[str, tuple[str, ...]] = {
    "current": ("current", "như khi lưu", "còn"),
    "changed": ("changed", "đã sửa"),
    "withdrawn": ("withdrawn", "đã gỡ"),
}
"""Values of `status:`."""

YEARS = range(1900, 2101)

_FIELDS = {letters(name.replace("_", "")): field for field, names in NAMES.items() for name in names}
_STATES = {letters(name): state for state, names in STATUSES.items() for name in names}
_YEAR = re.compile(r"(\d{4})(?:(?:-|–|\.\.)(\d{4}))?")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_VIETNAMESE = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")


def field_of(name: str) -> FieldName | None:
    """Which field a name before a colon means."""
    return _FIELDS.get(letters(name.replace("_", "")))


def read(field: FieldName, value: str, lexicon: Lexicon) -> Restricted | None:
    """The operator, if its value is one; else what was typed is words."""
    words = tuple(Word(word, fold(word)) for word in search_text(value).split())
    return _READERS[field](field, value, words, lexicon) if words else None


def span(text: str) -> tuple[date, date] | None:
    """First and last day of a year, a month or a day, written 2008, 2008-05, 5/2008, 2008-05-31 or 31/5/2008."""
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _VIETNAMESE.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day or first.year not in YEARS:
        return (first, first) if first.year in YEARS else None
    last = calendar.monthrange(first.year, first.month)[1] if month else 31
    return first, date(first.year, first.month if month else 12, last)


def _words(field: FieldName, value: str, words: Sequence[Word], _: Lexicon) -> Restricted:
    return Restricted(field=field, written=value, words=tuple(words))


def _number(field: FieldName, value: str, words: Sequence[Word], _: Lexicon) -> Restricted | None:
    """A figure with letters or another figure beside it: a single figure is no document's number."""
    bare = [word.bare for word in words]
    if len(bare) < 2 or not any(word[0].isdigit() for word in bare):  # noqa: PLR2004
        return None
    return Restricted(field=field, written=value, values=(number_key(bare),))


def _province(field: FieldName, value: str, _: Sequence[Word], lexicon: Lexicon) -> Restricted | None:
    name = letters(value)
    if then := lexicon.then.get(name, ()):
        return Restricted(field=field, written=value, values=then)
    today = lexicon.today.get(name)
    return Restricted(field=field, written=value, today=(today,)) if today else None


def _year(field: FieldName, value: str, _: Sequence[Word], __: Lexicon) -> Restricted | None:
    match = _YEAR.fullmatch(value)
    if match is None:
        return None
    first, last = sorted((int(match[1]), int(match[2] or match[1])))
    if first not in YEARS or last not in YEARS:
        return None
    return Restricted(field=field, written=value, values=tuple(map(str, range(first, last + 1))))


def _days(field: FieldName, value: str, _: Sequence[Word], __: Lexicon) -> Restricted | None:
    found = span(value)
    if found is None:
        return None
    first, last = found
    if field == "before":
        return Restricted(field=field, written=value, until=first - timedelta(days=1))
    return Restricted(field=field, written=value, since=last + timedelta(days=1))


def _status(field: FieldName, value: str, _: Sequence[Word], __: Lexicon) -> Restricted | None:
    state = _STATES.get(letters(value.replace("_", " ")))
    return Restricted(field=field, written=value, values=(state,)) if state else None


_READERS: Mapping[FieldName, Callable[[FieldName, str, Sequence[Word], Lexicon], Restricted | None]] = {
    "title": _words,
    "author": _words,
    "category": _words,
    "attachment": _words,
    "number": _number,
    "province": _province,
    "year": _year,
    "before": _days,
    "after": _days,
    "status": _status,
}
