"""Small pictures and style sheets, so that what pages refer to is there."""

import struct
import zlib
from base64 import b64decode

_JPEG_REST = b64decode(
    "/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8AACwgAAQABAQERAP/E"
    "AB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHw"
    "JDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqy"
    "s7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAAgBAQAAPwD5/r//2Q=="
)
"""A grey dot: the tables every encoder writes, then one block."""

_STYLE = """body{font:15px/1.5 Arial,sans-serif;color:#222;max-width:1000px;margin:0 auto;padding:0 16px}
#s4-ribbonrow,.menu-chinh .menu-phu{display:none}
.header{border-top:6px solid #b5121b;border-bottom:1px solid #ddd;margin-bottom:16px}
.menu-chinh ul,.phan-trang,.cong-cu{display:flex;flex-wrap:wrap;gap:4px 14px;list-style:none;padding:0}
.title_news h1,.detail__title,.title_vb{font-size:22px;color:#b5121b}
.item_news,.box-category-item{border-bottom:1px dotted #bbb;padding:8px 0}
.cot-phai,.chan-trang{font-size:12px;color:#555;border-top:1px solid #ddd;margin-top:24px}
.cot-phai ul{columns:4;padding-left:16px}
"""


def photograph(number: int) -> bytes:
    """A JPEG of one dot, different for each number by the comment in it."""
    comment = f"replica {number}".encode()
    return b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + _JPEG_REST


def logo() -> bytes:
    """A PNG of one dot."""
    chunks = (
        b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0),
        b"IDAT" + zlib.compress(b"\x00\x80"),
        b"IEND",
    )
    framed = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def asset(path: str) -> tuple[str, bytes] | None:
    """Media type and bytes of what every page refers to; None for any other path."""
    match path:
        case "/Style Library/css/chung.css":
            return "text/css", _STYLE.encode()
        case "/Style Library/images/logo.png" | "/_layouts/images/favicon.ico":
            return "image/png", logo()
        case _:
            return None
