"""Which office somebody who signs an article writes for (pure)."""

import re

_SIGNED = re.compile(r"(?:\s[-–—]\s?|_)(?P<agency>[^-–—_\s][^-–—_]{1,80})$")
"""`Chính Hiền - BCXB`, `Name – Sở TT&TT Long An`, `PT_IC`."""
_OFFICE = re.compile(
    r"(?:Bộ|Sở|Cục|Tổng cục|Vụ|Viện|Văn phòng|Trung tâm|Thanh tra|Ban|Báo|Tạp chí|Tổng công ty|Tập đoàn|UBND|TTXVN"
    r"|Ủy ban|Uỷ ban|Học viện|Trường|Hội|Hiệp hội|Nhà xuất bản|Đài|Thông tấn xã|Cổng)\b"
)
_AFTER = re.compile(r"(?:Theo|Nguồn)\s*:?\s+", re.IGNORECASE)


def agency(author: str) -> str:
    """The office in an author's line; '' where only a person signs."""
    line = _AFTER.sub("", " ".join(author.split()), count=1).strip(" .")
    signed = _SIGNED.search(line)
    if signed:
        return signed["agency"].strip(" .")
    return line if _OFFICE.match(line) else ""
