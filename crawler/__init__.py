"""Touches the network and the archive."""
