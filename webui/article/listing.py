"""The list of an article's captures, a page of it, and the two that are chosen to be compared (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.record import History, Snapshot
from webui import pages
from webui.article.reading import Event, captures

ROWS = 100
"""Lines of a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturesPage:
    """One page of the list, the last captures first. `chosen` are the earlier one and the later one to compare."""

    events: tuple[Event, ...]
    chosen: Mapping[str, Snapshot]
    """By the names of their fields: `a`, `b`."""
    changes: bool
    """Whether only moments at which something changed are listed."""
    number: int
    last: int

    @property
    def elsewhere(self) -> Mapping[str, Snapshot]:
        """Of those chosen, the ones this page does not list."""
        here = {event.snapshot.stamp for event in self.events if event.snapshot}
        return {name: one for name, one in self.chosen.items() if one.stamp not in here}

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Of pages that are led to; none where there is but one."""
        return pages.numbers(self.number, self.last) if self.last > 1 else ()


def page(history: History, stamps: Mapping[str, str], wanted: int, *, changes: bool) -> CapturesPage:
    """The page nearest to the one `wanted`; where stamps of `a` and `b` name nothing the last two are chosen."""
    events = captures(history)
    if changes:
        events = tuple(one for one in events if one.snapshot is None or one.snapshot.begins_version)
    last = max(1, -(-len(events) // ROWS))
    number = min(max(wanted, 1), last)
    usual = {"a": history.snapshots[-2:][0], "b": history.snapshots[-1]}
    return CapturesPage(
        events=events[(number - 1) * ROWS : number * ROWS],
        chosen={name: history.snapshot(stamps.get(name, "")) or one for name, one in usual.items()},
        changes=changes,
        number=number,
        last=last,
    )
