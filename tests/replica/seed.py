"""The Long An notice of January 2009: as published where its text is at hand, else in words of our own."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from indexer.article import Block
from tests.replica.text import provinces
from tests.replica.text.composing import Text

_FURNITURE = "ĐÁNH GIÁ BÀI VIẾT"

_OWN = Text(
    event="meeting",
    title="Long An: Sở TT&TT họp triển khai nhiệm vụ thông tin và truyền thông năm 2009",
    lead=(
        "Sáng ngày 15/01/2009, tại trụ sở Sở, Sở Thông tin và Truyền thông Long An đã họp triển khai nhiệm vụ năm "
        "2009 với sự có mặt của lãnh đạo Sở, các đơn vị trực thuộc, một số doanh nghiệp và Phòng Văn hóa - Thông "
        "tin của 14 huyện, thị xã."
    ),
    blocks=(
        Block(
            text="Giám đốc Sở trình bày những việc đã làm được trong năm 2008 và các mục tiêu chính của năm 2009. "
            "Hội nghị cũng nghe tổng kết công tác thanh tra và góp ý cho dự thảo phân cấp quản lý về thông tin và "
            "truyền thông cho cấp huyện."
        ),
        Block(
            text="Năm 2008, ngành bắt đầu làm nhiệm vụ mới theo quy định của Chính phủ. Tuy còn thiếu kinh "
            "phí, cơ sở vật chất và cán bộ có kinh nghiệm, Sở vẫn được Bộ TT&TT tặng cờ thi đua hoàn thành xuất "
            "sắc nhiệm vụ."
        ),
        Block(
            text="Đại biểu các huyện, thị đồng tình với báo cáo, đề nghị Sở sớm mở lớp tập huấn nghiệp vụ cho cán "
            "bộ cơ sở và tham mưu UBND tỉnh ban hành quy định phân cấp trong năm 2009."
        ),
    ),
    author="BCXB",
    text_day=date(2009, 1, 15),
    provinces=((provinces.venue("Long An", date(2009, 1, 15)), "subject"),),
)


def seed_text(shared_data: Path | None) -> Text:
    """The notice, read from `seed_article.txt` in the folder where that is there."""
    file = shared_data / "seed_article.txt" if shared_data else None
    if file is None or not file.is_file():
        return _OWN
    lines = [line.strip() for line in file.read_text(encoding="utf-8").split("\n")]
    title, _, lead, repeated, *rest = [line for line in lines if line and not line.startswith(_FURNITURE)]
    assert lead == repeated
    *paragraphs, author = rest
    return replace(
        _OWN, title=title, lead=lead, blocks=tuple(Block(text=text) for text in paragraphs), author=author
    )
