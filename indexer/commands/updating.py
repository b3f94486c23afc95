"""`update`, `rebuild` and `work`: what is archived becomes what is found."""

import threading
from collections.abc import Callable
from contextlib import suppress
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
from indexer.pipeline import read_again
from indexer.pipeline.rebuilding import GenerationRefused, go_back
from indexer.pipeline.rebuilding import rebuild as build_anew
from indexer.pipeline.turns import UPDATE, bring_up_to_date, turn

FORESEEN = (ArchiveError, IndexBusy, IndexOutdated, IndexUnavailable, GenerationRefused, QueueError)
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
@click.option(
    "--accept-fewer", is_flag=True, help="Even if it holds over 1 % fewer articles than what is searched."
)
@click.option("--back", is_flag=True, help="Go back to the generation that was searched before.")
@as_json
def rebuild(*, from_archive: bool, accept_fewer: bool, back: bool, as_json: bool) -> None:
    """Make a new generation of the index from the record, and search it once it is whole."""
    if back and (from_archive or accept_fewer):
        raise click.UsageError("--back goes with neither --from-archive nor --accept-fewer")

    def work(workshop: Workshop, report: Report, stopped: threading.Event) -> None:  # noqa: ARG001
        stores, database, clock = workshop.stores, workshop.database, workshop.clock
        if back:
            go_back(stores, database, clock, report)
            return
        if from_archive:
            with turn(database, clock, UPDATE, report, patient=True) as telling:
                read_again(stores, telling)
        build_anew(stores, database, clock, report, accept_fewer=accept_fewer)

    _work("rebuild", work, as_json=as_json)


@click.command()
def work() -> None:
    """Be the background worker: keep record and index up to date, do the jobs that are asked for."""
    with told_plainly(*FORESEEN):
        settings = load()
        logs.configure(settings)
        with open_workshop(settings) as workshop, open_queue(settings.queue) as queue:
            jobs = Jobs(workshop.database, workshop.clock, wake=_nobody)
            Worker(workshop, jobs, queue).work()


def _work(name: str, do: Callable[[Workshop, Report, threading.Event], None], *, as_json: bool) -> None:
    """Do the work of a command with its bar, until it is done or somebody stops it; say how far the stores are."""
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
            _print(_told(workshop), as_json=as_json)


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
