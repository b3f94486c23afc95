"""Composes what a document page and an attached file say."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from indexer.article import Block
from tests.replica.text import legal, patterns
from tests.replica.text.composing import Text, phrase
from tests.replica.text.legal import LegalDocument, Mention
from tests.replica.text.wording import Wording


@dataclass(frozen=True, kw_only=True, slots=True)
class FileText:
    """What an attachment says: lines in order, or rows of a sheet whose cells are split by tabs."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[str, ...] = ()
    numbers: tuple[Mention, ...] = ()
    """Documents cited in the paragraphs."""


def document_page(document: LegalDocument, category: int, chance: random.Random) -> Text:
    """The page of a document: a title and a table of its particulars."""
    words = _wording(category, document.day, chance)
    subject = words.fill(chance.choice(patterns.load("vi").document["subjects"]))
    rows = (
        f"Số ký hiệu\t{document.number}",
        f"Loại văn bản\t{document.long_type}",
        f"Cơ quan ban hành\t{document.issuer}",
        f"Ngày ban hành\t{document.day:%d/%m/%Y}",
        f"Ngày có hiệu lực\t{document.day + timedelta(days=45):%d/%m/%Y}",
        f"Trích yếu\t{subject}",
    )
    return Text(
        event="document",
        title=f"{document.title}: {subject}",
        lead="",
        blocks=(Block(kind="table", text="\n".join(rows)),),
        numbers=(Mention(written=document.number, normal=document.number, role="issues"),),
    )


def file_text(heading: str, day: date, category: int, chance: random.Random) -> FileText:
    """The text of an attached file under a heading; some fill several pages."""
    known = patterns.load("vi")
    words = _wording(category, day, chance)
    number = chance.choice((3, 4, 6, 12, 24))
    chosen = [chance.choice(known.document["articles"]) for _ in range(number)]
    articles = [f"Điều {count}. {words.fill(article)}" for count, article in enumerate(chosen, 1)]
    grounds = [words.fill(ground) for ground in known.document["grounds"]]
    rows = [f"Đơn vị {count}\t{words['many']}\t{words['percent']}" for count in range(1, number + 1)]
    return FileText(
        heading=heading,
        paragraphs=(legal.ministry_name(day), *grounds, *articles),
        rows=("Đơn vị\tSố lượng\tTỷ lệ", *rows),
        numbers=tuple(words.numbers),
    )


def _wording(category: int, day: date, chance: random.Random) -> Wording:
    known = patterns.load("vi")
    facts: Mapping[str, str] = {
        "topic": phrase(chance, known.topics[category], day.year),
        "unit": phrase(chance, known.units[category], day.year),
        "ministry": legal.ministry_name(day),
        "year": str(day.year),
        "later_year": str(day.year + chance.randint(1, 5)),
    }
    return Wording(known, chance, day, facts)
