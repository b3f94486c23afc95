"""Finding document numbers: whole ones, several that share their letters, short forms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.vocabulary import Vocabulary
from indexer.article import DocumentNumber
from indexer.language.numbers.codes import CodeBook, Codes
from indexer.language.numbers.heads import NOTHING, Head, Surroundings, Tail
from indexer.language.numbers.roles import is_issued
from indexer.language.passage import Passage, Passages

_NUMBER = re.compile(r"[0-9](?<![0-9/_-][0-9])[0-9]{0,4}[a-e]?(?![0-9])")
"""Looking back from its first digit rather than on to it lets most figures be passed over quickly."""
_WORD_BEFORE = re.compile(r"[^\W\d_]{2,7}$")
_YEAR = re.compile(r"[ \n]{0,2}[/.-][ \n]{0,2}(?P<year>(?:19|20)[0-9][0-9])(?![0-9])")
_SHORT_YEAR = re.compile(r"/(?P<year>[0-9]{2})(?=/[A-Za-zĐđ]{2})")
_LISTED = re.compile(r"[ \n]{0,2}(?:,|;|và|va|&|hoặc|, và)[ \n]{0,2}(?:(?:số|so)[ \n])?")
_LONGEST_JOIN = 12
_NO_COUNTED = re.compile(r"[.,/-]?[0-9]|[.,]?[0-9]*%|[a-zđ]|[ \n]*(?:[/-][ \n]*\w|%)")
_NO_NUMBER = re.compile(
    rf"{_NO_COUNTED.pattern}|[ \n]*(?:tháng|triệu|tỷ|người|năm|chương|điều|khoản|mục|điểm|trang|bước|lần|nhóm|"
    r"giờ|phút|bên|nội dung|giải pháp|nhiệm vụ)\b"
)
"""What may not follow a short form: it would be a fraction, a date, a score, a sum."""
_BEFORE_LETTERS = frozenset("/-. \n")
_YEARLY = frozenset(("NĐ", "TT", "TTLT", "NQLT", "Luật", "PL"))
"""Types whose numbers hold their year: a year beside a short form belongs to it."""
_SINGLY = frozenset(("NĐ", "CT", "NQ", "TT"))
"""Types spoken of by number so often that the issuer may stand further on; "Quyết định" begins sentences too."""
_YEARS = range(1945, 2046)
"""Figures that are a year where nothing says that they are a number."""
_SHORT_YEARS = range(45)
"""Two digits of a year of this century; the rest are of the last."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One number in a text, with or without letters."""

    start: int
    end: int
    number: str
    year: int | None
    head: Head
    begin: int
    close: int
    """Where the first of its list begins, type included, and where the last ends."""
    codes: Codes | None = None
    in_list: bool = False
    """It follows another after a comma or "và"."""


