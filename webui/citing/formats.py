"""The forms a citation is written in: plain text, APA, BibTeX, RIS, CSL-JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from webui.citing.citation import Citation
from webui.language import day, gettext, later, moment
from webui.wording import how_dated

_BIBTEX_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Format:
    """One form: its name, the ending and media type of its files, and what writes it."""

    title: str
    ending: str
    media_type: str
    write: Callable[[Citation], str]


def plain(citation: Citation) -> str:
    """A sentence in the language of the page."""
    published = day(citation.published) if citation.published else gettext("date not known")
    if citation.how and (citation.how != "stated" or not citation.sure):
        published += f" ({how_dated(citation.how)})"
    parts = [
        citation.author,
        f"“{citation.title}”",
        f"{citation.publisher}, {published}",
        citation.url,
        gettext(
            "Archived on %(moment)s (UTC+7) by %(archive)s: %(permalink)s",
            moment=moment(citation.captured_at),
            archive=citation.archive,
            permalink=citation.permalink,
        ),
        f"SHA-256: {citation.digest}",
    ]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def apa(citation: Citation) -> str:
    """The seventh edition's form for a page of a web site that is archived; in English, as its users write it."""
    published = citation.published
    written = f"{published:%Y}, {_MONTHS[published.month - 1]} {published.day}" if published else "n.d."
    author = citation.author or citation.publisher
    site = "" if author == citation.publisher else f" {citation.publisher}."
    at = citation.captured_on
    retrieved = f"Retrieved {_MONTHS[at.month - 1]} {at.day}, {at.year}, from {citation.permalink}"
    return f"{author.rstrip('.')}. ({written}). {citation.title.rstrip('.')}.{site} {retrieved}"


def bibtex(citation: Citation) -> str:
    """An entry that biblatex and BibTeX read."""
    published = citation.published
    note = f"Archived {_utc(citation)}, SHA-256 {citation.digest}. Original: {citation.url}"
    fields = {
        "title": f"{{{_tex(citation.title)}}}",
        "author": f"{{{_tex(citation.author or citation.publisher)}}}",
        "organization": f"{{{_tex(citation.publisher)}}}",
        "year": f"{published:%Y}" if published else "",
        "date": published.isoformat() if published else "",
        "url": _bare(citation.permalink),
        "urldate": citation.captured_on.isoformat(),
        "langid": {"vi": "vietnamese", "en": "english"}.get(citation.language, ""),
        "note": _tex(note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@online{{{citation.name},\n" + ",\n".join(lines) + "\n}\n"


def ris(citation: Citation) -> str:
    """What reference managers import; each line a field."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_fields(citation)) + "ER  - \r\n"


def csl(citation: Citation) -> str:
    """An array with one item, as Zotero and citeproc read it."""
    item: dict[str, Any] = {
        "id": citation.name,
        "type": "webpage",
        "title": citation.title,
        "author": [{"literal": citation.author or citation.publisher}],
        "container-title": citation.publisher,
        "publisher": citation.publisher,
        "URL": citation.permalink,
        "archive": citation.archive,
        "archive_location": citation.permalink,
        "accessed": {"date-parts": [_parts(citation.captured_on)]},
        "language": citation.language,
        "note": f"Original: {citation.url}\nArchived: {_utc(citation)}\nSHA-256: {citation.digest}",
    }
    if citation.published:
        item["issued"] = {"date-parts": [_parts(citation.published)]}
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMATS = {
    "txt": Format(later("Plain text"), "txt", "text/plain; charset=utf-8", plain),
    "apa": Format("APA", "apa.txt", "text/plain; charset=utf-8", apa),
    "bib": Format("BibTeX", "bib", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": Format("RIS", "ris", "application/x-research-info-systems; charset=utf-8", ris),
    "json": Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json; charset=utf-8", csl),
}
"""By the name they have in addresses."""


def _ris_fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "ELEC"
    yield "TI", citation.title
    yield "AU", citation.author or citation.publisher
    yield "PB", citation.publisher
    if citation.published:
        yield "PY", f"{citation.published:%Y}"
        yield "DA", f"{citation.published:%Y/%m/%d}/"
    yield "UR", citation.permalink
    yield "L2", citation.url
    yield "Y2", f"{citation.captured_on:%Y/%m/%d}/"
    yield "DB", citation.archive
    yield "AN", citation.key
    yield "LA", citation.language
    yield "N1", f"Archived {_utc(citation)}, SHA-256 {citation.digest}"


def _parts(value: date) -> list[int]:
    return [value.year, value.month, value.day]


def _utc(citation: Citation) -> str:
    return f"{citation.captured_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _tex(text: str) -> str:
    return text.translate(_BIBTEX_SIGNS)


def _bare(url: str) -> str:
    """An address inside braces: what would end or open them is written as URLs write it."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
