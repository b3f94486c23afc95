"""`python -m indexer evaluate`: how well the search page finds, over any documents and queries."""

from pathlib import Path

import click

from config import logs
from config.settings import load
from config.vocabulary import load_vocabulary
from crawler.terminal import always_json, print_json, told_plainly
from indexer.engines import IndexUnavailable
from indexer.evaluate import BadInput, evaluation, read_documents, read_queries
from indexer.query.language import QueryTooLong
from indexer.query.lexicon import Lexicon

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--documents", type=_FILE, required=True, help='JSON Lines: {"id","title","text"}.')
@click.option("--queries", type=_FILE, required=True, help='JSON Lines: {"query","relevant":[ids]}.')
@click.option("--engine", type=click.Choice(["embedded", "elastic"]), help="Instead of the one in the settings.")
@click.option("--baseline", is_flag=True, help="Also plain syllables and folded syllables in the same index.")
@always_json
def evaluate(documents: Path, queries: Path, engine: str | None, *, baseline: bool) -> None:
    """Index documents in a scratch index, ask the queries as the search page would, print the scores."""
    with told_plainly(BadInput, IndexUnavailable, QueryTooLong):
        settings = load()
        logs.configure(settings)
        chosen = settings.model_copy(update={"engine": engine}) if engine else settings
        judged = read_queries(queries)
        with evaluation(chosen, Lexicon.of(load_vocabulary()), read_documents(documents)) as ready:
            page = ready.page(judged)
            others = ready.baselines(judged) if baseline else {}
    said: dict[str, object] = {"engine": chosen.engine, **page.as_json()}
    if baseline:
        said["baseline"] = {name: scores.as_json() for name, scores in others.items()}
    print_json(said)
