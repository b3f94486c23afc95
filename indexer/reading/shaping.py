"""What an article says, made of what its page shows: the lead once, captions apart, who signed it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.article import Block
from indexer.language.normalise import search_text
from indexer.reading.finding import Found
from indexer.reading.pieces import Piece, pieces
from indexer.reading.text import is_counter

SIGNATURE = 120
"""Characters of a line that may be a signature."""
CAPTION = 300
"""Characters of a centred line under a picture."""
HEADING = 200
"""Characters of a bold paragraph that is a heading."""
GLUED = 40
"""Characters a lead must have before what stands in front of it is called a caption."""

_SOURCE = re.compile(
    r"\(?\s*(?:theo|nguồn|source)\s*:?\s+(?P<source>(?:[^.;]|\.(?=\w)){2,100}?)\s*\)?\.?", re.IGNORECASE
)
_SOURCE_ALONE = re.compile(
    r"(?i:\((?:theo|nguồn|source)\s*:?\s+[^()]{2,100}\)|(?:nguồn|source)\s*:\s*.{2,80})|"
    r"(?:Theo|THEO)\s+[A-ZĐÀ-Ỹ](?:[^,.;]|\.(?=\w)){1,60}\.?",
)
"""A line of the body that can only name a source, wherever it stands: sentences begin with "Theo" too."""
_LEFT_OVER = re.compile(r"[\d\W]+|(?:chia sẻ|share)\b.{0,60}|[^.:]{2,30}:", re.IGNORECASE)
_AUTHOR = re.compile(r"(?:tác giả|author|by)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture's address as written, with its caption."""

    source: str
    caption: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """An article's words, before anything is made of them."""

    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    author: str = ""
    source: str = ""
    pictures: tuple[Picture, ...] = ()


def shape(found: Found, lead_prefix: re.Pattern[str] | None) -> Shape:
    """Put an article's parts in order. `lead_prefix` matches what the site writes before every lead."""
    lead_pieces, body = pieces(found.lead), pieces(found.body)
    lead, glued = _lead(lead_pieces, lead_prefix)
    body = [piece for piece in body if piece.kind == "image" or not is_counter(piece.text)]
    body = _without_title(body, found.title)
    if found.general:
        body = _without_tail(_without_head(body, (found.title, found.date, lead), lead_prefix))
    if not lead and lead_prefix:
        lead, glued, body = _lead_of_body(body, lead_prefix)
    lead, glued, body = _lead_once(lead, glued, body)
    body, signed = _signature(body)
    head = [piece for piece in lead_pieces if piece.kind == "image"]
    caption = [Piece("caption", glued)] if glued else []
    shown = _captioned([*head, *caption, *body])
    author, source = _signed((*found.signed, *signed))
    return Shape(
        title=found.title,
        lead=lead,
        blocks=tuple(_block(piece) for piece in shown if piece.kind != "image"),
        author=author,
        source=source,
        pictures=tuple(_pictures(shown)),
    )


def _lead(parts: Sequence[Piece], prefix: re.Pattern[str] | None) -> tuple[str, str]:
    """The lead's words and a caption that is glued to them."""
    texts = [piece for piece in parts if piece.kind != "image"]
    caption = next((piece.caption for piece in texts if piece.caption), "")
    words = [piece.text.removeprefix(piece.caption).strip() for piece in texts]
    if prefix:
        words = [prefix.sub("", text, count=1).strip() for text in words]
    return " ".join(filter(None, words)), caption


def _lead_of_body(body: list[Piece], prefix: re.Pattern[str]) -> tuple[str, str, list[Piece]]:
    """Lead, glued caption and the rest of a body that begins with what the site writes before every lead."""
    first = next((index for index, piece in enumerate(body) if piece.kind != "image"), len(body))
    marked = next((end for end in (first + 1, first + 2) if _is_marked(body[first:end], prefix)), None)
    if marked is None:
        return "", "", body
    lead, glued = _lead(body[first:marked], prefix)
    return lead, glued, [*body[:first], *body[marked:]]


def _is_marked(beginning: Sequence[Piece], prefix: re.Pattern[str]) -> bool:
    """Whether there is a text behind the mark."""
    texts = [piece.text for piece in beginning if piece.kind in ("text", "heading")]
    begun = prefix.match(texts[0]) if texts else None
    return begun is not None and bool(" ".join(texts)[begun.end() :].strip())


