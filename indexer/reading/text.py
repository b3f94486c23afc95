"""Words of a page as they are kept and shown."""

import re

from selectolax.lexbor import LexborNode

from indexer.language.letters import visible

MOST_NODES = 400
"""Nodes of an element that are looked at for what it says: elements stand in each other, all are asked."""

_COUNTER = re.compile(r"(?:lượt (?:truy cập|xem)|views?|đánh giá bài viết)\s*[:(]?[\s\d.,()]*", re.IGNORECASE)


def clean(text: str) -> str:
    """Text in one line: composed letters, single spaces, nothing invisible. What people wrote is not corrected."""
    return " ".join(visible(text).split())


def is_counter(text: str) -> bool:
    """Whether a line only counts visits or votes."""
    return _COUNTER.fullmatch(text) is not None


def short(node: LexborNode, most: int) -> str:
    """What an element says; '' where that is more than so many characters."""
    pieces: list[str] = []
    length = 0
    for number, inner in enumerate(node.traverse(include_text=True)):
        if inner.is_text_node:
            text = inner.text_content or ""
            pieces.append(text)
            length += len(text)
        if number > MOST_NODES or length > 2 * most:
            return ""
    words = clean("".join(pieces))
    return words if len(words) <= most else ""
