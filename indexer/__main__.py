"""`python -m indexer`: from captures to what can be found."""

import click

from indexer.commands.reading import extract, tag


@click.group()
def main() -> None:
    """Turn captures into articles that can be found."""


main.add_command(extract)
main.add_command(tag)

if __name__ == "__main__":
    main()
