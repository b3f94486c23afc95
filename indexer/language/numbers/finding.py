"""Finding document numbers: whole ones, several that share their letters, short forms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.vocabulary import Vocabulary
from indexer.article import DocumentNumber
from indexer.language.numbers.codes import CodeBook, Codes
from indexer.language.numbers.heads import Head, Surroundings
from indexer.language.passage import Passage, Passages

_NUMBER = re.compile(r"[0-9]{1,5}[a-e]?(?![0-9])")
_INSIDE = re.compile(r"[\w/:-]|(?<=[0-9])[.,]")
"""What right before a figure makes it part of something else."""
_YEAR = re.compile(r"[ \n]{0,2}[/.][ \n]{0,2}(?P<year>(?:19|20)[0-9][0-9])(?![0-9])")
_LISTED = re.compile(r"[ \n]{0,2}(?:,|;|và|va|&|hoặc|, và)[ \n]{0,2}(?:(?:số|so)[ \n])?")
_NO_COUNTED = re.compile(r"[.,/-]?[0-9]|[.,]?[0-9]*%|[a-zđ]|[ \n]*(?:[/-][ \n]*\w|%)")
_NO_NUMBER = re.compile(rf"{_NO_COUNTED.pattern}|[ \n]*(?:tháng|triệu|tỷ|người|năm)\b")
"""What may not follow a short form: it would be a fraction, a date, a score, a sum."""
_ISSUED = re.compile(
    r"\b(?:ban hành|ký|thông qua|công bố|issued|signed)\s+(?:các |những |the |a )?(?:văn bản |document )?$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?:^|[\n|*]|\s{2})\s*Số\s?:?\s*$")
_EARLY = 2
"""Blocks of a body in which news tell what was issued; further down documents are cited."""
_YEARLY = frozenset(("NĐ", "TT", "TTLT", "NQLT", "Luật", "PL"))
"""Types whose numbers hold their year: a year beside a short form belongs to it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """One number in a text, with or without letters."""

    start: int
    end: int
    number: str
    year: int | None
    head: Head
    codes: Codes | None = None
    in_list: bool = False
    """It follows another after a comma or "và"."""


class Numbers:
    """Finds document numbers as one vocabulary knows types and issuers. Costly to make, meant to be kept."""

    def __init__(self, words: Vocabulary) -> None:
        self._book = CodeBook(words)
        self._around = Surroundings(words)
        self._only_issuer = {one.code: one.issuer for one in words.document_types if one.issuer}

    def find(self, passages: Passages, *, own: bool = False) -> tuple[DocumentNumber, ...]:
        """All mentions in reading order; what an article issues in one place it does not merely cite in another.

        `own` for a document's page, whose title names the document itself.
        """
        found: list[DocumentNumber] = []
        for piece in self._complete(passages.text):
            number = self._number(piece, passages)
            own_title = own and number.where.part == "title" and not found
            found.append(replace(number, role="issues") if own_title or _is_issued(piece, passages) else number)
        issued = {number.normal for number in found if number.role == "issues"}
        return tuple(replace(number, role="issues") if number.normal in issued else number for number in found)

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
        before = text[: min(piece.start, piece.head.start)].lower()
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
            shared = (replace(one, codes=piece.codes, year=one.year or piece.year) for one in waiting)
            yield from (*shared, piece)
            waiting = []
        yield from self._short_forms(text, waiting)

    def _pieces(self, text: str) -> Iterator[_Piece]:
        end = 0
        for found in _NUMBER.finditer(text):
            start = found.start()
            if start < end or (start and _INSIDE.match(text, start - 1)):
                continue
            listed = end > 0 and _LISTED.fullmatch(text, end, start) is not None
            head = self._around.before(text, start)
            year = _YEAR.match(text, found.end())
            after = year.end() if year else found.end()
            codes = self._book.read(text, after, announced=bool(head.type) or head.counted)
            if codes is None and not (head.type or listed):
                end = after
                continue
            if codes and not codes.type:
                codes = replace(codes, type=self._around.nearest_type(text, start)) if year else None
            yield _Piece(
                start=start,
                end=codes.end if codes else after,
                number=found[0],
                year=int(year["year"]) if year else None,
                head=head,
                codes=codes,
                in_list=listed,
            )
            end = codes.end if codes else after

    def _short_forms(self, text: str, pieces: Sequence[_Piece]) -> Iterator[_Piece]:
        """Numbers without letters: believed where their type, and "số", a year or an issuer stand beside them."""
        if not pieces or not pieces[0].head.type:
            return
        head = pieces[0].head
        if (_NO_COUNTED if head.counted else _NO_NUMBER).match(text, pieces[-1].end):
            return
        tail = self._around.after(text, pieces[-1].end)
        only = self._only_issuer.get(head.type, "")
        issuer = tail.issuer or only
        for piece in pieces:
            known = head.counted or piece.year or tail.issuer or (only and head.capital)
            if not known or not (head.capital or head.counted or piece.year):
                return
            year = piece.year or (tail.year if head.type in _YEARLY else None)
            issuers = (issuer,) if issuer else ()
            codes = Codes(head.type, issuers, piece.end, shows_type=head.type != "Luật" or not issuers)
            yield replace(piece, year=year, codes=codes)

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


def _padded(number: str) -> str:
    """Beside a year numbers below ten are written with a nought; others are written either way, and left so."""
    return number.lstrip("0").rjust(2, "0") if number.isdigit() else number


def _is_issued(piece: _Piece, passages: Passages) -> bool:
    """Whether the text tells that the document was issued, not only refers to it."""
    text, begin = passages.text, min(piece.start, piece.head.start)
    if not piece.head.type and _HEADING.search(text[max(0, piece.start - 12) : piece.start]):
        return True
    if not _ISSUED.search(text[max(0, begin - 40) : begin]):
        return False
    passage = passages.passage(begin)
    return passage.part != "body" or passage.index < _EARLY


def _with_slashes(text: str) -> str:
    """A number whose separators are spaces or full stops, with slashes and hyphens where they belong."""
    pieces = re.findall(r"[0-9]+[a-e]?(?![0-9])|[^\W\d_]+[0-9]*", text)
    digits = next((index for index, piece in enumerate(pieces) if piece[0].isdigit()), len(pieces))
    letters = next(
        (index for index, piece in enumerate(pieces) if index > digits and not piece[0].isdigit()), len(pieces)
    )
    spelled = "/".join(pieces[digits:letters]) + ("/" if letters < len(pieces) else "")
    return " ".join((*pieces[:digits], spelled + "-".join(pieces[letters:])))
