"""What addresses mean: kinds, keys and canonical forms, whoever wrote them and however badly."""

import csv
import os
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.site import AddressRule, load_profile
from crawler.address import MAX_LENGTH, Addresses, Birth, Key, KeyFormatError

PROFILE = load_profile("mic")
ADDRESSES = Addresses(PROFILE)
HOME = "https://mic.gov.vn/"
ARTICLE = "https://mic.gov.vn/Pages/TinTuc/"
KNOWN = Path(__file__).with_name("addresses.tsv")


def known() -> list[tuple[str, str, str, str]]:
    """The addresses seen of the site: what is written, its kind, its key, its canonical form ('' for none)."""
    with KNOWN.open(encoding="utf-8", newline="") as lines:
        return [
            (row["url"], row["kind"], row["key"], row["canonical"])
            for row in csv.DictReader(lines, delimiter="\t")
        ]


@pytest.mark.parametrize(("url", "kind", "key", "canonical"), known())
def test_a_known_address_has_its_kind_key_and_canonical_form(url, kind, key, canonical):
    address = ADDRESSES.read(url, HOME)
    assert (address.kind, str(address.key or "")) == (kind, key)
    assert address.allowed == (kind != "refused")
    if kind != "refused":
        assert address.canonical == canonical


def test_every_concrete_address_seen_is_among_the_known_ones():
    if not os.environ.get("SHARED_DATA"):
        pytest.skip("SHARED_DATA is not set")
    with (Path(os.environ["SHARED_DATA"]) / "mic_urls.tsv").open(encoding="utf-8", newline="") as lines:
        seen = [row["url"] for row in csv.DictReader(lines, delimiter="\t")]
    concrete = {url for url in seen if "<" not in url and " , " not in url}
    assert len(concrete) > 50
    assert concrete <= {url for url, *_ in known()}


@pytest.mark.parametrize(
    "url",
    [
        "http://mic.gov.vn/Pages/TinTuc/144805/Tu-hom-nay.html",
        "https://www.mic.gov.vn/Pages/TinTuc/144805/another-slug.html",
        "https://m.mic.gov.vn/mic_2020/Pages/TinTuc/144805/",
        "https://MIC.GOV.VN./mic_2020/pages/TINTUC/144805/x.html#top",
        "https://mic.gov.vn:443/Pages/TinTuc/tinchitiet.aspx?TinTucID=144805&utm_source=mail",
        "https://mic.gov.vn/pages/tintuc/printpage.aspx?tintucID=000144805",
        "https://mic.gov.vn/Pages/TinTuc/144805/x.html;jsessionid=8A1B?AspxAutoDetectCookieSupport=1",
        "https://mic.gov.vn/tu-hom-nay-0110-cam-tu-y-nhan-tin-197144805.htm",
        "https://english.mic.gov.vn/Pages/TinTuc/144805/x.html",
        "https://mst.gov.vn/tu-hom-nay-0110-cam-tu-y-nhan-tin-goi-dien-quang-cao-197144805.htm",
    ],
)
def test_one_article_has_one_key_and_one_canonical_form_under_all_its_addresses(url):
    """Trap 1 of site.md."""
    address = ADDRESSES.read(url)
    assert (str(address.key), address.canonical) == ("mic:144805", ARTICLE + "144805/")


def test_the_same_number_on_another_family_is_another_article():
    """Trap 2 of site.md."""
    main = ADDRESSES.read("https://mic.gov.vn/Pages/TinTuc/138298/x.html")
    policy = ADDRESSES.read("https://cspl.mic.gov.vn/Pages/TinTuc/138298/x.html")
    assert (str(main.key), str(policy.key)) == ("mic:138298", "cspl:138298")
    assert main.canonical != policy.canonical
    assert main.identity != policy.identity


@pytest.mark.parametrize("number", ["00123", "0012345", "000000000000"])
def test_no_article_has_a_number_that_begins_with_nought(number):
    """The old addresses drop such noughts, so that one article would have two keys."""
    assert ADDRESSES.read(f"https://mic.gov.vn/x-197{number}.htm").key is None


