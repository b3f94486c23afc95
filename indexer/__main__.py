"""`python -m indexer`: the commands that turn captures into something that can be found."""

import click

from indexer.commands.evaluate import evaluate
from indexer.commands.reading import extract, tag
from indexer.commands.search import search


@click.group()
def main() -> None:
    """Read captures, keep the record, index it, search it."""


for command in (extract, tag, search, evaluate):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m indexer")
