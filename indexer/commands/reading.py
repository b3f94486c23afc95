"""`extract` and `tag`: what reading makes of one page, or of any text, without storing anything."""

import json
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from typing import Any, BinaryIO, TextIO

import click

from config import settings
from config.site import load_profile
from config.vocabulary import load_vocabulary
from crawler.address import Key
from crawler.page import FetchedPage
from crawler.terminal import always_json, told_plainly
from indexer.article import Article
from indexer.language.dates import stated_date, text_date
from indexer.language.numbers import Numbers
from indexer.language.passage import Passage, Passages
from indexer.language.provinces import Tagger, most_named
from indexer.reading import Reader

_MONTH = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?(?!\d)")
_BRACKETED = re.compile(r"\s*\((?P<when>\d{4}-\d{2}(?:-\d{2})?)\)")
_PARAGRAPH = re.compile(r"\n\s*\n")


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--url", required=True, help="The address the page was answered at.")
@click.option("--content-type", default="", help="Content-Type it was answered with, if known.")
@click.option("--captured", default="", help="Day of capture (2025-01-31); today if empty.")
@always_json
def extract(file: BinaryIO, url: str, content_type: str, captured: str) -> None:
    """Read one saved page (or file, or feed) and print what it says as JSON, without storing it.

    FILE may be - for standard input.
    """
    with told_plainly():
        chosen = settings.load()
        reader = Reader(load_profile(chosen.site), load_vocabulary(), ocr=chosen.ocr)
    page = FetchedPage(
        url=url,
        captured_at=_captured(captured),
        status=200,
        headers=(("Content-Type", content_type),) if content_type else (),
        payload=file.read(),
    )
    reading = reader.read(page)
    said = {"type": type(reading).__name__.lower(), **_plain(reading)}
    if isinstance(reading, Article):
        said["paragraphs"] = list(reading.paragraphs)
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@always_json
def tag(file: TextIO) -> None:
    """Find provinces and document numbers in texts.

    FILE holds one JSON object in each line: {"id", "title", "text", "published"?}; standard input without a FILE.
    """
    with told_plainly():
        settings.load()
        words = load_vocabulary()
    tagger, numbers = Tagger(words), Numbers(words)
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        asked = _asked(line, number)
        passages = _passages(asked)
        provinces = most_named(tagger.tag(passages, _published(asked, passages)))
        found = {
            "id": asked.get("id"),
            "provinces": [
                {"written": one.written, "then": one.then, "today": one.today, "role": one.role}
                for one in provinces
            ],
            "document_numbers": list(dict.fromkeys(one.normal for one in numbers.find(passages))),
        }
        click.echo(json.dumps(found, ensure_ascii=False))


def _captured(text: str) -> datetime:
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a day such as 2025-01-31", param_hint="--captured") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    """A reading as JSON can hold it: keys as they are written, days in ISO 8601."""
    if isinstance(value, Key):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _lines(file: TextIO) -> Iterator[str]:
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise click.ClickException(f"the input is not UTF-8: {error}") from error


def _asked(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise click.ClickException(f"line {number}: not JSON: {error}") from error
    if not isinstance(asked, dict):
        raise click.ClickException(f'line {number}: not an object such as {{"id": 1, "title": "", "text": "…"}}')
    return asked


def _passages(asked: dict[str, Any]) -> Passages:
    """Title and paragraphs, as reading would find them."""
    title, text = str(asked.get("title") or ""), str(asked.get("text") or "")
    head = [Passage(part="title", text=title)] if title.strip() else []
    body = [part for part in _PARAGRAPH.split(text) if part.strip()]
    return Passages([*head, *(Passage(part="body", index=index, text=part) for index, part in enumerate(body))])


def _published(asked: dict[str, Any], passages: Passages) -> date | None:
    """The day given, however precisely; else one the text itself begins with."""
    given = str(asked.get("published") or "")
    if given:
        return _day(given)
    texts = [passage.text for passage in passages]
    bracketed = next((match for text in texts[:2] if (match := _BRACKETED.match(text))), None)
    if bracketed:
        return _day(bracketed["when"])
    return text_date("", texts[:3], not_after=datetime.now(UTC).date())


def _day(text: str) -> date | None:
    """The first day of what is meant by `2025`, `2025-09`, `2025-09-30` or `30/9/2025`."""
    moment = stated_date(text)
    if moment:
        return moment.day
    month = _MONTH.match(text.strip())
    try:
        return date(int(month["year"]), int(month["month"] or 1), 1) if month else None
    except ValueError:
        return None
