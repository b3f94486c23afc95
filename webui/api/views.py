"""The API whole: its blueprint with every operation, for the application."""

from webui.api import admission, articles, captures, finding
from webui.api.blueprint import INFO, api, refused
from webui.api.manual import manual

OPERATIONS = (admission, finding, articles, captures)
"""Modules that add to the blueprint."""

__all__ = ["INFO", "OPERATIONS", "api", "manual", "refused"]
