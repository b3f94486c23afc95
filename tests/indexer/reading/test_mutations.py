"""Pages that are not as the profile knows them: classes missing, wrappers, things moved, nesting broken."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from crawler.page import FetchedPage, decode
from indexer.article import Article
from tests.indexer.reading.pages import answer, reader, truth

LEAST = 0.97
"""Share of fields that must be right over all mutations; single ones may be lower."""
LEAST_NAMELESS = 0.93
"""The same for pages on which nothing has a name any more, so that only the general method is left."""

Mutation = Callable[[str, random.Random], str]


def _without_a_class(markup: str, chance: random.Random) -> str:
    """One of the names a template goes by is gone from the page."""
    names = [
        "title_news", "date-detail", "news_detail", "divArticleContent", "divArticleDescription", "file-dinh-kem",
        "detail__title", "detail__lead", "detail__content", "detail__date", "detail__author", "detail__files",
        "article-en__title", "article-en__summary", "article-en__body", "article-en__time", "news_content",
        "detail", "print-title", "print-date", "print-lead", "print-content", "title_vb", "main_vbtable",
        "chi-tiet-vb", "file_vb",
    ]  # fmt: skip
    present = [name for name in names if re.search(rf"[\"' ]{name}[\"' ]", markup)]
    return re.sub(rf"(?<=[\"' ]){chance.choice(present)}(?=[\"' ])", "khac", markup)


def _with_wrappers(markup: str, chance: random.Random) -> str:
    """Paragraphs and headings stand in boxes of their own."""

    def wrapped(found: re.Match[str]) -> str:
        return f'<div class="boc"><span>{found[0]}</span></div>' if chance.random() < 0.5 else found[0]

    return re.sub(r"<(p|h1|h2)\b[^>]*>.*?</\1>", wrapped, markup, flags=re.DOTALL)


def _with_broken_nesting(markup: str, chance: random.Random) -> str:
    """Inline elements end in the wrong order, paragraphs not at all."""
    markup = re.sub(r"<strong>([^<]*)</strong></p>", r"<strong>\1</p></strong>", markup)
    return re.sub(r"</p>(?=\s*<p)", lambda found: "" if chance.random() < 0.5 else found[0], markup)


def _with_a_date_below(markup: str, _: random.Random) -> str:
    """The line with the date stands under the article."""
    found = re.search(r'<div class="date-detail.*?</div>|<div class="detail__meta">.*?</div>', markup)
    if found is None:
        return markup
    cut = markup.replace(found[0], "")
    return re.sub(r'(<div class="luot-truy-cap">|<div class="detail__views">)', found[0] + r"\1", cut, count=1)


def _with_boxes_inside(markup: str, _: random.Random) -> str:
    """A box of links stands in the middle of the body."""
    box = '<div class="tien-ich"><a href="#">Chia sẻ</a> <a href="#">In bài viết</a></div><script>x = 1;</script>'
    return markup.replace("</p><p", f"</p>{box}<p", 1)


def _without_names(markup: str, _: random.Random) -> str:
    """No class and no id is left."""
    return re.sub(r"\s(?:class|id)=(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", "", markup)


MUTATIONS: tuple[Mutation, ...] = (
    _without_a_class,
    _with_wrappers,
    _with_broken_nesting,
    _with_a_date_below,
    _with_boxes_inside,
)


def _fields(said: Article) -> dict[str, object]:
    return {
        "title": said.title,
        "lead": said.lead,
        "paragraphs": said.paragraphs,
        "author": said.author,
        "source": said.source,
        "date": said.published and (said.published.day, said.published.how),
        "files": tuple(link.address for link in said.attachments),
    }


def _mutated(page: FetchedPage, mutation: Mutation, chance: random.Random) -> FetchedPage:
    return replace(page, payload=mutation(decode(page).text, chance).encode())


def _shares(mutations: Sequence[Mutation]) -> dict[str, float]:
    """Share of fields that are as on the whole page: of all, by mutation, by template, by field."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    chance = random.Random(7)
    for said in truth()[::2]:
        page = answer(next(url for url in said.addresses if url not in said.moved))
        whole = reader().read(page)
        assert isinstance(whole, Article)
        for mutation in mutations:
            found = reader().read(_mutated(page, mutation, chance))
            got = _fields(found) if isinstance(found, Article) else {}
            for field, wanted in _fields(whole).items():
                names = ("all", mutation.__name__.strip("_"), said.template, field)
                asked.update(names)
                if got.get(field) == wanted:
                    right.update(names)
    return {name: right[name] / asked[name] for name in sorted(asked)}


def _told(shares: dict[str, float]) -> str:
    return "\n" + ", ".join(f"{name} {share:.3f}" for name, share in shares.items())


def test_mutated_pages_lose_hardly_a_field(capsys: pytest.CaptureFixture[str]):
    shares = _shares(MUTATIONS)
    with capsys.disabled():
        print(_told(shares))
    assert shares["all"] >= LEAST


def test_pages_without_any_name_are_read_by_the_general_method(capsys: pytest.CaptureFixture[str]):
    shares = _shares([_without_names])
    with capsys.disabled():
        print(_told(shares))
    assert shares["all"] >= LEAST_NAMELESS
    assert shares["title"] == shares["date"] == shares["files"] == 1
