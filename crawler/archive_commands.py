"""The commands that keep the archive: what comes in from elsewhere, what goes out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from config.settings import Settings
from config.site import SiteProfile
from crawler.address import Addresses, Key, KeyFormatError
from crawler.archive import Archive, ArchiveError, ArchiveState, open_archive
from crawler.clock import SystemClock
from crawler.exporting import Exporter, ExportError
from crawler.importing import Imported, Importer
from crawler.progress import Progress
from crawler.terminal import as_json, opening, print_json, print_table, shown, told_plainly


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(files: Sequence[Path], *, as_json: bool) -> None:
    """Copy the site's answers out of WARC, ARC or WACZ files into the archive.

    A CDX or CDXJ stands for those of its WARC files, in the same folder, that it lists.
    """
    with _archive() as (settings, _, addresses, archive), shown("import") as report:
        outcomes = Importer(settings, addresses, archive).copy_all(files, report)
    for outcome in outcomes:
        _print_imported(outcome, as_json=as_json)


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
