"""The fields both engines index, and how a facet and a filter use them (data, pure)."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.clauses import Clause, Days, Keyword, Not
from indexer.query.request import FACETS, MAX_WORDS, Facet, SearchRequest

TEXTS = ("title", "lead", "body", "attachments")
"""Scored fields, each in four analyses: `title`, `title.fold`, `title.bi`, `title.fold_bi` …

`body` begins with the lead; `lead` holds it once more or, where there is none, the first words of the text.
"""

NAMES = "names"
"""Author, source, names of attached files and document numbers; accented, for phrases."""

WHOLE = ("title", "body", "attachments", NAMES)
"""What together says everything, each thing once."""

AUTHOR, CATEGORY, FILES = "author", "in_category", "files"
"""What operators look into: author, category, names of attached files. No marks; never scored."""

LOOKED_INTO = (AUTHOR, CATEGORY, FILES)

ALL, ALL_PAIRS = "all.fold", "all.fold_bi"
"""Everything an article says: what decides whether it matches."""

Analysis = Literal["", "fold", "bi", "fold_bi"]
"""With marks, without, word pairs with marks, word pairs without."""

KEYWORDS = (*FACETS, "key", "reprint", "issues", "numbers", "heading", "oldest", "newest", "changed")
"""Fields with whole values: the facets by their names, `yes` or `no` for reprints, document numbers as
`number_key` writes them, titles as `headings` gives them, and the three keys articles are sorted by (undated
ones come last in the first two)."""

FileKind = Literal["pdf", "text", "table", "slides", "packed", "other", "none"]
"""Values of the facet `file`: what is attached; `other` for unknown endings, `none` for nothing."""

FILE_KINDS: Mapping[str, FileKind] = {
    **dict.fromkeys(("pdf",), "pdf"),
    **dict.fromkeys(("doc", "docx", "rtf", "odt"), "text"),
    **dict.fromkeys(("xls", "xlsx", "csv", "ods"), "table"),
    **dict.fromkeys(("ppt", "pptx", "odp"), "slides"),
    **dict.fromkeys(("zip", "rar", "7z"), "packed"),
}
"""By a file's ending."""

MAX_FACET_VALUES = 1_000
"""Values of one facet that are counted: more than any of them has."""

LEADERS = Not(Keyword("reprint", ("yes",)))
"""Articles that are no reprint of another."""

_FIGURES = re.compile(r"(?<=\d) (?=\d)")

Filter = Literal[Facet, "days", "reprint"]
"""A filter's name: what it takes part in is counted under all the others."""


def at(field: str, analysis: Analysis) -> str:
    """Name of a field in one analysis."""
    return f"{field}.{analysis}" if analysis else field


def number_key(words: Sequence[str]) -> str:
    """A document number as it is looked up, from its words without marks, however they were separated.

    `14/2008/NĐ-CP` and `14-2008 NDCP` are both `14/2008ndcp`: two figures must not run into one.
    """
    return _FIGURES.sub("/", " ".join(words)).replace(" ", "")


def headings(title: str) -> tuple[str, ...]:
    """A title as it is looked up whole: its words with their marks, and without them."""
    text = " ".join(search_text(title).split()[:MAX_WORDS])
    return tuple(dict.fromkeys(filter(None, (text, fold(text)))))


def printable(text: str) -> str:
    """Text that can be sent and stored: lone surrogates, which are no characters, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def filters(request: SearchRequest) -> dict[Filter, Clause]:
    """What a request asks for besides its words, one clause for each thing that is filtered by."""
    chosen: dict[Filter, Clause] = {}
    for facet in FACETS:
        if values := request.values(facet):
            chosen[facet] = Keyword(facet, tuple(map(printable, values)))
    if request.since or request.until:
        chosen["days"] = Days(request.since, request.until)
    if not request.reprints:
        chosen["reprint"] = LEADERS
    return chosen
