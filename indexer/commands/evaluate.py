"""`python -m indexer evaluate`: how well the search page finds, over any documents and queries, or the gates."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from config import logs
from config.settings import Settings, load
from config.vocabulary import load_vocabulary
from crawler.terminal import always_json, print_json, told_plainly
from indexer.engines import IndexUnavailable
from indexer.evaluate import BadInput, evaluation, read_documents, read_queries
from indexer.evaluate.collection import Collection, read_collection
from indexer.evaluate.gates import gates
from indexer.evaluate.grid import OF_ARTICLES, OF_TEXTS, Tried, grid, points
from indexer.evaluate.known import known_items
from indexer.query.language import QueryTooLong
from indexer.query.lexicon import Lexicon

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option(
    "--documents", type=_FILE, help='JSON Lines: {"id","title","text"}, also {"lead","published","issues"}.'
)
@click.option("--queries", type=_FILE, help='JSON Lines: {"query","relevant":[ids]}.')
@click.option("--engine", type=click.Choice(["embedded", "elastic"]), help="Instead of the one in the settings.")
@click.option("--baseline", is_flag=True, help="Also plainer rankings in the same index.")
@click.option(
    "--gate", is_flag=True, help="The project's own gates on public texts; ends with 1 if one is missed."
)
@click.option(
    "--tune",
    is_flag=True,
    help="Other weights and rules on the tuning half, one JSON object a line: on public texts, or on --documents "
    "with queries made of their titles, leads and numbers.",
)
@click.option("--every", type=click.IntRange(1), default=1, help="Of the gates: ask one query of so many.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SHARED_DATA",
    help="Folder of the public texts (xquad.vi.json, ict_laws, resolutions2025), else in SHARED_DATA.",
)
@always_json
def evaluate(*, engine: str | None, gate: bool, tune: bool, data: Path | None, every: int, **files: Any) -> None:
    """Index documents in a scratch index, ask the queries as the search page would, print the scores."""
    with told_plainly(BadInput, IndexUnavailable, QueryTooLong):
        settings = load()
        logs.configure(settings)
        chosen = settings.model_copy(update={"engine": engine}) if engine else settings
        if not (gate or tune):
            _score(chosen, **files)
        elif tune and files["documents"]:
            lexicon = Lexicon.of(load_vocabulary())
            _tune(chosen, lexicon, known_items(read_documents(files["documents"]), lexicon), OF_ARTICLES)
        elif data is None:
            raise BadInput(
                "--gate and --tune need the folder of the public texts: --data (--tune does with --documents, too)"
            )
        elif tune:
            _tune(chosen, Lexicon.of(load_vocabulary()), read_collection(data), OF_TEXTS)
        else:
            _gate(chosen, data, every)


def _score(settings: Settings, documents: Path | None, queries: Path | None, *, baseline: bool) -> None:
    if documents is None or queries is None:
        raise BadInput("--documents and --queries are needed, or --gate")
    judged = read_queries(queries)
    with evaluation(settings, Lexicon.of(load_vocabulary()), read_documents(documents)) as ready:
        page = ready.page(judged)
        others = ready.baselines(judged) if baseline else {}
    said: dict[str, object] = {"engine": settings.engine, **page.as_json()}
    if baseline:
        said["baseline"] = {name: scores.as_json() for name, scores in others.items()}
    print_json(said)


def _gate(settings: Settings, data: Path, every: int) -> None:
    collection = read_collection(data)
    with evaluation(settings, Lexicon.of(load_vocabulary()), collection.documents) as ready:
        found = gates(ready, collection, every)
    kept = all(gate.kept for gate in found)
    print_json({"engine": settings.engine, "kept": kept, "gates": [gate.as_json() for gate in found]})
    if not kept:
        sys.exit(1)


def _tune(settings: Settings, lexicon: Lexicon, collection: Collection, tried: Sequence[Tried]) -> None:
    """Print each point as soon as it is measured."""
    of = points(tried)
    for number, point in enumerate(grid(settings, lexicon, collection, tried), 1):
        print_json({"point": f"{number}/{of}", **point.as_json()})
