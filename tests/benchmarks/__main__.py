"""`make bench`: every comparison in one run, its tables side by side, or those named."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from config.settings import PREFIX
from tests.benchmarks import (
    browsing,
    crawling,
    exporting,
    reading,
    rebuilding,
    searching,
    serving,
    suggesting,
    updating,
)
from tests.benchmarks.bench import CRAWLED, FED, Bench, open_bench
from tests.benchmarks.machine import Machine, machine
from tests.benchmarks.table import Table, as_json, as_text
from tests.services import elasticsearch
from tests.services.server import ServiceError
from tests.serving import ServingError

ROUNDS = 5
COMPARISONS: dict[str, Callable[[Bench], Iterable[Table]]] = {
    "crawling": crawling.measure,
    "reading": reading.measure,
    "updating": updating.measure,
    "rebuilding": rebuilding.measure,
    "searching": searching.measure,
    "serving": serving.measure,
    "suggesting": suggesting.measure,
    "exporting": exporting.measure,
    "browsing": browsing.measure,
}
"""In the order they run."""


@click.command()
@click.argument("names", nargs=-1, metavar="[COMPARISON]…", type=click.Choice(list(COMPARISONS)))
@click.option(
    "--articles", type=click.IntRange(min=1), envvar="BENCH_N",
    help=f"How many (BENCH_N). Else {CRAWLED:,} of pages, {' and '.join(f'{n:,}' for n in FED)} of a record.",
)  # fmt: skip
@click.option(
    "--rounds", type=click.IntRange(min=1), envvar="BENCH_ROUNDS", default=ROUNDS, show_default=True,
    help="How often all take turns; more are steadier (BENCH_ROUNDS).",
)  # fmt: skip
@click.option("--without", multiple=True, type=click.Choice(["elasticsearch"]), help="Leave a service out.")
@click.option("--json", "written", is_flag=True, help="Print everything as JSON.")
def main(
    names: tuple[str, ...], articles: int | None, rounds: int, without: tuple[str, ...], *, written: bool
) -> None:
    """Measure speed beside what one would use instead. Takes some minutes; other work on the machine shows."""
    began, load = time.monotonic(), os.getloadavg()[0]
    for variable in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[variable]  # whoever measures has settings of their own, which are not those of a new user
    with_elasticsearch = "elasticsearch" not in without
    if with_elasticsearch and (problem := elasticsearch.missing()):
        raise click.ClickException(f"missing: {problem}; or leave it out: make bench WITHOUT=elasticsearch")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="mic-bench-") as folder,
            open_bench(Path(folder), articles, rounds, with_elasticsearch=with_elasticsearch) as bench,
        ):
            _print(bench, machine(bench.servers, load), names or tuple(COMPARISONS), written=written)
    except (ServiceError, ServingError) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"{time.monotonic() - began:.0f} s in all", err=True)


def _print(bench: Bench, measured_on: Machine, names: Sequence[str], *, written: bool) -> None:
    """Each table as soon as it is there, or all of them as JSON at the end."""
    if not written:
        click.echo(
            f"{measured_on}\nmedians of rounds in which all take turns; a ratio is ours divided by the other"
        )
    told: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        for table in COMPARISONS[name](bench):
            told.setdefault(name, []).append(as_json(table))
            if not written:
                click.echo(f"\n{as_text(table)}")
    if written:
        click.echo(
            json.dumps(
                {
                    "machine": asdict(measured_on),
                    "articles": bench.articles,
                    "rounds": bench.rounds,
                    "tables": told,
                }
            )
        )


if __name__ == "__main__":
    main(prog_name="python -m tests.benchmarks")
