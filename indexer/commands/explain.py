"""`explain`: where each field of an article comes from, and why that was believed."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from crawler.address import Key, KeyFormatError
from crawler.terminal import as_json, opening, print_json, told_plainly
from indexer.record import Explained, Record
from indexer.record.explaining import Origin

_SHOWN = 300


@click.command()
@click.argument("key")
@as_json
def explain(*, key: str, as_json: bool) -> None:
    """Tell of each field of an article which page, list, feed or correction it was taken from, and why.

    KEY is the article's key, such as mic:144805.
    """
    try:
        wanted = Key.parse(key)
    except KeyFormatError as error:
        raise click.BadParameter(str(error), param_hint="KEY") from error
    with told_plainly(), opening() as (_, profile, database):
        record = Record(database, profile.withdrawal)
        found, group = record.explain(wanted), record.group(wanted)
    if not found:
        raise click.ClickException(f"there is no article {wanted}")
    leader = str(group.leader.key) if group.leader else None
    reprints = [str(one.key) for one in group.reprints]
    if as_json:
        fields = [asdict(one) for one in found]
        print_json({"key": str(wanted), "fields": fields, "reprint_of": leader, "reprints": reprints})
        return
    for field in found:
        click.echo("\n".join(_lines(field)))
    if leader:
        click.echo(f"reprint of: {leader}")
    if reprints:
        click.echo(f"reprints: {', '.join(reprints)}")


def _lines(field: Explained) -> Iterator[str]:
    yield f"{field.field}: {_short(field.value) or '–'}"
    yield f"    {f'{_said(field.origin)}; ' if field.origin else ''}{field.why}"
    for other in field.others:
        yield f"    not “{_short(other.value)}”: {other.why}; {_said(other.origin)}"


def _said(origin: Origin) -> str:
    if origin.kind == "correction":
        return f"corrected by {origin.source} on {origin.at:%Y-%m-%d}"
    words = [origin.kind, origin.template, origin.url]
    words += [f"capture {origin.capture}", f"{origin.at:%Y-%m-%d %H:%M}" if origin.at else ""]
    words += [f"from {origin.source}" if origin.source else ""]
    return " ".join(filter(None, words))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}… ({len(line)} characters)"
