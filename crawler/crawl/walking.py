"""Walks along numbers: the next one not known of is tried; what it leads to is kept, the rest forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.site import Walk
from crawler.address import Address
from crawler.crawl.plan import Rooms
from crawler.frontier import Found, Outcome, Task
from crawler.frontier.recording import leads_nowhere
from crawler.frontier.stride import Stride
from crawler.frontier.task import WALK
from crawler.page import Capture
from crawler.tables import walks

AT_ONCE = 200
"""Numbers looked up together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WalkProgress:
    """How far a walk has come between its ends."""

    name: str
    first: int
    last: int
    number: int | None
    """That is tried next, None at the end."""
    asked: int
    found: int

    def __str__(self) -> str:
        where = "at its end" if self.number is None else f"at {self.number}"
        return f"walk {self.name} ({self.first}-{self.last}): {where}, {self.asked} asked, {self.found} found"


class Walker:
    """The walks of a profile. Their state is in SQL; whoever holds a server's lease moves it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._walks: dict[str, list[Walk]] = {}
        for walk in rooms.profile.walks:
            server = rooms.addresses.read(walk.at(walk.first)).server
            self._walks.setdefault(server or "", []).append(walk)
        self._tried: dict[str, Walk] = {}
        """Identities that were taken into the frontier and have not been answered."""

    def next_task(self, server: str) -> Task | None:
        """What is to be tried next on a server, None where nothing is for now."""
        tried = self._rooms.frontier.take_tried(server)
        if tried is not None:
            self._remember(server, tried)
            return tried
        for walk in self._walks.get(server, ()):
            address = self._go_on(walk)
            if address is not None:
                return self._take_in(walk, address)
        return None

    def goes_on(self, server: str) -> bool:
        """Whether anything is left to be tried on a server now."""
        left = any(not self._stride(walk).is_over(walk) for walk in self._walks.get(server, ()))
        return (left and not self._waits(server)) or self._rooms.frontier.take_tried(server) is not None

    def share(self, server: str) -> float:
        """Share of the server's pace that is taken."""
        return min((walk.share for walk in self._walks.get(server, ())), default=1.0)

    def left(self) -> int:
        """Numbers that may still be tried, all walks together."""
        every = (walk for some in self._walks.values() for walk in some)
        return sum(max(0, walk.numbers - self._stride(walk).settled) for walk in every)

    def begin_again(self) -> None:
        """Begin all walks anew; what is known by now is passed over."""
        with self._rooms.database.writing() as connection:
            connection.execute(sa.delete(walks))

    def learn(self, connection: Connection, outcomes: Sequence[tuple[Outcome, Capture]]) -> None:
        """Told what came of tasks, in the transaction that records it."""
        for outcome, _ in outcomes:
            walk = self._tried.get(outcome.task.identity)
            if outcome.task.priority != WALK or walk is None or outcome.moved_to:
                continue
            del self._tried[outcome.task.identity]
            found = outcome.verdict in ("fetched", "unchanged")
            stride = self._stride_in(connection, walk).counted(found=found)
            onward = stride.met() if found else stride.missed(walk, int(leads_nowhere(outcome)))
            self._save(connection, walk, onward)

    def progress(self) -> list[WalkProgress]:
        """How far each walk has come."""
        return [self._progress(walk) for some in self._walks.values() for walk in some]

    # ---- going on --------------------------------------------------------------------------------------------

    def _go_on(self, walk: Walk) -> Address | None:
        """The next number nothing is known of; None at the end, or while the one before waits for its answer."""
        began = stride = self._stride(walk)
        unknown: Address | None = None
        while unknown is None and not stride.is_over(walk):
            window = [self._address(walk, one) for one in _ahead(walk, stride)]
            known = self._rooms.frontier.ids({address.identity for address in window})
            if window[0].identity in self._tried:
                return None
            unknown = next((address for address in window if address.identity not in known), None)
            for _ in range(window.index(unknown) if unknown else len(window)):
                stride = stride.met()
        if stride != began:
            with self._rooms.database.writing() as connection:
                self._save(connection, walk, stride)
        return unknown

    def _take_in(self, walk: Walk, address: Address) -> Task | None:
        found = Found(address=address, found_on=f"walk {walk.name}", priority=WALK)
        with self._rooms.database.writing() as connection:
            self._rooms.frontier.add(connection, [found])
        self._tried[address.identity] = walk
        return self._rooms.frontier.task(address.identity)

    def _remember(self, server: str, task: Task) -> None:
        """Know again what was tried before this process began."""
        for walk in self._walks.get(server, ()):
            stride = self._stride(walk)
            if not stride.is_over(walk) and self._address(walk, stride).identity == task.identity:
                self._tried[task.identity] = walk

    def _waits(self, server: str) -> bool:
        return any(identity.endswith(f"@{server}") for identity in self._tried)

    def _address(self, walk: Walk, stride: Stride) -> Address:
        return self._rooms.addresses.read(walk.at(stride.number(walk)))

    # ---- state -----------------------------------------------------------------------------------------------

    def _stride(self, walk: Walk) -> Stride:
        with self._rooms.database.reading() as connection:
            return self._stride_in(connection, walk)

    def _stride_in(self, connection: Connection, walk: Walk) -> Stride:
        row = connection.execute(sa.select(walks).where(walks.c.name == walk.name)).mappings().one_or_none()
        return Stride(**{name: row[name] for name in Stride.__dataclass_fields__}) if row else Stride()

    def _save(self, connection: Connection, walk: Walk, stride: Stride) -> None:
        values = {**asdict(stride), "changed_at": self._rooms.clock.now()}
        changed = connection.execute(sa.update(walks).where(walks.c.name == walk.name).values(**values))
        if changed.rowcount == 0:
            connection.execute(sa.insert(walks).values(name=walk.name, **values))

    def _progress(self, walk: Walk) -> WalkProgress:
        stride = self._stride(walk)
        return WalkProgress(
            name=walk.name,
            first=walk.first,
            last=walk.last,
            number=None if stride.is_over(walk) else stride.number(walk),
            asked=stride.asked,
            found=stride.found,
        )


def _ahead(walk: Walk, stride: Stride) -> list[Stride]:
    """The next steps, as long as each is met by something."""
    steps: list[Stride] = []
    while len(steps) < AT_ONCE and not stride.is_over(walk):
        steps.append(stride)
        stride = stride.met()
    return steps
