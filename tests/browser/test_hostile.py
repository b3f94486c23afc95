"""Text that attacks stays text: in titles, bodies, file names and queries, with and without scripts of ours."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from crawler.address import Key
from indexer.article import Article, AttachmentLink, Block, BlockKind
from tests.webui.library import archive

VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "'\"><script>alert(1)</script>",
    '" onmouseover="alert(1)" autofocus onfocus="alert(1)',
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<base href=//example.org/>",
    "<meta http-equiv=refresh content='0;url=//example.org/'>",
    "<form action=//example.org/><input type=submit>",
    "<object data=data:text/html,<script>alert(1)</script>>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "<!--><img src=x onerror=alert(1)>-->",
    "\u202e<script>alert(1)</script>",
    "<mark onpointerenter=alert(1)>quảng cáo</mark>",
)
FOREIGN = """() => {
  const runs = ({name, value}) => /^on/.test(name) || /^\\s*javascript:/i.test(value);
  return [...document.querySelectorAll("*")]
    .filter(element => element.matches("script:not([src]), iframe, object, base, meta[http-equiv], style")
        && !element.matches("script[type='application/ld+json']")
      || [...element.attributes].some(runs))
    .map(element => element.outerHTML.slice(0, 200)); }"""


def attacking(key: Key, title: str, vector: str, link: AttachmentLink) -> Article:
    """An article that is nothing but a vector."""
    kinds: tuple[BlockKind, ...] = ("text", "heading", "list", "table", "caption")
    return Article(
        key=key,
        url=f"https://mic.gov.vn/Pages/TinTuc/{key.id}/",
        template="T2",
        language="vi",
        title=title,
        lead=vector,
        blocks=tuple(Block(kind=kind, text=vector) for kind in kinds),
        author=vector,
        attachments=(link,),
    )


@pytest.fixture(scope="module", autouse=True)
def _hostile(site):
    """One article to each vector, archived, recorded and indexed."""
    for number, vector in enumerate(VECTORS):
        key = Key(family="mic", id=str(900_000 + number))
        link = AttachmentLink(address=f"https://mic.gov.vn/{number}.pdf", url="javascript:alert(1)", name=vector)
        article = attacking(key, f"{vector} thư rác số {number}", vector, link)
        archive(site.services, replace(article, source=vector, category=vector))
    for changes, cursor in site.services.record.changes(after=site.services.index.cursor):
        site.services.index.apply(changes, cursor)


def test_articles_that_attack_are_text(open_page):
    page = open_page("/")
    for number, vector in enumerate(VECTORS):
        page.goto(f"/article/mic:{900_000 + number}")
        assert page.evaluate(FOREIGN) == [], vector
        assert vector.split()[0] in page.locator("h1").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_results_that_attack_are_text(open_page, scripts):
    page = open_page("/search?q=thư+rác&size=50", java_script_enabled=scripts)
    assert page.locator(".hit").count() == len(VECTORS)
    if scripts:
        assert page.evaluate(FOREIGN) == []
        page.locator(".facet-value", has_text="onerror").first.click()  # replaced in place, by a fragment
        page.locator(".chip").wait_for()
        assert page.evaluate(FOREIGN) == []


def test_queries_that_attack_are_text(open_page):
    page = open_page("/")
    for vector in VECTORS:
        page.goto("/search?" + urlencode({"q": vector, "category": vector, "then": vector}))
        assert page.evaluate(FOREIGN) == [], vector
        assert page.locator("#q").input_value() == " ".join(vector.split())


def test_suggestions_that_attack_are_text(open_page):
    page = open_page("/")
    page.get_by_role("combobox").press_sequentially("thư rác", delay=10)
    page.get_by_role("option").first.wait_for()
    assert page.evaluate(FOREIGN) == []
