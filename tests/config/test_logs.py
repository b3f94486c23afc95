"""Log lines: ours and those of libraries in one form, each once."""

import json
import logging

import pytest
import structlog

from config import VERSION, logs
from config.settings import Settings


@pytest.fixture(autouse=True)
def _as_before():
    """Logging is the process's own: leave it as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def said(capsys) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_ours_and_those_of_libraries_are_json_lines_on_standard_error(capsys):
    logs.configure(Settings(log_format="json"))
    structlog.get_logger("ours").info("crawl ended", pages=3, name="Bộ trưởng")
    logging.getLogger("library").warning("odd: %s", "x", extra={"more": 1})
    ours, theirs = said(capsys)
    assert (ours["event"], ours["pages"], ours["name"], ours["level"]) == ("crawl ended", 3, "Bộ trưởng", "info")
    assert (theirs["event"], theirs["more"], theirs["level"]) == ("odd: x", 1, "warning")
    assert all(str(line["timestamp"]).endswith("Z") for line in (ours, theirs))


def test_an_error_is_told_with_where_it_came_from(capsys):
    logs.configure(Settings(log_format="json"))
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError:
        structlog.get_logger().exception("failed")
    (line,) = said(capsys)
    assert "by zero" in json.dumps(line["exception"])


def test_trouble_that_comes_every_second_is_told_once_in_a_while_in_one_line(capsys):
    logs.configure(Settings(log_format="json"))
    queue = logging.getLogger("huey.consumer.Worker")
    for reason in ("refused", "refused", "timed\nout", "refused"):
        try:
            raise ConnectionError(reason)
        except ConnectionError:
            queue.exception("Error reading from queue")
    logging.getLogger("elastic_transport.node_pool").warning("no")
    assert [(line["event"], "exception" in line) for line in said(capsys)] == [
        ("Error reading from queue: refused", False),
        ("Error reading from queue: timed out", False),
    ]


def test_what_is_below_the_level_is_not_told_and_libraries_are_quieter(capsys):
    logs.configure(Settings(log_format="json", log_level="info"))
    structlog.get_logger().debug("no")
    logging.getLogger("urllib3.connectionpool").info("no")
    logging.getLogger("alembic").info("no")
    logging.getLogger("other").info("yes")
    assert [line["event"] for line in said(capsys)] == ["yes"]
    logs.configure(Settings(log_format="json", log_level="error"))
    structlog.get_logger().warning("no")
    logging.getLogger("other").warning("no")
    assert said(capsys) == []


def test_lines_for_people_are_plain_where_nobody_sees_colours(capsys):
    logs.configure(Settings(log_format="text"))
    structlog.get_logger().info("crawl ended", pages=3)
    line = capsys.readouterr().err
    assert "crawl ended" in line
    assert "pages=3" in line
    assert "\x1b" not in line


def test_configuring_twice_says_everything_once(capsys):
    for _ in range(2):
        logs.configure(Settings(log_format="json"))
    logging.getLogger("library").warning("once")
    assert len(said(capsys)) == 1


def test_the_version_is_that_of_the_project():
    import tomllib  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
