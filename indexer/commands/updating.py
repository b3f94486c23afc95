"""`update`, `rebuild` and `work`: what is archived becomes what is found."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass

import click

from config import logs
from config.settings import load
from crawler.archive import ArchiveError
from crawler.progress import Cancelled, Progress, Report
from crawler.terminal import as_json, print_json, shown, stopping, told_plainly
from indexer.engines import IndexBusy, IndexOutdated, IndexUnavailable
from indexer.jobs.opening import open_workshop
from indexer.jobs.store import Jobs
from indexer.jobs.tasks import Workshop
from indexer.jobs.waking import QueueError, open_queue
from indexer.jobs.worker import Worker
from indexer.pipeline.rebuilding import GenerationRefused, go_back, reread
from indexer.pipeline.rebuilding import rebuild as build_anew
from indexer.pipeline.rehearsing import Differences, rehearse
from indexer.pipeline.turns import bring_up_to_date

FORESEEN = (ArchiveError, IndexBusy, IndexOutdated, IndexUnavailable, GenerationRefused, QueueError)
Work = Callable[[Workshop, Report, threading.Event], None]

FOLLOW_SECONDS = 1.0
"""How often `update --follow` looks whether the archive has grown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a command says of the stores when it ends."""

    archived: int
    """Last number of the archive's change sequence; `recorded`: how far the record has come in it."""
    recorded: int
    articles: int
    indexed: int
    generation: str


@click.command()
@click.option("--follow", is_flag=True, help="Keep going: take in what is archived as it comes.")
@as_json
def update(*, follow: bool, as_json: bool) -> None:
    """Read new captures, record what they say, index it. Killed at any point, it goes on where it was."""

    def work(workshop: Workshop, report: Report, stopped: threading.Event) -> None:
        bring_up_to_date(workshop.stores, workshop.database, workshop.clock, report)
        while follow and not stopped.wait(FOLLOW_SECONDS):
            bring_up_to_date(workshop.stores, workshop.database, workshop.clock, report)

    _work("update", work, as_json=as_json)


@click.command()
@click.option("--from-archive", is_flag=True, help="Read every capture again first.")
@click.option("--dry-run", is_flag=True, help="Only tell what reading again would change; keep nothing of it.")
@click.option("--yes", is_flag=True, help="Do not ask whether to keep what reading again changes.")
@click.option(
    "--accept-fewer", is_flag=True, help="Even if it holds over 1 % fewer articles than what is searched."
)
@click.option("--back", is_flag=True, help="Go back to the generation that was searched before.")
@as_json
def rebuild(*, back: bool, as_json: bool, **chosen: bool) -> None:
    """Make a new generation of the index from the record, and search it once it is whole.

    With --from-archive, in a terminal, it first tells what reading every capture again would change, and asks.
    """
    if back and any(chosen.values()):
        raise click.UsageError("--back goes with no other option but --json")
    if (chosen["dry_run"] or chosen["yes"]) and not chosen["from_archive"]:
        raise click.UsageError("--dry-run and --yes go with --from-archive")
    asking = chosen["from_archive"] and not chosen["yes"] and sys.stdin.isatty() and not as_json
    if chosen["dry_run"] or asking:
        _rehearse(as_json=as_json)
        if chosen["dry_run"]:
            return
        click.confirm("Keep this, and search it?", abort=True, err=True)

    def work(workshop: Workshop, report: Report, stopped: threading.Event) -> None:  # noqa: ARG001
        stores, database, clock = workshop.stores, workshop.database, workshop.clock
        if back:
            go_back(stores, database, clock, report)
        else:
            make = reread if chosen["from_archive"] else build_anew
            make(stores, database, clock, report, accept_fewer=chosen["accept_fewer"])

    _work("rebuild", work, as_json=as_json)


def _rehearse(*, as_json: bool) -> None:
    """Print what reading every capture again would change."""
    found: list[Differences] = []

    def work(workshop: Workshop, report: Report, stopped: threading.Event) -> None:  # noqa: ARG001
        found.append(rehearse(workshop.stores, workshop.database, workshop.settings.data, report))

    with _at_work("rehearsal", work):
        if not found:
            raise click.Abort
        if as_json:
            print_json(asdict(found[0]))
        else:
            click.echo("\n".join(found[0].lines()))


@click.command()
def work() -> None:
    """Be the background worker: keep record and index up to date, do the jobs that are asked for."""
    with told_plainly(*FORESEEN):
        settings = load()
        logs.configure(settings)
        with open_workshop(settings) as workshop, open_queue(settings.queue) as queue:
            jobs = Jobs(workshop.database, workshop.clock, wake=_nobody)
            Worker(workshop, jobs, queue).work()


def _work(name: str, do: Work, *, as_json: bool) -> None:
    """Do the work of a command with its bar, until it is done or somebody stops it; say how far the stores are."""
    with _at_work(name, do) as workshop:
        _print(_told(workshop), as_json=as_json)


@contextmanager
def _at_work(name: str, do: Work) -> Iterator[Workshop]:
    """Do the work with its bar, until it is done or somebody stops it; then what the block says of it."""
    stopped = threading.Event()
    with told_plainly(*FORESEEN):
        settings = load()
        logs.configure(settings)
        with open_workshop(settings) as workshop:
            with stopping(stopped.set), shown(name) as bar:

                def report(progress: Progress) -> None:
                    bar(progress)
                    if stopped.is_set():
                        raise Cancelled

                with suppress(Cancelled):
                    do(workshop, report, stopped)
            yield workshop


def _told(workshop: Workshop) -> Told:
    stores = workshop.stores
    return Told(
        archived=stores.archive.last_sequence,
        recorded=stores.record.cursor,
        articles=stores.record.count(),
        indexed=stores.index.count(),
        generation=stores.index.generation,
    )


def _print(told: Told, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(told))
        return
    click.echo(
        f"{told.articles} articles recorded from {told.recorded} of {told.archived} captures; "
        f"{told.indexed} in generation {told.generation or '-'} of the index"
    )


def _nobody(job: int) -> None:
    """Wakes no worker: this is one."""
