"""Answers as they come from a server, for tests that need no network."""

from datetime import UTC, datetime

from crawler.page import FetchedPage

AT = datetime(2024, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
URL = "https://mic.gov.vn/Pages/TinTuc/144805/Tin.html"


def html_page(payload: bytes | str, *headers: tuple[str, str], url: str = URL, status: int = 200) -> FetchedPage:
    """An HTML answer with further headers; text is sent as UTF-8."""
    return FetchedPage(
        url=url,
        captured_at=AT,
        status=status,
        headers=(("Content-Type", "text/html; charset=utf-8"), *headers)
        if not any(name.lower() == "content-type" for name, _ in headers)
        else headers,
        payload=payload.encode() if isinstance(payload, str) else payload,
        request_headers=(("Host", "mic.gov.vn"), ("User-Agent", "test")),
    )
