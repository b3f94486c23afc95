"""What a search should find, counted the slow way: every article looked at, one after the other.

Nothing of indexer/query is used but the shapes of requests: the rules are written down here a second time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from indexer.document import IndexedDocument
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.request import FACETS, SORTS, Facet, SearchRequest
from tests.contract.documents import article

Token = tuple[str, ...]
"""A word, or two that follow each other, without marks."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How few of the word pairs are enough, and which words and pairs alone are; None for all words."""

    share: float
    least: int
    rare: frozenset[Token] = frozenset()


class View:
    """One article as it is searched: its texts as lists of words."""

    def __init__(self, document: IndexedDocument) -> None:
        self.document = document
        names = (document.author, document.source, *document.attachment_names, *document.numbers)
        written = (document.title, document.lead, document.body, document.attachments, "\n".join(names))
        self.marked = [search_text(text).split() for text in written]
        self.bare = [fold(" ".join(words)).split() for words in self.marked]
        self.words = {word for words in self.bare for word in words}
        self.pairs = {pair for words in self.bare for pair in pairwise(words)}
        self.tokens: set[Token] = {*((word,) for word in self.words), *self.pairs}

    def has_phrase(self, words: Sequence[str]) -> bool:
        if fold(" ".join(words)).split() == list(words):
            return any(_within(words, text) for text in self.bare)
        return any(_within(words, text) for text in self.marked)


