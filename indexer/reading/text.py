"""Words of a page as they are kept and shown."""

import re

from indexer.language.letters import visible

_COUNTER = re.compile(r"(?:lượt (?:truy cập|xem)|views?|đánh giá bài viết)\s*[:(]?[\s\d.,()]*", re.IGNORECASE)


def clean(text: str) -> str:
    """Text in one line: composed letters, single spaces, nothing invisible. What people wrote is not corrected."""
    return " ".join(visible(text).split())


def is_counter(text: str) -> bool:
    """Whether a line only counts visits or votes."""
    return _COUNTER.fullmatch(text) is not None
