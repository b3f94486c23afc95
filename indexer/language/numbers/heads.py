"""The words around a document number: the type before it, the issuer and the day after it."""

import re
from dataclasses import dataclass

from config.vocabulary import Vocabulary
from indexer.language.folding import fold

_BEFORE, _NEAR = 48, 110
"""Characters looked back over for the type: right before the number, or earlier in the clause."""
_LAST = 14
"""Characters before a number that hold the whole of the word before it."""
_WORD = re.compile(r"[^\w]+")
_COUNTED = re.compile(r"(?:^|\W)(?:số|so|no)\s?[.:]?\s{0,2}$", re.IGNORECASE)
_YEAR_AFTER = re.compile(r"[, ]{1,2}(?:năm|nam) (?P<year>(?:19|20)[0-9]{2})\b")
_DAY_AFTER = re.compile(
    r"[, (]{1,3}(?:ban hành )?(?:ngày|ngay) [0-9]{1,2}(?:[/.-]| tháng )[0-9]{1,2}(?:[/.-]|,? năm )"
    r"(?P<year>(?:19|20)[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands right before a number: its type ('' if none), whether "số" does, where all that begins.

    Where nothing stands there it begins beyond any text.
    """

    type: str
    counted: bool
    capital: bool
    start: int


_NOTHING = Head("", counted=False, capital=False, start=1 << 60)


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands after a short form: the issuer's code ('' if none) and a year."""

    issuer: str
    year: int | None


class Surroundings:
    """Types and issuers written out, as one vocabulary names them."""

    def __init__(self, words: Vocabulary) -> None:
        types = {form.lower(): one.code for one in words.document_types for form in (one.name, *one.forms)}
        self._types = types | {fold(form): code for form, code in types.items()}
        spelled = _any_of(self._types)
        self._head = re.compile(
            rf"(?<!\w)(?P<type>{spelled})(?P<count>\s{{1,2}}(?:số|so|no)\s?[.:]?)?\s{{0,2}}$", re.IGNORECASE
        )
        self._last = frozenset(form.rsplit(None, 1)[-1] for form in self._types) | {"số", "so", "no"}
        self._near = re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE)
        issuers = {form.lower(): one.code for one in words.issuers for form in (one.name, *one.forms)}
        self._issuers = issuers | {fold(form): code for form, code in issuers.items()}
        self._of = re.compile(
            rf"[^.;:\n]{{0,60}}?\b(?:của|cua|do)\s(?:Bộ trưởng )?(?P<issuer>{_any_of(self._issuers)})(?!\w)",
            re.IGNORECASE,
        )

    def before(self, text: str, place: int) -> Head:
        """What stands right before the number that begins at a place."""
        begin = max(0, place - _BEFORE)
        piece = text[begin:place]
        words = piece[-_LAST:].rstrip(" .:\n").rsplit(None, 1)
        if not words or _WORD.split(words[-1].lower())[-1] not in self._last:
            return _NOTHING
        found = self._head.search(piece)
        if found is None:
            return Head("", counted=_COUNTED.search(piece) is not None, capital=False, start=place)
        kind = self._types[" ".join(found["type"].lower().split())]
        return Head(kind, found["count"] is not None, found["type"][0].isupper(), begin + found.start())

    def nearest_type(self, text: str, place: int) -> str:
        """The last type named before a number, in the same clause."""
        piece = re.split(r"[.;\n]\s", text[max(0, place - _NEAR) : place])[-1]
        found = self._near.findall(piece)
        return self._types[" ".join(found[-1].lower().split())] if found else ""

    def after(self, text: str, place: int) -> Tail:
        """What stands after a short form that ends at a place."""
        of = self._of.match(text, place)
        dated = _YEAR_AFTER.match(text, place) or _DAY_AFTER.match(text, place)
        issuer = self._issuers[" ".join(of["issuer"].lower().split())] if of else ""
        return Tail(issuer, int(dated["year"]) if dated else None)


def _any_of(forms: dict[str, str]) -> str:
    """A pattern for any of the forms, the longest first, with any white space between words."""
    ordered = sorted(forms, key=len, reverse=True)
    return "|".join(r"\s{1,2}".join(map(re.escape, form.split())) for form in ordered)
