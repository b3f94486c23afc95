"""A page captured week after week costs the record a short row each time, and its text once."""

import pytest
import sqlalchemy as sa

from indexer.article import Attachment, AttachmentLink, Rejected
from indexer.record import gathering
from indexer.record.statements import load_statements
from indexer.tables import files, mentions, observations, statements
from tests.indexer.record.ministry import FILE, KEY, LIST, PAGE, article, listed, listing

WEEKS = 40
TEXT = "Nội dung của một bài dài. " * 400


def week(ministry, number: int):
    offering = article(TEXT, attachments=(AttachmentLink(address=FILE, url=FILE, name="38TT.PDF"),))
    file = Attachment(address=FILE, url=FILE, type="pdf", text=TEXT)
    return (
        ministry.answer(PAGE, f"visit {number}", offering),
        ministry.answer(LIST, f"visit {number}", listing(listed(8))),
        ministry.answer(FILE, "the same bytes", file),
    )


def counted(ministry) -> dict[str, int]:
    with ministry.database.reading() as connection:
        found = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (statements, observations, mentions, files)
        }
        found["bytes"] = connection.scalar(sa.select(sa.func.sum(sa.func.length(statements.c.said))))
    return found


pytestmark = pytest.mark.usefixtures("after_years")


@pytest.fixture
def after_years(ministry):
    """What is kept after the first week; all the weeks are taken in."""
    ministry.take_in(*week(ministry, 0))
    first = counted(ministry)
    for number in range(1, WEEKS):
        ministry.take_in(*week(ministry, number))
    return first


def test_what_is_said_again_is_kept_once(ministry, after_years):
    now = counted(ministry)
    assert (now["statements"], now["bytes"], now["mentions"]) == (3, after_years["bytes"], 1)
    assert (now["observations"], now["files"]) == (WEEKS, WEEKS)
    assert len(ministry.record.article(KEY).versions) == 1


def test_a_weeks_row_is_short(ministry):
    """All columns but the keys to other rows: what it says is nowhere repeated."""
    with ministry.database.reading() as connection:
        rows = connection.execute(sa.select(observations)).all()
    assert max(sum(len(str(value)) for value in row) for row in rows) < 200


def test_merging_reads_what_was_said_once(ministry):
    loaded = []
    with ministry.database.reading() as connection:

        def load(text: str) -> str:
            loaded.append(text)
            return text

        numbers = list(connection.scalars(sa.select(observations.c.statement)))
        load_statements(connection, numbers, load)
        said = gathering.evidence(connection, [str(KEY)], ministry.record._rule)[str(KEY)]
    assert (len(numbers), len(loaded)) == (WEEKS, 1)
    assert len({id(page.article) for page in said.pages}) == 1
    assert len({id(file.attachment) for file in said.files[FILE]}) == 1


def test_what_nobody_says_any_more_goes(ministry):
    with ministry.database.reading() as connection:
        ids = set(connection.scalars(sa.select(observations.c.capture)))
    captures = [capture for batch, _ in ministry.archive.changes(0) for capture in batch if capture.id in ids]
    better = [ministry.read(capture, article("Ngắn hơn.")) for capture in captures]
    ministry.record.apply(better[: WEEKS // 2], None)
    assert counted(ministry)["statements"] == 4
    ministry.record.apply(better[WEEKS // 2 :], None)
    assert counted(ministry)["statements"] == 3
    ministry.record.apply([ministry.read(one, Rejected(url="x", reason="soft 404")) for one in captures], None)
    assert counted(ministry)["statements"] == 2
