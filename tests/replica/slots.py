"""The make-up of the corpus: which kinds of article each era published, in which proportions."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from typing import Literal

from tests.replica.moments import Span

Template = Literal["T1", "T2", "T3", "T4", "T5", "T6"]
Site = Literal["mic", "english", "cspl", "mst"]
Reach = Literal["listed", "linked", "sitemap", "number"]
"""How an article can be found: on lists, only from another article, only in a sitemap, or only by its number."""

CATEGORIES = (91, 1748, 1694, 1752, 1749, 91, 1753, 1747, 1748, 1751, 1752, 1749)
"""Numbers of config/sites/mic.toml in the order in which they take turns; some come more often."""

BLOCK = 64
"""Articles in a block; each block of an era holds the same slots in an order of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """What one of the places in a block is for."""

    template: Template
    site: Site = "mic"
    category: int | None = None
    folder: str = ""
    """What comes before `/Pages/TinTuc/…`, or `query`, `print`, `htm` where articles are linked in that form."""
    reach: Reach = "listed"
    copied: bool = False
    """Carried on by mst.gov.vn."""
    partner: int | None = None
    """The slot whose article links to this one (documents and articles found only from others)."""

    @property
    def streams(self) -> tuple[str, ...]:
        """The sequences, newest first, that lists are cut from: `mic:91`, `cms:91`, `english`, `documents` …"""
        if self.template == "T6":
            return ("documents",)
        if self.reach != "listed":
            return ()
        copy = f"mst:{self.category}" if self.copied or self.site == "mst" else ""
        return tuple(name for name in (self._own_stream, copy) if name)

    @property
    def _own_stream(self) -> str:
        new = self.folder == "htm"
        match self.site:
            case "mic":
                return f"{'cms' if new else 'mic'}:{self.category}"
            case "english":
                return f"english:{'cms' if new else 'pages'}"
            case "cspl":
                return "cspl"
            case "mst":
                return ""


@dataclass(frozen=True)
class Era:
    """Some years in which the site looked and numbered its pages alike."""

    name: str
    span: Span
    share: float
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """So many slots of a kind."""

    count: int
    slot: Slot
    copy_every: int = 0
    """Every n-th of them is carried on by the successor; none if 0."""


def _fill(*groups: Group) -> tuple[Slot, ...]:
    """The slots of a block; categories take turns, and what is linked only from elsewhere gets a partner."""
    turns, slots = cycle(CATEGORIES), []
    for group in groups:
        for number in range(group.count):
            slot = group.slot
            if slot.site in ("mic", "mst") and slot.template != "T6" and slot.category is None:
                slot = replace(slot, category=next(turns))
            slots.append(replace(slot, copied=bool(group.copy_every) and number % group.copy_every == 0))
    assert len(slots) == BLOCK
    return tuple(_partnered(slots))


def _partnered(slots: list[Slot]) -> list[Slot]:
    hosts = iter([n for n, slot in enumerate(slots) if slot.reach == "listed" and slot.site in ("mic", "mst")])
    return [replace(slot, partner=next(hosts)) if slot.reach == "linked" else slot for slot in slots]


def _documents(linked: int, number: int) -> tuple[Group, Group]:
    return (
        Group(count=linked, slot=Slot(template="T6", reach="linked")),
        Group(count=number, slot=Slot(template="T6", reach="number")),
    )


_PAGES = Slot(template="T1")
_MIC_2020 = Slot(template="T2", folder="mic_2020")
_PRINT = Slot(template="T4", folder="print")
_HTM = Slot(template="T3", folder="htm")
_ENGLISH = Slot(template="T5", site="english")
_ENGLISH_HTM = Slot(template="T5", site="english", folder="htm")
_SECURITY = Slot(template="T1", folder="atantt", category=1694)
_FIGURES = Slot(template="T1", folder="solieubaocao", category=1748)
_POLICY = Slot(template="T1", site="cspl")
_POLICY_QUERY = Slot(template="T1", site="cspl", folder="query")
_BORN_MST = Slot(template="T3", site="mst", folder="htm")

ERAS = (
    Era(
        "early",
        Span(date(2003, 1, 2), date(2008, 7, 31)),
        0.10,
        _fill(
            Group(count=28, slot=_MIC_2020),
            Group(count=14, slot=_PAGES),
            Group(count=3, slot=replace(_PAGES, folder="query")),
            Group(count=2, slot=_PRINT),
            Group(count=3, slot=_ENGLISH),
            Group(count=1, slot=replace(_ENGLISH, reach="sitemap")),
            Group(count=2, slot=_SECURITY),
            *_documents(linked=4, number=1),
            Group(count=4, slot=replace(_PAGES, reach="linked")),
            Group(count=2, slot=replace(_PAGES, reach="number")),
        ),
    ),
    Era(
        "ministry",
        Span(date(2008, 8, 1), date(2019, 12, 31)),
        0.50,
        _fill(
            Group(count=29, slot=_PAGES, copy_every=5),
            Group(count=13, slot=_MIC_2020, copy_every=4),
            Group(count=3, slot=_PRINT),
            Group(count=4, slot=_ENGLISH),
            Group(count=1, slot=replace(_ENGLISH, reach="sitemap")),
            Group(count=2, slot=_SECURITY),
            Group(count=1, slot=_FIGURES),
            Group(count=2, slot=_POLICY),
            *_documents(linked=4, number=1),
            Group(count=3, slot=replace(_PAGES, reach="linked")),
            Group(count=1, slot=replace(_PAGES, reach="number")),
        ),
    ),
    Era(
        "mic_2020",
        Span(date(2020, 1, 1), date(2023, 6, 14)),
        0.22,
        _fill(
            Group(count=22, slot=_MIC_2020, copy_every=4),
            Group(count=10, slot=_PAGES, copy_every=3),
            Group(count=13, slot=_HTM, copy_every=3),
            Group(count=2, slot=_PRINT),
            Group(count=4, slot=_ENGLISH_HTM),
            Group(count=1, slot=replace(_ENGLISH_HTM, reach="sitemap")),
            Group(count=2, slot=_SECURITY),
            Group(count=2, slot=_POLICY_QUERY),
            *_documents(linked=4, number=1),
            Group(count=2, slot=replace(_PAGES, reach="linked")),
            Group(count=1, slot=replace(_PAGES, reach="number")),
        ),
    ),
    Era(
        "cms",
        Span(date(2023, 6, 15), date(2025, 2, 28)),
        0.13,
        _fill(
            Group(count=46, slot=_HTM, copy_every=2),
            Group(count=7, slot=_ENGLISH_HTM),
            Group(count=1, slot=replace(_ENGLISH_HTM, reach="sitemap")),
            Group(count=3, slot=_POLICY),
            *_documents(linked=4, number=1),
            Group(count=1, slot=replace(_HTM, reach="linked")),
            Group(count=1, slot=replace(_HTM, reach="number")),
        ),
    ),
    Era(
        "successor",
        Span(date(2025, 3, 3), date(2025, 10, 31)),
        0.05,
        _fill(
            Group(count=62, slot=_BORN_MST),
            Group(count=1, slot=replace(_BORN_MST, reach="linked")),
            Group(count=1, slot=replace(_BORN_MST, reach="number")),
        ),
    ),
)

SEED_SLOT = Slot(template="T2", folder="mic_2020", category=91)
"""The place of the Long An notice of January 2009, which comes on top of the blocks."""

(SEED_STREAM,) = SEED_SLOT.streams

SEED_DAY = date(2009, 1, 16)
