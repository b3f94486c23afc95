"""The office in an author's line, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language.agencies import agency


@pytest.mark.parametrize(
    ("author", "office"),
    [
        ("Chính Hiền - BCXB", "BCXB"),
        ("Chính Hiền – Sở TT&TT Long An", "Sở TT&TT Long An"),
        ("PT_IC", "IC"),
        ("Theo Báo Nhân Dân", "Báo Nhân Dân"),
        ("Nguồn: TTXVN", "TTXVN"),
        ("Sở Thông tin và Truyền thông Huế", "Sở Thông tin và Truyền thông Huế"),
        ("Nguyễn Văn A", ""),
        ("Báu Trần", ""),
        ("", ""),
        (" - ", ""),
        ("A - B - C.", ""),
        ("Lê Hoa - Trung tâm Thông tin.", "Trung tâm Thông tin"),
    ],
)
def test_offices(author, office):
    assert agency(author) == office


@given(st.text(max_size=300))
def test_any_line_has_an_office_or_none(author):
    assert agency(author) == agency(author).strip()