def _within(words: Sequence[str], text: Sequence[str]) -> bool:
    return any(list(text[i : i + len(words)]) == list(words) for i in range(len(text) - len(words) + 1))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is typed, what it means, how many different words it has, and what of them may be near."""

    typed: str
    holds: Callable[[View, Nearness | None], bool]
    words: tuple[str, ...] = ()
    """Different words without marks, phrases included, exclusions not."""
    structured: bool = False
    operates: bool = False
    """Whether it holds more than words and phrases."""
    tokens: tuple[Token, ...] = ()
    """Words and pairs that could be reason enough, if they are rare."""
    relaxes: bool = False
    """Whether it asks for two words or more outside quotation marks."""


def plain(words: Sequence[str]) -> Asked:
    """Only words."""
    bare = fold(" ".join(words)).split()
    pairs = set(pairwise(bare))

    def holds(view: View, nearness: Nearness | None) -> bool:
        if set(bare) <= view.words:
            return True
        if nearness is None:
            return False
        enough = max(int(len(pairs) * nearness.share), min(nearness.least, len(pairs) // 2 + 1))
        return len(pairs & view.pairs) >= enough > 0 < len(pairs) or bool(nearness.rare & view.tokens)

    tokens = (*((word,) for word in dict.fromkeys(bare)), *pairs)
    return Asked(" ".join(words), holds, tuple(dict.fromkeys(bare)), tokens=tokens, relaxes=len(bare) > 1)


def phrase(words: Sequence[str]) -> Asked:
    """Words in quotation marks."""
    bare = tuple(dict.fromkeys(fold(" ".join(words)).split()))
    return Asked(f'"{" ".join(words)}"', lambda view, _: view.has_phrase(words), bare, structured=True)


def without(inner: Asked) -> Asked:
    """A word or phrase that must not occur."""
    return Asked(f"-{inner.typed}", lambda view, _: not inner.holds(view, None), structured=True, operates=True)


def every(parts: Sequence[Asked]) -> Asked:
    """Things typed one after the other."""
    return Asked(
        " ".join(part.typed for part in parts),
        lambda view, nearness: all(part.holds(view, nearness) for part in parts),
        tuple(dict.fromkeys(word for part in parts for word in part.words)),
        structured=any(part.structured for part in parts),
        operates=any(part.operates for part in parts),
        tokens=tuple(token for part in parts for token in part.tokens),
        relaxes=any(part.relaxes for part in parts),
    )


def either(parts: Sequence[Asked]) -> Asked:
    """Alternatives."""
    return Asked(
        " OR ".join(part.typed for part in parts),
        lambda view, nearness: any(
            part.holds(view, nearness and replace(nearness, rare=frozenset())) for part in parts
        ),
        tuple(dict.fromkeys(word for part in parts for word in part.words)),
        structured=True,
        operates=True,
        relaxes=any(part.relaxes for part in parts),
    )


class Model:
    """A collection, and what of it a request should find."""

    def __init__(self, documents: Sequence[IndexedDocument]) -> None:
        self.views = [View(document) for document in documents]

    def matching(self, asked: Asked | None) -> tuple[str, list[View]]:
        """The mode and what matches before any filter."""
        if asked is None:
            return "everything", self.views
        words = search_text(asked.typed).split()
        mode, found = self._matching(asked)
        if (asked.operates and self._is_title(words)) or (asked.structured and not _leaders(found)):
            return self._matching(plain(words))
        return mode, found

    def _is_title(self, words: Sequence[str]) -> bool:
        """Whether a title is what was typed, or would be without its marks."""
        titles = [view.marked[0] for view in _leaders(self.views)]
        return bool(words) and any(list(words) in (title, fold(" ".join(title)).split()) for title in titles)

    def _matching(self, asked: Asked) -> tuple[str, list[View]]:
        strict = [view for view in self.views if asked.holds(view, None)]
        short = len(asked.words) <= 6
        if not asked.relaxes or (short and len(_leaders(strict)) >= 10):
            return "strict", strict
        near = self._near(asked, alone=not (len(asked.words) <= 4 and _leaders(strict)))
        same = len(_leaders(near)) == len(_leaders(strict))
        return ("strict", strict) if short and same else ("near", near)

    def _near(self, asked: Asked, *, alone: bool) -> list[View]:
        rare = frozenset(self._rarest(asked.tokens)) if alone else frozenset()
        for nearness in (Nearness(0.5, 3, rare), Nearness(0.25, 3, rare)):
            some = [view for view in self.views if asked.holds(view, nearness)]
            if len(_leaders(some)) >= 10:
                return some
        return [view for view in self.views if asked.holds(view, Nearness(0, 1, rare))]

    def _rarest(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """As many of the rarest as together twenty hold at most; one that a hundred hold, where all are common."""
        held = Counter(token for view in self.views for token in view.tokens)
        known = sorted((held[token], len(token), "_".join(token), token) for token in set(tokens) if held[token])
        left = max(20, known[0][0]) if known and known[0][0] <= 100 else 20
        for count, _, _, token in known:
            left -= count
            if left < 0:
                return
            yield token

    def found(self, asked: Asked | None, request: SearchRequest) -> list[IndexedDocument]:
        """What matches under all filters."""
        return [view.document for view in self.matching(asked)[1] if passes(view.document, request)]

    def facet(self, asked: Asked | None, request: SearchRequest, facet: Facet) -> dict[str, int]:
        """Counts of one facet under all filters but its own; chosen values are there with 0 too."""
        counts = Counter(
            value for document in self.found(asked, request.without(facet)) for value in values(document, facet)
        )
        return {**dict.fromkeys(request.values(facet), 0), **counts}

    def years(self, asked: Asked | None, request: SearchRequest) -> dict[int, int]:
        """Articles of each year under all filters but the year, the month and the days."""
        freed = replace(request.without("year").without("month"), since=None, until=None)
        found = self.found(asked, freed)
        return dict(Counter(document.published.year for document in found if document.published))


def _leaders(views: Sequence[View]) -> list[View]:
    """Those that are no reprint: what counts where it is decided how much is enough."""
    return [view for view in views if view.document.reprint_of is None]


REGIONS = {
    "Hà Nội": "Đồng bằng sông Hồng",
    "Long An": "Đồng bằng sông Cửu Long",
}
REGIONS_TODAY = {"Hà Nội": "Đồng bằng sông Hồng", "Huế": "Bắc Trung Bộ"}
"""Of the labels used here: "Huế" is a province of today only, "Long An" one of then only."""
KINDS = {"pdf": "pdf", "doc": "text", "xls": "table", "xyz": "other"}


def values(document: IndexedDocument, facet: Facet) -> tuple[str, ...]:
    """What an article counts for in a facet."""
    day = document.published
    return {
        "then": document.provinces_then,
        "today": document.provinces_today,
        "category": (document.category,) if document.category else (),
        "year": (str(day.year),) if day else (),
        "month": (f"{day.year}-{day.month:02}",) if day else (),
        "region": tuple({REGIONS[name] for name in document.provinces_then if name in REGIONS}),
        "region_today": tuple({REGIONS_TODAY[name] for name in document.provinces_today if name in REGIONS_TODAY}),
        "type": document.document_types,
        "agency": ("BCXB",) if document.author.endswith(" - BCXB") else (),
        "file": tuple({KINDS[name[-3:]] for name in document.attachment_names}) or ("none",),
        "how": (document.published_how,) if day and document.published_how else (),
        "status": (document.status,),
        "language": (document.language,),
        "dated": ("yes" if day else "no",),
    }[facet]


def passes(document: IndexedDocument, request: SearchRequest) -> bool:
    """Whether an article passes every filter of a request."""
    day = document.published
    if request.since and (day is None or day < request.since):
        return False
    if request.until and (day is None or day > request.until):
        return False
    if document.reprint_of and not request.reprints:
        return False
    chosen = ((facet, request.values(facet)) for facet in FACETS)
    return all(not wanted or set(wanted) & set(values(document, facet)) for facet, wanted in chosen)


SYLLABLES = ("hà", "ha", "nội", "long", "an", "số", "sổ", "chuyển", "đổi", "doi", "lương", "lượng", "luong")
_words = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=8)
_single = st.one_of(
    _words.map(plain),
    st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(phrase),
)
_phrases = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(phrase)
_excluded = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=2).map(phrase).map(without)
QUERIES = st.one_of(
    st.none(),
    _words.map(plain),
    st.tuples(_single, _excluded).map(every),
    st.tuples(_words.map(plain), _phrases).map(every),
    st.lists(_single, min_size=2, max_size=3).map(either),
    _excluded,
)
"""Queries with their meaning, of few syllables so that they find something."""

_text = st.lists(st.sampled_from(SYLLABLES), max_size=10).map(" ".join)
_labels = st.lists(st.sampled_from(["Hà Nội", "Long An", "Huế"]), max_size=2, unique=True).map(tuple)
_days = st.one_of(st.none(), st.dates(date(2003, 1, 1), date(2006, 12, 31)))


@st.composite
def collections(draw: st.DrawFn) -> list[IndexedDocument]:
    """Articles of few words and few labels, some without a date, some reprints."""
    documents: list[IndexedDocument] = []
    for number in range(draw(st.integers(0, 24))):
        documents.append(
            article(
                number,
                title=draw(_text),
                lead=draw(_text),
                body=draw(_text),
                attachments=draw(_text),
                author=draw(st.sampled_from(["", "Long An", "số", "Long An - BCXB"])),
                attachment_names=draw(
                    st.lists(st.sampled_from(sorted(KINDS)).map("số.".__add__), max_size=2).map(tuple)
                ),
                document_types=draw(st.lists(st.sampled_from(["QĐ", "TT"]), max_size=2, unique=True).map(tuple)),
                provinces_then=draw(_labels),
                provinces_today=draw(_labels),
                category=draw(st.sampled_from(["", "Tin", "Báo"])),
                status=draw(st.sampled_from(["current", "withdrawn"])),
                language=draw(st.sampled_from(["vi", "en"])),
                published=draw(_days),
                published_how=draw(st.sampled_from(["stated", "listed", "archive"])),
                reprint_of=documents[0].key if documents and draw(st.integers(0, 4)) == 0 else None,
            ),
        )
    return documents


_choices: dict[Facet, tuple[str, ...]] = {
    "then": ("Hà Nội", "Long An", "Huế", "Nơi khác"),
    "today": ("Hà Nội", "Long An"),
    "category": ("Tin", "Báo"),
    "year": ("2003", "2004", "1999"),
    "status": ("current", "withdrawn", "changed"),
    "language": ("vi", "en"),
    "dated": ("yes", "no"),
    "region": ("Đồng bằng sông Hồng", "Đồng bằng sông Cửu Long"),
    "region_today": ("Bắc Trung Bộ", "Đồng bằng sông Hồng"),
    "type": ("QĐ", "TT", "NĐ"),
    "agency": ("BCXB", "IC"),
    "month": ("2003-01", "2004-12", "2005-06", "1999-01"),
    "file": ("pdf", "text", "none", "packed"),
    "how": ("stated", "listed", "text"),
}


@st.composite
def requests(draw: st.DrawFn) -> tuple[Asked | None, SearchRequest]:
    """A query with its meaning, and a request that asks it under some filters."""
    asked = draw(QUERIES)
    facets = draw(st.lists(st.sampled_from(FACETS), max_size=3, unique=True))
    filters = tuple(
        (facet, tuple(draw(st.lists(st.sampled_from(_choices[facet]), min_size=1, max_size=2, unique=True))))
        for facet in facets
    )
    days = sorted(day for day in draw(st.lists(_days, max_size=2)) if day)
    return asked, SearchRequest(
        query=asked.typed if asked else "",
        filters=filters,
        since=days[0] if days else None,
        until=days[1] if len(days) > 1 else None,
        sort=draw(st.sampled_from(SORTS)),
        reprints=draw(st.booleans()),
    )
