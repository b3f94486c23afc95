"""The commands of `python -m indexer`."""
