"""Site profiles: what is wrong with one is said before anything is crawled."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from config.site import ProfileError, load_profile
from crawler.__main__ import main

PROFILE = """
name = "test"
title = "Test"
seeds = ["https://example.org/"]
[[family]]
name = "one"
[[host]]
name = "example.org"
family = "one"
[[address]]
kind = "article"
path = '^/(?P<id>[0-9]+)$'
canonical = "/{id}"
"""
LIST = """[[template]]
name = "stream"
kind = "list"
recognise = "ol"
items = ["ol li"]
title = ["a"]
"""
RULE = "[[address]]\nkind = 'list'\npath = '^/list$'\n"

WALK = """
[[walk]]
name = "numbers"
address = "https://example.org/{id}"
first = 1
last = 9
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "test.toml"
        path.write_text(text, encoding=encoding)
        return str(path)

    return write


def test_a_profile_is_read_from_a_file(written):
    profile = load_profile(written(PROFILE))
    assert (profile.name, profile.families[0].crawl_delay, profile.hosts[0].language) == ("test", 1.0, "vi")


def test_the_profile_of_the_ministry_is_read_by_its_name():
    profile = load_profile("mic")
    assert {family.name for family in profile.families} == {"mic", "cspl", "mst"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        # one part of it
        ('title = "Test"', "", "title is missing"),
        ('title = "Test"', 'titel = "Test"', "line 3: no such key 'titel'; did you mean 'title'?"),
        (
            'title = "Test"',
            'title = "Test"\ncolour = "red"',
            "line 4: no such key 'colour'; there are: name, title, ",
        ),
        (
            'kind = "article"',
            'kind = "artikel"',
            "line 11: [[address]] ^/(?P<id>[0-9]+)$: kind = 'artikel': no such",
        ),
        ('kind = "article"', 'kind = "artikel"', "did you mean 'article'?"),
        ('kind = "article"', 'kind = "story"', "no such value; there are: article, print, list, feed"),
        (
            'kind = "article"',
            'kinds = "article"',
            "[[address]] ^/(?P<id>[0-9]+)$: no such key 'kinds'; did you mean",
        ),
        (
            'family = "one"',
            'famly = "one"',
            "line 9: [[host]] example.org: no such key 'famly'; did you mean 'family'?",
        ),
        (
            'name = "one"',
            'name = "One"',
            "line 6: [[family]] One: name = 'One': must be of the form ^[a-z][a-z0-9]*$",
        ),
        (
            'name = "one"',
            'name = "one"\ncrawl_delay = -1',
            "line 7: [[family]] one: crawl_delay = -1: Input should be",
        ),
        (
            'name = "one"',
            'name = "one"\ncrawl_delay = "fast"',
            "crawl_delay = 'fast': Input should be a valid number",
        ),
        (
            "(?P<id>[0-9]+)",
            "(?P<id>[0-9]+",
            "path: no pattern: missing ), unterminated subpattern at position 2: ^/",
        ),
        ("(?P<id>[0-9]+)", "[0-9]+", "an address of kind article needs a group named id"),
        ('canonical = "/{id}"', 'canonical = "/{id}/{slug}"', "canonical names groups no pattern has: slug"),
        ('kind = "article"', 'kind = "refused"', "a refused address says why"),
        ('"example.org"', '"https://example.org"', "name = 'https://example.org': must be of the form"),
        (
            '"example.org"',
            '"Example.org"',
            "line 8: [[host]] Example.org: name = 'Example.org': must be of the form",
        ),
        ("", LIST.replace("ol li", "ol li["), "line 18: [[template]] stream: items: no CSS selector: 'ol li['"),
        (
            "",
            LIST.replace('kind = "list"', 'kind = "lists"'),
            "[[template]] stream: kind = 'lists': no such value; did",
        ),
        (
            "",
            "[soft_errors]\nphrase = ['x']\n",
            "line 15: [soft_errors] no such key 'phrase'; did you mean 'phrases'?",
        ),
        ('title = "Test"', "title = \"Test\"\nborn = '^(?P<year>..)'", "missing: day, month"),
        (
            'name = "one"',
            'name = "one"\nquiet_hours = "8-9"',
            "line 7: [[family]] one: quiet_hours: '8-9' is not of the",
        ),
        (
            'name = "one"',
            'name = "one"\ndaily_requests = 0',
            "line 7: [[family]] one: daily_requests = 0: Input should",
        ),
        (
            'name = "test"',
            'name = "test"\ntime_zone = "Asia/Hanoi"',
            "line 3: time_zone: no time zone 'Asia/Hanoi' on",
        ),
        (
            "",
            WALK.replace("{id}", "1"),
            "[[walk]] numbers: the address of a walk has {id} where the number goes, once",
        ),
        (
            "",
            WALK.replace("first = 1", "first = 10"),
            "line 15: [[walk]] numbers: a walk's first number is not after",
        ),
        ("", WALK.replace("example.org", "example.com"), "walk numbers: unknown host example.com"),
        ("", WALK + WALK, "two walks have the same name"),
        # what belongs together
        ('family = "one"', 'family = "two"', "host example.org: no family named two; there are: one"),
        (
            'name = "one"',
            'name = "one"\nsucceeds = "two"',
            "family one: whose an id is cannot be told without born",
        ),
        ('canonical = "/{id}"', 'hosts = ["example.com"]', "unknown hosts example.com"),
        (
            "",
            '[[family]]\nname = "two"\n',
            "[[family]] two: no host belongs to it; give one that family, or remove it",
        ),
        ("", '[[family]]\nname = "one"\n', "[[family]]: one is there more than once; keep one"),
        (
            "",
            "[[host]]\nname = 'a.org'\nfamily = 'one'\naliases = ['example.org']\n",
            "[[host]]: example.org is there mo",
        ),
        ("", LIST + LIST, "[[template]]: stream is there more than once; keep one"),
        (
            "",
            LIST.replace("items =", "lead ="),
            "[[template]] stream: nothing would be found without items; add selectors",
        ),
        ("", RULE + RULE, "[[address]] ^/list$: is there twice, and the first decides; remove one"),
        ("", RULE + "keep = ['Page']\n", "parameter Page is compared in lower case; write page"),
        ("", RULE + "query = { Page = '^1$' }\n", "parameter Page is compared in lower case; write page"),
        (
            "seeds",
            "drop_parameters = ['Sid']\nseeds",
            "drop_parameters: parameter Sid is compared in lower case; write sid",
        ),
        ('canonical = "/{id}"', 'canonical = "{id}"', "canonical is a path and begins with /, not '{id}'"),
        (
            'kind = "article"',
            'kind = "page"',
            "[[address]]: none is of kind article or document, so nothing would be rec",
        ),
        # seeds
        (
            '"https://example.org/"',
            "",
            "seeds: there is none, so nothing would be found; name the home page at least",
        ),
        (
            '"https://example.org/"',
            '"https://other.org/"',
            "seeds: https://other.org/: other.org is no host of this site",
        ),
        ('"https://example.org/"', '"example.org"', "seeds: example.org is no address; it begins with https://"),
        ("example.org/", "example.org/poll", "seeds: https://example.org/poll is refused by [[address]] ^/poll"),
        # no TOML at all
        ('name = "test"', "name = test", "(at line 2, column 8)"),
        ("'^/(?P<id>[0-9]+)$'", '"^/(?P<id>\\d+)$"', "write patterns in single quotes, where \\ is only itself"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_do(written, before, after, said):
    text = PROFILE.replace(before, after, 1) if before else PROFILE + after
    assert text != PROFILE
    if "/poll" in after:
        text += "[[address]]\nkind = 'refused'\npath = '^/poll'\nwhy = 'casts a vote'\n"
    with pytest.raises(ProfileError) as caught:
        load_profile(written(text))
    lines = str(caught.value).split("\n")
    assert all(line.startswith("test.toml: ") for line in lines)
    assert said in "\n".join(lines)


def test_all_mistakes_are_told_at_once(written):
    text = PROFILE.replace('"Test"', "3").replace("article", "artikel").replace('family = "one"', 'famly = "one"')
    with pytest.raises(ProfileError) as caught:
        load_profile(written(text))
    lines = str(caught.value).split("\n")
    assert [line.split(": ")[1] for line in lines] == ["line 3", "line 7", "line 9", "line 11"]


def test_a_mistake_is_one_line_in_the_terminal(written):
    told = CliRunner().invoke(main, ["address", "x"], env={"MIC_SITE": written(PROFILE.replace("titl", "tilt"))})
    assert told.exit_code != 0
    assert (
        told.output
        == "Error: test.toml: title is missing\ntest.toml: line 3: no such key 'tilte'; did you mean 'title'?\n"
    )


def test_a_profile_that_is_missing_or_no_text_is_told(written, tmp_path):
    with pytest.raises(ProfileError, match="no site profile 'nowhere'; there are: mic"):
        load_profile("nowhere")
    with pytest.raises(ProfileError, match="no site profile"):
        load_profile(str(tmp_path / "none.toml"))
    with pytest.raises(ProfileError, match=r"test\.toml"):
        load_profile(written(PROFILE + "# ế", encoding="utf-16"))


def test_a_profile_that_cannot_be_read_is_told(tmp_path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    with pytest.raises(ProfileError, match=r"folder\.toml"):
        load_profile(str(folder))
    assert Path(folder).is_dir()
