"""How commands speak: a progress bar, tables, JSON, one clear line for whatever can be foreseen, a quiet end."""

import json
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from types import FrameType

import click
import sqlalchemy as sa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from config import logs
from config.database import PATIENT_SECONDS, Database, DatabaseError, advice, open_database
from config.settings import Settings, SettingsError, load
from config.site import ProfileError, SiteProfile, load_profile
from config.vocabulary import VocabularyError
from crawler.lease import LeaseHeld, LeaseLost
from crawler.progress import Progress, Report, silent

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
always_json = click.option(
    "--json", is_flag=True, expose_value=False, help="Changes nothing: it is always JSON that is printed."
)
_FORESEEN = (SettingsError, ProfileError, VocabularyError, DatabaseError)


@contextmanager
def told_plainly(*foreseen: type[Exception]) -> Iterator[None]:
    """Whatever can be foreseen ends the command with one line.

    That is what settings, disk and database may be short of, and the exceptions of the rooms a command works in.
    """
    kinds: tuple[type[Exception], ...] = (*_FORESEEN, *foreseen)
    try:
        yield
    except kinds as error:
        raise click.ClickException(str(error)) from error
    except LeaseLost as error:
        raise click.ClickException(str(error)) from error
    except LeaseHeld as error:
        then = "it goes on there" if error.goes_on else "ask again when that has ended"
        raise click.ClickException(f"{error}; {then}") from error
    except sa.exc.DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise click.ClickException(f"the database: {reason}{advice(reason)}") from error
    except OSError as error:
        said = f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")
        raise click.ClickException(said) from error


@contextmanager
def opening() -> Iterator[tuple[Settings, SiteProfile, Database]]:
    """What every command on stores begins with: settings, logs, the site's profile, the database."""
    settings = load()
    logs.configure(settings)
    profile = load_profile(settings.site)
    database = open_database(settings.database, busy=PATIENT_SECONDS)
    try:
        yield settings, profile, database
    finally:
        database.close()


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """The first SIGINT or SIGTERM calls `stop`, which ends the work well; the next one ends it at once."""

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        stop()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def shown(what: str) -> Iterator[Report]:
    """A progress bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, TextColumn("{task.fields[message]}"), console=console) as bar:
        task = bar.add_task(what, total=None, message="")

        def report(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total, message=progress.message)

        yield report


def print_table(names: Iterable[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of plain columns; nothing where there are no rows."""
    table = Table(*names, box=None)
    for row in rows:
        table.add_row(*(str(value) for value in row))
    if table.row_count:
        Console(width=None if sys.stdout.isatty() else 250).print(table)


def print_json(value: object) -> None:
    """One line of JSON; moments in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_text))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
