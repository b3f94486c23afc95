"""`python -m tests.replica.coverage`: crawl a replica with the real crawler, and say what it missed."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from config.database import Database, open_database
from config.settings import Settings
from config.site import SiteProfile, Walk, load_profile
from crawler.address import Addresses
from crawler.crawl import open_crawl
from crawler.tables import aliases, captures, ledger
from tests.replica.client import Replica
from tests.replica.traps import DEFAULT, Traps
from tests.replica.truth import Truth

_PAGES = ("article", "print", "document")
_GOOD = range(200, 300)
_COUNT = sa.func.sum(ledger.c.count)
_REFUSED = (
    sa.select(ledger.c.reason, _COUNT)
    .where(ledger.c.decision.in_(("refused", "skipped")))
    .group_by(ledger.c.reason)
    .order_by(_COUNT.desc(), ledger.c.reason)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What a crawl brought of all that there is."""

    articles: int
    """That exist; of these `reachable` from lists, other articles or sitemaps."""
    reachable: int
    archived: int
    """Of the reachable ones."""
    missing: tuple[str, ...]
    """Keys of the reachable ones that were not archived."""
    numbers: int
    """Articles that nothing but their number leads to; those of them that were archived; those whose numbers
    are moments, which no walk of the profile tries."""
    numbers_archived: int
    numbers_untried: int
    copies: int
    """Copies at the successor's of articles the old hosts have too, and those of them that were archived."""
    copies_archived: int
    files: int
    """Files the reachable articles offer, and those of them that were archived."""
    files_archived: int
    requests: int
    fruitless: Mapping[str, int]
    """Requests that brought no article, by what they were for."""
    repeated: tuple[str, ...]
    """Articles that one family of hosts was asked for again though it had given them."""
    refused: Mapping[str, int]
    """How often addresses were found that are left alone, by reason."""
    noted: int
    """Further addresses of what was archived, known and not asked for."""
    duplicates: int
    """Bodies that are stored more than once."""
    touched: tuple[str, ...]
    """Requests for what must never be fetched, for what robots.txt forbids, for other hosts."""
    disallowed: tuple[str, ...]
    strayed: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """The share of requests that brought no article."""
        return sum(self.fruitless.values()) / max(self.requests, 1)

    def told(self) -> str:
        """For people, a line for each."""
        fruitless = ", ".join(f"{count} {what}" for what, count in self.fruitless.items())
        lines = {
            "articles": f"{self.archived} of {self.reachable} that can be found ({self.articles} exist)",
            "missing": " ".join(self.missing[:10]) or "none",
            "by number only": f"{self.numbers_archived} of {self.numbers}; {self.numbers_untried} no walk tries",
            "successor's copies": f"{self.copies_archived} of {self.copies}",
            "files": f"{self.files_archived} of {self.files}",
            "requests": f"{self.requests}; without an article {self.ratio:.1%}: {fruitless}",
            "asked for again": " ".join(self.repeated[:10]) or "none",
            "left alone": ", ".join(f"{count} × {why}" for why, count in self.refused.items()),
            "noted, not fetched": f"{self.noted} further addresses of what was archived",
            "stored twice": f"{self.duplicates} bodies",
            "never to be fetched": f"{len(self.touched)} requests",
            "forbidden by robots": f"{len(self.disallowed)} requests",
            "out of the site": f"{len(self.strayed)} requests",
        }
        return "\n".join(f"{name:<20} {value}" for name, value in lines.items())

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self) | {"ratio": round(self.ratio, 4)})


def crawled(replica: Replica, data: Path, **more: Any) -> Settings:
    """Crawl a replica into a folder until nothing is due. Returns the settings that were used."""
    settings = Settings.model_validate(
        {"data": data, "host_map": replica.host_map, "crawl_ca": replica.ca_file, "crawl_delay": 0} | more
    )
    database = open_database(settings.database)
    try:
        with open_crawl(settings, load_profile("mic"), database) as crawl:
            crawl.run()
    finally:
        database.close()
    return settings


def walked(replica: Replica, settings: Settings) -> None:
    """Walk along the numbers around those that nothing else leads to: what whole walks would come by some day."""
    profile = load_profile(settings.site)
    walks = tuple(_narrow(profile, [one.key for one in replica.truth() if one.reach == "number"]))
    database = open_database(settings.database)
    try:
        with open_crawl(settings, profile.model_copy(update={"walks": walks}), database) as crawl:
            crawl.walk()
            crawl.run()
    finally:
        database.close()


def _narrow(profile: SiteProfile, keys: Iterable[str]) -> Iterator[Walk]:
    """A walk of five numbers for each key that one of the profile's walks comes by."""
    read = Addresses(profile).read
    for key in keys:
        number = int(key.rpartition(":")[2])
        for walk in profile.walks:
            if walk.first <= number <= walk.last and str(read(walk.at(number)).key) == key:
                near = {"first": number - 2, "last": number + 2, "gap": 0, "share": 1.0}
                yield walk.model_copy(update={"name": f"{walk.name} {number}"} | near)


