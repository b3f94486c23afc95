"""The provinces of a result as a map of equal tiles: each a link, shaded by its count (the template draws)."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from config.vocabulary import load_vocabulary
from indexer.query.request import SearchRequest
from indexer.query.results import SearchResults
from webui.search import steps

Places = Literal["then", "today"]

SHADES = 4
"""Steps of shade above none."""
_FULL = 20
"""Articles that the darkest stands for at least: where each province has one or two, none stands out."""
_TILES = Path(__file__).with_name("tiles.csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a province stands, rows and columns from 1, and the letters there is room for."""

    province: str
    region: str
    short: str
    row: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """One province of a result."""

    place: Place
    count: int
    url: str
    """The search with this province chosen, or taken off; '' where there is nothing to find."""
    chosen: bool
    shade: int
    """From 0, where no article is, to SHADES."""
    in_region: bool
    """Whether it belongs to a region that is chosen."""


def draw(results: SearchResults, places: Places, link: Callable[[SearchRequest], str]) -> tuple[Tile, ...]:
    """All provinces, from north to south; none where no article of the result names one."""
    values = {value.value: value for value in results.facet(places).values}
    most = max((_FULL, *(value.count for value in values.values())))
    if not values:
        return ()
    regions = results.request.values("region" if places == "then" else "region_today")
    tiles = []
    for place in tiling()[places]:
        value = values.get(place.province)
        count = value.count if value else 0
        chosen = value is not None and value.chosen
        url = link(steps.toggled(results.request, places, place.province)) if count or chosen else ""
        tiles.append(
            Tile(
                place=place,
                count=count,
                url=url,
                chosen=chosen,
                shade=shade(count, most),
                in_region=place.region in regions,
            )
        )
    return tuple(tiles)


def shade(count: int, most: int) -> int:
    """By the square root: a province with a few articles is told from one with none beside a large one."""
    return min(SHADES, 1 + int((count / most) ** 0.5 * SHADES)) if count else 0


@cache
def tiling() -> Mapping[Places, tuple[Place, ...]]:
    """The places of the 63 provinces and of the 34."""
    with _TILES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    provinces = load_vocabulary().provinces
    region = {
        "then": {one.name: one.region for one in provinces},
        "today": {one.today: one.today_region for one in provinces},
    }
    return {
        name: tuple(
            Place(
                province=row["province"],
                region=region[name][row["province"]],
                short=row["short"],
                row=int(row["row"]),
                column=int(row["column"]),
            )
            for row in rows
            if row["map"] == name
        )
        for name in ("then", "today")
    }
