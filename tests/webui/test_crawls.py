"""The administration of crawls: the ledger, the schedule, how the servers stand."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from crawler.lease import this_process
from crawler.tables import ledger, servers, walks
from indexer.jobs.schedule import Schedule
from tests.webui.conftest import post
from webui.accounts.audit import AuditLog


@pytest.fixture
def counted(services, clock):
    """Writes lines of the ledger, some days ago."""

    def counting(days: int, host: str, decision: str, reason: str, count: int) -> None:
        day = clock.now().date() - timedelta(days=days)
        row = {"day": day, "host": host, "decision": decision, "reason": reason, "count": count}
        with services.database.writing() as connection:
            connection.execute(sa.insert(ledger), row)

    return counting


def rows(page: str) -> list[list[str]]:
    """The cells of the page's tables, without what is inside details."""
    page = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in found)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


# ---- ledger --------------------------------------------------------------------------------------------------


def test_the_ledger_shows_requests_shares_and_refusals_per_day_and_host(admin, counted, clock):
    counted(0, "mic.gov.vn", "fetched", "200", 30)
    counted(0, "mic.gov.vn", "not modified", "304", 60)
    counted(0, "mic.gov.vn", "failed", "500", 10)
    counted(0, "mic.gov.vn", "refused", "robots.txt", 7)
    counted(0, "elsewhere", "refused", "not a host of this site", 4_000)
    counted(3, "mst.gov.vn", "moved", "301", 2)
    counted(8, "mst.gov.vn", "fetched", "200", 1)
    page = admin.get("/admin/ledger").text
    today, earlier = ("01/03/2024", "27/02/2024")
    assert clock.now().date() == date(2024, 3, 1)
    found = rows(page)
    assert [today, "mic.gov.vn", "100", "60 %", "10", "7", ""] in found
    assert [today, "các trang khác", "0", "–", "0", "4.000", ""] in found
    assert [earlier, "mst.gov.vn", "2", "0 %", "0", "0", ""] in found
    assert ["Tổng cộng", "102", "59 %", "10", "4.007", ""] in found
    assert ["các trang khác", "bị quy tắc chặn", "not a host of this site", "4.000"] in found
    assert '<li>bị quy tắc chặn, <span lang="en">robots.txt</span>: 7</li>' in page
    assert ["22/02/2024", "mst.gov.vn", "1", "0 %", "0", "0", ""] in rows(admin.get("/admin/ledger?days=30").text)


@pytest.mark.parametrize("days", ["", "x", "-1", "7", "1e9", "400"])
def test_an_empty_ledger_says_so_whatever_is_asked(admin, days):
    answer = admin.get("/admin/ledger", query_string={"days": days})
    assert answer.status_code == 200
    assert "Không có quyết định nào" in answer.text


def test_what_servers_made_up_does_no_harm(admin, counted):
    counted(0, "mic.gov.vn", "failed", "<script>alert(1)</script>", 1)
    assert "<script>alert" not in admin.get("/admin/ledger").text


def test_the_front_page_leads_to_ledger_and_schedule(admin):
    page = admin.get("/admin/").text
    assert 'href="/admin/ledger"' in page
    assert 'href="/admin/crawls"' in page


# ---- schedule ------------------------------------------------------------------------------------------------


@pytest.fixture
def schedule(services) -> Schedule:
    return Schedule(services.database, services.clock, services.jobs)


def test_the_schedule_tells_what_begins_when_and_how_the_last_went(admin, services, schedule, clock):
    schedule.entries()
    clock.time += timedelta(minutes=15)
    (job,) = schedule.begin_due()
    services.jobs.claim(job.id, this_process())
    services.jobs.say(job.id, "info", "3 fetched, 42 not modified, 3 new")
    services.jobs.end(job.id, "done")
    page = unescape(admin.get("/admin/crawls").text)
    assert re.search(r'id="crawl-fresh">Tìm tin mới <span class="state state-good">bật', page)
    assert f'<a href="/admin/jobs/{job.id}"><span class="state state-done">xong' in page
    assert "3 fetched, 42 not modified, 3 new" in page
    assert "MIC_CONTACT" in page, "the tests' settings let no server be asked"


def test_a_crawl_is_switched_off_and_told_another_rhythm_and_that_is_noted(admin, services, schedule):
    page = "/admin/crawls"
    assert post(admin, "/admin/crawls/walk", {"every": "86400", "enabled": "0"}, page=page).location == page
    post(admin, "/admin/crawls/fresh", {"every": "300", "enabled": "1"}, page=page)
    entries = {entry.name: (entry.enabled, entry.every) for entry in schedule.entries()}
    assert entries["walk"] == (False, timedelta(days=1))
    assert entries["fresh"] == (True, timedelta(minutes=5))
    deeds = [
        (deed.who, deed.action, deed.subject) for deed in AuditLog(services.database, services.clock).recent()
    ]
    assert deeds[:2] == [
        ("lan", "schedule changed", "fresh: every 0:05:00"),
        ("lan", "schedule changed", "walk: off"),
    ]
    assert re.search(r'id="crawl-walk">Thử các số <span class="state state-cancelled">tắt', admin.get(page).text)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("paint", {"every": "300", "enabled": "1"}),
        ("fresh", {"every": "1", "enabled": "1"}),
        ("fresh", {"every": "x"}),
        ("fresh", {"every": "9" * 400, "enabled": "1"}),
        ("fresh", {}),
    ],
)
def test_what_makes_no_sense_changes_nothing(admin, schedule, name, fields):
    before = schedule.entries()
    assert post(admin, f"/admin/crawls/{name}", fields, page="/admin/crawls").status_code == 400
    assert schedule.entries() == before


@pytest.mark.parametrize("kind", ["fresh", "revisit", "walk"])
def test_each_crawl_can_be_run_now(admin, services, kind):
    assert f'<input type="hidden" name="kind" value="{kind}">' in admin.get("/admin/crawls").text
    post(admin, "/admin/jobs", {"kind": kind}, page="/admin/crawls")
    (job,) = services.jobs.recent()
    assert (job.kind, job.asked_by) == (kind, "lan")


def test_only_administrators_see_and_change_any_of_it(client, editor):
    for visitor in (client, editor):
        assert visitor.get("/admin/ledger").status_code == 403
        assert visitor.get("/admin/crawls").status_code == 403
        assert visitor.post("/admin/crawls/fresh").status_code in (400, 403)


# ---- servers -------------------------------------------------------------------------------------------------


def test_servers_tell_their_requests_of_today_and_until_when_they_are_left_alone(admin, services, clock):
    resting = {"name": "mst", "next_at": clock.now() + timedelta(hours=1), "failures": 7}
    with services.database.writing() as connection:
        connection.execute(sa.insert(servers), resting | {"day": clock.now().date(), "requests": 1_200})
        row = {"name": "articles", "next": 10, "settled": 10, "closely": 0, "missing": 0, "asked": 10, "found": 3}
        connection.execute(sa.insert(walks), row | {"changed_at": clock.now()})
    found = rows(admin.get("/admin/crawls").text)
    assert ["mst", "1", "1.200", "–", "01/03/2024 20:00: máy chủ không trả lời"] in found
    assert ["articles", "100000", "160000", "159990", "10", "3"] in found
