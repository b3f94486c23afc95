"""Communes since July 2025: which former province a new one's commune lies in."""

import re
from collections.abc import Iterable

from config.vocabulary import Commune
from indexer.language.view import View

_REACH = 64
"""Characters before a province in which its commune may stand."""
_LAST = re.compile(
    r".*(?<!\w)(?P<kind>xã|phường|đặc khu)\s(?P<name>[^,()\n.;:]{1,40}?)\s{0,2}[,(-]\s{0,2}(?:thuộc )?",
    re.IGNORECASE | re.DOTALL,
)


class Communes:
    """The communes of a vocabulary by kind and name."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        self._known: dict[tuple[str, str], list[Commune]] = {}
        for one in communes:
            self._known.setdefault((one.kind, _key(one.name)), []).append(one)

    def then(self, kind: str, name: str) -> tuple[str, ...]:
        """The former provinces of a commune, if all of its kind and name lie in the same."""
        found = {one.then for one in self._known.get((kind, _key(name)), ())}
        return found.pop() if len(found) == 1 else ()

    def then_before(self, text: str, place: int, today: str) -> tuple[str, ...]:
        """The former provinces of the commune right before a new province: "xã Thái Thụy, tỉnh Hưng Yên"."""
        found = _LAST.fullmatch(text, max(0, place - _REACH), place)
        known = self._known.get((found["kind"].lower(), _key(found["name"])), ()) if found else ()
        return next((one.then for one in known if one.today == today), ())


def _key(name: str) -> str:
    return " ".join(View.of(name).text.lower().split())
