"""What `python -m indexer` can do, a module for each group of commands."""
