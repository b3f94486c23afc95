"""The web interface's commands: serve it, look after its accounts, bring its translations up to date."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from config.logs import configure
from config.settings import Settings, load
from crawler.archive import ArchiveError
from crawler.terminal import told_plainly
from indexer.jobs.waking import QueueError
from webui import catalogue, create_app
from webui.accounts.account import ROLES, RoleName
from webui.accounts.audit import COMMAND_LINE, AuditLog
from webui.accounts.forms import SHORTEST_PASSWORD
from webui.accounts.register import AccountError, one_time_password
from webui.accounts.security import hashed, register
from webui.protection import SecretError
from webui.services import Services, open_services
from webui.serving import ServingError
from webui.serving import serve as serve_until_stopped

FORESEEN = (AccountError, ArchiveError, QueueError, SecretError, ServingError)


@click.group()
def main() -> None:
    """The web interface over the archive."""


@main.command()
@click.option("--host", help="Address to listen on (MIC_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 for a free one (MIC_PORT).")
@click.option("--with-worker", is_flag=True, help="Start a background worker, too: for one machine.")
def serve(host: str | None, port: int | None, *, with_worker: bool) -> None:
    """Serve the web interface until Ctrl-C."""
    with told_plainly(*FORESEEN):
        chosen = {"host": host, "port": port}
        settings = load().model_copy(update={name: value for name, value in chosen.items() if value is not None})
        configure(settings)
        serve_until_stopped(settings, with_worker=with_worker)


@main.group()
def user() -> None:
    """Accounts: searching needs none, looking after the archive does."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the account may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(name: str, role: RoleName, *, password_stdin: bool) -> None:
    """Make an account; prints a one-time password unless one is given."""
    with told_plainly(*FORESEEN), _application() as services:
        password = _given() if password_stdin else one_time_password()
        account = register().add(
            name, role, hashed(password), one_time=not password_stdin, now=services.clock.now()
        )
        _audit(services).note(COMMAND_LINE, "account made", f"{account.name} ({role})")
        click.echo(f"Account {account.name} ({role}) made.")
        if not password_stdin:
            click.echo(f"One-time password: {password}")


@user.command("list")
def list_users() -> None:
    """List the accounts."""
    with told_plainly(*FORESEEN), _application():
        for account in register().all():
            seen = f"{account.seen_at:%Y-%m-%d %H:%M} UTC" if account.seen_at else "never logged in"
            note = "  one-time password" if account.one_time else ""
            click.echo(f"{account.name}  {account.role}  {seen}{note}")


@user.command("reset")
@click.argument("name")
def reset_user(name: str) -> None:
    """Give an account a new one-time password and end its sessions."""
    with told_plainly(*FORESEEN), _application() as services:
        password = one_time_password()
        account = register().reset(name, hashed(password))
        _audit(services).note(COMMAND_LINE, "password reset", account.name)
        click.echo(f"One-time password of {account.name}: {password}")


@main.command()
def translations() -> None:
    """Bring the Vietnamese catalogue up to date with the code (for whoever changes a sentence)."""
    waiting = catalogue.update("vi")
    click.echo(f"webui/translations/vi.po: {waiting} sentences wait for a translation")


@contextmanager
def _application() -> Iterator[Services]:
    """An application for its register of accounts and its way to hash passwords."""
    settings: Settings = load()
    configure(settings)
    with open_services(settings) as services, create_app(settings, services).app_context():
        yield services


def _audit(services: Services) -> AuditLog:
    return AuditLog(services.database, services.clock)


def _given() -> str:
    password = sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"a password has at least {SHORTEST_PASSWORD} characters")
    return password


if __name__ == "__main__":
    main(prog_name="python -m webui")
