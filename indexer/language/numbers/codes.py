"""The letters of a document number: which type, which issuer, and the one form of both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.vocabulary import Vocabulary
from indexer.language.folding import fold

_SPACE = r"[ \n]{0,2}"
_WORD = "[A-Za-zĐđƯư]{1,10}"
_LETTERS = rf"(?:(?:QH|UBTVQH) ?[0-9]{{1,2}}|{_WORD}(?:&{_WORD}){{0,2}}[0-9]{{0,2}})(?!\w)"
_ROW = re.compile(
    rf"(?P<join>{_SPACE}[/-]{_SPACE}|\.| )(?P<first>{_LETTERS})"
    rf"(?:(?P<then>{_SPACE}[-/]{_SPACE}|\.| )(?P<second>{_LETTERS})(?P<more>(?:[-/]{_LETTERS}){{0,3}}))?"
)
_PIECE = re.compile(_LETTERS)
_TERM = re.compile(r"(?P<code>QH|UBTVQH) ?(?P<term>[0-9]{1,2})")
_JOINT = frozenset(("TTLT", "NQLT"))
_SOLE = frozenset(("CP", "TTg", "HĐBT"))
"""Issuers whose code alone stood after a number until 1996: 49/CP, 211/TTg."""
_PARTY = ("TW", "TU")
"""Endings of the codes of the Party's bodies, which write the type first: 52-NQ/TW."""
_PARTY_LOCAL = frozenset(("HU", "ĐU"))
_SHORTEST = 2
"""Letters of a code that no list knows."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What the letters of a number say; `end` is where they end in the text."""

    type: str
    """`NĐ`, `QĐ` …; '' where they do not tell (those of laws)."""
    issuers: tuple[str, ...]
    """Codes, the issuer's first."""
    end: int
    shows_type: bool = True
    """False for laws (67/2006/QH11) and letters (1234/BTTTT-CVT), whose numbers do not name their type."""

    def after(self, number: str) -> str:
        """The whole number in its one form; the Party writes 52-NQ/TW."""
        if self.shows_type and self.type and self.issuers and _is_party(self.issuers[0]):
            return f"{number}-{self.type}/{'-'.join(self.issuers)}"
        shown = (self.type,) if self.shows_type else ()
        return "/".join(filter(None, (number, "-".join((*shown, *self.issuers)))))

    @property
    def is_sole(self) -> bool:
        """Whether only an issuer stands after the number, as in 49/CP."""
        return not self.type and self.issuers[0] in _SOLE


class CodeBook:
    """The codes a vocabulary knows, read whatever case they are in and without marks."""

    def __init__(self, words: Vocabulary) -> None:
        self._types = {plain(one.code): one.code for one in words.document_types}
        self._issuers = {plain(one.code): one for one in words.issuers}
        self._spellings = {spelling: one.code for one in words.issuers for spelling in one.spellings}

    def read(self, text: str, place: int, *, announced: bool) -> Codes | None:
        """The codes that begin at a place, right after a number; None where there are none.

        `announced` tells that "số" or a type stands before the number: then unknown capitals are believed.
        """
        row = _ROW.match(text, place)
        if row is None:
            return None
        kind = self._types.get(plain(row["first"]))
        if kind is None:
            return self._without_type(row, announced=announced) if "/" in row["join"] else None
        if row["join"].strip() == "-" and row["then"] in (None, ".", " "):
            return None
        issuers = list(self._issuers_of(text, row))
        if issuers:
            return Codes(kind, tuple(code for code, _ in issuers), issuers[-1][1])
        alone = announced and row["first"].isupper() and "/" in row["join"]
        return Codes(kind, (), row.end("first")) if alone else None

    def names(self, codes: Codes) -> str:
        """Who issued it, in full; the code itself where nobody knows it."""
        issuers = codes.issuers if codes.type in _JOINT else codes.issuers[:1]
        return ", ".join(self._name(code) for code in issuers)

    def _name(self, code: str) -> str:
        known = self._issuers.get(plain(code)) or self._issuers.get(plain(code.rstrip("0123456789")))
        return known.name if known else code

    def _term(self, letters: str) -> str:
        """The code of the National Assembly, or of its committee, with the number of the term."""
        found = _TERM.fullmatch(plain(letters))
        return f"{found['code']}{found['term']}" if found else ""

    def _without_type(self, row: re.Match[str], *, announced: bool) -> Codes | None:
        """The issuer alone (67/2006/QH11, 49/CP), a letter's codes, or type and issuer in one."""
        term = self._term(row["first"])
        found = None if term else self._glued(row) or self._letter(row, announced=announced)
        code = term or self._issuer(row["first"])
        alone = Codes("", (code,), row.end("first"), shows_type=False) if term or code in _SOLE else None
        return found or alone

    def _glued(self, row: re.Match[str]) -> Codes | None:
        """Type and issuer without anything between: 77/2007/NĐCP."""
        letters = plain(row["first"])
        if letters in self._issuers:
            return None
        for length in range(len(letters) - _SHORTEST, 1, -1):
            kind, issuer = self._types.get(letters[:length]), self._issuers.get(letters[length:])
            if kind and issuer:
                return Codes(kind, (issuer.code,), row.end("first"))
        return None

    def _letter(self, row: re.Match[str], *, announced: bool) -> Codes | None:
        """Codes of a letter: 1234/BTTTT-CVT."""
        if row["second"] is None or row["then"].strip() != "-":
            return None
        issuer, department = self._issuer(row["first"]), self._issuer(row["second"])
        if not issuer or not department or (not announced and plain(row["first"]) not in self._issuers):
            return None
        return Codes("CV", (issuer, department), row.end("second"), shows_type=False)

    def _issuers_of(self, text: str, row: re.Match[str]) -> Iterator[tuple[str, int]]:
        """Codes after the type and where each ends; later ones follow without spaces."""
        if row["second"] is None:
            return
        # A space or full stop may only stand for a slash where both sides are known codes.
        careful = row["join"] in (" ", ".") or row["then"] in (" ", ".")
        pieces = _PIECE.finditer(text, row.start("second"), row.end())
        for index, piece in enumerate(pieces):
            code = self._issuer(piece[0])
            if not code or (careful and plain(code.rstrip("0123456789")) not in self._issuers):
                return
            yield code, piece.end()
            careful = index > 0 or careful

    def _issuer(self, letters: str) -> str:
        """The one form of an issuer's code; '' for what looks like none."""
        if term := self._term(letters):
            return term
        if spelled := self._spellings.get(letters.upper()):
            return spelled
        known = self._issuers.get(plain(letters))
        if known:
            return known.code
        return letters if letters.isupper() and len(letters.rstrip("0123456789")) >= _SHORTEST else ""


def _is_party(issuer: str) -> bool:
    return issuer.endswith(_PARTY) or issuer in _PARTY_LOCAL


def plain(code: str) -> str:
    """A code in capitals without marks: NĐ and nd are ND."""
    return fold(code).upper()
