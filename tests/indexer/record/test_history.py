"""An article's history has every moment at which it was seen, with the version it shows."""

from dataclasses import replace

from indexer.article import Attachment, AttachmentLink
from tests.indexer.record.ministry import FILE, KEY, PAGE, article

PRINTED = "https://mic.gov.vn/pages/tintuc/printpage.aspx?tintucID=106353"


def told(ministry) -> list[tuple[str, int | None, bool]]:
    """The snapshots: how they came to be, the number of their version, whether it begins there."""
    found = []
    for one in ministry.record.history(KEY).snapshots:
        kind = one.page.kind if one.is_capture else "confirmed"
        found.append((kind, one.version.number if one.version else None, one.begins_version))
    return found


def test_captures_confirmations_and_print_views_are_moments(ministry):
    first = ministry.answer(PAGE, "1", article("Một."))
    confirmed = ministry.unchanged(first)
    printed = ministry.answer(PRINTED, "2", article("Một, để in."))
    changed = ministry.answer(PAGE, "3", article("Hai."))
    again = ministry.answer(PAGE, "4", article("Hai."))
    ministry.take_in(first, confirmed, printed, changed, again)
    assert told(ministry) == [
        ("article", 1, True),
        ("confirmed", 1, False),
        ("print", None, False),
        ("article", 2, True),
        ("article", 2, False),
    ]


def test_a_file_that_changes_under_its_page_is_a_moment_too(ministry):
    link = AttachmentLink(address=FILE, url=FILE, name="38TT")
    page = ministry.answer(PAGE, "1", article(attachments=(link,)))
    files = [
        ministry.answer(FILE, payload, Attachment(address=FILE, url=FILE, type="pdf", text=payload))
        for payload in ("a", "b")
    ]
    ministry.take_in(page, *files)
    history = ministry.record.history(KEY)
    assert [one.version.number for one in history.snapshots] == [1, 2]
    assert [one.is_capture for one in history.snapshots] == [True, False]
    assert [one.files[0].payload_digest for one in history.snapshots] == [
        file.capture.payload_digest for file in files
    ]
    first = history.first_of(history.record.versions[1])
    assert first.begins_version
    assert history.snapshot(first.stamp) is first


def test_what_is_known_of_the_whole_article_is_known_of_each_version(ministry):
    ministry.take_in(
        ministry.answer(PAGE, "1", replace(article("Một."), author="Minh Tâm")),
        ministry.answer(PAGE, "2", article("Hai.")),
    )
    ministry.correct("category", "Viễn thông")
    history = ministry.record.history(KEY)
    shown = [history.article(one) for one in history.snapshots]
    assert [one.category for one in shown] == ["Viễn thông"] * 2
    assert [one.author for one in shown] == ["Minh Tâm"] * 2
    assert [one.blocks[0].text for one in shown] == ["Một.", "Hai."]


def test_a_withheld_article_has_no_history(ministry):
    ministry.take_in(ministry.answer(PAGE, "1", article()))
    assert ministry.record.history(KEY)
    ministry.correct("withheld", value=True)
    assert ministry.record.history(KEY) is None
