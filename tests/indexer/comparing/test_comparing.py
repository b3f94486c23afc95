"""A redline reads as people would tell the change, and what is only furniture or spelling of letters is none."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.address import Key
from indexer.article import Article, Attachment, AttachmentLink, Block, Published
from indexer.comparing import compare
from indexer.comparing.words import compared, words_of
from indexer.record import OfferedFile, Snapshot
from indexer.record.saying import FileSaid, PageSaid

AT = datetime(2019, 3, 12, tzinfo=UTC)
ARTICLE = Article(
    key=Key(family="mic", id="1"),
    url="https://mic.gov.vn/Pages/TinTuc/1/x.html",
    template="T2",
    language="vi",
    title="Hội nghị triển khai công tác năm 2009",
    lead="Sáng ngày 15/01/2009, tại Tân An, Sở tổ chức hội nghị.",
    blocks=(
        Block(text="Dự hội nghị có lãnh đạo các phòng văn hóa và các doanh nghiệp bưu chính."),
        Block(kind="table", text="Chỉ tiêu\tNăm 2008\nThuê bao\t17.100"),
        Block(text="Năm 2009, Sở đề nghị Bộ hỗ trợ xây dựng quy hoạch viễn thông đến năm 2020."),
    ),
)


def seen(article: Article, *files: OfferedFile) -> Snapshot:
    """A moment at which an article said this."""
    page = PageSaid(
        capture=1, captured_at=AT, kind="article", copy="mic", url=article.url, payload_digest="", article=article
    )
    return Snapshot(at=AT, page=page, version=None, files=files)


def offered(name: str, digest: str, pages: int) -> OfferedFile:
    """A file of that many pages."""
    url = f"https://mic.gov.vn/{name}"
    said = FileSaid(
        captured_at=AT,
        payload_digest=digest,
        attachment=Attachment(address=url, url=url, type="pdf", pages=pages),
    )
    return OfferedFile(link=AttachmentLink(address=url, url=url, name=name), payload_digest=digest, said=said)


def redline(before: str, after: str) -> str:
    """`[-removed-]{+added+}`, as git tells changed words."""
    ways = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return " ".join(ways[some.change].format(some.text) for some in compared(words_of(before), words_of(after)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Nghị định 14/2008/NĐ-CP, ngày 15/01/2009.",
            ["Nghị", "định", "14/2008/NĐ-CP", ",", "ngày", "15/01/2009", "."],
        ),
        ("Bà Rịa-Vũng Tàu: 62,5%", ["Bà", "Rịa", "-", "Vũng", "Tàu", ":", "62,5%"]),
        ("8.400 máy; 19:30", ["8.400", "máy", ";", "19:30"]),
        ("a\u00a0\n b", ["a", "b"]),
        ("", []),
    ],
)
def test_words_are_syllables_numbers_and_codes(text, words):
    assert [word.text for word in words_of(text)] == words


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "ngày 15/01/2009 tại Tân An",
            "ngày 16/01/2009 tại Tân An",
            "ngày [-15/01/2009-] {+16/01/2009+} tại Tân An",
        ),
        ("theo Nghị định 14/2008/NĐ-CP", "theo Nghị định 17/2008/NĐ-CP", None),
        ("Hội nghị toàn quốc", "Hội nghị quốc tế toàn quốc", "Hội nghị {+quốc tế+} toàn quốc"),
        ("vùng sâu, vùng xa", "vùng sau, vùng xa", "vùng [-sâu-] {+sau+} , vùng xa"),
    ],
)
def test_a_changed_mark_changes_the_syllable_and_a_changed_figure_the_number(before, after, told):
    expected = told or "theo Nghị định [-14/2008/NĐ-CP-] {+17/2008/NĐ-CP+}"
    assert redline(before, after) == expected


def test_changes_read_as_phrases_and_not_as_confetti():
    before = "Bộ trưởng đề nghị các địa phương sớm hoàn thành kế hoạch"
    after = "Thứ trưởng yêu cầu mọi đơn vị khẩn trương lập kế hoạch"
    assert redline(before, after).count("[-") <= 2


LETTERS = st.text(alphabet="aáàăâạbđe êễ  .,-/12\n\t\u0301", max_size=60)


@given(LETTERS, LETTERS)
def test_both_texts_can_be_read_out_of_a_redline(before, after):
    found = compared(words_of(before), words_of(after))
    kept = [[w.text for some in found if some.change != gone for w in some.words] for gone in ("added", "removed")]
    assert kept == [[word.text for word in words_of(text)] for text in (before, after)]
    assert all(one.change != other.change for one, other in pairwise(found))


def test_composition_of_letters_and_spaces_is_no_change():
    other = replace(
        ARTICLE,
        title=unicodedata.normalize("NFD", ARTICLE.title),
        blocks=tuple(replace(block, text=block.text.replace(" ", "\u00a0 ")) for block in ARTICLE.blocks),
    )
    assert compare(seen(ARTICLE), seen(other)).is_same


def test_author_and_date_are_told_beside_the_text():
    stated = replace(ARTICLE, author="Minh Tâm", published=Published(day=AT.date(), how="stated"))
    found = compare(seen(stated), seen(replace(stated, author="Thu Hà", published=None)))
    assert found.is_same
    assert [(detail.field, detail.before, detail.after) for detail in found.details] == [
        ("author", "Minh Tâm", "Thu Hà")
    ]


def test_a_summary_says_what_changed():
    blocks = (*ARTICLE.blocks[:1], Block(text="Đoạn hoàn toàn mới về chuyển đổi số."), *ARTICLE.blocks[1:])
    after = replace(ARTICLE, lead=ARTICLE.lead.replace("15/01", "16/01"), blocks=blocks)
    after = replace(after, blocks=(*after.blocks[:-1], Block(text=after.blocks[-1].text.replace("2020", "2025"))))
    found = compare(seen(ARTICLE), seen(after))
    assert not found.is_same
    assert (found.kind_of("title"), found.kind_of("lead")) == ("same", "changed")
    assert [found.paragraphs(kind) for kind in ("added", "removed", "changed", "same")] == [1, 0, 1, 3]
    assert found.figures == (("15/01/2009", "16/01/2009"), ("2020", "2025"))
    assert (found.words_added, found.words_removed) == (10, 2)
    assert [row.kind for row in found.rows] == ["same", "changed", "same", "added", "same", "same", "changed"]


def test_paragraphs_that_became_one_another_stand_side_by_side():
    rewritten = "Năm 2009, Sở kiến nghị Bộ hỗ trợ xây dựng quy hoạch viễn thông đến năm 2025."
    blocks = (Block(text="Tin vắn."), ARTICLE.blocks[0], Block(text=rewritten))
    rows = compare(seen(ARTICLE), seen(replace(ARTICLE, blocks=blocks))).rows
    changed = [row for row in rows if row.kind == "changed"]
    assert changed[-1].before[0].text.startswith("Năm 2009, Sở")
    assert [row.kind for row in rows if row.part == "table"] == ["removed", "removed"]


def test_files_that_came_went_or_have_another_content_are_told():
    before = seen(ARTICLE, offered("a.pdf", "sha256:1", 3), offered("b.pdf", "sha256:2", 1))
    after = seen(ARTICLE, offered("a.pdf", "sha256:3", 4), offered("c.pdf", "sha256:4", 1))
    found = compare(before, after)
    assert not found.is_same
    assert [(file.kind, file.name) for file in found.files] == [
        ("replaced", "a.pdf"),
        ("removed", "b.pdf"),
        ("added", "c.pdf"),
    ]
    assert (found.files[0].pages_before, found.files[0].pages_after) == (3, 4)


def test_texts_made_to_harm_take_no_longer_than_patience_allows():
    one, other = (" ".join(f"w{place * step % 997}" for place in range(30_000)) for step in (7, 11))
    blocks = [(Block(text=text),) for text in (one, other)]
    started = perf_counter()
    compare(*(seen(replace(ARTICLE, blocks=text)) for text in blocks))
    assert perf_counter() - started < 20
