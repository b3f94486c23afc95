"""`python -m indexer search`: the search page's answer in the terminal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from config import logs
from config.settings import load
from config.vocabulary import load_vocabulary
from crawler.address import Key
from crawler.terminal import as_json, told_plainly
from indexer.engines import IndexOutdated, IndexUnavailable
from indexer.engines.opening import open_index
from indexer.query.language import QueryTooLong
from indexer.query.lexicon import Lexicon
from indexer.query.request import FACETS, SORTS, Facet, SearchRequest
from indexer.query.results import Because, Hit, Marked, SearchResults, Why

SHOWN = 8
"""Values of a facet that are printed."""

_DAY = click.DateTime(["%Y-%m-%d"])
_FACETS: dict[str, Facet] = {facet: facet for facet in FACETS}


@click.command()
@click.argument("query", default="")
@click.option(
    "--filter", "filters", multiple=True, metavar="FACET=VALUE", help=f"{', '.join(FACETS)}; may be repeated."
)
@click.option("--since", type=_DAY, help="First day of publication.")
@click.option("--until", type=_DAY, help="Last day of publication.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True)
@click.option("--page", type=click.IntRange(1), default=1)
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--after", default="", metavar="CURSOR", help="Go on behind an earlier answer.")
@click.option("--explain", is_flag=True, help="Say why each hit is where it is.")
@click.option("--reprints", is_flag=True, help="List reprints beside their leader.")
@as_json
def search(*, as_json: bool, explain: bool, **options: Any) -> None:
    """Search the index and print what the search page would show."""
    with told_plainly(IndexOutdated, IndexUnavailable, QueryTooLong):
        results, why = _answer(_request(**options), explained=explain)
    if as_json:
        said = _without_tree(results)
        for hit, because in zip(said["hits"], why, strict=False):
            hit["because"] = [asdict(reason) for reason in because]
        click.echo(json.dumps(_plain(said), ensure_ascii=False, indent=1))
    else:
        _print(results, why)


def _request(
    *,
    filters: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    **rest: Any,
) -> SearchRequest:
    chosen: dict[Facet, tuple[str, ...]] = {}
    for pair in filters:
        name, _, value = pair.partition("=")
        if name not in _FACETS or not value:
            raise click.BadParameter(f"{pair!r} is not FACET=VALUE with one of {', '.join(FACETS)}")
        facet = _FACETS[name]
        chosen[facet] = (*chosen.get(facet, ()), value)
    return SearchRequest(
        filters=tuple(chosen.items()),
        since=since.date() if since else None,
        until=until.date() if until else None,
        **rest,
    )


def _answer(request: SearchRequest, *, explained: bool) -> tuple[SearchResults, list[tuple[Because, ...]]]:
    """The results and, of each hit, why it is there."""
    settings = load()
    logs.configure(settings)
    index = open_index(settings, Lexicon.of(load_vocabulary()))
    try:
        results = index.search(request)
        because = {one.hit.key: one.because for one in index.explain(request)} if explained else {}
        return results, [because.get(hit.key, ()) for hit in results.hits] if explained else []
    finally:
        index.close()


def _without_tree(results: SearchResults) -> dict[str, Any]:
    said = asdict(results)
    del said["understood"]
    return said


def _plain(value: Any) -> Any:
    """Dataclasses made dicts, made what JSON knows: keys and dates as text."""
    match value:
        case {"family": family, "kind": kind, "id": identifier}:
            return str(Key(family=family, kind=kind, id=identifier))
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return value.isoformat()


def _print(results: SearchResults, why: Sequence[tuple[Because, ...]]) -> None:
    console = Console(highlight=False)
    matched = {"everything": "every article", "strict": "all words", "near": "nearly all words"}[results.mode]
    console.print(f"{results.total:,} articles ({matched}, {results.took_ms:.0f} ms)")
    if results.partial:
        console.print("a part of the engine did not answer: there may be more")
    if results.read_as:
        console.print(f"read as the words: {results.read_as}")
    for number, hit in enumerate(results.hits):
        _print_hit(console, hit)
        if why:
            console.print(Text(_worded(why[number]), style="italic"))
    for counts in results.facets:
        values = [f"{value.value} {value.count:,}" for value in counts.values[:SHOWN]]
        if values:
            console.print(Text(f"{counts.facet}: {', '.join(values)}", style="dim"))
    if results.next:
        console.print(Text(f"next: --after {results.next}", style="dim"))


_WORDS: Mapping[Why, str] = {
    "number issued": "it issues the document of this number",
    "number cited": "it names the document of this number",
    "all words": "it holds all words, which others do not",
    "exact title": "its title is what was asked for, word for word",
    "as typed": "it holds the words with the marks that were typed",
    "title words": "words and word pairs in the title",
    "lead words": "words and word pairs in the lead",
    "body words": "words and word pairs in the text",
    "attachment words": "words and word pairs in attachments",
    "title phrase": "the words follow each other in the title",
    "abbreviation": "it holds the other form of an abbreviation",
    "slip": "it holds what a slip of the fingers may have meant",
    "recent": "it was published in the last years of the archive",
}


def _worded(because: tuple[Because, ...]) -> str:
    """Every reason, what adds most first."""
    if not because:
        return "in the order of publication"
    return "because " + "; ".join(f"{_WORDS[reason.why]} (+{reason.adds:,.2f})" for reason in because)


def _print_hit(console: Console, hit: Hit) -> None:
    day = hit.published.isoformat() if hit.published else "no date"
    console.print()
    console.print(_marked(hit.title, "bold"))
    console.print(
        Text(
            " · ".join(filter(None, (str(hit.key), day, _state(hit), hit.category, *hit.provinces_then))),
            style="dim",
        )
    )
    for snippet in hit.snippets:
        console.print(_marked(snippet, ""))


def _state(hit: Hit) -> str:
    if hit.withdrawn_at:
        return f"withdrawn since {hit.withdrawn_at:%Y-%m-%d}"
    return "" if hit.status == "current" else hit.status


def _marked(marked: Marked, style: str) -> Text:
    text = Text(marked.text, style=style)
    for start, end in marked.marks:
        text.stylize("bold underline", start, end)
    return text
