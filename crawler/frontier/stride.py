"""How a walk along numbers goes on: one by one, in longer steps across gaps, back where it met something."""

from dataclasses import dataclass, replace

from config.site import Walk


@dataclass(frozen=True, kw_only=True, slots=True)
class Stride:
    """How far a walk has come, in steps from the end it began at."""

    next: int = 0
    settled: int = 0
    """What lies before this step need not be looked at again; from here to `next` was passed over."""
    closely: int = 0
    """Up to this step every number is tried: there is something."""
    missing: int = 0
    """Numbers in a row that led nowhere."""
    asked: int = 0
    found: int = 0

    def number(self, walk: Walk) -> int:
        """The number that comes next. The walk must not be at its end."""
        return walk.first + self.next if walk.direction == "up" else walk.last - self.next

    def is_over(self, walk: Walk) -> bool:
        """Whether every number has been tried, or passed over for good."""
        return self.settled >= walk.numbers

    def met(self) -> "Stride":
        """There is something at `next`: what was passed over just before it is tried after all."""
        if self.next > self.settled:
            return replace(self, next=self.settled, closely=self.next, missing=0)
        return replace(self, next=self.next + 1, settled=self.next + 1, missing=0)

    def missed(self, walk: Walk, count: int = 1) -> "Stride":
        """There is nothing at `next`, or (`count` 0) one cannot tell.

        Once enough in a row led nowhere, the next step is a longer one.
        """
        missing, settled = self.missing + count, self.next + 1
        step = walk.step if walk.gap and missing >= walk.gap and settled > self.closely else 1
        onward = min(settled + step - 1, max(walk.numbers - 1, settled))
        return replace(self, next=onward, settled=settled, missing=missing)

    def counted(self, *, found: bool) -> "Stride":
        """One more number was asked for."""
        return replace(self, asked=self.asked + 1, found=self.found + found)
