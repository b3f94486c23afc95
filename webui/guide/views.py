"""The guide's addresses."""

from dataclasses import replace

from flask import Blueprint, render_template

from indexer.language.collation import collation_key
from indexer.query.request import SearchRequest
from webui import addresses, asking
from webui.guide.coverage import coverage
from webui.search import chart
from webui.services import services

guide = Blueprint("guide", __name__)


@guide.get("/coverage")
def covered() -> str:
    """What is in the archive."""
    found = asking.complete(SearchRequest(sort="newest", size=1, reprints=True))
    everything = replace(found, request=found.request.whole())
    return render_template(
        "guide/coverage.html",
        covered=coverage(everything, addresses.search) if found.total else None,
        chart=chart.draw(everything, addresses.search),
    )


@guide.get("/provinces")
def provinces() -> str:
    """What a province means before and after July 2025."""
    words = services().vocabulary
    today: dict[str, list[str]] = {}
    regions: dict[str, str] = {}
    for one in words.provinces:
        today.setdefault(one.today, []).append(one.name)
        regions[one.today] = one.today_region
    rows = [
        (name, sorted(today[name], key=collation_key), regions[name]) for name in sorted(today, key=collation_key)
    ]
    return render_template("guide/provinces.html", rows=rows)
