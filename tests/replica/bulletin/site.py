"""What the second site answers: plain HTML of our own time, Atom feeds, lists by topic."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time
from html import escape

from tests.replica.bulletin.stories import HOSTS, TOPICS, Language, Story, stories
from tests.replica.exchange import Answer, Request
from tests.replica.files.pdf import lay_out, write
from tests.replica.templates.dates import VIETNAM

ON_A_PAGE = 6
_STORY = re.compile(r"/(?:[a-z-]+/[^/]*~|s/|amp/)([0-9a-z]+)")
_LIST = re.compile(r"/chu-de/([a-z-]+)(?:/trang/([0-9]+))?")
_FEED = re.compile(r"/nguon/([a-z-]+)\.atom")
_DAY = re.compile(r"/luu-tru/\d{4}/\d{2}/\d{2}")
_FILE = re.compile(r"/tep/(\d+)/phu-luc\.pdf")


def answer(request: Request) -> Answer:
    """The answer to a request for one of its hosts."""
    language: Language = "en" if request.host == HOSTS["en"] else "vi"
    if request.path == "/robots.txt":
        return Answer(headers=(("Content-Type", "text/plain"),), body=b"User-agent: *\nDisallow: /tim\n")
    for pattern, page in _PAGES:
        match = pattern.fullmatch(request.path)
        found = page(language, match) if match else None
        if found:
            return found
    return _html(language, "Trang này không còn nữa", "<p class='message'>Trang này không còn nữa.</p>")


def _home(language: Language, _match: re.Match[str]) -> Answer:
    return _html(language, HOSTS[language], _stream(stories(language)[:8]))


def _story(language: Language, match: re.Match[str]) -> Answer | None:
    found = next((one for one in stories(language) if one.id == match[1]), None)
    if found is None:
        return None
    shown = "article-small" if match[0].startswith("/amp/") else "story"
    when = f'<time datetime="{found.day.isoformat()}">{found.day:%d.%m.%Y}</time>' if found.day else ""
    topic = f'<a class="topic" href="/chu-de/{found.topic}">{TOPICS[language][found.topic][0]}</a>'
    file = f'<aside class="downloads"><a href="{found.file}">Phụ lục</a></aside>' if found.file else ""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in found.paragraphs)
    return _html(
        language,
        found.title,
        f'<article class="{shown}"><header>{topic}<h2 class="headline">{escape(found.title)}</h2>{when}'
        f'<div class="standfirst">Bản tin | {escape(found.lead)}</div></header><section class="copy">{paragraphs}'
        f'</section>{file}<footer class="byline">{escape(found.author)}</footer></article>'
        f'<div class="more"><a href="/thich/{found.id}">Thích</a><a href="/s/{found.id}">Chia sẻ</a>'
        f'<a href="/luu-tru/2019/12/20">Lưu trữ</a></div>',
    )


def _list(language: Language, match: re.Match[str]) -> Answer | None:
    topic, page = match[1], int((match[2] or "1")[:6])
    if topic not in TOPICS[language]:
        return None
    known = [one for one in stories(language) if one.topic == topic]
    shown = known[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    older = f'<a rel="next" href="/chu-de/{topic}/trang/{page + 1}">Cũ hơn</a>'
    following = older if len(known) > page * ON_A_PAGE else ""
    return _html(language, TOPICS[language][topic][0], f"{_stream(shown)}{following}") if shown else None


def _feed(language: Language, match: re.Match[str]) -> Answer | None:
    known = [one for one in stories(language) if one.topic == match[1]][:5]
    entries = "".join(
        f'<entry><title>{escape(one.title)}</title><link href="{one.url}"/><id>{one.url}</id>'
        f"{_updated(one)}</entry>"
        for one in known
    )
    feed = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    return Answer(headers=(("Content-Type", "application/atom+xml"),), body=feed.encode()) if known else None


def _updated(one: Story) -> str:
    moment = datetime.combine(one.day, time(9), VIETNAM) if one.day else None
    return f"<published>{moment.isoformat()}</published>" if moment else ""


def _calendar(language: Language, match: re.Match[str]) -> Answer:
    """A day of the archive: every day leads to the next."""
    year, month, day = map(int, match[0].split("/")[2:])
    return _html(language, "Lưu trữ", f'<a href="/luu-tru/{year}/{month:02d}/{day % 28 + 1:02d}">Hôm sau</a>')


def _file(_language: Language, match: re.Match[str]) -> Answer:
    body = write(lay_out("Phụ lục", (f"Phụ lục số {match[1]} của bản tin",)))
    return Answer(headers=(("Content-Type", "application/pdf"),), body=body)


_PAGES: tuple[tuple[re.Pattern[str], Callable[[Language, re.Match[str]], Answer | None]], ...] = (
    (re.compile("/"), _home),
    (_LIST, _list),
    (_FEED, _feed),
    (_DAY, _calendar),
    (_FILE, _file),
    (_STORY, _story),
)


def _stream(shown: Iterable[Story]) -> str:
    rows = "".join(
        f'<li><a class="teaser" href="{one.path}">{escape(one.title)}</a>'
        f"{f'<time>{one.day:%d.%m.%Y}</time>' if one.day else ''}</li>"
        for one in shown
    )
    return f'<ol class="stream">{rows}</ol>'


def _html(language: Language, title: str, content: str) -> Answer:
    topics = TOPICS[language]
    menu = "".join(
        f'<a href="/chu-de/{topic}">{name}</a><link rel="alternate" href="/nguon/{topic}.atom"/>'
        for topic, (name, _) in topics.items()
    )
    other = HOSTS["en" if language == "vi" else "vi"]
    page = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"/>'
        f"<title>{escape(title)}</title></head>"
        f'<body><nav>{menu}<a href="https://{other}/">English | Tiếng Việt</a>'
        f'<a href="/tim?q=x">Tìm</a></nav><main>{content}</main><footer>20.12.2030, Hà Nội</footer></body></html>'
    )
    return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=page.encode())