class Numbers:
    """Finds document numbers as one vocabulary knows types and issuers. Costly to make, meant to be kept."""

    def __init__(self, words: Vocabulary) -> None:
        self._book = CodeBook(words)
        self._around = Surroundings(words)
        self._kinds = {one.code: one for one in words.document_types}

    def find(self, passages: Passages, *, own: bool = False) -> tuple[DocumentNumber, ...]:
        """All mentions in reading order; what an article issues in one place it does not merely cite in another.

        `own` for a document's page, whose title names the document itself.
        """
        found: list[DocumentNumber] = []
        for piece in self._complete(passages.text):
            number = self._number(piece, passages)
            own_title = own and number.where.part == "title" and not found
            issued = own_title or is_issued(passages, piece.begin, piece.start, piece.close)
            found.append(replace(number, role="issues") if issued else number)
        issues = {number.normal for number in found if number.role == "issues"}
        return tuple(replace(number, role="issues") if number.normal in issues else number for number in found)

    def normal(self, text: str) -> str | None:
        """The one form of a number typed in any spelling, nothing else beside it; None for anything else.

        `nghị định 14/2008`, `14/2008/nd-cp`, `15 2020 nd cp` and `so 749/QD-TTg` are such.
        """
        for spelling in (text, _with_slashes(text)):
            passages = Passages([Passage(part="title", text=f"số {spelling.strip()}")])
            pieces = list(self._complete(passages.text))
            if len(pieces) == 1 and self._is_all(passages.text, pieces[0]):
                return self._number(pieces[0], passages).normal
        return None

    def _is_all(self, text: str, piece: _Piece) -> bool:
        """Whether a text holds nothing but the number, its type, "số" and, after a short form, its issuer."""
        before = text[: piece.begin].lower()
        after = text[piece.end :].strip(" .")
        is_short = text[piece.start : piece.end].isdigit()
        counted = all(word in ("số", "so", "no") for word in re.findall(r"\w+", before))
        return counted and (not after or (is_short and self._around.after(text, piece.end).issuer != ""))

    def _complete(self, text: str) -> Iterator[_Piece]:
        """Pieces that are document numbers: letters go back to those listed before them."""
        waiting: list[_Piece] = []
        for piece in self._pieces(text):
            if waiting and not piece.in_list:
                yield from self._short_forms(text, waiting)
                waiting = []
            if piece.codes is None:
                if piece.head.type or (waiting and piece.in_list):
                    waiting.append(piece)
                continue
            shared = (
                replace(one, codes=piece.codes, year=one.year or piece.year, close=piece.end) for one in waiting
            )
            yield from (*shared, piece)
            waiting = []
        yield from self._short_forms(text, waiting)

    def _pieces(self, text: str) -> Iterator[_Piece]:
        end, begin = 0, 0
        for found in _NUMBER.finditer(text):
            start = found.start()
            if start < end or (start and self._is_inside(text, start)):
                continue
            listed = (
                0 < start - end < _LONGEST_JOIN and end > 0 and _LISTED.fullmatch(text, end, start) is not None
            )
            head = self._around.before(text, start)
            begin = begin if listed and head is NOTHING else min(start, head.start)
            year, after = _year(text, found.end())
            codes = self._codes(text, after, head, start, year)
            end = codes.end if codes else after
            if codes or head.type or listed:
                yield _Piece(start, end, found[0], year, head, begin, end, codes, listed)

    def _is_inside(self, text: str, start: int) -> bool:
        """Whether a figure is part of something else: of a word (but "số14" lacks a space), a date, a sum."""
        before = text[start - 1]
        if before in ".,:":
            return text[start - 2 : start - 1].isdigit()
        if not before.isalpha():
            return False
        word = _WORD_BEFORE.search(text, max(0, start - 8), start)
        return word is None or not self._around.is_announcing(word[0])

    def _codes(self, text: str, place: int, head: Head, start: int, year: int | None) -> Codes | None:
        """The letters after a number with the type that they or the words before it tell."""
        if text[place : place + 1] not in _BEFORE_LETTERS:
            return None
        codes = self._book.read(text, place, announced=bool(head.type) or head.counted)
        if codes is None or codes.type:
            return codes
        if codes.is_sole:
            return replace(codes, type=head.type, shows_type=year is not None) if head.type else None
        return replace(codes, type=self._around.nearest_type(text, start)) if year else None

    def _short_forms(self, text: str, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
        """Numbers without letters: believed where their type, and "số", a year or an issuer stand beside them."""
        head = pieces[0].head if pieces else NOTHING
        if not head.type or self._kinds[head.type].alone == "no":
            return
        tail = self._around.after(text, pieces[-1].end)
        told = head.type in _YEARLY and tail.year
        if not told and (_NO_COUNTED if head.counted else _NO_NUMBER).match(text, pieces[-1].end):
            return
        only = self._kinds[head.type].issuer
        issuer = tail.issuer or only
        if not all(self._is_believed(piece, head, tail) for piece in pieces):
            return
        for piece in pieces:
            year = piece.year or (tail.year if head.type in _YEARLY else None)
            issuers = (issuer,) if issuer else ()
            codes = Codes(head.type, issuers, piece.end, shows_type=head.type != "Luật" or not issuers)
            yield replace(piece, year=year, codes=codes)

    def _is_believed(self, piece: _Piece, head: Head, tail: Tail) -> bool:
        """Whether a figure after a type's name is the number of a document."""
        is_year = piece.number.isdigit() and int(piece.number) in _YEARS
        if is_year and (piece.year or not head.counted):
            return False
        if head.counted and not head.is_code:
            return True
        told = tail.issuer and (head.counted or tail.is_near or head.type in _SINGLY)
        alone = self._kinds[head.type].alone == "yes" and not head.is_code
        dated = tail.year if head.type in _YEARLY else None
        return bool(piece.year) or (head.capital and bool(told or dated or alone))

    def _number(self, piece: _Piece, passages: Passages) -> DocumentNumber:
        codes = piece.codes or Codes(piece.head.type, (), piece.end)
        number = _padded(piece.number) if piece.year else piece.number
        return DocumentNumber(
            written=passages.written(piece.start, piece.end),
            normal=codes.after(f"{number}/{piece.year}" if piece.year else number),
            type=codes.type,
            number=number,
            year=piece.year,
            issuer=self._book.names(codes),
            where=passages.where(piece.start, piece.end),
        )


def _year(text: str, place: int) -> tuple[int | None, int]:
    """The year that follows a number, and where what follows it begins; letters must follow one of two digits."""
    if text[place : place + 1] not in _BEFORE_LETTERS:
        return None, place
    if found := _YEAR.match(text, place):
        return int(found["year"]), found.end()
    if found := _SHORT_YEAR.match(text, place):
        year = int(found["year"])
        return year + (2000 if year in _SHORT_YEARS else 1900), found.end()
    return None, place


def _padded(number: str) -> str:
    """Beside a year numbers below ten are written with a nought; others are written either way, and left so."""
    return number.lstrip("0").rjust(2, "0") if number.isdigit() else number


def _with_slashes(text: str) -> str:
    """A number whose separators are spaces or full stops, with slashes and hyphens where they belong."""
    pieces = re.findall(r"[0-9]+[a-e]?(?![0-9])|[^\W\d_]+[0-9]*", text)
    digits = next((index for index, piece in enumerate(pieces) if piece[0].isdigit()), len(pieces))
    letters = next(
        (index for index, piece in enumerate(pieces) if index > digits and not piece[0].isdigit()), len(pieces)
    )
    spelled = "/".join(pieces[digits:letters]) + ("/" if letters < len(pieces) else "")
    return " ".join((*pieces[:digits], spelled + "-".join(pieces[letters:])))
