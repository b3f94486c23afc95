"""Accounts: passwords of one's own, failures counted, sessions that end, nothing for those without the role."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from structlog.testing import capture_logs

from tests.webui.conftest import PASSWORD, log_in, make_account, post
from webui.accounts.attempts import PER_ADDRESS, PER_PAIR, WINDOW, Attempts
from webui.accounts.audit import AuditLog
from webui.addresses import is_local
from webui.protection import IDLE_MINUTES, SESSION_HOURS

ADMIN_PAGES = [
    "/admin/",
    "/admin/running",
    "/admin/recrawl",
    "/admin/jobs/1",
    "/admin/jobs/1/progress",
    "/admin/audit",
]
ADMIN_FORMS = ["/admin/jobs", "/admin/jobs/1/cancel", "/admin/jobs/1/retry"]


def deeds(services) -> list[tuple[str, str]]:
    """Who did what, oldest first."""
    return [(deed.who, deed.action) for deed in reversed(AuditLog(services.database, services.clock).recent())]


def test_an_administrator_logs_in_and_out(app, services):
    make_account(app, "lan", "admin")
    client = app.test_client()
    assert log_in(client, " Lan ").location == "/account/start"
    assert client.get("/admin/").status_code == 200
    assert post(client, "/account/logout", {}, page="/admin/").location == "/"
    assert client.get("/admin/").status_code == 403
    assert deeds(services) == [("lan", "logged in"), ("lan", "logged out")]


def test_a_copied_cookie_is_worth_nothing_after_the_logout(admin, app):
    thief = app.test_client()
    thief.set_cookie("session", admin.get_cookie("session").value)
    assert thief.get("/admin/").status_code == 200
    post(admin, "/account/logout", {}, page="/admin/")
    assert thief.get("/admin/").status_code == 403


def test_a_wrong_password_says_neither_what_was_wrong_nor_who_exists(app, services):
    make_account(app, "lan", "admin")
    client = app.test_client()
    pages = [log_in(client, "lan", "wrong wrong wrong").text, log_in(client, "nobody", "wrong wrong wrong").text]
    messages = [re.findall(r'role="alert">(.*?)</div>', page, re.DOTALL)[0] for page in pages]
    assert messages[0] == messages[1]
    assert "Tên hoặc mật khẩu không đúng." in messages[0]
    assert deeds(services) == [("lan", "login failed"), ("nobody", "login failed")]


def test_after_five_failures_even_the_right_password_must_wait(app, clock, services):
    make_account(app, "lan", "admin")
    client = app.test_client()
    for _ in range(PER_PAIR):
        log_in(client, "lan", "wrong wrong wrong")
    refused = log_in(client, "lan")
    assert refused.status_code == 200
    assert "Hãy chờ mười lăm phút" in refused.text
    assert deeds(services)[-1] == ("lan", "login refused")
    clock.sleep(WINDOW.total_seconds() + 1)
    assert log_in(client, "lan").location == "/account/start"


def test_an_address_that_tries_names_must_wait_too(app, services, clock):
    make_account(app, "lan", "admin")
    client = app.test_client()
    for number in range(PER_ADDRESS - 1):
        Attempts(services.database, clock).failed(f"name{number}", "127.0.0.1")
    log_in(client, "other", "wrong wrong wrong")
    assert "Hãy chờ mười lăm phút" in log_in(client, "lan").text
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert log_in(elsewhere, "lan").location == "/account/start"


def test_failures_are_forgotten_after_a_success(app):
    make_account(app, "lan", "admin")
    client = app.test_client()
    for _ in range(2):
        for _ in range(PER_PAIR - 1):
            log_in(client, "lan", "wrong wrong wrong")
        assert log_in(client, "lan").location == "/account/start"
        post(client, "/account/logout", {}, page="/admin/")


def test_requests_to_log_in_are_limited_per_address(client):
    statuses = [client.get("/account/login").status_code for _ in range(25)]
    assert statuses[:20] == [200] * 20
    assert statuses[20:] == [429] * 5


def test_a_one_time_password_opens_nothing_but_its_own_change(app, services):
    make_account(app, "lan", "admin", one_time=True)
    client = app.test_client()
    log_in(client, "lan")
    for address in ("/admin/", "/", "/search?q=a", "/api/v1/search"):
        assert client.get(address).location == "/account/password"
    change = {
        "password": PASSWORD,
        "new_password": "câu khác cũng dài",
        "new_password_confirm": "câu khác cũng dài",
    }
    assert post(client, "/account/password", change, page="/account/password").location == "/account/start"
    assert client.get("/admin/").status_code == 200
    assert deeds(services)[-1] == ("lan", "changed password")
    again = app.test_client()
    assert log_in(again, "lan").status_code == 200
    assert log_in(again, "lan", "câu khác cũng dài").location == "/account/start"


@pytest.mark.parametrize(
    ("present", "new", "once_more", "message"),
    [
        ("wrong wrong wrong", "câu khác cũng dài", "câu khác cũng dài", "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu phải có ít nhất 12 ký tự."),
        (PASSWORD, PASSWORD, PASSWORD, "Mật khẩu mới trùng với mật khẩu cũ."),
        (PASSWORD, "câu khác cũng dài", "câu khác rất dài", "Hai mật khẩu mới không giống nhau."),
        ("", "", "", "Cần điền mục này."),
        (PASSWORD, "a" * 300, "a" * 300, "Nội dung này quá dài."),
    ],
)
def test_a_password_that_will_not_do_says_why(admin, present, new, once_more, message):
    fields = {"password": present, "new_password": new, "new_password_confirm": once_more}
    answer = post(admin, "/account/password", fields, page="/account/password")
    assert answer.status_code == 200
    assert message in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_changing_the_password_ends_other_sessions(admin, app):
    other = app.test_client()
    log_in(other, "lan")
    change = {
        "password": PASSWORD,
        "new_password": "câu khác cũng dài",
        "new_password_confirm": "câu khác cũng dài",
    }
    post(admin, "/account/password", change, page="/account/password")
    assert admin.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 403


def test_a_session_ends_when_it_is_idle(admin, clock):
    for _ in range(3):
        clock.sleep((IDLE_MINUTES - 1) * 60)
        assert admin.get("/admin/").status_code == 200
    clock.sleep((IDLE_MINUTES + 1) * 60)
    assert admin.get("/admin/").location == "/account/login?next=/admin/"
    assert "Phiên làm việc đã hết hạn" in admin.get("/account/login").text


def test_a_session_ends_however_busy(admin, clock):
    minutes = 30
    for _ in range(SESSION_HOURS * 60 // minutes):
        assert admin.get("/admin/").status_code == 200
        clock.time += timedelta(minutes=minutes)
    clock.sleep(1)
    assert admin.get("/admin/").status_code == 302


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_others_get_403_and_a_log_line(client, editor, address):
    for visitor, who in ((client, "anonymous"), (editor, "minh")):
        with capture_logs() as lines:
            answer = visitor.get(address)
        assert answer.status_code == 403
        assert "Bạn không được xem trang này" in answer.text
        assert {"event": "refused", "log_level": "warning", "path": address, "who": who} in lines


@pytest.mark.parametrize("address", ADMIN_FORMS)
def test_others_cannot_send_forms_either(client, editor, services, address):
    for visitor, page in ((client, "/account/login"), (editor, "/account/password")):
        for answer in (post(visitor, address, {"kind": "update"}, page=page), visitor.post(address)):
            assert answer.status_code == 403, "with the token of a form, and without any"
    assert services.jobs.recent() == []
    assert ("minh", "refused") in deeds(services)


@pytest.mark.parametrize("address", [*ADMIN_FORMS, "/account/login", "/account/logout", "/account/password"])
def test_a_form_without_its_token_is_refused(admin, services, address):
    answer = admin.post(address, data={"kind": "update"})
    assert answer.status_code == 400
    assert "Biểu mẫu đã hết hiệu lực" in answer.text
    assert services.jobs.recent() == []


def test_a_login_leads_back_to_where_it_was_needed(app):
    make_account(app, "lan", "admin")
    client = app.test_client()
    assert 'href="/account/login?next=/admin/audit"' in client.get("/admin/audit").text
    assert log_in(client, "lan", next="/admin/audit").location == "/admin/audit"


ELSEWHERE = [
    "https://example.org/",
    "//example.org/",
    "///example.org",
    "/\\example.org",
    "\\\\example.org",
    "http:example.org",
    "javascript:alert(1)",
    "/\t/example.org",
    "/%09/example.org\n",
    " /admin/",
    "example.org",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_login_leads_elsewhere(app, address):
    make_account(app, "lan", "admin")
    client = app.test_client()
    assert (
        'name="next" type="hidden" value=""' in client.get("/account/login", query_string={"next": address}).text
    )
    assert log_in(client, "lan", next=address).status_code == 400
    token = {"username": "lan", "password": PASSWORD}
    assert post(client, f"/account/login?next={quote(address)}", token, page="/account/login").status_code == 400


def test_a_local_address_is_local():
    assert is_local("/search?q=http://example.org")
    assert not any(map(is_local, ELSEWHERE[:8]))


def test_accounts_keep_no_password(app, services):
    make_account(app, "lan", "admin")
    with services.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT password FROM accounts").scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_anonymous_visitors_leave_nothing(client, services):
    with capture_logs() as lines:
        answers = [client.get(address) for address in ("/", "/search?q=bí+mật", "/article/mic:130000")]
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert "bí" not in str(lines)
    assert "127.0.0.1" not in str(lines)
    assert deeds(services) == []
