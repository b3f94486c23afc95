"""The states an article went through, told from its pages and files sorted by the time of capture (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from indexer.article import Version
from indexer.record.meaning import meaning
from indexer.record.saying import Files, PageKind, PageSaid, Sighting, file_digest


def seen_in_order(said: Iterable[PageSaid], sightings: Iterable[Sighting]) -> list[Sighting]:
    """Moments at which pages were captured or confirmed, in their order; of a run of the same, first and last."""
    moments = [*(Sighting(at=page.captured_at, page=page) for page in said), *sightings]
    ordered = sorted(moments, key=lambda moment: moment.order)
    around = zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)
    return [
        moment
        for before, moment, after in around
        if before is None or after is None or not (before.page is moment.page is after.page)
    ]


def leading(seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """Pages of the best kind there is.

    A print view, or an answer that was cut short, speaks for an article only where nothing better was captured.
    """
    best = min(moment.page.rank for moment in seen)
    return [moment for moment in seen if moment.page.rank == best]


def states(seen: Sequence[Sighting], files: Files) -> tuple[Version, ...]:
    """States of meaning in capture order.

    A page begins a version when it differs from the state so far and from what the same copy said before: so two
    copies that always differed do not take turns.
    """
    versions: list[Version] = []
    before: dict[tuple[str, PageKind], str] = {}
    meanings: dict[tuple[int, tuple[str, ...]], str] = {}
    for moment in _moments(seen, files):
        at, page = moment.at, moment.page
        contents = tuple(file_digest(files, link.address, at) for link in page.article.attachments)
        said = (id(page.article), contents)  # captures that say the same share it
        if said not in meanings:
            meanings[said] = meaning(page.article, contents)
        now = meanings[said]
        if versions and (now == versions[-1].meaning_digest or now == before.get(page.stream)):
            versions[-1] = replace(versions[-1], last_seen_at=at)
        else:
            versions.append(_version(len(versions) + 1, at, page, now))
        before[page.stream] = now
    return tuple(versions)


def _version(number: int, at: datetime, page: PageSaid, meaning_digest: str) -> Version:
    return Version(
        number=number,
        captured_at=at,
        capture=page.capture,
        last_seen_at=at,
        meaning_digest=meaning_digest,
        payload_digest=page.payload_digest,
        article=page.article,
    )


def _moments(seen: Sequence[Sighting], files: Files) -> list[Sighting]:
    """Every moment at which the meaning may have changed: a page's, or a file's with its page."""
    moments = list(seen)
    for index, moment in enumerate(seen):
        if not moment.page.article.attachments:
            continue
        following = (later.at for later in seen[index + 1 :] if later.page.stream == moment.page.stream)
        end = next(following, None)
        for link in moment.page.article.attachments:
            moments += [
                Sighting(at=file.captured_at, page=moment.page)
                for file in files.get(link.address, ())
                if file.captured_at > moment.at and (end is None or file.captured_at < end)
            ]
    return sorted(moments, key=lambda moment: moment.order)
