"""Searches as people make them, in a fixed mix; half of their words come from the replica's own articles."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from indexer.document import IndexedDocument
from indexer.language.folding import fold
from indexer.language.normalise import search_text
from indexer.query.request import SearchRequest

Kind = Literal["marked", "unmarked", "long", "exact", "filtered", "browsing"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One search and what kind of it that is."""

    kind: Kind
    request: SearchRequest


MARKED = ("chuyển đổi số cấp xã", "an toàn thông tin mạng", "hội nghị triển khai công tác", "viễn thông nông thôn")
UNMARKED = ("hoi nghi trien khai cong tac nam 2009", "cap giay phep vien thong", "buu dien van hoa xa")
LONG = (
    "các tỉnh đã triển khai chuyển đổi số đến cấp xã và kết quả phổ cập kỹ năng số cho người dân vùng sâu vùng xa",
    "Bo truong yeu cau cac doanh nghiep vien thong bao dam an toan thong tin mang trong dip Tet Nguyen dan",
)
EXACT = ('"chuyển đổi số"', '"an toan thong tin" -hội', "TT&TT Long An", "749/QĐ-TTg")
FILTERED = (
    SearchRequest(query="hội nghị", filters=(("then", ("Long An",)),)),
    SearchRequest(query="chuyển đổi số", filters=(("today", ("Hà Nội", "Huế", "Đà Nẵng")),)),
    SearchRequest(query="an toàn thông tin", filters=(("category", ("An toàn thông tin",)),)),
    SearchRequest(query="vien thong", since=date(2010, 1, 1), until=date(2019, 12, 31), sort="newest"),
    SearchRequest(query="công nghệ thông tin", filters=(("category", ("Ứng dụng CNTT",)), ("year", ("2016",)))),
)
BROWSING = (
    SearchRequest(),
    SearchRequest(sort="newest", page=3),
    SearchRequest(filters=(("year", ("2018",)),)),
    SearchRequest(filters=(("then", ("An Giang", "Cần Thơ")), ("year", ("2014", "2015")))),
    SearchRequest(query="thông tin", sort="newest", page=2),
)
"""What clicks on facets and on bars of the years' chart lead to."""


def queries(documents: list[IndexedDocument]) -> list[Asked]:
    """The mix over these documents, the same for the same documents."""
    some = [document for document in documents if document.language == "vi" and document.lead]
    known = some[:: max(1, len(some) // 8)][:8]
    titles = [" ".join(document.title.split()[:7]) for document in known]
    numbers = [document.issues[0] for document in documents if document.issues][:2]
    words: dict[Kind, tuple[str, ...]] = {
        "marked": (*MARKED, *titles[:3]),
        "unmarked": (*UNMARKED, *(fold(search_text(title)) for title in titles[3:6])),
        "long": (*LONG, *(" ".join(document.lead.split()[:30]) for document in known[4:8])),
        "exact": (*EXACT, *numbers),
    }
    asked = [
        Asked(kind=kind, request=SearchRequest(query=text)) for kind, texts in words.items() for text in texts
    ]
    asked += [Asked(kind="filtered", request=request) for request in FILTERED]
    return asked + [Asked(kind="browsing", request=request) for request in BROWSING]
