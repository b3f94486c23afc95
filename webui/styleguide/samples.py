"""What the style guide shows its components with: one search that was never made, an article that never was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from wtforms import Form, StringField
from wtforms.validators import DataRequired

from crawler.address import Key
from crawler.progress import Progress
from indexer.article import Absence
from indexer.comparing import Row
from indexer.comparing.words import Change, Word, Words
from indexer.jobs.store import Job
from indexer.query.request import Facet, SearchRequest
from indexer.query.results import FacetCounts, FacetValue, Hit, Marked, SearchResults, YearCount
from webui.article.files import Sheet, Stretch
from webui.language import gettext
from webui.search.advice import Advice, Offer

KEY: Final = Key(family="mic", id="144805")
NOW: Final = datetime(2025, 7, 4, 3, 0, tzinfo=UTC)
ASKED: Final = SearchRequest(
    query="thông tư", filters=(("then", ("Long An",)), ("year", ("2009",))), since=date(2009, 1, 1), page=7
)
_TITLE: Final = "Sửa đổi, bổ sung Thông tư về quản lý, cấp phép thiết lập trang thông tin điện tử ở Đắk Nông"
_START: Final = _TITLE.index("Thông tư")
_HIT: Final = Hit(
    key=KEY,
    url="https://mic.gov.vn/Pages/TinTuc/144805/",
    title=Marked(text=_TITLE, marks=((_START, _START + len("Thông tư")),)),
    snippets=(Marked(text="…những nội dung Ẫ, ộ, ữ, ỡ, Ệ, Ử xếp dấu chồng lên nhau mà không chạm dòng trên…"),),
    category="Văn bản quy phạm",
    published=date(2009, 1, 15),
    published_how="stated",
    provinces_then=("Đắk Nông",),
    numbers=("14/2008/NĐ-CP",),
    captured_at=NOW,
)


def hits() -> dict[str, Hit]:
    """A result in each of its states, by what it shows."""
    return {
        gettext("as usual"): _HIT,
        gettext("changed, a day that is not certain, many documents, files"): replace(
            _HIT,
            status="changed",
            versions=3,
            published_how="text",
            published_sure=False,
            provinces_then=("Long An", "Tiền Giang", "Thành phố Hồ Chí Minh"),
            numbers=tuple(f"{number}/2009/TT-BTTTT" for number in range(10, 15)),
            attachment_names=("38TT.PDF", "Phụ lục.docx"),
        ),
        gettext("withdrawn"): replace(_HIT, status="withdrawn", withdrawn_at=NOW, published_how="listed"),
        gettext("without a day, a reprint"): replace(
            _HIT, published=None, published_how=None, reprint_of=KEY, numbers=(), provinces_then=()
        ),
    }


def results() -> SearchResults:
    """A result with everything that can be chosen, on a page in the middle."""
    provinces = {"Long An": 212} | {name: 150 - 12 * place for place, name in enumerate(_PROVINCES)}
    return SearchResults(
        request=ASKED,
        mode="near",
        total=1_284,
        hits=(_HIT,),
        facets=(
            _counts("then", provinces | {"Cà Mau": 0}, "Long An"),
            _counts("region", {"Đồng bằng sông Cửu Long": 300}, "Đồng bằng sông Cửu Long"),
            _counts("category", {"Văn bản quy phạm": 140, "Viễn thông": 60, "Xuất bản": 0}),
            _counts("year", {"2009": 212, "2010": 90}, "2009"),
        ),
        years=tuple(YearCount(year=2003 + place, count=count) for place, count in enumerate(_YEARS)),
    )


def _counts(facet: Facet, counts: Mapping[str, int], chosen: str = "") -> FacetCounts:
    values = (FacetValue(value=value, count=count, chosen=value == chosen) for value, count in counts.items())
    return FacetCounts(facet=facet, values=tuple(values))


_PROVINCES: Final = (
    *("Hà Nội", "Thừa Thiên Huế", "Đà Nẵng", "Quảng Ngãi", "Đắk Nông", "Bà Rịa – Vũng Tàu", "Tiền Giang"),
    *("Bến Tre", "An Giang", "Nghệ An", "Lạng Sơn", "Hưng Yên"),
)
_YEARS: Final = (4, 12, 30, 44, 90, 130, 212, 160, 140, 0, 60, 44, 80, 75, 40, 31, 20, 26, 12, 8, 5, 3, 9)


def advice() -> Advice:
    """What helps where nothing is found."""
    offer = Offer(label="Long An", request=SearchRequest(query="thông tư"), total=12)
    return Advice(removals=(offer,), searches=(replace(offer, label="thông tư 14/2008"),))


class Sample(Form):  # type: ignore[misc]  # wtforms has no types
    """Fields in their states."""

    plain = StringField("")
    hinted = StringField("")
    wrong = StringField("", [DataRequired()])
    disabled = StringField("")


def form() -> Sample:
    """The fields, one of them filled in wrongly."""
    made = Sample(data={"plain": "Văn phòng Bộ"})
    for name, words in (
        ("plain", gettext("Account name")),
        ("hinted", gettext("New password")),
        ("wrong", gettext("Account name")),
        ("disabled", gettext("Author")),
    ):
        made[name].label.text = words
    made["wrong"].errors = [gettext("This is needed.")]
    made.form_errors = [gettext("This form is no longer valid")]
    return made


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A version as the time line asks of it."""

    stamp: str
    version: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A line of a time line."""

    at: datetime
    snapshot: Seen | None = None
    before: Seen | None = None
    absence: Absence | None = None
    server: str = "mic"


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """How long a version stood."""

    captured_at: datetime
    last_seen_at: datetime


def timeline() -> tuple[Moment, ...]:
    """An article that was changed, was gone for a month, came back and is gone."""
    days = [NOW - timedelta(days=400 * place) for place in range(3)]
    first = Seen(stamp="20190312030400-3f9a1c22d0e4b7a1", version=State(captured_at=days[2], last_seen_at=days[1]))
    last = Seen(stamp="20210704030000-91c0e4b7a13f9a1c", version=State(captured_at=days[1], last_seen_at=days[1]))
    gone = Absence(last_seen_at=days[1], since=days[0], confirmations=3, why="404")
    was_gone = Absence(last_seen_at=days[2], since=days[2], until=days[1], confirmations=3, why="404")
    return (
        Moment(at=days[0], absence=gone),
        Moment(at=days[1], snapshot=last, before=first),
        Moment(at=days[2] + timedelta(days=30), absence=was_gone),
        Moment(at=days[2], snapshot=first),
    )


def redline() -> tuple[Row, ...]:
    """A paragraph in each of its states."""

    def words(change: Change, text: str) -> Words:
        return Words(change, tuple(Word(word, spaced=True) for word in text.split()))

    same, before, after = "Hội nghị diễn ra tại thị xã Gia Nghĩa ngày", "15/01/2009", "16/01/2009"
    return (
        Row(kind="same", part="title", words=(words("same", "Thông báo hội nghị"),)),
        Row(
            kind="changed",
            part="text",
            words=(words("same", same), words("removed", before), words("added", after)),
        ),
        Row(kind="removed", part="text", words=(words("removed", "Đại biểu đăng ký trước ngày 10/01."),)),
        Row(kind="added", part="list", words=(words("added", "Tài liệu gửi kèm."),)),
    )


def stretches() -> tuple[Stretch, ...]:
    """Pages of a file: one with a mark, one without text, and one that is folded."""
    first = Sheet(number=1, text=Marked(text=_TITLE, marks=_HIT.title.marks))
    empty, last = (Sheet(number=number, text=Marked(text=text)) for number, text in ((2, ""), (3, _TITLE)))
    return Stretch(sheets=(first, empty), open=True), Stretch(sheets=(last,))


def jobs() -> tuple[Job, ...]:
    """A job in each of its states."""
    begun = NOW - timedelta(minutes=7)
    runs = Job(
        id=3,
        kind="recrawl",
        arguments={"category": "Viễn thông"},
        state="running",
        asked_by="lan",
        asked_at=begun,
        started_at=begun,
        ended_at=None,
        attempt=1,
        cancelling=False,
        progress=Progress(done=412, total=1_284, errors=3),
    )
    waits = replace(runs, state="queued", started_at=None, progress=Progress())
    done = replace(
        runs, kind="update", arguments={}, state="done", ended_at=NOW, progress=Progress(done=60, total=60)
    )
    failed = replace(done, state="failed", attempt=2, progress=Progress(errors=1, message="no answer"))
    return (runs, waits, done, failed, replace(waits, state="cancelled"))