def measured(replica: Replica, settings: Settings) -> Coverage:
    """What the archive of these settings holds of the replica as it is now, and what the replica was asked for."""
    database = open_database(settings.database)
    try:
        with database.reading() as connection:
            rows = list(connection.execute(sa.select(captures)))
            refused = {reason: int(count) for reason, count in connection.execute(_REFUSED)}
        return _compared(replica, rows, refused, _noted(database, {row.url for row in rows}))
    finally:
        database.close()


def _compared(replica: Replica, rows: list[Any], refused: Mapping[str, int], noted: int) -> Coverage:
    known = {one.key: one for one in replica.truth()}
    reads = Addresses(load_profile("mic"))
    held = Counter((row.key, reads.read(row.url).server) for row in rows if _holds_article(row, known))
    keys = {key for key, _ in held}
    reachable = [one for one in known.values() if one.reach != "number" and not one.gone]
    numbers = [key for key, one in known.items() if one.reach == "number"]
    copies = [one.key for one in known.values() if _is_copied(one)]
    files = {file.address for one in reachable for file in one.attachments}
    log = replica.log()
    return Coverage(
        articles=len(known),
        reachable=len(reachable),
        archived=sum(one.key in keys for one in reachable),
        missing=tuple(one.key for one in reachable if one.key not in keys),
        numbers=len(numbers),
        numbers_archived=sum(key in keys for key in numbers),
        numbers_untried=len(numbers) - len(list(_narrow(load_profile("mic"), numbers))),
        copies=len(copies),
        copies_archived=sum((key, "mst") in held for key in copies),
        files=len(files),
        files_archived=len(files & {reads.read(row.url).url for row in rows if row.status in _GOOD}),
        requests=len(rows),
        fruitless=dict(
            Counter(_purpose(row, known) for row in rows if not _holds_article(row, known)).most_common()
        ),
        repeated=tuple(f"{key}@{server}" for (key, server), count in held.items() if count > 1),
        refused=refused,
        noted=noted,
        duplicates=_stored_twice(rows),
        touched=tuple(log["touched"]),
        disallowed=tuple(log["disallowed"]),
        strayed=tuple(log["strayed"]),
    )


def _is_copied(one: Truth) -> bool:
    return (
        one.reach != "number"
        and not one.key.startswith("mst:")
        and any("mst.gov.vn" in url for url in one.addresses)
    )


def _holds_article(row: Any, known: Mapping[str, Truth]) -> bool:
    is_whole = row.status in _GOOD and not row.truncated
    return is_whole and row.kind in _PAGES and row.key in known and not known[row.key].gone


def _purpose(row: Any, known: Mapping[str, Truth]) -> str:
    """What a request that brought no article was for, or what came of it."""
    if row.url.endswith("/robots.txt"):
        return "robots.txt"
    if row.status in range(300, 400):
        return "redirects"
    if row.status not in _GOOD:
        return "failures" if row.status == 0 or row.status >= 500 or row.status in (403, 429) else "gone"
    if row.truncated:
        return "cut short"
    if row.kind in _PAGES:
        return "gone" if row.key not in known or known[row.key].gone else "articles"
    return {
        "attachment": "files",
        "asset": "pictures and styles",
        "list": "lists",
        "feed": "feeds",
        "sitemap": "sitemaps",
    }.get(row.kind, "other pages")


def _noted(database: Database, fetched: Iterable[str]) -> int:
    with database.reading() as connection:
        return len(set(connection.scalars(sa.select(aliases.c.url))) - set(fetched))


def _stored_twice(rows: Iterable[Any]) -> int:
    """Whole bodies that are stored under more than one capture, where a revisit would have done."""
    whole = [
        row.payload_digest for row in rows if row.payload_size and row.revisit_of is None and not row.truncated
    ]
    return len(whole) - len(set(whole))


def _numbers(_context: click.Context, _parameter: click.Parameter, value: str) -> Iterator[int] | Any:
    return Traps.of(int(number) for number in value.split(",")).numbers


@click.command()
@click.option("--articles", type=click.IntRange(min=1), default=600, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--traps", callback=_numbers, default=",".join(map(str, sorted(DEFAULT))), help="Those to set.")
@click.option("--crawl-delay", default=0.0, show_default=True, help="What robots.txt asks for.")
@click.option("--slow", default=1.0, show_default=True, help="Seconds the slow page of trap 14 takes.")
@click.option("--walk", is_flag=True, help="Also try the numbers around those that nothing else leads to.")
@click.option("--json", "as_json", is_flag=True)
def main(*, walk: bool, as_json: bool, **chosen: Any) -> None:
    """Crawl a replica with the real crawler and print what was archived, and what was asked for in vain."""
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder, Replica(light=True, **chosen) as replica:
        settings = crawled(replica, Path(folder))
        if walk:
            walked(replica, settings)
        found = measured(replica, settings)
    click.echo(found.to_json() if as_json else found.told())


if __name__ == "__main__":
    main()
