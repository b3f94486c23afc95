"""What can be typed into the search box, by example: one list for the page that explains it and for the API."""

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.query.operators import NAMES
from indexer.query.understood import FieldName
from webui.language import gettext, later


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """Something to type, other ways to type it, and what it finds."""

    typed: tuple[str, ...]
    finds: str
    """English; the page translates it."""


EXAMPLES: tuple[Example, ...] = (
    Example(
        typed=("chuyển đổi số", "chuyen doi so", "chuyển doi số"),
        finds=later("Articles with all the words, anywhere in them, however they are typed. If these are few, or the query is long, those that come near follow."),  # noqa: E501
    ),
    Example(
        typed=('"an toàn thông tin"', '"an toan thong tin"'),
        finds=later("The words next to each other. Marks count if one of them is typed."),
    ),
    Example(
        typed=("hội nghị -covid", 'hội nghị -"trực tuyến"'),
        finds=later("Without what follows the hyphen. It needs a space before it and a letter behind it."),
    ),
    Example(typed=("bưu chính OR viễn thông",), finds=later("One or the other. OR in capitals.")),
    Example(
        typed=("(năm:2008 OR năm:2010) internet",),
        finds=later("Parentheses keep together what belongs together."),
    ),
    Example(typed=("truyền th*",), finds=later("Words that begin like this.")),
    Example(
        typed=("14/2008/NĐ-CP", "nghị định 14/2008", "14 2008 nd cp"),
        finds=later("The article that issues this document first, then those that name it."),
    ),
    Example(
        typed=("UBND tỉnh", "CNTT"),
        finds=later("Usual abbreviations, and what they stand for."),
    ),
)  # fmt: skip


OPERATORS: tuple[tuple[FieldName, tuple[str, ...], str], ...] = (
    ("title", ("tiêu_đề:internet", 'title:"chuyển đổi số"'), later("Words in the title.")),
    ("author", ('tác_giả:"Chính Hiền"',), later("The author.")),
    ("number", ("số:14/2008/NĐ-CP",), later("A document that is issued or named.")),
    ("province", ('tỉnh:"Long An"', "province:hue"), later("A province, which becomes a filter.")),
    ("category", ('chuyên_mục:"Tin hoạt động"',), later("Words of the category's name.")),
    ("year", ("năm:2009", "năm:2008-2010"), later("A year, or the years from one to another.")),
    ("before", ("trước:2010", "trước:1/7/2009"), later("Published before that day, month or year.")),
    ("after", ("sau:2008", "after:2008-05"), later("Published after that day, month or year.")),
    (
        "status",
        ("trạng_thái:đã_gỡ", "status:changed"),
        later("State of the page: current, changed or withdrawn."),
    ),
    ("attachment", ("tệp:phụ_lục", "attachment:pdf"), later("Words in attached files or their names.")),
)
"""Each operator with examples; there is one for every name the query language knows."""


def operators() -> Iterator[tuple[str, Example]]:
    """All names of each operator, and how it is used."""
    for field, typed, finds in OPERATORS:
        yield " ".join(f"{name}:" for name in NAMES[field]), Example(typed=typed, finds=gettext(finds))


QUERY = later("The query, with or without marks. What makes no sense as an operator is read as words.")


def description() -> str:
    """The same as Markdown, for the description of the API."""
    lines = [f"- `{'`, `'.join(example.typed)}`: {example.finds}" for example in EXAMPLES]
    lines += [f"- `{'`, `'.join(f'{name}:' for name in NAMES[field])}`: {finds}" for field, _, finds in OPERATORS]
    return "\n".join([QUERY, "", *lines])
