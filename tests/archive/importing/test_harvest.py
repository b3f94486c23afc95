"""Bringing captures from public archives: both dialects, politely, resumed, whatever goes wrong on the way."""

import gzip
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from config import VERSION
from config.hosts import HostMap, PerHost
from crawler.__main__ import main
from crawler.address import Key
from crawler.archive import open_archive
from crawler.fetch import FetcherError
from crawler.importing.asking import ServerError
from crawler.importing.harvest import Harvest, Wish
from crawler.importing.servers import Span
from crawler.lease import LeaseHeld, holding
from crawler.progress import Cancelled
from crawler.tables import harvests
from tests.archive.importing.public_archives import HOSTS, INDEXES, Kept, PublicArchives, busy, some
from tests.crawler.authority import Authority
from tests.crawler.conftest import PROFILE
from tests.crawler.site import Answer, serving

SOURCES = ["cc", "ia"]
ARTICLE = "https://mic.gov.vn/Pages/TinTuc/1/Tin.html"
CSPL = Kept(url="https://cspl.mic.gov.vn/Pages/TinTuc/1/x.html", timestamp="20240102030405", payload=b"<h1>x</h1>")
FOREIGN = Kept(url="https://mic.gov.vn/Pages/TinTuc/ratting.aspx?x=1", timestamp="20130102030405", payload=b"1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def site(authority):
    with serving(authority.server(*HOSTS)) as running:
        yield running


@pytest.fixture
def archives(site):
    made = PublicArchives(kept=[*some(10), CSPL, FOREIGN])
    site.otherwise = made.answer
    return made


@pytest.fixture
def mapped(settings, site, authority):
    mapping = HostMap.parse(site.host_map(*HOSTS))
    return settings.model_copy(
        update={
            "host_map": mapping,
            "crawl_ca": PerHost.parse(str(authority.file)),
            "contact": "archive@example.org",
        }
    )


@pytest.fixture
def harvest(mapped, archive, archives, database, clock):  # noqa: ARG001 - somebody has to answer
    return Harvest(mapped, PROFILE, database, archive, clock)


@pytest.fixture(params=SOURCES)
def source(request):
    return request.param


def kept(archive) -> dict[str, tuple[str, int, bytes]]:
    found = [capture for batch, _ in archive.changes(after=0) for capture in batch]
    return {
        f"{one.captured_at:%Y%m%d%H%M%S} {one.url}": (one.source, one.status, archive.read(one).payload)
        for one in found
    }


def captures_asked(site) -> list[str]:
    """Requests for captures, not for the index."""
    asked = [one for one in site.asked if one.path.startswith(("/web/", "/crawl-data/"))]
    return [one.path + one.headers.get("Range", "") for one in asked]


# ---- what is brought -----------------------------------------------------------------------------------------


def test_everything_of_the_site_is_brought_once(harvest, archive, archives, site, source):
    brought = harvest.bring(Wish(source=source))
    assert (brought.found, brought.foreign, brought.copied, brought.failed) == (12, 1, 11, 0)
    assert (brought.doubtful, brought.broken, brought.problems) == (0, 0, [])
    assert {f"{one.timestamp} {one.url}": one.payload for one in archives.kept if one != FOREIGN} == {
        name: payload for name, (_, _, payload) in kept(archive).items()
    }
    site.asked.clear()
    again = harvest.bring(Wish(source=source))
    assert (again.copied, captures_asked(site)) == (0, [])


def test_where_it_came_from_is_kept(harvest, archive):
    harvest.bring(Wish(source="cc"))
    assert {source for source, _, _ in kept(archive).values()} == {f"cc {name}" for name in INDEXES}
    assert "cc CC-MAIN-2013-20" in {source for source, _, _ in kept(archive).values()}


def test_one_archive_adds_nothing_to_what_the_other_brought(harvest, archives):
    """Same addresses, moments, digests; the port that one of them writes does not matter."""
    archives.kept = [Kept(url="http://mic.gov.vn/x.htm", timestamp="20190102030405", payload=b"x"), *some(4)]
    assert harvest.bring(Wish(source="cc")).copied == 5
    assert harvest.bring(Wish(source="ia")).copied == 0


def test_redirects_and_errors_are_kept_as_they_were_answered(harvest, archive, archives, source):
    moved = (("Content-Type", "text/html"), ("Location", ARTICLE))
    archives.kept = [
        Kept(url="http://mic.gov.vn/a.htm", timestamp="20190102030405", status=301, headers=moved),
        Kept(url="http://mic.gov.vn/b.htm", timestamp="20190102030405", status=404, payload=b"none"),
    ]
    assert harvest.bring(Wish(source=source)).failed == 0
    (redirect,) = archive.captures(canonical="https://mic.gov.vn/a.htm")
    (missing,) = archive.captures(canonical="https://mic.gov.vn/b.htm")
    assert (redirect.status, redirect.location) == (301, ARTICLE)
    assert (missing.status, archive.read(missing).payload) == (404, b"none")
    assert archive.read(redirect).header("server") == ""


def test_headers_and_codings_are_those_of_the_capture(harvest, archive, archives, source):
    packed = gzip.compress(b"<h1>x</h1>")
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Own", "1"))
    archives.kept = [Kept(url=ARTICLE, timestamp="20190102030405", payload=packed, headers=headers)]
    assert harvest.bring(Wish(source=source)).doubtful == 0
    (capture,) = archive.captures(key=Key(family="mic", id="1"))
    page = archive.read(capture)
    assert (page.payload, page.header("content-encoding"), page.header("x-own")) == (packed, "gzip", "1")
    assert page.header("memento-datetime") == ""


def test_what_was_packed_for_the_way_is_unpacked(harvest, archive, archives):
    archives.packs = True
    assert harvest.bring(Wish(source="ia")).doubtful == 0
    (capture,) = archive.captures(key=Key(family="mic", id="1"))
    page = archive.read(capture)
    assert (page.payload, page.header("content-encoding")) == (b"<h1>Tin 0</h1>", "")


def test_a_revisit_of_the_internet_archive_has_a_status_of_its_own(harvest, archive, archives):
    first = Kept(url=ARTICLE, timestamp="20190102030405", payload=b"<h1>x</h1>")
    later = Kept(url=ARTICLE, timestamp="20200102030405", payload=b"<h1>x</h1>", is_revisit=True)
    archives.kept = [first, later]
    assert harvest.bring(Wish(source="ia")).copied == 1
    assert harvest.bring(Wish(source="ia", every=True)).copied == 1
    one, other = archive.captures(key=Key(family="mic", id="1"))
    assert (other.status, other.revisit_of) == (200, one.id)


def test_a_payload_that_is_known_is_not_fetched_again_unless_every_moment_is_wanted(harvest, archives, source):
    body = b"<h1>x</h1>"
    stamps = [f"20{year}0102030405" for year in (13, 14, 19, 20, 24)]
    archives.kept = [Kept(url=ARTICLE, timestamp=stamp, payload=body) for stamp in stamps]
    assert harvest.bring(Wish(source=source)).fetched == 1
    counted = harvest.count(Wish(source=source)).counts
    assert (sum(one.same for one in counted), sum(one.known for one in counted)) == (4, 1)
    if source == "ia":
        assert harvest.bring(Wish(source=source, every=True)).fetched == 4


def test_a_replay_that_leads_to_another_moment_is_not_taken_for_this_one(harvest, archive, archives):
    archives.strays = {ARTICLE: "20130506070009"}
    archives.kept = [
        Kept(url=ARTICLE, timestamp="20130506070009", payload=b"old"),
        Kept(url=ARTICLE, timestamp="20240102030405", payload=b"new"),
    ]
    brought = harvest.bring(Wish(source="ia"))
    assert (brought.copied, brought.failed) == (1, 1)
    assert "replayed with status 302 instead of 200" in brought.problems[0]
    assert [payload for _, _, payload in kept(archive).values()] == [b"old"]


# ---- counting ------------------------------------------------------------------------------------------------


def test_a_dry_run_counts_and_fetches_nothing(harvest, site, database, archive, source):
    counted = harvest.count(Wish(source=source))
    assert (counted.found, counted.foreign, captures_asked(site)) == (12, 1, [])
    by_host = [(one.host, one.year, one.kind, one.new, one.known) for one in counted.counts]
    assert ("cspl.mic.gov.vn", "2024", "article", 1, 0) in by_host
    assert ("mic.gov.vn", "2013", "article", 1, 0) in by_host
    assert sum(one.new for one in counted.counts) == 11
    assert archive.last_sequence == 0
    with database.reading() as connection:
        assert connection.execute(sa.select(harvests)).all() == []
    harvest.bring(Wish(source=source, limit=4))
    counted = harvest.count(Wish(source=source))
    assert (sum(one.new for one in counted.counts), sum(one.known for one in counted.counts)) == (7, 4)


def test_a_span_of_time_is_kept_to(harvest, archive, site, source):
    harvest.bring(Wish(source=source, span=Span(begin="2014", end="201606")))
    assert sorted(name[:4] for name in kept(archive)) == ["2014", "2015", "2016"]
    if source == "cc":
        assert not any("CC-MAIN-2024-10-index" in one.path for one in site.asked)


# ---- going on ------------------------------------------------------------------------------------------------


def test_a_limit_ends_a_run_and_the_next_goes_on(harvest, archive, site, source):
    runs = [harvest.bring(Wish(source=source, limit=4)) for _ in range(4)]
    assert [run.copied for run in runs] == [4, 4, 3, 0]
    assert [run.is_complete for run in runs][:2] == [False, False]
    assert len(kept(archive)) == 11
    assert len(captures_asked(site)) == 11


def test_a_run_that_breaks_off_is_resumed_without_fetching_twice(
    mapped, database, addresses, clock, harvest, site, source
):
    def cancel(progress):
        if progress.done >= 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        harvest.bring(Wish(source=source), cancel)
    harvest._archive.close()
    seen = len(captures_asked(site))
    archive = open_archive(mapped, database, addresses, clock)
    brought = Harvest(mapped, PROFILE, database, archive, clock).bring(Wish(source=source))
    archive.close()
    assert (seen, brought.copied) == (5, 6)
    assert len(set(captures_asked(site))) == len(captures_asked(site)) == 11


def test_parts_that_are_done_are_not_asked_for_again(harvest, site):
    harvest.bring(Wish(source="cc"))
    site.asked.clear()
    harvest.bring(Wish(source="cc"))
    assert [one.path for one in site.asked] == ["/collinfo.json"]


def test_what_is_new_in_an_index_that_grows_is_brought(harvest, archives):
    harvest.bring(Wish(source="ia"))
    archives.kept.append(Kept(url=ARTICLE, timestamp="20250102030405", payload=b"newer"))
    assert harvest.bring(Wish(source="ia")).copied == 1


def test_what_failed_is_tried_again_by_the_next_run(harvest, archive, archives, source):
    host = "data.commoncrawl.org" if source == "cc" else "web.archive.org"
    first = archives.kept
    archives.troubles = {host: [*([] if source == "cc" else [archives._lines(FIRST)]), Answer("gone", 404)]}
    brought = harvest.bring(Wish(source=source))
    assert (brought.failed, len(brought.problems)) == (1, 1)
    assert harvest.bring(Wish(source=source)).copied == 1
    assert len(kept(archive)) == len(first) - 1


FIRST = {
    "url": "mic.gov.vn",
    "matchType": "host",
    "fl": "timestamp,original,mimetype,statuscode,digest,length",
}


# ---- manners -------------------------------------------------------------------------------------------------


def test_servers_are_asked_at_their_pace_by_name_and_contact(harvest, site, clock, source):
    began = clock.time
    harvest.bring(Wish(source=source))
    delays = {"cc": {"index.commoncrawl.org": 1.0, "data.commoncrawl.org": 0.55}, "ia": {"web.archive.org": 6.0}}
    for host, delay in delays[source].items():
        requests = [one for one in site.asked if one.host == host]
        assert len(requests) > 5
        assert (clock.time - began).total_seconds() >= delay * (len(requests) - 1)
    assert {one.headers["User-Agent"] for one in site.asked} == {f"mic-archive/{VERSION} (+archive@example.org)"}


@pytest.mark.parametrize("status", [503, 429, 500, 403])
def test_a_busy_server_is_left_alone_for_a_while(harvest, archives, clock, source, status):
    host = HOSTS[0] if source == "cc" else HOSTS[2]
    archives.troubles = {host: busy(status, times=3)}
    began = clock.time
    assert harvest.bring(Wish(source=source)).copied == 11
    assert clock.time - began > timedelta(seconds=10)


def test_a_server_that_says_how_long_is_left_alone_for_as_long(harvest, archives, clock, source):
    host = HOSTS[0] if source == "cc" else HOSTS[2]
    archives.troubles = {host: busy(429, Retry_After="300")}
    began = clock.time
    assert harvest.bring(Wish(source=source)).copied == 11
    assert clock.time - began > timedelta(seconds=300)


@pytest.mark.parametrize("trouble", [busy(503, times=20), busy(429, Retry_After="7200")])
def test_a_server_that_stays_busy_is_left_to_a_later_run(harvest, archives, clock, archive, source, trouble):
    harvest.bring(Wish(source=source, limit=4))
    archives.troubles = {HOSTS[0] if source == "cc" else HOSTS[2]: list(trouble)}
    with pytest.raises(ServerError, match=r"commoncrawl|archive\.org"):
        harvest.bring(Wish(source=source))
    assert len(kept(archive)) == 4
    archives.troubles = {}
    if len(trouble) == 1:
        with pytest.raises(ServerError, match="left alone until"):
            harvest.bring(Wish(source=source))
    clock.time += timedelta(hours=3)
    assert harvest.bring(Wish(source=source)).copied == 7


def test_two_runs_do_not_ask_one_server(harvest, database, clock, source):
    host = HOSTS[0] if source == "cc" else HOSTS[2]
    with holding(database, clock, f"server:{host}"), pytest.raises(LeaseHeld):
        harvest.bring(Wish(source=source))


def test_nobody_is_asked_without_a_contact(mapped, database, archive, clock, source):
    nameless = mapped.model_copy(update={"contact": "", "host_map": HostMap()})
    with pytest.raises(FetcherError, match="MIC_CONTACT"):
        Harvest(nameless, PROFILE, database, archive, clock).bring(Wish(source=source))


# ---- answers that make no sense ------------------------------------------------------------------------------


def test_broken_lines_are_counted_and_passed_over(harvest, archives, source):
    archives.broken = ["{", "[]", '{"url": 1}', "x" * 3_000, "a b c d e", "\0"]
    brought = harvest.bring(Wish(source=source))
    assert (brought.copied, brought.failed) == (11, 0)
    assert brought.broken >= 6


def test_an_index_with_nothing_in_it_is_no_error(harvest, archives, source):
    archives.kept = []
    assert harvest.bring(Wish(source=source)).found == 0


@pytest.mark.parametrize("answer", [Answer("<html>Sorry</html>"), Answer("{}"), Answer(b"\x1f\x8b"), Answer("[1")])
def test_another_page_instead_of_an_index_is_said(harvest, archives, source, answer):
    archives.troubles = {HOSTS[0] if source == "cc" else HOSTS[2]: [answer]}
    with pytest.raises(ServerError, match=r"sense|no lines"):
        harvest.bring(Wish(source=source))


def test_an_index_elsewhere_is_not_asked(harvest, archives, site):
    listed = json.dumps(
        [{"id": "x", "cdx-api": "https://example.org/x-index"}, {"id": "y", "cdx-api": "file:///x"}]
    )
    archives.troubles = {HOSTS[0]: [Answer(listed)]}
    assert harvest.bring(Wish(source="cc")).found == 0
    assert [one.path for one in site.asked] == ["/collinfo.json"]


@pytest.mark.parametrize("answer", [Answer("", 200), Answer("x" * 50, 206), Answer(b"", 206), Answer("", 416)])
def test_a_range_that_is_none_fails_alone(harvest, archives, answer):
    archives.troubles = {HOSTS[1]: [answer]}
    brought = harvest.bring(Wish(source="cc"))
    assert (brought.copied, brought.failed) == (10, 1)


def test_a_damaged_record_fails_alone(harvest, archives):
    record = archives.kept[0].record
    archives.troubles = {HOSTS[1]: [Answer(record[:20] + bytes(len(record) - 20), 206)]}
    brought = harvest.bring(Wish(source="cc"))
    assert (brought.copied, brought.failed) == (10, 1)


def test_an_answer_that_is_not_what_the_index_says_is_doubtful(harvest, archives):
    other = Answer("another", 200, {"Memento-Datetime": "x", "Content-Type": "text/html"})
    archives.troubles = {HOSTS[2]: [archives._lines(FIRST), other]}
    assert harvest.bring(Wish(source="ia")).doubtful == 1


# ---- the command ---------------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, tmp_path, sqlite_url, site, authority, archives):  # noqa: ARG001
    variables = {
        "MIC_DATA": str(tmp_path / "data"),
        "MIC_DATABASE": sqlite_url,
        "MIC_HOST_MAP": site.host_map(*HOSTS),
        "MIC_CRAWL_CA": str(authority.file),
        "MIC_CONTACT": "archive@example.org",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, ["import", *arguments])


def test_the_command_counts_and_brings(run, archives):
    archives.kept, archives.indexes = archives.kept[:2], INDEXES[:1]
    counted = run("--cdx", "cc", "--dry-run")
    assert counted.exit_code == 0, counted.output
    assert "mic.gov.vn" in counted.stdout
    assert "2 found, 0 foreign, 0 broken, 0 fetched" in counted.stdout
    brought = json.loads(run("--cdx", "cc", "--from", "2013", "--to", "2013-12", "--json").stdout)
    assert (brought["copied"], brought["is_complete"]) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--cdx", "xx"],
        ["--cdx", "cc", "--from", "last year"],
        ["--limit", "5", __file__],
        ["--cdx", "cc", __file__],
    ],
)
def test_what_makes_no_sense_is_refused(run, arguments):
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "Error" in refused.stderr


def test_a_server_that_is_busy_is_one_line(run, archives):
    archives.troubles = {HOSTS[0]: busy(429, Retry_After="7200")}
    refused = run("--cdx", "cc")
    assert refused.exit_code == 1
    assert "left alone until" in refused.stderr
