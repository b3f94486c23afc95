"""The commands that keep the archive: what comes in from elsewhere, what goes out."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from config.settings import Settings
from config.site import SiteProfile
from crawler.address import Addresses, Key, KeyFormatError
from crawler.archive import Archive, ArchiveError, ArchiveState, open_archive
from crawler.clock import SystemClock
from crawler.exporting import Exporter, ExportError
from crawler.fetch import FetcherError
from crawler.importing import Imported, Importer
from crawler.importing.asking import ServerError
from crawler.importing.cdx import CdxError, read_timestamp
from crawler.importing.harvest import Harvest, Wish
from crawler.importing.servers import Source, Span
from crawler.progress import Progress
from crawler.terminal import as_json, opening, print_json, print_table, shown, told_plainly


class _Timestamp(click.ParamType[str]):
    """A year, month or day, or more: 2019, 2019-05, 20190506070809."""

    name = "DATE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        digits = "".join(filter(str.isalnum, value))
        try:
            if value:
                read_timestamp(digits)
        except CdxError:
            self.fail(f"{value}: a date as 2019, 2019-05, 2019-05-06 or 20190506070809", param, ctx)
        return digits


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--cdx", type=click.Choice(["cc", "ia"]), help="Bring captures from Common Crawl or web.archive.org."
)
@click.option("--from", "begin", type=_Timestamp(), default="", help="Of this date or later, such as 2019-05.")
@click.option("--to", "end", type=_Timestamp(), default="", help="Of this date or earlier.")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch so many captures at most.")
@click.option("--every", is_flag=True, help="Also captures whose payload is known, from another moment.")
@click.option("--dry-run", is_flag=True, help="Count what the index has, and what is new. Fetches no capture.")
@as_json
def import_(files: Sequence[Path], *, cdx: Source | None, as_json: bool, **chosen: Any) -> None:
    """Copy the site's answers out of WARC, ARC or WACZ files, or from public archives, into the archive.

    A CDX or CDXJ file stands for those records of WARC files in its folder that it lists. Ends with 1 if something
    could not be read.
    """
    if bool(files) == bool(cdx):
        raise click.UsageError("either files or --cdx")
    if not cdx and any(chosen.values()):
        raise click.UsageError("--from, --to, --limit, --every and --dry-run go with --cdx")
    if cdx:
        _harvest(cdx, as_json=as_json, **chosen)
    else:
        _import_files(files, as_json=as_json)


def _import_files(files: Sequence[Path], *, as_json: bool) -> None:
    with _archive() as (settings, _, addresses, archive), shown("import") as report:
        outcomes = Importer(settings, addresses, archive).copy_all(files, report)
    for outcome in outcomes:
        _print_imported(outcome, as_json=as_json)
    if any(outcome.problems for outcome in outcomes):
        raise SystemExit(1)


def _harvest(source: Source, *, as_json: bool, begin: str, end: str, dry_run: bool, **more: Any) -> None:
    wish = Wish(source=source, span=Span(begin=begin, end=end), **more)
    with (
        told_plainly(ArchiveError, ServerError, FetcherError),
        opening() as (settings, profile, database),
        closing(open_archive(settings, database, Addresses(profile), SystemClock())) as archive,
        shown("import") as report,
    ):
        harvest = Harvest(settings, profile, database, archive, SystemClock())
        harvested = harvest.count(wish, report) if dry_run else harvest.bring(wish, report)
    if as_json:
        print_json(asdict(harvested))
        return
    counts = [list(asdict(count).values()) for count in harvested.counts]
    print_table(["host", "year", "kind", "new", "known", "same payload"], counts)
    names = ("found", "foreign", "broken", "fetched", "copied", "doubtful", "failed")
    click.echo(", ".join(f"{getattr(harvested, name):,} {name}" for name in names))
    for problem in harvested.problems:
        click.echo(f"  {problem}")


@click.command()
@click.argument("key", required=False)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.wacz")
@click.option("--without", metavar="KEY", multiple=True, help="Leave this article out; may be given again.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@as_json
def export(key: str | None, *, output: Path, without: Sequence[str], force: bool, as_json: bool) -> None:
    """Write a WACZ of the whole archive, or of the article KEY with its files and what it needs to look right."""
    if output.exists() and not force:
        raise click.ClickException(f"{output}: is there already; --force writes over it")
    with _archive(ExportError, KeyFormatError) as (_, profile, addresses, archive), shown("export") as report:
        exporter = Exporter(profile, addresses, archive)
        left_out = [Key.parse(one) for one in without]
        exported = exporter.export(output, Key.parse(key) if key else None, without=left_out, report=report)
    if as_json:
        print_json(asdict(exported))
    else:
        size = f"{exported.bytes:,} bytes"
        click.echo(f"{exported.file}: {exported.captures:,} captures, {exported.pages:,} pages, {size}")


@click.command()
@click.option(
    "--upload", is_flag=True, help="Close what nobody writes, and move all full files to object storage."
)
@click.option(
    "--give-up", metavar="NAME", help="Call a file damaged that is lost, so that readers go on without it."
)
@as_json
def archive(*, upload: bool, give_up: str | None, as_json: bool) -> None:
    """Say how the archive's files are: how many in each state, what waits to be uploaded, and why."""
    with _archive() as (_, _, _, opened):
        if give_up and not opened.give_up(give_up):
            raise click.ClickException(f"{give_up}: no file of the archive that is not stored")
        failed = {}
        if upload:
            with shown("upload") as report:
                failed = opened.upload(lambda name: report(Progress(message=name))).failed
        _print_state(opened.state(), as_json=as_json)
        if failed:
            raise click.ClickException(next(iter(failed.values())))


@contextmanager
def _archive(*foreseen: type[Exception]) -> Iterator[tuple[Settings, SiteProfile, Addresses, Archive]]:
    with told_plainly(ArchiveError, *foreseen), opening() as (settings, profile, database):
        addresses = Addresses(profile)
        archive = open_archive(settings, database, addresses, SystemClock())
        try:
            yield settings, profile, addresses, archive
        finally:
            archive.close()


def _print_imported(imported: Imported, *, as_json: bool) -> None:
    told = asdict(imported)
    if as_json:
        print_json(told)
        return
    file, problems = told.pop("file"), told.pop("problems")
    always = ("copied", "known", "foreign")
    counts = ", ".join(f"{count:,} {name}" for name, count in told.items() if count or name in always)
    click.echo(f"{file}: {counts}")
    for problem in problems:
        click.echo(f"  {problem}")


def _print_state(state: ArchiveState, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(state) | {"problem": state.problem})
        return
    click.echo(f"{state.place}: {state.captures:,} captures")
    print_table(
        ("state", "files", "bytes"),
        [(name, count, f"{state.bytes[name]:,}") for name, count in state.files.items()],
    )
    rows = [
        (one.name, one.state, f"{one.size:,}", "here" if one.is_here else "not here", one.error)
        for one in state.unfinished
    ]
    print_table(("file", "state", "bytes", "where", "why it is not stored"), rows)
