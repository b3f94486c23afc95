"""A second small site of another make, with hosts, addresses, markup and lists of its own, and its profile."""

from pathlib import Path

from tests.replica.bulletin.stories import HOSTS, NAMES, Story, stories

PROFILE = Path(__file__).with_name("bulletin.toml")
"""What the product is told of it: no code knows this site."""

__all__ = ["HOSTS", "NAMES", "PROFILE", "Story", "stories"]