def test_a_document_number_is_no_article_number():
    document = ADDRESSES.read("https://mic.gov.vn/Pages/VanBan/138298/x.html")
    assert str(document.key) == "mic:vb:138298"


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("250228235959999", "mic:250228235959999"),
        ("250301000000000", "mst:250301000000000"),
        ("152208", "mic:152208"),
        ("259999000000000", "mic:259999000000000"),
    ],
)
def test_the_successor_owns_only_what_was_born_in_its_days(identifier, key):
    for host in ("mic.gov.vn", "mst.gov.vn"):
        assert str(ADDRESSES.read(f"https://{host}/x-197{identifier}.htm").key) == key


def test_the_successors_copy_is_fetched_besides_the_original():
    original = ADDRESSES.read("https://mic.gov.vn/x-197144805.htm")
    copy = ADDRESSES.read("https://mst.gov.vn/x-197144805.htm")
    assert original.key == copy.key
    assert (original.identity, copy.identity) == ("mic:144805@mic", "mic:144805@mst")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://mic.gov.vn/x", "neither http nor https"),
        ("javascript:void(0)", "neither http nor https"),
        ("https://example.org/x", "not a host of this site"),
        ("https://evil-mic.gov.vn/x", "not a host of this site"),
        ("https://mic.gov.vn.example.org/x", "not a host of this site"),
        ("https://user:secret@mic.gov.vn/x", "a user name or password in the address"),
        ("https://mic.gov.vn@127.0.0.1/x", "a user name or password in the address"),
        ("https://mic.gov.vn:8080/x", "a port of neither"),
        ("https://mic.gov.vn:port/x", "not an address"),
        ("http://[::1/x", "not an address"),
        ("https://mic.gov.vn/a%00b", "control characters in the path"),
        ("https://mic.gov.vn/a%0d%0ab", "control characters in the path"),
        ("https://mic.gov.vn/" + "x" * MAX_LENGTH, "longer than"),
        ("https://mic.gov.vn/Pages/TinTuc/tangLuotTruyCap.aspx?tintucid=1", "adds a hit"),
        ("https://mic.gov.vn/Pages/TinTuc/ratting.aspx", "casts a vote"),
        ("https://mic.gov.vn/Pages/ChuyenMuc/XemTheoNgay/91/1/01-01-2020/Tin.html", "a calendar without end"),
        ("https://mic.gov.vn/mic_2020/_layouts/15/start.aspx", "SharePoint's own pages"),
        ("", "neither http nor https"),
    ],
)
def test_what_may_not_be_asked_for_says_why(url, why):
    address = ADDRESSES.read(url)
    assert (address.kind, address.allowed) == ("refused", False)
    assert why in address.why


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("../../a/./b/../c.htm", "https://mic.gov.vn/a/c.htm"),
        ("//www.mic.gov.vn/x.pdf", "https://www.mic.gov.vn/x.pdf"),
        ("https://mic.gov.vn//Upload/x.pdf", "https://mic.gov.vn//Upload/x.pdf"),
        (" /Upload/Quyết định.pdf\n", "https://mic.gov.vn/Upload/Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf"),
        ("/a/%7Eb/%E1%BA%BF%zz", "https://mic.gov.vn/a/~b/%E1%BA%BF%25zz"),
        ("/%D0%CF.pdf", "https://mic.gov.vn/%D0%CF.pdf"),
        ("/../../x.htm", "https://mic.gov.vn/x.htm"),
        ("/x/..", "https://mic.gov.vn/"),
    ],
)
def test_an_address_is_asked_for_in_one_clean_form(href, url):
    assert ADDRESSES.read(href, "https://mic.gov.vn/mic_2020/Pages/x.html").url == url


@pytest.mark.parametrize("path", ["e\u0302\u0301.htm", "\u1ebf.htm"])
def test_the_unicode_form_of_a_letter_makes_no_other_address(path):
    assert ADDRESSES.read(HOME + path).canonical == "https://mic.gov.vn/%E1%BA%BF.htm"


