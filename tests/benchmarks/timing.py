"""Figures that other work on the machine disturbs little: contestants take turns, medians count."""

import random
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from statistics import median
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Measured = TypeVar("Measured")


def interleaved(contestants: Mapping[Name, Callable[[], Measured]], rounds: int) -> dict[Name, list[Measured]]:
    """What each gave in each round. In every round all have one turn, in another order each time.

    Orders are mixed, not rotated: on a busy machine, who follows one that waits for a server is interrupted less.
    """
    names, chance = list(contestants), random.Random(rounds)
    found: dict[Name, list[Measured]] = {name: [] for name in names}
    for _ in range(rounds):
        chance.shuffle(names)
        for name in names:
            found[name].append(contestants[name]())
    return found


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def per_second(work: Callable[[], object], limit: float) -> float:
    """How often a piece of work is done a second, over at least `limit` seconds."""
    done, began = 0, time.perf_counter()
    while True:
        work()
        done += 1
        if (spent := time.perf_counter() - began) >= limit:
            return done / spent


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def typical(rounds: Sequence[Sequence[float]], figure: Callable[[Sequence[float]], float]) -> float:
    """The median over the rounds of a figure made of each round's values."""
    return median(figure(values) for values in rounds)
