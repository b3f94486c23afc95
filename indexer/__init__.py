"""Turns captures into something that can be found."""
