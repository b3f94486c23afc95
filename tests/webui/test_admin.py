"""The administration: what is healthy, runs, went wrong; recrawls asked for, followed, cancelled, retried."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from crawler.lease import this_process
from crawler.progress import Progress
from crawler.tables import ledger, servers, warc_files
from indexer.jobs.tasks import SEARCH
from indexer.query.request import SearchRequest
from tests.webui.conftest import post
from tests.webui.library import MISSING, SIZE, key_of
from webui.accounts.audit import AuditLog

ARTICLE = "https://mic.gov.vn/Pages/TinTuc/130000/"


def preview(client, **arguments: str):
    """The preview of a recrawl, and the fields of the form that starts it."""
    answer = client.get("/admin/recrawl", query_string=arguments)
    form = re.search(r'<form action="/admin/jobs".*?</form>', answer.text, re.DOTALL)
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]) if form else []
    return answer, {name: unescape(value) for name, value in fields}


def test_the_front_page_answers_four_questions(admin, services, clock):
    failed = services.jobs.ask("recrawl", {"urls": [ARTICLE]}, "lan")
    services.jobs.claim(failed.id, this_process())
    services.jobs.report(failed.id, Progress(errors=1, message="timed out"))
    services.jobs.end(failed.id, "failed")
    running = services.jobs.ask("recrawl", {"category": "Viễn thông"}, "lan")
    services.jobs.claim(running.id, this_process())
    services.jobs.report(running.id, Progress(done=300, total=1200, errors=2))
    clock.sleep(60)
    with services.database.writing() as connection:
        row = {
            "day": clock.now().date(),
            "host": "mic.gov.vn",
            "decision": "not modified",
            "reason": "",
            "count": 41,
        }
        connection.execute(sa.insert(ledger), row)
        connection.execute(sa.insert(servers).values(name="mst", next_at=clock.now(), failures=7))
    page = unescape(admin.get("/admin/").text)
    assert re.search(r'state-good">Cơ sở dữ liệu</span> <span class="fine">sqlite', page)
    assert re.search(rf"trong chỉ mục</dt><dd>{SIZE}</dd>", page)
    assert re.search(r'<progress aria-label="Tiến độ" max="1200" value="300">', page)
    assert "5 mỗi giây" in page
    assert "còn khoảng 3 phút" in page
    assert "2 lỗi" in page
    assert "timed out" in page
    assert "7 lần lỗi liên tiếp" in page
    assert "1 bài không truy cập được, chưa xác nhận là đã gỡ" in page
    assert re.search(rf'<a href="/article/{key_of(MISSING)}"[^>]*>.*?từ 11/04/2019 10:04', page)
    assert '<td>không đổi</td><td lang="en"></td><td class="number">41</td>' in page
    assert '<meta http-equiv="refresh"' in page, "without JavaScript it reloads by itself"


@pytest.mark.parametrize(
    ("asked", "arguments", "words"),
    [
        ({"urls": f"{ARTICLE}\r\n{ARTICLE}\n"}, {"urls": [ARTICLE]}, ARTICLE),
        ({"category": "Viễn thông"}, {"category": "Viễn thông"}, "chuyên mục Viễn thông"),
        (
            {"search": "then=Long+An&page=2&sort=oldest"},
            {"search": SEARCH.dump(SearchRequest(filters=(("then", ("Long An",)),)))},
            "các bài tìm được với: Long An",
        ),
        (
            {
                "search": "http://127.0.0.1:8000/search?q=chuy%E1%BB%83n+%C4%91%E1%BB%95i+s%E1%BB%91&year=2021&lang=en"
            },
            {"search": SEARCH.dump(SearchRequest(query="chuyển đổi số", filters=(("year", ("2021",)),)))},
            "các bài tìm được với: “chuyển đổi số” · 2021",
        ),
        ({"site": "1"}, {"site": True}, "toàn bộ trang"),
    ],
)
def test_a_recrawl_is_previewed_then_asked_for(admin, services, woken, asked, arguments, words):
    answer, fields = preview(admin, **asked)
    assert answer.status_code == 200
    assert words in unescape(answer.text)
    assert "với tốc độ cho phép" in answer.text
    assert services.jobs.recent() == [], "a preview asks for nothing"
    started = post(admin, "/admin/jobs", fields, page="/admin/recrawl")
    (job,) = services.jobs.recent()
    assert started.location == f"/admin/jobs/{job.id}"
    assert (job.kind, job.arguments, job.asked_by, job.state) == ("recrawl", arguments, "lan", "queued")
    assert woken == [job.id]
    assert words in unescape(admin.get(started.location).text)
    deed = AuditLog(services.database, services.clock).recent()[0]
    assert (deed.who, deed.action, deed.address) == ("lan", "asked", "127.0.0.1")
    assert deed.subject.startswith(f"job {job.id}: recrawl")


@pytest.mark.parametrize(
    ("asked", "addresses"),
    [
        ({"urls": ARTICLE}, 1),
        ({"search": "then=Long+An"}, 5),
        ({"category": "Viễn thông"}, 11),
    ],
)
def test_a_preview_counts_addresses_and_time_at_the_allowed_pace(admin, asked, addresses):
    page = unescape(preview(admin, **asked)[0].text)
    assert f"<p>{addresses} địa chỉ,\n" in page
    seconds = re.findall(r"mất khoảng (\d+) giây", page)
    assert [int(number) for number in seconds] == [addresses], "one a second"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"urls": "  "}, "Hãy nhập ít nhất một địa chỉ."),
        ({"urls": "https://example.org/"}, "Không được tải https://example.org/"),
        ({"urls": "http://169.254.169.254/"}, "Không được tải"),
        ({"urls": "https://mic.gov.vn/Pages/ratting.aspx"}, "casts a vote"),
        ({"urls": " ".join(f"https://mic.gov.vn/{n}" for n in range(201))}, "nhiều nhất 200 địa chỉ"),
        ({"category": "Thời tiết"}, "Không có chuyên mục tên như vậy."),
        ({"search": ""}, "cho ra mọi bài"),
        ({"search": "http://[::1"}, "cho ra mọi bài"),
        ({"urls": "http://[::1"}, "Không được tải"),
        ({"search": "&" * 5000}, "cho ra mọi bài"),
        ({"search": "q=" + "a" * 2000}, "Câu tìm quá dài"),
    ],
)
def test_a_recrawl_that_makes_no_sense_says_why(admin, services, asked, message):
    answer, _ = preview(admin, **asked)
    assert answer.status_code == 422
    assert message in unescape(answer.text)
    sent = post(admin, "/admin/jobs", {"kind": "recrawl", **asked}, page="/admin/recrawl")
    assert sent.status_code == 422
    assert services.jobs.recent() == []


@pytest.mark.parametrize("fields", [{}, {"kind": "rm"}, {"kind": "recrawl"}, {"kind": "recrawl", "other": "1"}])
def test_a_job_of_no_kind_is_refused(admin, services, fields):
    assert post(admin, "/admin/jobs", fields, page="/admin/recrawl").status_code == 400
    assert services.jobs.recent() == []


@pytest.mark.parametrize("kind", ["update", "rebuild"])
def test_update_and_rebuild_are_a_button_each(admin, services, kind):
    page = admin.get("/admin/").text
    assert f'<input type="hidden" name="kind" value="{kind}">' in page
    post(admin, "/admin/jobs", {"kind": kind}, page="/admin/")
    (job,) = services.jobs.recent()
    assert (job.kind, job.arguments) == (kind, {})


def test_a_job_is_cancelled_and_tried_again(admin, services):
    job = services.jobs.ask("update", {}, "lan")
    page = f"/admin/jobs/{job.id}"
    assert post(admin, f"{page}/cancel", {}, page=page).location == page
    assert services.jobs.get(job.id).state == "cancelled"
    assert post(admin, f"{page}/retry", {}, page=page).location == page
    assert services.jobs.get(job.id).state == "queued"
    actions = [deed.action for deed in AuditLog(services.database, services.clock).recent()]
    assert actions[:2] == ["retried", "cancelled"]


def test_what_a_job_has_moved_past_is_said(admin, services):
    job = services.jobs.ask("update", {}, "lan")
    page = f"/admin/jobs/{job.id}"
    post(admin, f"{page}/retry", {}, page=page)
    assert "Công việc đã sang bước khác" in admin.get(page).text


def test_a_job_shows_its_log_and_goes_still_when_it_is_over(admin, services):
    job = services.jobs.ask("update", {}, "lan")
    services.jobs.claim(job.id, this_process())
    services.jobs.say(job.id, "error", "<b>https://mic.gov.vn/a</b>: timed out")
    fragment = admin.get(f"/admin/jobs/{job.id}/progress").text
    assert "<html" not in fragment
    assert "&lt;b&gt;https://mic.gov.vn/a&lt;/b&gt;: timed out" in fragment
    assert "data-still" not in fragment
    services.jobs.end(job.id, "done")
    assert "data-still" in admin.get(f"/admin/jobs/{job.id}/progress").text


@pytest.mark.parametrize("address", ["/admin/jobs/99", "/admin/jobs/99/progress", "/admin/jobs/x"])
def test_an_unknown_job_is_not_there(admin, address):
    assert admin.get(address).status_code == 404


def test_the_last_hundred_jobs_are_listed(admin, services):
    jobs = [services.jobs.ask("update", {}, "lan") for _ in range(103)]
    listed = set(re.findall(r'href="/admin/jobs/(\d+)"', admin.get("/admin/").text))
    assert listed == {str(job.id) for job in jobs[3:]}


def test_administrators_find_a_recrawl_where_they_read(admin, client):
    article, found = "/article/mic:130000", "/search?then=Long+An"
    assert f"/admin/recrawl?urls={ARTICLE}" in unescape(unescape(admin.get(article).text)).replace(
        "%3A", ":"
    ).replace("%2F", "/")
    (url,) = re.findall(r'href="(/admin/recrawl\?search=[^"]+)"', admin.get(found).text)
    assert "các bài tìm được với: Long An" in admin.get(unescape(url)).text
    assert "/admin" not in client.get(article).text + client.get(found).text


def test_the_audit_log_is_worded_and_leads_to_the_jobs(admin, services):
    AuditLog(services.database, services.clock).note("command line", "account made", "minh (editor)")
    post(
        admin,
        "/admin/jobs",
        {"kind": "recrawl", "category": "Viễn thông"},
        page="/admin/recrawl?category=Viễn+thông",
    )
    (job,) = services.jobs.recent()
    page = unescape(admin.get("/admin/audit").text)
    assert f'yêu cầu <a href="/admin/jobs/{job.id}">công việc {job.id}</a>: Thu thập lại: ' in page
    assert "chuyên mục Viễn thông" in page
    assert "<td>dòng lệnh</td><td>tạo tài khoản minh (editor)</td>" in page


@pytest.mark.parametrize(("state", "said"), [("running", True), ("failed", True), ("done", False)])
def test_a_job_says_what_it_is_at_until_it_is_done(admin, services, state, said):
    job = services.jobs.ask("update", {}, "lan")
    services.jobs.claim(job.id, this_process())
    services.jobs.report(job.id, Progress(done=3, total=6, message="reading"))
    if state != "running":
        services.jobs.end(job.id, state)
    assert ("đang đọc những trang vừa tải" in admin.get(f"/admin/jobs/{job.id}").text) is said


def test_what_is_asked_for_every_second_looks_at_the_jobs_alone(admin, services):
    """The counts of a large record take longer than a second."""
    services.jobs.ask("update", {}, "lan")
    asked: list[str] = []
    engine = services.database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    assert "data-poll" not in admin.get("/admin/running").text
    assert not [statement for statement in asked if "warc_files" in statement or "rejections" in statement]
    assert [statement for statement in asked if "FROM jobs" in statement]


def test_a_way_in_stands_at_the_foot_of_each_page_for_those_outside(client, admin):
    assert 'href="/account/login"' in client.get("/search").text
    assert 'href="/account/login"' not in admin.get("/search").text


def test_files_that_wait_for_storage_leave_the_counts_of_the_index_alone(admin, services):
    row = {
        "name": "x.warc.gz",
        "state": "spooled",
        "size": 1,
        "opened_at": services.clock.now(),
        "error": "s3: no",
    }
    with services.database.writing() as connection:
        connection.execute(sa.insert(warc_files).values(**row))
    page = unescape(admin.get("/admin/").text)
    assert "state-bad" in page
    assert re.search(rf"trong chỉ mục</dt><dd>{SIZE}</dd>", page)