@pytest.mark.parametrize(("path", "parts"), [("/1/", {"page": "1"}), ("/a/", {}), ("//", {}), ("/²/", {})])
def test_a_page_is_a_number_whatever_a_profile_lets_through(path, parts):
    rule = AddressRule(kind="list", path="^/(?P<page>[^/]*)/$")
    address = Addresses(PROFILE.model_copy(update={"rules": (rule,)})).read(f"https://mic.gov.vn{path}")
    assert (address.kind, dict(address.parts), address.rule) == ("list", parts, "^/(?P<page>[^/]*)/$")


def test_a_list_tells_its_category_and_page():
    address = ADDRESSES.read("https://mic.gov.vn/mic_2020/Pages/ChuyenMuc/PhanTrang/1694/197/An-toan.html")
    assert dict(address.parts) == {"category": "1694", "page": "197"}


PIECES = st.sampled_from(
    [
        *("http:", "https:", "//", "/", "?", "&", "=", "#", ";", "%", "..", ".", ":", "@", "[", "]", " ", "\\"),
        *("mic.gov.vn", "www.mic.gov.vn", "cspl.mic.gov.vn", "mst.gov.vn", "127.0.0.1", "443", "8080"),
        *("Pages", "TinTuc", "ChuyenMuc", "PhanTrang", "VanBan", "tinchitiet.aspx", "tintucid", "144805", "1747"),
        *("x-197144805.htm", "x-197250704101929995.htm", "x.pdf", "%2e%2e", "%2F", "%E1%BA%BF", "%D0", "%C2%85"),
        *(
            "\x00",
            "\x85",
            "\u0302",
            "\u212a",
            "\ud800",
            "\udcff",
            "١",
            "đ",
            "jsessionid=1",
            "page",
            "lvb",
            "a" * 50,
        ),
    ]
)
URLS = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=14).map("".join),
    st.lists(PIECES, max_size=12).map(lambda parts: "https://mic.gov.vn/" + "".join(parts)),
    st.sampled_from([url for url, *_ in known()]).flatmap(
        lambda url: st.tuples(st.integers(0, len(url)), PIECES).map(
            lambda change: url[: change[0]] + change[1] + url[change[0] :]
        )
    ),
)


@given(URLS, st.one_of(st.none(), st.just(HOME), URLS))
@example("https://mic.gov.vn/\ud800", None)
@example("//[", HOME)
def test_no_text_makes_reading_an_address_fail(url, base):
    address = ADDRESSES.read(url, base)
    assert address.url.isascii()
    assert address.allowed == (address.kind != "refused")
    assert address.allowed or address.why


@given(URLS)
@example("https://mic.gov.vn/?a&A=1&a=2;b")
@example("https://mic.gov.vn/Pages/ChuyenMuc/1747//x.html")
def test_a_canonical_form_is_its_own_canonical_form(url):
    address = ADDRESSES.read(url)
    if not address.allowed:
        return
    asked, again = ADDRESSES.read(address.url), ADDRESSES.read(address.canonical)
    assert (asked.url, asked.canonical, asked.key) == (address.url, address.canonical, address.key)
    assert (again.canonical, again.key) == (address.canonical, address.key)
    if address.key:
        assert Key.parse(str(address.key)) == address.key


@pytest.mark.parametrize(
    ("identifier", "born"),
    [
        ("230623143050", Birth(date(2023, 6, 23), time(14, 30, 50))),
        ("250704101929995", Birth(date(2025, 7, 4), time(10, 19, 29))),
        ("250704251929995", Birth(date(2025, 7, 4))),
        ("259999000000000", None),
        ("144805", None),
    ],
)
def test_an_id_is_a_moment_only_where_the_profile_says_so(identifier, born):
    assert ADDRESSES.born(identifier) == born
    families = tuple(family for family in PROFILE.families if not family.succeeds)
    others = Addresses(PROFILE.model_copy(update={"born": None, "families": families}))
    assert others.born(identifier) is None


@pytest.mark.parametrize("text", ["mic:144805", "mic:vb:13436", "cspl:138298", "mst:250704101929995"])
def test_a_key_is_read_as_it_is_written(text):
    assert str(Key.parse(text)) == text


@pytest.mark.parametrize("text", ["", "mic", "mic:", "mic:vb:", "MIC:1", "mic:1\n", "mic:1 2", "mic:" + "1" * 65])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(KeyFormatError, match="is not a key"):
        Key.parse(text)
