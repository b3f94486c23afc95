"""Site profiles: what is wrong with one is said before anything is crawled."""

from pathlib import Path

import pytest

from config.site import ProfileError, load_profile

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
        ('family = "one"', 'family = "two"', "host example.org: no family named two"),
        ('title = "Test"', "", "title: Field required"),
        ('title = "Test"', 'title = "Test"\ncolour = "red"', "colour: Extra inputs"),
        ('kind = "article"', 'kind = "story"', "address.0.kind"),
        ("(?P<id>[0-9]+)", "[0-9]+", "needs a group named id"),
        ("(?P<id>[0-9]+)", "(?P<id>[0-9]+", "pattern"),
        ('canonical = "/{id}"', 'canonical = "/{id}/{slug}"', "no pattern has: slug"),
        ('canonical = "/{id}"', 'hosts = ["example.com"]', "unknown hosts example.com"),
        ('kind = "article"', 'kind = "refused"', "a refused address says why"),
        ('name = "one"', 'name = "one"\nsucceeds = "two"', "succeeds needs a known family and a day"),
        ('name = "one"', 'name = "One"', "family.0.name"),
        ('name = "one"', 'name = "one"\ncrawl_delay = -1', "crawl_delay"),
        ('name = "one"', 'name = "one"\nquiet_hours = "8-9"', "quiet_hours"),
        ('name = "one"', 'name = "one"\ndaily_requests = 0', "daily_requests"),
        ('name = "test"', 'name = "test"\ntime_zone = "Asia/Hanoi"', "no time zone 'Asia/Hanoi'"),
        ('name = "one"', 'name = "one"' + WALK.replace("{id}", "1"), "has {id} where the number goes"),
        ('name = "one"', 'name = "one"' + WALK.replace("first = 1", "first = 10"), "not after its last"),
        ('name = "one"', 'name = "one"' + WALK.replace("example.org", "example.com"), "unknown host example.com"),
        ('name = "one"', 'name = "one"' + WALK + WALK, "two walks have the same name"),
        ('name = "test"', "name = test", "line 2"),
    ],
)
def test_a_mistake_is_told_with_its_place(written, before, after, said):
    assert before in PROFILE
    with pytest.raises(ProfileError) as caught:
        load_profile(written(PROFILE.replace(before, after, 1)))
    assert str(caught.value).startswith("test.toml: ")
    assert said in str(caught.value)


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
