"""A correction as a form asks for it: read, checked, worded."""

from collections.abc import Sequence
from datetime import date, datetime

from werkzeug.datastructures import MultiDict

from config.vocabulary import Vocabulary
from crawler.address import Key
from indexer.record import Correction, Provinces
from indexer.record.correcting import FIELDS, Field, Value
from indexer.record.corrections import LONGEST_REASON
from webui.arguments import MAX_VALUE, YEARS
from webui.language import day, gettext

_DIGITS = 16


class FormError(ValueError):
    """What was sent makes no sense; the message is for the one who sent it."""


def asked(form: MultiDict[str, str], key: Key, who: str, at: datetime, words: Vocabulary) -> Correction:
    """The correction that was sent. Raises FormError."""
    field = next((name for name in FIELDS if name == form.get("field")), None)
    if field is None:
        raise FormError(gettext("Nothing was chosen to be corrected."))
    reason = " ".join(form.get("reason", "").split())
    if not reason:
        raise FormError(gettext("Give a reason: it is shown with the correction."))
    if len(reason) > LONGEST_REASON:
        raise FormError(gettext("The reason is too long."))
    back = form.get("back") == "1"
    value = None if back else _value(field, form, words)
    return Correction(at=at, who=who, key=key, field=field, value=value, reason=reason, taken_back=back)


def expected(form: MultiDict[str, str]) -> int | None:
    """Number of the correction that the form showed as the last of its field; None for none."""
    number = form.get("expected", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < _DIGITS else None


def in_words(correction: Correction) -> str:
    """What a correction says is right."""
    if correction.taken_back:
        return gettext("taken back: what the pages say counts again")
    match correction.value:
        case Provinces(pairs=pairs):
            return ", ".join(then or today for then, today in pairs) or gettext("none")
        case date() as right:
            return day(right)
        case str() as category:
            return category
        case bool():
            return gettext("not shown any more")
        case None:
            return gettext("date not known")


def _value(field: Field, form: MultiDict[str, str], words: Vocabulary) -> Value:
    match field:
        case "date":
            return None if form.get("unknown") == "1" else _day(form.get("day", ""))
        case "category":
            return _category(form.get("category", ""))
        case "provinces":
            return _provinces(form.getlist("then"), form.getlist("today"), words)
        case "withheld":
            return True


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise FormError(gettext("Give the day of publication, or say that it is not known.")) from error
    if found.year not in YEARS:
        raise FormError(gettext("That day is too long ago, or too far ahead."))
    return found


def _category(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > MAX_VALUE:
        raise FormError(gettext("Give the category."))
    return name


def _provinces(then: Sequence[str], today: Sequence[str], words: Vocabulary) -> Provinces:
    """Names of the 63 bring what they belong to today; those of the 34 stand for themselves."""
    if any(name not in words.today for name in then) or any(name not in words.present for name in today):
        raise FormError(gettext("There is no province of that name."))
    pairs = [(name, words.today[name]) for name in dict.fromkeys(then)]
    covered = {present for _, present in pairs}
    return Provinces((*pairs, *(("", name) for name in dict.fromkeys(today) if name not in covered)))
