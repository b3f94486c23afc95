"""The register of accounts, failed logins and the audit log, on SQLite and on PostgreSQL."""

from datetime import timedelta

import pytest

from tests.crawler.still_clock import StillClock
from webui.accounts.attempts import FORGOTTEN, PER_ADDRESS, PER_NAME, PER_PAIR, WINDOW, Attempts
from webui.accounts.audit import AuditLog
from webui.accounts.register import AccountError, Register, one_time_password


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def register(database, clock):
    register = Register(database)
    register.add("Lan.Nguyen", "admin", "hash", one_time=True, now=clock.now())
    return register


def test_an_account_is_found_by_name_in_any_capitals_and_by_session(register):
    account = register.find_user(username=" LAN.nguyen ")
    assert (account.name, account.role, account.one_time, account.active) == ("lan.nguyen", "admin", True, True)
    assert [role.name for role in account.roles] == ["admin", "editor"]
    assert register.find_user(fs_uniquifier=account.fs_uniquifier).id == account.id
    assert register.find_user(id=account.id).name == "lan.nguyen"
    assert register.find_user(username="nobody") is None
    assert register.find_user(fs_uniquifier="nothing") is None


def test_a_name_is_taken_once(register, clock):
    with pytest.raises(AccountError, match=r"there is an account named lan\.nguyen already"):
        register.add("LAN.NGUYEN", "editor", "hash", one_time=False, now=clock.now())
    assert [account.name for account in register.all()] == ["lan.nguyen"]


@pytest.mark.parametrize("name", ["", "a", "a b", "<b>", "ngọc", "-lan", "x" * 33, "lan\n", "../etc"])
def test_what_is_no_name_is_refused(register, clock, name):
    if name == "lan\n":
        assert register.add(name, "editor", "hash", one_time=False, now=clock.now()).name == "lan"
        return
    with pytest.raises(AccountError, match="is no account name"):
        register.add(name, "editor", "hash", one_time=False, now=clock.now())


def test_a_reset_ends_sessions(register):
    before = register.find_user(username="lan.nguyen")
    after = register.reset("lan.nguyen", "another")
    assert (after.password, after.one_time) == ("another", True)
    assert register.find_user(fs_uniquifier=before.fs_uniquifier) is None
    with pytest.raises(AccountError, match="there is no account named nobody"):
        register.reset("nobody", "hash")


def test_one_time_passwords_differ_and_can_be_read_out():
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    assert not set("".join(passwords)) & set("lo01 ")


@pytest.mark.parametrize(
    ("failures", "asked"),
    [
        ([("lan", "192.0.2.1")] * PER_PAIR, ("lan", "192.0.2.1")),
        ([(f"name{number}", "192.0.2.1") for number in range(PER_ADDRESS)], ("lan", "192.0.2.1")),
        ([("lan", f"192.0.2.{number}") for number in range(PER_NAME)], ("lan", "198.51.100.1")),
    ],
    ids=["one person", "one address", "one name"],
)
def test_after_so_many_failures_one_waits(database, clock, failures, asked):
    attempts = Attempts(database, clock)
    for failure in failures[:-1]:
        attempts.failed(*failure)
    assert not attempts.too_many(*asked)
    attempts.failed(*failures[-1])
    assert attempts.too_many(*asked)
    assert not attempts.too_many("other", "203.0.113.1")
    clock.time += WINDOW
    assert not attempts.too_many(*asked)


def test_old_failures_are_forgotten(database, clock):
    attempts = Attempts(database, clock)
    attempts.failed("lan", "192.0.2.1")
    clock.time += FORGOTTEN + timedelta(seconds=1)
    attempts.failed("minh", "192.0.2.2")
    with database.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM failed_logins").scalars().all()
    assert names == ["minh"]


def test_the_audit_log_keeps_deeds_in_order(database, clock):
    log = AuditLog(database, clock)
    log.note("lan", "asked", "job 1: update", "192.0.2.1")
    clock.sleep(1)
    log.note("minh", "refused", "/admin/")
    deeds = log.recent()
    assert [(deed.who, deed.action, deed.subject, deed.address) for deed in deeds] == [
        ("minh", "refused", "/admin/", ""),
        ("lan", "asked", "job 1: update", "192.0.2.1"),
    ]
    assert deeds[0].at - deeds[1].at == timedelta(seconds=1)
    assert [deed.who for deed in log.recent(1)] == ["minh"]
