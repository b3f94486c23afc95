"""The commands that keep the archive: what comes in from elsewhere, what goes out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from config.settings import Settings
from crawler.address import Addresses
from crawler.archive import Archive, ArchiveError, open_archive
from crawler.clock import SystemClock
from crawler.importing import Imported, Importer
from crawler.terminal import as_json, opening, print_json, shown, told_plainly


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(files: Sequence[Path], *, as_json: bool) -> None:
    """Copy the site's answers out of WARC, ARC or WACZ files into the archive.

    A CDX or CDXJ stands for those of its WARC files, in the same folder, that it lists.
    """
    with _archive() as (settings, addresses, archive), shown("import") as report:
        outcomes = Importer(settings, addresses, archive).copy_all(files, report)
    for outcome in outcomes:
        _print_imported(outcome, as_json=as_json)


@contextmanager
def _archive() -> Iterator[tuple[Settings, Addresses, Archive]]:
    with told_plainly(ArchiveError), opening() as (settings, profile, database):
        addresses = Addresses(profile)
        archive = open_archive(settings, database, addresses, SystemClock())
        try:
            yield settings, addresses, archive
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
