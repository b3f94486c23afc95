"""The control host: what tests ask of a running replica, and do to it."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from crawler.address import Key, KeyFormatError
from tests.replica import addresses
from tests.replica.changes import OUTAGES, WAYS, Outage
from tests.replica.clock import ShiftedClock
from tests.replica.exchange import Answer, Request
from tests.replica.record import Record
from tests.replica.site import Site
from tests.replica.truth import truths

HOST = "replica.test"


class WrongRequestError(ValueError):
    """The control host was asked for something that makes no sense; the message says what."""


class Control:
    """Answers for `replica.test`.

    GET log, changes, dead, truth; POST edit, remove, restore, night, outage, revert, clock, clear.
    """

    def __init__(self, site: Site, record: Record, clock: ShiftedClock) -> None:
        self._site = site
        self._record = record
        self._clock = clock

    def answer(self, request: Request) -> Answer | Iterator[bytes]:
        """The answer; the ground truth as a stream of lines."""
        values = {name: value[0] for name, value in parse_qs(request.query).items()}
        try:
            if request.method == "POST":
                self._change(request.path, values)
                return _json(self._site.changes.to_json())
            match request.path:
                case "/log":
                    return _json(self._record.to_json())
                case "/changes":
                    return _json(self._site.changes.to_json())
                case "/dead":
                    return _json({str(key): way for key, way in self._site.router.dead.items()})
                case "/truth":
                    return (
                        f"{line.to_json()}\n".encode() for line in truths(self._site.corpus, self._site.changes)
                    )
                case _:
                    raise WrongRequestError(f"nothing at {request.path}: ask for /log, /changes, /dead or /truth")
        except WrongRequestError as error:
            return _json({"error": str(error)}, 400)

    def _change(self, path: str, values: Mapping[str, str]) -> None:
        changes, now = self._site.changes, self._clock.now()
        match path:
            case "/edit":
                changes.edit(self._key(values), now)
            case "/remove":
                way = values.get("way", "404")
                if way not in WAYS:
                    raise WrongRequestError(f"way={way}: one of {', '.join(WAYS)}")
                changes.remove(self._key(values), way, now)
            case "/restore":
                changes.restore(self._key(values), now)
            case "/outage":
                changes.outage(_host(values), _outage(values))
            case "/night":
                changes.night(map(self._site.corpus.key, range(len(self._site.corpus))), now)
            case "/revert":
                self._site.revert()
            case "/clock":
                self._clock.set(_moment(values))
            case "/clear":
                self._record.clear()
            case _:
                raise WrongRequestError(f"nothing to do at {path}")

    def _key(self, values: Mapping[str, str]) -> Key:
        try:
            key = Key.parse(values.get("key", ""))
        except KeyFormatError as error:
            raise WrongRequestError(f"key: {error}") from error
        if self._site.corpus.find(key) is None:
            raise WrongRequestError(f"key={key}: no such article")
        return key


def _host(values: Mapping[str, str]) -> str:
    host = values.get("host", "")
    if host not in addresses.FAMILIES:
        raise WrongRequestError(f"host={host}: one of {', '.join(addresses.FAMILIES)}")
    return host


def _outage(values: Mapping[str, str]) -> Outage | None:
    way = values.get("way", "503")
    if way not in OUTAGES:
        raise WrongRequestError(f"way={way}: one of {', '.join(OUTAGES)}")
    return None if "over" in values else way


def _moment(values: Mapping[str, str]) -> datetime:
    try:
        moment = datetime.fromisoformat(values.get("now", ""))
    except ValueError as error:
        raise WrongRequestError(f"now: {error}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(value: Any, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status=status, headers=(("Content-Type", "application/json"),), body=body)
