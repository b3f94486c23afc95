"""What the API takes: the parameters' description, and the strict check of them."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from crawler.address import MAX_LENGTH
from indexer.article import HowDated, Status
from indexer.query.cursor import Position
from indexer.query.fields import FileKind
from indexer.query.request import MAX_DEPTH, MAX_QUERY, MAX_SIZE, Facet, Sort
from webui.arguments import MAX_CURSOR, MAX_VALUE, MAX_VALUES, YEARS
from webui.export.columns import COLUMNS
from webui.howto import description

LANGUAGE = description()


def _digits(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        raise ValueError("not a whole number")
    return value


def _iso_day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("not a day in the form YYYY-MM-DD")
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str) and not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}", value, re.ASCII):
        raise ValueError("not a moment in the form YYYY-MM-DDThh:mm:ssZ")
    return value


def _flag(value: Any) -> Any:
    if value not in ("0", "1", "false", "true", False, True):
        raise ValueError("neither 0 nor 1")
    return value


def _printable(value: Any) -> Any:
    if isinstance(value, str) and value != " ".join(value.split()):
        raise ValueError("white space at an end, or more than one between words")
    return value


Whole = Annotated[int, BeforeValidator(_digits)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1]), BeforeValidator(_digits)]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Value = Annotated[
    str,
    BeforeValidator(_printable),
    StringConstraints(min_length=1, max_length=MAX_VALUE, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


_SCHEMAS: Final[dict[type[BaseModel], dict[str, Any]]] = {}


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_json_schema(cls, *how: Any, **named: Any) -> dict[str, Any]:
        """The schema as pydantic makes it. flask-openapi3 asks for the usual one at every request, to read it."""
        if how or named:
            return super().model_json_schema(*how, **named)
        if cls not in _SCHEMAS:
            _SCHEMAS[cls] = super().model_json_schema()
        return _SCHEMAS[cls]


class _Filters(_Arguments):
    """What is looked for, the same as in the addresses of the search page."""

    q: str = Field("", max_length=MAX_QUERY, description=LANGUAGE)
    then: list[Value] = Field([], max_length=MAX_VALUES, description="Provinces of the 63 (until June 2025).")
    today: list[Value] = Field([], max_length=MAX_VALUES, description="Provinces of the 34 (since July 2025).")
    category: list[Value] = Field([], max_length=MAX_VALUES, description="Categories, as answers name them.")
    region: list[Value] = Field([], max_length=MAX_VALUES, description="Regions of the provinces in `then`.")
    region_today: list[Value] = Field(
        [], max_length=MAX_VALUES, description="Regions of the provinces in `today`."
    )
    type: list[Value] = Field(
        [], max_length=MAX_VALUES, description="Kinds of document an article issues: QĐ, TT …"
    )
    agency: list[Value] = Field([], max_length=MAX_VALUES, description="The author's office, as answers name it.")
    year: list[Year] = Field([], max_length=MAX_VALUES, description="Years of publication.")
    month: list[Month] = Field([], max_length=MAX_VALUES, description="Months of publication: `2009-01`.")
    file: list[FileKind] = Field([], max_length=MAX_VALUES, description="What is attached.")
    status: list[Status] = Field([], max_length=3, description="What became of the page.")
    language: list[Code] = Field([], max_length=MAX_VALUES, description="Languages of the text.")
    dated: list[Literal["yes", "no"]] = Field(
        [], max_length=2, description="Whether the day of publication is known."
    )
    how: list[HowDated] = Field([], max_length=MAX_VALUES, description="How the day of publication is known.")
    since: Day | None = Field(None, alias="from", description="First day of publication.")
    until: Day | None = Field(None, alias="to", description="Last day of publication.")
    reprints: Flag = Field(default=False, description="Whether near-identical reprints are listed, too.")

    @field_validator("until")
    @classmethod
    def _after_since(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if since and until and until < since:
            raise ValueError("the last day is before the first")
        return until


class SearchArguments(_Filters):
    """Parameters of a search."""

    sort: Sort = Field("relevance", description="Order of the hits.")
    size: Whole = Field(20, ge=1, le=MAX_SIZE, description="Hits in one answer.")
    page: Whole = Field(1, ge=1, description=f"Page of hits; page × size is at most {MAX_DEPTH}. Beyond: `after`.")
    after: str = Field("", max_length=MAX_CURSOR, description="`next` of an earlier answer; goes before `page`.")

    @field_validator("page")
    @classmethod
    def _reachable(cls, page: int, info: ValidationInfo) -> int:
        if page * info.data.get("size", 1) > MAX_DEPTH:
            raise ValueError(f"page × size is more than {MAX_DEPTH}; go on with after=")
        return page

    @field_validator("after")
    @classmethod
    def _of_this_search(cls, after: str, info: ValidationInfo) -> str:
        sort: Sort = info.data.get("sort", "relevance")
        # Without words to match, a search that asks for the best matches is sorted by day.
        possible: tuple[Sort, ...] = ("relevance", "newest") if sort == "relevance" else (sort,)
        if after and not any(Position.read(after, order) for order in possible):
            raise ValueError("not what an earlier answer to this search gave as `next`")
        return after


class SuggestArguments(_Arguments):
    """What was typed so far."""

    q: str = Field("", max_length=MAX_QUERY, description="The beginning of a query.")


MAX_PAGE: Final = 100
Size = Annotated[int, Field(ge=1, le=MAX_PAGE), BeforeValidator(_digits)]
Number = Annotated[int, Field(ge=1), BeforeValidator(_digits)]
Lang = Literal["vi", "en"]
LANG: Final = "Language of the words that are this archive's own, not the ministry's."
FOLLOWS: Final = "`next` of an earlier answer."


class FacetPath(BaseModel):
    """Which facet."""

    facet: Facet = Field(description="Name of the facet, as the parameters of a search name it.")


class FacetArguments(_Filters):
    """What the values of a facet are counted of."""

    find: str = Field("", max_length=MAX_VALUE, description="Only values with these letters; marks are free.")
    size: Size = Field(MAX_PAGE, description="Values in one answer.")
    after: str = Field("", max_length=MAX_CURSOR, description=FOLLOWS)


class ExportPath(BaseModel):
    """Which kind of file."""

    form: Literal["csv", "xlsx", "jsonl"] = Field(description="Kind of file.")


class ExportArguments(_Filters):
    """What is exported: always the whole result."""

    sort: Sort = Field("relevance", description="Order of the rows.")
    column: list[Literal[tuple(COLUMNS)]] = Field(  # type: ignore[valid-type]
        [], max_length=len(COLUMNS), description="Columns of the file, the usual ones without any."
    )
    lang: Lang = Field("en", description=LANG)


KEY: Final = r"^[a-z][a-z0-9]*:(vb:)?[0-9A-Za-z_.-]{1,64}$"
"""What crawler.address.Key.parse reads."""
STAMP: Final = r"^\d{14}-[0-9a-f]{8,64}$"
"""What crawler.page.is_stamp_of reads."""
_STAMPED: Final = "Name of a capture: its second in UTC and the beginning of its digest."
Stamp = Annotated[str, StringConstraints(pattern=STAMP)]


class ArticlePath(BaseModel):
    """Which article."""

    key: str = Field(pattern=KEY, description="Stable key of the article, such as `mic:144805` or `mic:vb:13436`.")


class CapturePath(ArticlePath):
    """Which article, and which moment of it."""

    stamp: Stamp = Field(description=_STAMPED)


class ListArguments(_Arguments):
    """Which part of a list."""

    size: Size = Field(20, description="Entries in one answer.")
    after: str = Field("", max_length=MAX_CURSOR, description=FOLLOWS)


class CapturesArguments(ListArguments):
    """Which captures of an article."""

    version: Number | None = Field(None, description="Only those that show this version.")


class DiffArguments(_Arguments):
    """Which two captures; without any, the first ones of the last two versions."""

    a: Stamp | None = Field(None, description=f"The earlier one. {_STAMPED}")
    b: Stamp | None = Field(None, validate_default=True, description="The later one; both or neither are given.")
    context: Literal["all", "changed"] = Field("all", description="`changed` leaves out what stayed the same.")

    @field_validator("b")
    @classmethod
    def _both(cls, b: str | None, info: ValidationInfo) -> str | None:
        if (b is None) != (info.data.get("a") is None):
            raise ValueError("a and b are given together or not at all")
        return b


class CitationArguments(_Arguments):
    """How citations are worded."""

    lang: Lang = Field("en", description=LANG)


class NearestArguments(_Arguments):
    """Which address, as it was when."""

    url: str = Field(
        min_length=8,
        max_length=MAX_LENGTH,
        pattern=r"^https?://[^\x00-\x20\x7f]+$",
        description="Address of a page or file of the ministry.",
    )
    at: Moment | None = Field(None, description="Moment (RFC 3339); now, if it is left out.")


class DigestPath(BaseModel):
    """Which bytes."""

    digest: str = Field(
        pattern=r"^(sha256:)?[0-9A-Fa-f]{64}$", description="SHA-256 of what a server sent, as 64 hex digits."
    )
