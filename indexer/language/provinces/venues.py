"""Whether a place is named only because something happened to take place there."""

import re

from indexer.language.provinces.case import Case

_AT = frozenset(("tại", "ở", "tai", "o", "in", "at"))
_EVENT = re.compile(
    r"\b(?:tổ chức|diễn ra|khai mạc|bế mạc|họp báo|họp|gặp mặt|hội kiến|hội đàm|ký kết|tiếp|công bố|ra mắt|"
    r"hội nghị|hội thảo|diễn đàn|tọa đàm|triển lãm|held|took place|opened|summit|forum|conference|workshop)\b"
    r"[^.;:,\n]*$",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:ngày|sáng|chiều|tối|trưa|hôm nay|hôm qua|vừa qua|mới đây|tuần qua|morning|afternoon|evening|on)\b"
    r"[^.;:\n]{0,60}$",
    re.IGNORECASE,
)
_REACH = 120


def is_venue(case: Case) -> bool:
    """Whether a date and "tại X" open the sentence, or an event takes place "tại X".

    What is said of a whole province ("tại tỉnh X") is about it; only towns are venues.
    """
    last = case.last
    if last is not None and last.role == "venue" and case.gap in (",", "(", "-"):
        return True
    if case.effect not in (None, "city", "town", "ward", "district") or not case.beyond:
        return False
    at = case.beyond[0]
    if at.lower not in _AT:
        return False
    before = case.scene.text[max(0, at.start - _REACH) : at.start]
    if _EVENT.search(before):
        return True
    return bool(_TIME.search(before)) and case.scene.text[case.found.end : case.found.end + 1] in (",", "(", " ")
