"""Whether a text tells that a document was issued, or only refers to it."""

import re

from indexer.language.passage import Passages

_BEFORE, _AFTER, _HEAD = 48, 90, 24
"""Characters looked at on either side of a number, and before one that may head its own document."""
_ISSUED = re.compile(
    r"\b(?:ban hành|ký|thông qua|công bố|(?:đã|vừa|mới) (?:có|gửi|ra)|issued|signed)\s+"
    r"(?:các |những |the |a )?(?:văn bản |document )?(?:số\s?:?\s?)?$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\bcó (?=công văn)", re.IGNORECASE)
_JUST_ISSUED = re.compile(
    r"[\s,]{0,2}(?:\([^)\n]{0,40}\) )?(?:vừa|mới|vừa mới) (?:được |do )[^.;:\n]{0,60}?\b"
    "(?:ban hành|ký|công bố|thông qua)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?:\A|[\n|*]|\s{2})\s*(?:Số\s?:?|(?:Bộ )?Luật số\s?:)\s*\Z", re.IGNORECASE)
_EARLY = 2
"""Blocks of a body in which news tell what was issued; further down documents are cited."""


def is_issued(passages: Passages, begin: int, start: int, close: int) -> bool:
    """Whether a number that starts at `start` is told to be issued; its list goes from `begin` to `close`."""
    text = passages.text
    if _HEADING.search(text, max(0, start - _HEAD), start):
        return True
    told = (
        _ISSUED.search(text, max(0, begin - _BEFORE), begin)
        or _JUST_ISSUED.match(text, close, close + _AFTER)
        or _LETTER.match(text, begin - len("có "))
    )
    if not told:
        return False
    passage = passages.passage(begin)
    return passage.part != "body" or passage.index < _EARLY
