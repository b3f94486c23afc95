"""The words around a document number: the type before it, the issuer and the day after it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from config.vocabulary import Vocabulary
from indexer.language.folding import fold

_BEFORE, _NEAR = 48, 110
"""Characters looked back over for the type: right before the number, or earlier in the clause."""
_LAST = 14
"""Characters before a number that hold the whole of the word before it."""
_WORD = re.compile(r"[^\w]+")
_COUNTED = re.compile(r"(?:^|\W)(?:số|so|no)\s?[.:]?\s{0,2}$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.;\n]\s")
_YEAR_AFTER = re.compile(r"[, ]{1,2}(?:năm|nam) (?P<year>(?:19|20)[0-9]{2})\b(?!-)")
_DAY_AFTER = re.compile(
    r"[, (]{1,3}(?:ban hành )?(?:ngày|ngay) [0-9]{1,2}(?:[/.-]| tháng )[0-9]{1,2}(?:[/.-]|,? năm )"
    r"(?P<year>(?:19|20)[0-9]{2})"
)
_COUNT = r"(?P<count>\s{1,2}(?:số|so|no)\s?[.:]?)?\s{0,2}$"
_ABBREVIATED = ("NĐ", "QĐ", "TT", "TTLT", "CT", "NQ", "CV", "KH", "TB")
"""Codes that stand for the type's name in running text too: "theo QĐ 119 của Thủ tướng"."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands right before a number: its type ('' if none), whether "số" does, where all that begins.

    Where nothing stands there it begins beyond any text.
    """

    type: str
    counted: bool
    capital: bool
    start: int
    is_code: bool = False
    """The type is abbreviated."""


NOTHING = Head("", counted=False, capital=False, start=1 << 60)


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands after a short form: the issuer's code ('' if none), whether right there, and a year."""

    issuer: str
    is_near: bool
    year: int | None


class Surroundings:
    """Types and issuers written out, as one vocabulary names them."""

    def __init__(self, words: Vocabulary) -> None:
        types = {form.lower(): one.code for one in words.document_types for form in (one.name, *one.forms)}
        self._types = types | {fold(form): code for form, code in types.items()}
        self._codes = {
            form: one.code
            for one in words.document_types
            if one.code in _ABBREVIATED
            for form in (one.code, fold(one.code))
        }
        spelled, codes = _any_of(self._types), _any_of(self._codes)
        self._head = re.compile(rf"(?<!\w)(?:(?P<type>{spelled})|(?P<code>(?-i:{codes}))){_COUNT}", re.IGNORECASE)
        self._last = {form.rsplit(None, 1)[-1].lower() for form in (*self._types, *self._codes)} | {
            "số",
            "so",
            "no",
        }
        self._near = re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE)
        issuers = {form.lower(): one.code for one in words.issuers for form in (one.name, *one.forms)}
        self._issuers = issuers | {fold(form): code for form, code in issuers.items()}
        self._of = re.compile(
            rf"[^.;:\n]{{0,60}}?\b(?:của|cua|do)\s(?:Bộ trưởng )?(?P<issuer>{_any_of(self._issuers)})(?!\w)",
            re.IGNORECASE,
        )

    def is_announcing(self, word: str) -> bool:
        """Whether a word may be the last before a number: "định", "số"."""
        return word.lower() in self._last

    def before(self, text: str, place: int) -> Head:
        """What stands right before the number that begins at a place."""
        ending = text[max(0, place - _LAST) : place].rstrip(" .:\n")
        word = ending[max(ending.rfind(" "), ending.rfind("\n")) + 1 :].lower()
        if word not in self._last and (word.isalpha() or _WORD.split(word)[-1] not in self._last):
            return NOTHING
        begin = max(0, place - _BEFORE)
        found = self._head.search(text[begin:place])
        if found is None:
            counted = _COUNTED.search(text[begin:place]) is not None
            return Head("", counted=counted, capital=False, start=place) if counted else NOTHING
        if found["code"]:
            kind, capital = self._codes[found["code"]], True
        else:
            kind, capital = self._types[" ".join(found["type"].lower().split())], found["type"][0].isupper()
        return Head(kind, found["count"] is not None, capital, begin + found.start(), bool(found["code"]))

    def nearest_type(self, text: str, place: int) -> str:
        """The last type named before a number, in the same clause."""
        piece = _CLAUSE_END.split(text[max(0, place - _NEAR) : place])[-1]
        found = self._near.findall(piece)
        return self._types[" ".join(found[-1].lower().split())] if found else ""

    def after(self, text: str, place: int) -> Tail:
        """What stands after a short form that ends at a place."""
        dated = _YEAR_AFTER.match(text, place) or _DAY_AFTER.match(text, place)
        after = dated.end() if dated else place
        of = self._of.match(text, after)
        if of is None:
            return Tail("", is_near=False, year=int(dated["year"]) if dated else None)
        return Tail(
            self._issuers[" ".join(of["issuer"].lower().split())],
            is_near=len(text[after : of.start("issuer")].split()) <= _RIGHT_THERE,
            year=int(dated["year"]) if dated else None,
        )


_RIGHT_THERE = 3
"""Words up to an issuer: "của", "do Bộ trưởng"."""


def _any_of(forms: Iterable[str]) -> str:
    """A pattern for any of the forms, the longest first, with any white space between words."""
    ordered = sorted(forms, key=len, reverse=True)
    return "|".join(r"\s{1,2}".join(map(re.escape, form.split())) for form in ordered)
