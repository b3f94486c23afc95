"""Words of a page as they are kept and shown."""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_COUNTER = re.compile(r"(?:lượt (?:truy cập|xem)|views?|đánh giá bài viết)\s*[:(]?[\s\d.,()]*", re.IGNORECASE)


def clean(text: str) -> str:
    """Text in one line: composed letters, single spaces, nothing invisible. What people wrote is not corrected."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(_UNSEEN.sub("", text).split())


def is_counter(text: str) -> bool:
    """Whether a line only counts visits or votes."""
    return _COUNTER.fullmatch(text) is not None
