"""Composes an article from sentence patterns: the same chance makes the same article."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indexer.article import Block, Role
from tests.replica.text import legal, patterns, provinces
from tests.replica.text.legal import LegalDocument, Mention
from tests.replica.text.patterns import Event, Language, Patterns, Scope
from tests.replica.text.provinces import Province
from tests.replica.text.wording import Wording, written_day

_PROVINCIAL = 0.62
_SUCCESSOR = date(2025, 3, 1)
_DEPARTMENTS = date(2008, 4, 1)
"""Until then the provinces had a Sở Bưu chính, Viễn thông."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What an article is to be about."""

    language: Language
    category: int
    day: date
    """Of publication."""
    text_day: date | None = None
    """The day the lead says it happened on; None where the lead is to name none."""
    whole_day: bool = True
    """The lead's day is written with its year."""
    wrong_day: date | None = None
    """A day in the body that does not agree with the day of publication."""
    announced: LegalDocument | None = None
    """A document whose page the article leads to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """An article's words. `blocks` without captions."""

    event: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    author: str = ""
    source: str = ""
    text_day: date | None = None
    caption: str = ""
    """What stands under a picture, should it have one."""
    provinces: tuple[tuple[Province, Role], ...] = ()
    numbers: tuple[Mention, ...] = ()


def compose(brief: Brief, chance: random.Random) -> Text:
    """Write an article."""
    known = patterns.load(brief.language)
    scope: Scope = "provincial" if chance.random() < _PROVINCIAL else "national"
    event = chance.choices(*known.told(brief.category, scope))[0]
    province = provinces.choose(chance, brief.day, vary=True) if scope == "provincial" else None
    words = _wording(brief, chance, event, province)
    title = words.fill(chance.choice(event.titles[scope]))
    lead, dated = _lead(brief, chance, event.leads[scope], words)
    blocks = tuple(_blocks(brief, chance, event, words))
    author, source = _signed(chance, known, words, scope)
    return Text(
        event=event.name,
        title=title[0].upper() + title[1:],
        lead=lead,
        blocks=blocks,
        author=author,
        source=source,
        text_day=brief.text_day if dated else None,
        caption=chance.choice(known.common["captions"]),
        provinces=tuple(words.provinces),
        numbers=tuple(words.numbers),
    )


def _wording(brief: Brief, chance: random.Random, event: Event, province: Province | None) -> Wording:
    known = patterns.load(brief.language)
    english = brief.language == "en"
    topic = phrase(chance, known.topics[brief.category], brief.day.year)
    happened = written_day(chance, brief.text_day or brief.day, english=english, whole=brief.whole_day)
    facts = {
        "topic": topic,
        "topic2": phrase(chance, known.topics[brief.category], brief.day.year, other_than=topic),
        "unit": phrase(chance, known.units[brief.category], brief.day.year),
        "ministry": _ministry_in_english(brief.day) if english else legal.ministry_name(brief.day),
        "ministry_short": _short(legal.ministry_name(brief.day)),
        "year": str(brief.day.year),
        "last_year": str(brief.day.year - 1),
        "later_year": str(brief.day.year + chance.randint(1, 5)),
        "day": happened,
        "country": chance.choice(known.lists["country"]),
        "office": chance.choice(known.lists["office"]),
    }
    if province:
        facts |= _provincial(province, brief.day, english=english)
    words = Wording(known, chance, brief.day, facts)
    if province:
        words.remember(province, "subject")
    if event.issues:
        document = legal.invent(chance, brief.day, event.issues)
        facts |= {"document": words.cite(document, "issues"), "document_title": document.title}
        facts |= {"document": f"Document {document.number}"} if english else {}
    if event.issues == "province" and province:
        words.remember(province, "issuer")
    if brief.announced:
        facts["announced"] = brief.announced.named
    return words


