"""Leases in SQL: at most one holder of a name at a time, across processes and machines."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.database import Database
from crawler.clock import Clock
from crawler.tables import leases

SECONDS = 60
"""How long a lease lasts without being renewed: a killed holder is replaced after that."""


class LeaseHeld(Exception):  # noqa: N818 - the normal answer to coming second
    """Somebody else holds the lease; `holder` says who, as `name@machine, process 123`."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"{name} is held by {holder}")
        self.name = name
        self.holder = holder
        self.goes_on = True
        """Whether the holder does what was asked for."""


class LeaseLost(LeaseHeld):
    """A lease of this process ran out and somebody else had it since, or has it still."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(name, holder)
        self.args = (f"{name} was lost to {holder}: this process was not heard of for over {SECONDS} s",)


@dataclass(frozen=True, slots=True)
class Holder:
    """One process that may hold leases."""

    name: str
    machine: str
    process: int


def this_process() -> Holder:
    """This process, under a name that people understand and that no other process has."""
    machine, process = socket.gethostname(), os.getpid()
    return Holder(f"{machine}, process {process} ({secrets.token_hex(3)})", machine, process)


@dataclass(frozen=True, slots=True)
class Lease:
    """A name held by this process until it is given back or not renewed in time."""

    database: Database
    clock: Clock
    name: str
    holder: Holder

    def renew(self) -> None:
        """Hold on for another SECONDS. Raises LeaseLost when it was lost meanwhile."""
        with self.database.writing() as connection:
            self.renew_in(connection)

    def renew_in(self, connection: Connection) -> None:
        """The same inside a transaction that is open already."""
        mine = sa.and_(leases.c.name == self.name, leases.c.holder == self.holder.name)
        renewed = connection.execute(sa.update(leases).where(mine).values(until=self._until()))
        if renewed.rowcount == 0:
            present = connection.scalar(sa.select(leases.c.holder).where(leases.c.name == self.name))
            raise LeaseLost(self.name, present or "a process that has ended since")

    def take_in(self, connection: Connection) -> bool:
        """Take it inside a transaction. Raises LeaseHeld when it is another's and not yet over.

        Returns whether it was taken over from a holder who is gone without having given it back.
        """
        values = {
            "holder": self.holder.name,
            "machine": self.holder.machine,
            "process": self.holder.process,
            "until": self._until(),
        }
        present = connection.execute(
            sa.select(leases).where(leases.c.name == self.name).with_for_update()
        ).one_or_none()
        if present is None:
            connection.execute(sa.insert(leases).values(name=self.name, **values))
        elif present.holder == self.holder.name or self._is_over(present):
            connection.execute(sa.update(leases).where(leases.c.name == self.name).values(**values))
        else:
            raise LeaseHeld(self.name, present.holder)
        return present is not None and present.holder != self.holder.name

    def take(self) -> bool:
        """The same in a transaction of its own."""
        try:
            with self.database.writing() as connection:
                return self.take_in(connection)
        except sa.exc.IntegrityError:  # two came first at the same moment; one of them is there now
            with self.database.writing() as connection:
                return self.take_in(connection)

    def release(self) -> None:
        """Give it back; nothing happens if it was lost already."""
        mine = sa.and_(leases.c.name == self.name, leases.c.holder == self.holder.name)
        with self.database.writing() as connection:
            connection.execute(sa.delete(leases).where(mine))

    def _until(self) -> datetime:
        return self.clock.now() + timedelta(seconds=SECONDS)

    def _is_over(self, present: sa.Row[tuple[object, ...]]) -> bool:
        dead = present.machine == self.holder.machine and not alive(present.process)
        return dead or present.until < self.clock.now()


class Leases:
    """The leases one piece of work holds, under one holder's name."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.holder = this_process()
        self._database = database
        self._clock = clock
        self._held: dict[str, Lease] = {}
        self._renew_at = clock.now()

    def take(self, name: str) -> bool:
        """Hold a name from now on. Raises LeaseHeld when it is another's and not yet over.

        Returns whether it was taken over from a holder who is gone without having given it back.
        """
        if name in self._held:
            return False
        lease = Lease(self._database, self._clock, name, self.holder)
        is_inherited = lease.take()
        self._held[name] = lease
        return is_inherited

    def take_in(self, connection: Connection, name: str) -> None:
        """The same for a name nobody can have yet, in the transaction that makes what it stands for."""
        lease = Lease(self._database, self._clock, name, self.holder)
        lease.take_in(connection)
        self._held[name] = lease

    def keep(self, connection: Connection) -> None:
        """Renew all of them where due, inside a transaction of the work. Raises LeaseLost if one was lost."""
        if self._held and self._clock.now() >= self._renew_at:
            for lease in self._held.values():
                lease.renew_in(connection)
            self._renew_at = self._clock.now() + timedelta(seconds=SECONDS / 4)

    def keep_waiting(self) -> None:
        """Renew all of them where due, while the work writes nothing. Raises LeaseLost if one was lost."""
        if self._held and self._clock.now() >= self._renew_at:
            with self._database.writing() as connection:
                self.keep(connection)

    def release(self, *names: str) -> None:
        """Give names back; all of them if none is given."""
        for name in names or tuple(self._held):
            lease = self._held.pop(name, None)
            if lease:
                lease.release()


def acquire(database: Database, clock: Clock, name: str, holder: Holder | None = None) -> Lease:
    """Take a lease. Raises LeaseHeld when it is another's and not yet over."""
    lease = Lease(database=database, clock=clock, name=name, holder=holder or this_process())
    lease.take()
    return lease


@contextmanager
def holding(database: Database, clock: Clock, name: str) -> Iterator[Lease]:
    """Hold a lease for the length of a block. Raises LeaseHeld."""
    lease = acquire(database, clock, name)
    try:
        yield lease
    finally:
        lease.release()


def alive(process: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