def _without_title(body: list[Piece], title: str) -> list[Piece]:
    if body and len(body[0].text) <= len(title) + 2 and search_text(body[0].text) == search_text(title):
        return body[1:]
    return body


def _without_head(body: list[Piece], known: Sequence[str], prefix: re.Pattern[str] | None) -> list[Piece]:
    """The body without the title, date and lead an element around it holds too; the lead comes last of these."""
    said = {search_text(text) for text in known if text}
    start = 0
    while start < len(body) and body[start].kind != "image":
        text = prefix.sub("", body[start].text, count=1) if prefix else body[start].text
        if search_text(text) not in said:
            break
        start += 1
    return body[start:]


def _without_tail(body: list[Piece]) -> list[Piece]:
    """The body without what is left at its end of boxes to vote and to share, and of names of boxes."""
    while body and body[-1].kind in ("text", "heading") and _LEFT_OVER.fullmatch(body[-1].text):
        body = body[:-1]
    return body


def _lead_once(lead: str, glued: str, body: list[Piece]) -> tuple[str, str, list[Piece]]:
    """Lead, glued caption and body with the lead taken off the body's beginning.

    Where the lead ends in the body's first paragraph, what stands before it is a caption in plain letters.
    """
    first = next((index for index, piece in enumerate(body) if piece.kind != "image"), None)
    if not lead or first is None or not _may_repeat(lead, body[first].text):
        return lead, glued, body
    opening, rest = body[first], [*body[:first], *body[first + 1 :]]
    if opening.text == lead:  # as nearly always, and comparing takes as long as all the rest of this
        return lead, glued, rest
    said, repeated = search_text(lead), search_text(opening.text)
    if repeated in (said, search_text(f"{glued} {lead}")) or (opening.caption and repeated.endswith(said)):
        return lead, glued or opening.caption, rest
    start = lead.find(opening.text) if len(opening.text) >= GLUED and said.endswith(repeated) else 0
    if start > 0:
        return lead[start:], lead[:start].strip(), rest
    if opening.text.startswith(lead) and len(lead) >= GLUED:
        rest.insert(first, replace(opening, text=opening.text.removeprefix(lead).strip()))
        return lead, glued, rest
    return lead, glued, body


def _may_repeat(lead: str, text: str) -> bool:
    """Whether two texts begin or end alike: a look that spares most the comparing."""
    first, second = lead.lower(), text.lower()
    return first[:8] in second[: len(second) // 2 + 8] or first[-8:] == second[-8:] or second[:8] in first


def _signature(body: list[Piece]) -> tuple[list[Piece], list[str]]:
    """The body without the lines its author signed at its end, and those."""
    signed: list[str] = []
    while body and body[-1].kind in ("text", "heading") and len(body[-1].text) <= SIGNATURE:
        last = body[-1]
        if not (last.right or _SOURCE_ALONE.fullmatch(last.text)):
            break
        signed.insert(0, last.text)
        body = body[:-1]
    return body, signed


def _signed(lines: Sequence[str]) -> tuple[str, str]:
    """Author and source out of the lines that may name them."""
    author = source = ""
    for line in "\n".join(lines).split("\n"):
        named = _SOURCE.fullmatch(line)
        if named:
            source = source or named["source"].strip(" ()")
        elif line and not author and not is_counter(line):
            author = _AUTHOR.sub("", line, count=1)
    return author, source


def _captioned(body: Sequence[Piece]) -> list[Piece]:
    """Texts under pictures made captions: the next line, in italics, or short and centred."""
    shown: list[Piece] = []
    for piece in body:
        after = bool(shown) and shown[-1].kind == "image"
        under = piece.italic or (piece.center and len(piece.text) <= CAPTION)
        shown.append(replace(piece, kind="caption") if after and piece.kind == "text" and under else piece)
    return shown


def _pictures(shown: Sequence[Piece]) -> list[Picture]:
    return [
        Picture(source=piece.text, caption=after.text if after is not None and after.kind == "caption" else "")
        for piece, after in zip(shown, [*shown[1:], None], strict=False)
        if piece.kind == "image"
    ]


def _block(piece: Piece) -> Block:
    assert piece.kind != "image"
    is_heading = (
        piece.kind == "text" and piece.bold and len(piece.text) <= HEADING and not piece.text.endswith(".")
    )
    return Block(kind="heading" if is_heading else piece.kind, text=piece.text)
