"""`python -m tests.gates`: the replica's articles as documents for `python -m indexer evaluate --tune`."""

import json

import click

from tests.contract.replicated import replicated


@click.command()
@click.option("--articles", type=click.IntRange(min=1), default=1_200, show_default=True)
def main(articles: int) -> None:
    """Print one JSON object a line."""
    for document in replicated(articles):
        said = {
            "id": document.url,
            "title": document.title,
            "lead": document.lead,
            "text": document.body,
            "published": document.published and document.published.isoformat(),
            "issues": document.issues,
        }
        click.echo(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(prog_name="python -m tests.gates")
