"""`python -m indexer`: the commands that turn captures into something that can be found."""

import click

from indexer.commands.evaluate import evaluate
from indexer.commands.explain import explain
from indexer.commands.reading import extract, tag
from indexer.commands.search import search
from indexer.commands.updating import rebuild, update, work


@click.group()
def main() -> None:
    """Read captures, keep the record, index it, search it."""


for command in (update, rebuild, work, search, explain, evaluate, extract, tag):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m indexer")
