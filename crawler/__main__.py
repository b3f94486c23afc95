"""`python -m crawler`: crawl, fetch, address, import, ledger."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any, get_args

import click

from config.settings import load
from config.site import Kind, load_profile
from crawler import ledger as ledgers
from crawler.address import Addresses
from crawler.archive import ArchiveError
from crawler.archive_commands import archive, export, import_
from crawler.clock import SystemClock
from crawler.crawl import DryRun, Standing, Summary, open_crawl
from crawler.fetch import FetcherError
from crawler.terminal import as_json, opening, print_json, print_table, shown, stopping, told_plainly

KINDS = click.Choice([kind for kind in get_args(Kind) if kind != "refused"])


@click.group()
def main() -> None:
    """Crawl a site into the archive. What can be set is in docs/settings.md."""


@main.command()
@click.option("--limit", type=click.IntRange(min=1), help="End after so many requests.")
@click.option("--only", type=KINDS, multiple=True, help="Only addresses of this kind; may be given again.")
@click.option("--fresh", is_flag=True, help="Feeds and first pages of lists only, and what they newly show.")
@click.option("--due", is_flag=True, help="Only what is due by its own schedule; lists are not asked anew.")
@click.option(
    "--walk", is_flag=True, help="Try the numbers that no list reaches, slowly, where the last walk ended."
)
@click.option("--again", is_flag=True, help="Also what is not due yet; with --walk, from the beginning.")
@click.option("--dry-run", is_flag=True, help="Show what would be fetched, and what not and why. Asks no server.")
@as_json
def crawl(**chosen: Any) -> None:
    """Crawl the site: what is due is fetched, archived and followed. Run again, it goes on where it was."""
    only, limit = chosen["only"], chosen["limit"]
    _refuse_what_does_not_go_together(chosen)
    with (
        told_plainly(ArchiveError, FetcherError),
        opening() as (settings, profile, database),
        open_crawl(settings, profile, database) as crawl,
    ):
        if chosen["dry_run"]:
            _print_dry_run(crawl.dry_run(only=only, limit=limit), as_json=chosen["as_json"])
            return
        with stopping(crawl.stop), shown("crawl") as report:
            if chosen["fresh"]:
                summary = crawl.fresh(report)
            elif chosen["due"]:
                summary = crawl.revisit(report)
            elif chosen["walk"]:
                summary = crawl.walk(limit=limit, again=chosen["again"], report=report)
            else:
                summary = crawl.run(only=only, limit=limit, again=chosen["again"], report=report)
        _print_summary(summary, as_json=chosen["as_json"])


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@as_json
def fetch(urls: Sequence[str], *, as_json: bool) -> None:
    """Fetch these addresses now, whether they are due or not."""
    with (
        told_plainly(ArchiveError, FetcherError),
        opening() as (settings, profile, database),
        open_crawl(settings, profile, database) as crawl,
    ):
        with stopping(crawl.stop), shown("fetch") as report:
            found = crawl.fetch(urls, report)
        for one in found:
            if as_json:
                print_json(asdict(one))
            else:
                click.echo(f"{one.status or '-'}  {one.url}  {one.why}".rstrip())


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@as_json
def address(urls: Sequence[str], *, as_json: bool) -> None:
    """Say what addresses mean: kind, key, canonical form, and whether they may be asked for."""
    with told_plainly(ArchiveError, FetcherError):
        addresses = Addresses(load_profile(load().site))
        for url in urls:
            read = addresses.read(url)
            told = {
                "url": url,
                "canonical": read.canonical,
                "family": read.family,
                "kind": read.kind,
                "key": str(read.key) if read.key else None,
                "allowed": read.allowed,
                "why": read.why,
            }
            if as_json:
                print_json(told)
                continue
            more = {"rule": read.rule, **{f"  {name}": value for name, value in read.parts.items()}}
            lines = (f"{name:<10} {value}" for name, value in (told | more).items() if value not in ("", None))
            click.echo("\n".join(lines))


@main.command()
@click.option("--days", type=click.IntRange(min=1, max=400), default=7, show_default=True)
@as_json
def ledger(days: int, *, as_json: bool) -> None:
    """Count what was decided, per day, host, decision and reason."""
    with told_plainly(ArchiveError, FetcherError), opening() as (_, _, database):
        lines = ledgers.read(database, SystemClock().now().date() - timedelta(days=days - 1))
    if as_json:
        for line in lines:
            print_json(asdict(line))
    else:
        print_table(
            [field.name for field in fields(ledgers.Line)], [list(asdict(line).values()) for line in lines]
        )


def _refuse_what_does_not_go_together(chosen: dict[str, Any]) -> None:
    allowed = {"fresh": (), "due": (), "walk": ("limit", "again")}
    modes = [mode for mode in allowed if chosen[mode]]
    if len(modes) > 1:
        raise click.UsageError(f"--{modes[0]} does not go with --{modes[1]}")
    for mode in modes:
        for other in {"only", "limit", "again", "dry_run"} - set(allowed[mode]):
            if chosen[other]:
                raise click.UsageError(f"--{mode} does not go with --{other.replace('_', '-')}")


main.add_command(import_)
main.add_command(export)
main.add_command(archive)


# ---- printing ------------------------------------------------------------------------------------------------


def _print_summary(summary: Summary, *, as_json: bool) -> None:
    counts = asdict(summary)
    notes = counts.pop("notes")
    if as_json:
        print_json(counts | {"notes": notes})
        return
    for note in notes:
        click.echo(f"note: {note}")
    told = {name.replace("_", " "): count for name, count in counts.items() if count or name == "fetched"}
    told["seconds"] = round(summary.seconds, 1)
    click.echo(", ".join(f"{count} {name}" for name, count in told.items()))


def _print_dry_run(dry: DryRun, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(dry))
        return
    rows = [[one.decision, one.server, one.kind, one.url, one.why] for one in dry.planned]
    print_table(["decision", "server", "kind", "address", "why"], rows)
    rows = [list(asdict(count).values()) for count in dry.counts]
    print_table(["server", "kind", "known", "due", "new", "failing"], rows)
    rows = [[one.host, one.reason, str(one.count)] for one in dry.refused]
    print_table(["host", "refused in the last 30 days because", "times"], rows)
    print_table(_SERVER, [_server(one) for one in dry.servers])


_SERVER = ["server", "seconds between requests", "requests today", "quiet hours", "time zone", "left alone until"]


def _server(one: Standing) -> list[str]:
    requests = f"{one.requests} of {one.budget}" if one.budget is not None else str(one.requests)
    until = f"{one.rest.until:%Y-%m-%d %H:%M:%S} UTC ({one.rest.why})" if one.rest else "-"
    return [one.server, f"{one.delay:g}", requests, one.quiet_hours or "-", one.time_zone, until]


if __name__ == "__main__":
    main(prog_name="python -m crawler")
