"""Leases: one holder at a time, found out when it is gone."""

import multiprocessing
import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crawler.lease import SECONDS, Lease, LeaseHeld, LeaseLost, Leases, acquire, alive, holding
from crawler.tables import leases

DEAD = 2**22 + 1  # above the kernel's largest process number


def be_of(database, name: str, **values: object) -> None:
    """Change a lease behind its holder's back."""
    with database.writing() as connection:
        connection.execute(sa.update(leases).where(leases.c.name == name).values(**values))


def test_a_second_holder_is_told_who_is_first(database, clock):
    lease = acquire(database, clock, "crawl")
    with pytest.raises(LeaseHeld, match=f"crawl is held by .*process {os.getpid()}") as caught:
        acquire(database, clock, "crawl")
    assert caught.value.holder == lease.holder.name
    acquire(database, clock, "another")
    lease.release()
    acquire(database, clock, "crawl")


def test_a_lease_that_is_not_renewed_runs_out(database, clock):
    first = acquire(database, clock, "crawl")
    clock.sleep(SECONDS - 1)
    first.renew()
    clock.sleep(SECONDS - 1)
    with pytest.raises(LeaseHeld):
        acquire(database, clock, "crawl")
    clock.sleep(2)
    second = acquire(database, clock, "crawl")
    with pytest.raises(LeaseLost, match=r"was lost to .*process"):
        first.renew()
    first.release()
    second.renew()
    second.release()
    with pytest.raises(LeaseLost, match="a process that has ended since"):
        first.renew()


def test_a_dead_holder_on_this_machine_is_replaced_at_once(database, clock):
    acquire(database, clock, "crawl")
    be_of(database, "crawl", process=DEAD)
    acquire(database, clock, "crawl")


def test_a_dead_holder_elsewhere_is_waited_for(database, clock):
    acquire(database, clock, "crawl")
    be_of(database, "crawl", process=DEAD, machine="another")
    with pytest.raises(LeaseHeld):
        acquire(database, clock, "crawl")


def test_a_block_holds_a_lease_and_gives_it_back_whatever_happens(database, clock):
    with pytest.raises(ZeroDivisionError), holding(database, clock, "crawl"):
        raise ZeroDivisionError
    with holding(database, clock, "crawl"), pytest.raises(LeaseHeld), holding(database, clock, "crawl"):
        pass


def test_several_leases_are_renewed_together_in_a_transaction_of_the_work(database, clock):
    held = Leases(database, clock)
    held.take("one")
    held.take("two")
    held.take("one")
    for _ in range(5):
        clock.sleep(SECONDS / 2)
        with database.writing() as connection:
            held.keep(connection)
    with pytest.raises(LeaseHeld):
        acquire(database, clock, "one")
    for _ in range(5):
        clock.sleep(SECONDS / 2)
        held.keep_waiting()
    with pytest.raises(LeaseHeld):
        acquire(database, clock, "two")
    held.release("one")
    acquire(database, clock, "one")
    held.release()
    acquire(database, clock, "two")


def test_a_lost_lease_ends_the_work_that_needs_it(database, clock):
    held = Leases(database, clock)
    held.take("one")
    clock.sleep(SECONDS + 1)
    acquire(database, clock, "one")
    with pytest.raises(LeaseLost), database.writing() as connection:
        held.keep(connection)
    held.release()
    with pytest.raises(LeaseHeld):
        acquire(database, clock, "one")


def test_renewing_is_not_done_more_often_than_needed(database, clock):
    held = Leases(database, clock)
    held.take("one")
    held.keep_waiting()
    be_of(database, "one", holder="somebody else")
    clock.sleep(1)
    held.keep_waiting()
    clock.sleep(SECONDS / 4)
    with pytest.raises(LeaseHeld):
        held.keep_waiting()


def test_two_who_come_at_the_same_moment_do_not_both_get_it(database, clock):
    """The second finds no row, as the first had not committed yet, and meets it when it writes its own."""
    first = Leases(database, clock)
    first.take("one")
    lease = Lease(database, clock, "one", first.holder)
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        connection.execute(
            sa.insert(leases).values(name="one", holder="x", machine="x", process=1, until=clock.now())
        )
    lease.renew()


def test_a_process_is_alive_until_it_ends():
    process = multiprocessing.get_context("spawn").Process(target=timedelta)
    process.start()
    number = process.pid
    assert number is not None
    process.join()
    assert not alive(number)
    assert alive(os.getpid())
    assert alive(1)