def _provincial(province: Province, day: date, *, english: bool) -> dict[str, str]:
    if english:
        return {"name": provinces.in_english(province)}
    name = province.written
    department = "Khoa học và Công nghệ" if day >= _SUCCESSOR else "Thông tin và Truyền thông"
    short = "KH&CN" if day >= _SUCCESSOR else "TT&TT"
    if day < _DEPARTMENTS:
        department, short = "Bưu chính, Viễn thông", "BCVT"
    return {
        "name": name[0].upper() + name[1:],
        "province": province.full,
        "department": f"Sở {department} {name}",
        "department_short": f"Sở {short} {name}",
        "committee": f"UBND {province.full}",
    }


def _lead(brief: Brief, chance: random.Random, leads: tuple[str, ...], words: Wording) -> tuple[str, bool]:
    """The lead, and whether it names the day."""
    fitting = [lead for lead in leads if ("{day}" in lead) == (brief.text_day is not None)]
    chosen = chance.choice(fitting or leads)
    return words.fill(chosen), "{day}" in chosen


def _blocks(brief: Brief, chance: random.Random, event: Event, words: Wording) -> Iterator[Block]:
    known = patterns.load(brief.language)
    fitting = [text for text, first, last in known.bodies[brief.category] if first <= brief.day.year <= last]
    pool = [*event.body, *fitting, *known.common["body"]]
    chance.shuffle(pool)
    paragraphs = chance.randint(3, 6)
    for number in range(paragraphs):
        if number and chance.random() < 0.06:
            yield Block(kind="heading", text=chance.choice(known.common["headings"]))
        sentences = [words.fill(pool.pop()) for _ in range(chance.randint(1, 3)) if pool]
        if brief.wrong_day and number == 1:
            sentences.append(_contradiction(brief, known, words))
        if sentences:
            yield Block(text=" ".join(sentences))
        if number == 1 and event.list and chance.random() < 0.6:
            items = chance.sample(event.list, chance.randint(3, len(event.list)))
            yield Block(kind="list", text="\n".join(words.fill(item) for item in items))
        if number == 1 and event.table and chance.random() < 0.7:
            yield Block(kind="table", text="\n".join(words.fill(row) for row in event.table))
    if chance.random() < 0.1:
        yield Block(text=words.fill(chance.choice(known.common["others"])))
    if brief.announced:
        words.cite(brief.announced, "cites")
        yield Block(text=words.fill(known.common["announcing"]))


def _contradiction(brief: Brief, known: Patterns, words: Wording) -> str:
    assert brief.wrong_day is not None
    day = written_day(random.Random(0), brief.wrong_day, english=brief.language == "en", whole=True)
    return words.fill(known.common["contradicting"].replace("{wrong_day}", day.removeprefix("ngày ")))


def _signed(chance: random.Random, known: Patterns, words: Wording, scope: Scope) -> tuple[str, str]:
    """Author and source; one of them, or neither."""
    fate = chance.random()
    if fate < 0.15:
        return "", ""
    if fate < 0.3:
        fitting = [source for source in known.common["sources"] if scope == "provincial" or "{" not in source]
        return "", words.fill(chance.choice(fitting))
    local = scope == "provincial" and known.language == "vi" and fate < 0.75
    return words.fill(chance.choice(known.common["department_authors" if local else "authors"])), ""


def phrase(chance: random.Random, phrases: tuple[patterns.Dated, ...], year: int, other_than: str = "") -> str:
    """One of the phrases in use that year."""
    fitting = [phrase for phrase, first, last in phrases if first <= year <= last]
    others = [phrase for phrase in fitting if phrase != other_than]
    return chance.choice(others or fitting)


def _short(ministry: str) -> str:
    return ministry.replace("Thông tin và Truyền thông", "TT&TT").replace("Khoa học và Công nghệ", "KH&CN")


def _ministry_in_english(day: date) -> str:
    if day >= _SUCCESSOR:
        return "the Ministry of Science and Technology"
    return (
        "the Ministry of Information and Communications"
        if day >= date(2007, 8, 1)
        else "the Ministry of Posts and Telematics"
    )
