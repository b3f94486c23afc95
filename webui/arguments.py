"""The query string of an address ⇄ SearchRequest, both ways (pure).

`read` refuses nothing but a query that is too long: what makes no sense becomes the nearest thing that does.
The API asks `webui.api.models.SearchArguments` first, which is strict; what passes it, `read` takes unchanged.
"""

import calendar
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, get_args

from indexer.article import HowDated, Status
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.fields import FileKind
from indexer.query.language import QueryTooLong
from indexer.query.request import FACETS, MAX_DEPTH, MAX_QUERY, MAX_SIZE, SORTS, Facet, SearchRequest, Sort

Pairs = list[tuple[str, str]]

MAX_VALUES = 100
"""Values of one facet that are looked at; there are only 63 provinces."""
MAX_VALUE = 200
"""Characters of one facet value."""
MAX_CURSOR = 500
"""Characters of a cursor; ours are shorter."""
YEARS: Final = range(1900, 2101)
"""Years that can be asked for."""

MONTHS: Final = range(1, 13)
DATED: Final = ("yes", "no")
"""Values of the facet `dated`: whether the day of publication is known."""

FILES: Final = get_args(FileKind)
HOW: Final = get_args(HowDated)
"""Values of the facet `how`: where a day is known from."""

_VIEWS: Final[Mapping[str, tuple[str, ...]]] = {"places": ("then", "today"), "view": ("compact",)}
_DEFAULT: Final = SearchRequest()
_SORT_NAMES: Final[Mapping[str, str]] = {"date": "newest", "new": "newest", "old": "oldest"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_VIETNAMESE = re.compile(r"(?:(\d{1,2})[-/.])?(?:(\d{1,2})[-/.])(\d{4})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """Names the province facets know, as they are shown."""

    then: tuple[str, ...]
    today: tuple[str, ...]
    regions: tuple[str, ...]
    regions_today: tuple[str, ...]


class _Arguments(defaultdict[str, list[str]]):
    """The values of each parameter, in their order."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__(list)
        for name, value in pairs:
            self[name].append(value)

    def first(self, name: str) -> str:
        """The first value, '' where there is none."""
        return self[name][0] if self[name] else ""


def read(pairs: Iterable[tuple[str, str]], labels: Labels) -> SearchRequest:
    """What a query string asks for. Raises QueryTooLong; everything else finds its nearest sensible meaning."""
    arguments = _Arguments(pairs)
    query = clean(arguments.first("q"))
    if len(query) > MAX_QUERY:
        raise QueryTooLong(f"a query has at most {MAX_QUERY} characters")
    since, until = _days(arguments.first("from"), arguments.first("to"))
    size = _number(arguments.first("size"), _DEFAULT.size, range(1, MAX_SIZE + 1))
    return SearchRequest(
        query=query,
        filters=_filters(arguments, labels),
        since=since,
        until=until,
        sort=_sort(arguments.first("sort")),
        page=_number(arguments.first("page"), 1, range(1, MAX_DEPTH // size + 1)),
        size=size,
        after=clean(arguments.first("after"))[:MAX_CURSOR],
        reprints=arguments.first("reprints").lower() in ("1", "true", "yes", "on"),
    )


def write(request: SearchRequest) -> Pairs:
    """The shortest query string that asks for this; what is as usual is left out."""
    pairs = [("q", request.query)] if request.query else []
    pairs += [(facet, value) for facet, values in request.filters for value in values]
    pairs += [(name, day.isoformat()) for name, day in (("from", request.since), ("to", request.until)) if day]
    plain = (("sort", request.sort), ("page", request.page), ("size", request.size), ("after", request.after))
    pairs += [(name, str(value)) for name, value in plain if value != getattr(_DEFAULT, name)]
    return [*pairs, ("reprints", "1")] if request.reprints else pairs


def view(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """How a result is looked at, where that is not as usual: `places` of `then` or `today`, a `compact` list."""
    asked = dict(reversed(list(pairs)))
    return {name: asked[name] for name, known in _VIEWS.items() if asked.get(name) in known}


def clean(text: str) -> str:
    """Text without control characters and with single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _filters(arguments: _Arguments, labels: Labels) -> tuple[tuple[Facet, tuple[str, ...]], ...]:
    """Facet filters in the order of FACETS; values that name nothing are left out."""
    readers = _readers(labels)
    found = {
        facet: tuple(dict.fromkeys(filter(None, map(readers[facet], _values(arguments, facet)))))
        for facet in FACETS
    }
    return tuple((facet, values) for facet, values in found.items() if values)


def _values(arguments: _Arguments, facet: Facet) -> Sequence[str]:
    return [clean(value)[:MAX_VALUE].strip() for value in arguments[facet][:MAX_VALUES]]


@lru_cache(maxsize=4)
def _readers(labels: Labels) -> Mapping[Facet, Callable[[str], str]]:
    return {
        "then": _one_of(labels.then),
        "today": _one_of(labels.today),
        "category": str,
        "region": _one_of(labels.regions),
        "region_today": _one_of(labels.regions_today),
        "type": str,
        "agency": str,
        "year": _year,
        "month": _month,
        "file": _one_of(FILES),
        "status": _one_of(get_args(Status)),
        "language": lambda value: value.lower() if re.fullmatch(r"[A-Za-z]{2,3}", value) else "",
        "dated": _one_of(DATED),
        "how": _one_of(HOW),
    }


def _year(value: str) -> str:
    return str(int(value)) if re.fullmatch(r"\d{1,9}", value, re.ASCII) and int(value) in YEARS else ""


def _month(value: str) -> str:
    """`2009-01`, also where it is written 2009-1 or 1/2009."""
    match = re.fullmatch(r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/](\d{4})", value, re.ASCII)
    if match is None:
        return ""
    year, month = (int(part) for part in (match[1] or match[4], match[2] or match[3]))
    return f"{year}-{month:02}" if year in YEARS and month in MONTHS else ""


def _one_of(known: Iterable[str]) -> Callable[[str], str]:
    """Finds a known name however its marks and capitals are written; '' for what is none."""
    names = {folded(name): name for name in known}
    return lambda value: names.get(folded(value), "")


def folded(text: str) -> str:
    """Letters and digits alone, without marks and capitals: for comparing names as people type them."""
    return "".join(letter for letter in fold(search_text(text)) if letter.isalnum())


def _sort(text: str) -> Sort:
    name = text.strip().lower()
    name = _SORT_NAMES.get(name, name)
    return next((sort for sort in SORTS if sort == name), _DEFAULT.sort)


def _number(text: str, usual: int, allowed: range) -> int:
    """The whole number nearest to what is written among those allowed; the usual one for what is no number."""
    match = re.fullmatch(r"\s*([+-]?)0*(\d+)(?:[.,]\d*)?\s*", text, re.ASCII)
    if match is None:
        return usual
    number = int(match[1] + match[2][:9])  # more digits than that are beyond every limit anyway
    return min(max(number, allowed[0]), allowed[-1])


def _days(since: str, until: str) -> tuple[date | None, date | None]:
    first, last = _day(since, end=False), _day(until, end=True)
    if first and last and last < first:
        return _day(until, end=False), _day(since, end=True)
    return first, last


def _day(text: str, *, end: bool) -> date | None:
    """A day as ISO or Vietnamese dates write it; of a month or year alone its first or last; 31/02 is 28/02."""
    written = text.strip()
    if match := _ISO.fullmatch(written):
        year, month, day = match.groups()
    elif match := _VIETNAMESE.fullmatch(written):
        day, month, year = match.groups()
    else:
        return None
    in_year = min(max(int(year), YEARS[0]), YEARS[-1])
    in_month = min(max(int(month), 1), 12) if month else (12 if end else 1)
    last = calendar.monthrange(in_year, in_month)[1]
    return date(in_year, in_month, min(max(int(day), 1), last) if day else (last if end else 1))
