"""Vietnamese first, English complete; dates as people write them; the choice kept in address and cookie."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest

from tests.webui.library import stamp_of
from webui import catalogue, language

PAGES = [
    "/",
    "/search?q=thông+tin",
    "/search?q=thông+tin&then=Long+An&from=2008",
    "/search?q=qqqq&then=Long+An",
    "/search/filters?q=thông+tin",
    "/article/mic:130000",
    "/article/mic:130003",
    "/article/mic:130008",
    f"/article/mic:130000/{stamp_of(0)}",
    "/article/mic:130041/captures",
    f"/article/mic:130000/compare?a={stamp_of(0)}&b={stamp_of(0, edited=True)}",
    f"/article/mic:130000/{stamp_of(0)}/copy",
    f"/article/mic:130000/{stamp_of(0)}/cite",
    f"/verify?what=mic:130000/{stamp_of(0)}",
    "/verify?what=x",
    "/account/login",
    "/nothing",
    "/admin/",
]
ADMIN_PAGES = [
    "/admin/",
    "/admin/recrawl",
    "/admin/recrawl?site=1",
    "/admin/audit",
    "/admin/jobs/1",
    "/account/password",
]
_MARKED = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def test_every_sentence_is_translated():
    assert catalogue.untranslated(catalogue.stored("vi")) == []


def test_the_catalogue_is_current():
    """`python -m webui translations` brings it up to date."""
    extracted = {(message.id, message.context) for message in catalogue.extracted() if message.id}
    stored = {(message.id, message.context) for message in catalogue.stored("vi") if message.id}
    assert stored == extracted
    assert len(stored) > 200


def test_placeholders_survive_translation():
    for message in catalogue.stored("vi"):
        if message.id:
            asked, told = (re.findall(r"%\((\w+)\)s", str(text)) for text in (message.id, message.string))
            assert set(told) == set(asked), message.id


class _Texts(HTMLParser):
    """Collects text and labels, each with the language of its element."""

    VOID = frozenset({"input", "meta", "link", "br", "hr", "img", "rect", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[tuple[str, str]] = []
        self.said: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        inherited = self.languages[-1][1] if self.languages else ""
        lang = attributes.get("lang") or inherited
        self.said += [
            (lang, attributes[name]) for name in ("aria-label", "placeholder", "title") if attributes.get(name)
        ]
        if tag not in self.VOID:
            self.languages.append((tag, lang))

    def handle_startendtag(self, tag, attrs):
        if tag not in self.VOID:
            self.handle_starttag(tag, attrs)
            self.languages.pop()

    def handle_endtag(self, tag):
        while self.languages and self.languages.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and self.languages and self.languages[-1][0] not in ("code", "em", "script", "title"):
            self.said.append((self.languages[-1][1], data.strip()))


def said(text: str, lang: str) -> list[str]:
    parser = _Texts()
    parser.feed(text)
    return [words for language, words in parser.said if language == lang]


@pytest.mark.parametrize("address", [*PAGES, *ADMIN_PAGES])
def test_every_page_speaks_both_languages(admin, client, services, address):
    services.jobs.ask("recrawl", {"category": "Viễn thông"}, "lan")
    visitor = admin if address in ADMIN_PAGES else client
    sign = "&" if "?" in address else "?"
    vietnamese, english = (visitor.get(f"{address}{sign}lang={code}").text for code in ("vi", "en"))
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english
    left = [words for words in said(english, "en") if _MARKED.search(words)]
    names = ("14/2008/NĐ-CP.", "category Viễn thông")  # an example, a job's subject
    assert [words for words in left if not any(name in words for name in names)] == []
    assert len([words for words in said(vietnamese, "vi") if _MARKED.search(words)]) > 5


def test_the_language_is_kept_in_the_address(client):
    page = client.get("/search?q=thông+tin&lang=en").text
    links = re.findall(r'href="(/[^"]*)"', page)
    inside = [url for url in links if not url.startswith(("/static/", "/api/"))]
    assert len(inside) > 20
    assert all("lang=" in url for url in inside)
    assert '<input type="hidden" name="lang" value="en">' in page


def test_the_language_is_kept_in_a_cookie(client):
    assert "lang=en" in client.get("/?lang=en").headers["Set-Cookie"]
    assert '<html lang="en">' in client.get("/").text
    client.get("/?lang=vi")
    page = client.get("/").text
    assert '<html lang="vi">' in page
    assert "lang=vi" not in page


@pytest.mark.parametrize("wanted", ["fr", "", "../../etc", "vi-VN", "EN"])
def test_an_unknown_language_is_passed_over(client, wanted):
    answer = client.get("/", query_string={"lang": wanted})
    assert '<html lang="vi">' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_switch_leads_to_the_same_page(client):
    page = client.get("/search?q=thông+tin&then=Long+An&then=Nghệ+An&page=2").text
    (url,) = re.findall(r'<a href="([^"]+)" lang="en" hreflang="en">English</a>', page)
    assert url.replace("&amp;", "&") == (
        "/search?q=th%C3%B4ng+tin&then=Long+An&then=Ngh%E1%BB%87+An&page=2&lang=en"
    )


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("vi", ["15/01/2009", "16/01/2009 00:05", "1.284", "1 giây", "40 giây", "5 phút", "2,5 giờ", "3 ngày"]),
        (
            "en",
            [
                "15 January 2009",
                "16 January 2009 00:05",
                "1,284",
                "1 second",
                "40 seconds",
                "5 minutes",
                "2.5 hours",
                "3 days",
            ],
        ),
    ],
)
def test_dates_and_numbers_are_written_as_people_write_them(app, lang, expected):
    with app.test_request_context(f"/?lang={lang}"):
        written = [
            language.day(date(2009, 1, 15)),
            language.moment(datetime(2009, 1, 15, 17, 5, tzinfo=UTC)),
            language.number(1284),
            language.seconds(0.02),
            language.seconds(40),
            language.seconds(300),
            language.seconds(9000),
            language.seconds(3 * 86_400),
        ]
    assert written == expected
