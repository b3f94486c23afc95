"""`python -m tests.replica`: serve the replica, write its ground truth, or measure how fast it answers."""

import asyncio
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.replica.bench import measure
from tests.replica.changes import Changes
from tests.replica.client import Replica
from tests.replica.control import HOST
from tests.replica.corpus import Corpus
from tests.replica.numbering import TooManyArticlesError
from tests.replica.options import DEFAULT_ARTICLES, DEFAULT_CRAWL_DELAY, DEFAULT_SEED, DEFAULT_SLOW, Options
from tests.replica.running import Endpoints, PortTakenError, Running
from tests.replica.traps import DEFAULT, TRAPS, Traps, UnknownTrapError
from tests.replica.truth import truths
from tests.replica.warc import write as write_warc


def _traps(_context: click.Context, _parameter: click.Parameter, value: str) -> Traps:
    try:
        return Traps.of(int(number) for number in value.split(",") if number.strip())
    except UnknownTrapError as error:
        raise click.BadParameter(str(error)) from error
    except ValueError as error:
        raise click.BadParameter("numbers separated by commas") from error


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter("a moment such as 2025-11-03T08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command(epilog="Traps: " + "; ".join(f"{number} {name}" for number, name in TRAPS.items()) + ".")
@click.option("--articles", type=click.IntRange(min=1), default=DEFAULT_ARTICLES, show_default=True)
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Another number makes another site.")
@click.option(
    "--traps",
    callback=_traps,
    default=",".join(map(str, sorted(DEFAULT))),
    help="Those to set; 14 makes crawlers wait.",
)
@click.option("--light", is_flag=True, help="Pages of 6 KB instead of 55 KB.")
@click.option("--crawl-delay", default=DEFAULT_CRAWL_DELAY, show_default=True, help="What robots.txt asks for.")
@click.option("--latency", default=0.0, show_default=True, help="Seconds before each answer is sent.")
@click.option("--slow", default=DEFAULT_SLOW, show_default=True, help="Seconds the slow page of trap 14 takes.")
@click.option("--now", callback=_moment, help="The moment (UTC) the server's clock starts from.")
@click.option("--unconditional", is_flag=True, help="Never answer 304.")
@click.option("--port", default=8091, show_default=True, help="For http and the proxy; 0 takes a free one.")
@click.option("--tls-port", default=0, help="For https; a free one if not given.")
@click.option(
    "--folder", type=click.Path(path_type=Path), help="For the certificates; a temporary one if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as one line of JSON.")
@click.option(
    "--until-input-ends", is_flag=True, help="Stop when standard input does, for programs that start it."
)
@click.option(
    "--truth", type=click.File("w", encoding="utf-8", lazy=True), help="Write the ground truth there and stop."
)
@click.option(
    "--warc", type=click.Path(path_type=Path), help="Write the corpus into this folder as WARC files and stop."
)
@click.option("--bench", is_flag=True, help="Print how many pages a second one process answers, and stop.")
def main(**chosen: Any) -> None:
    """Serve a replica of mic.gov.vn and its sisters on loopback, until Ctrl-C."""
    options = _options(chosen)
    try:
        if chosen["truth"] is not None:
            for line in truths(Corpus(options), Changes()):
                chosen["truth"].write(line.to_json() + "\n")
        elif chosen["warc"] is not None:
            for path in write_warc(Corpus(options), chosen["warc"]):
                click.echo(path)
        elif chosen["bench"]:
            with Replica.of(options) as replica:
                click.echo(measure(replica))
        else:
            asyncio.run(_serve(options, chosen))
    except (TooManyArticlesError, PortTakenError) as error:
        raise click.ClickException(str(error)) from error


def _options(chosen: Mapping[str, Any]) -> Options:
    shared = os.environ.get("SHARED_DATA")
    same = ("articles", "seed", "traps", "light", "crawl_delay", "latency", "slow", "now")
    return Options(
        **{name: chosen[name] for name in same},
        conditional=not chosen["unconditional"],
        shared_data=Path(shared) if shared else None,
    )


async def _serve(options: Options, chosen: Mapping[str, Any]) -> None:
    """Serve until a signal or the end of standard input; certificates go in a passing folder if none was named."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    # Who asks for the endless page leaves in the middle of it, of which asyncio would warn.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if chosen["until_input_ends"]:
        loop.add_reader(sys.stdin, _watch, loop, stop)
    with tempfile.TemporaryDirectory(prefix="replica-") as temporary:
        running = Running(options)
        folder = chosen["folder"] or Path(temporary)
        endpoints = await running.start(folder, port=chosen["port"], tls_port=chosen["tls_port"])
        click.echo(endpoints.to_json() if chosen["as_json"] else _advice(options, endpoints))
        sys.stdout.flush()
        await running.serve(stop)


def _watch(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Whoever started this process has closed its input, or is gone."""
    if not os.read(sys.stdin.fileno(), 1_024):
        loop.remove_reader(sys.stdin)
        stop.set()


def _advice(options: Options, endpoints: Endpoints) -> str:
    return (
        f"{options.articles} articles on http port {endpoints.port} and https port {endpoints.tls_port}; "
        "Ctrl-C ends.\n"
        "For the crawler:\n"
        f"  export MIC_HOST_MAP={endpoints.host_map}\n"
        f"  export MIC_CRAWL_CA={endpoints.ca_file}\n"
        "For others, with that authority:\n"
        f"  http_proxy={endpoints.proxy_url} https_proxy={endpoints.proxy_url}\n"
        f"What was asked for: curl -H 'Host: {HOST}' {endpoints.proxy_url}/log"
    )


if __name__ == "__main__":
    main()
