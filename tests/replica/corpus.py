"""The articles: each made on its own from seed and index, so that any number streams through little memory."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from crawler.address import Key
from indexer.article import Block
from tests.replica.item import Dating, File, FileState, FileType, Item, Picture
from tests.replica.layout import Layout, Place
from tests.replica.numbering import Numbering
from tests.replica.options import Options
from tests.replica.seed import seed_text
from tests.replica.slots import CATEGORIES
from tests.replica.text import legal
from tests.replica.text.composing import Brief, Text, compose
from tests.replica.text.documents import document_page
from tests.replica.text.misspelling import misspelt

KEPT = 2_048
"""Articles kept ready: a list page and its neighbours ask for the same ones again."""

BROKEN, ONLY_LINK = 7, 6
"""One PDF of so many is empty, one an error page; one article with a file of so many has nothing else to say."""

_STATES: dict[int, FileState] = {2: "empty", 4: "error page"}
_MARKED_EVENTS = ("decision", "circular", "figures", "consultation")
_STEMS = ("IMG_", "DSC0", "anh", "ta", "P10")


class Corpus:
    """All articles of a replica, by index or key."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.layout = Layout(options.seed, options.articles)
        self.numbering = Numbering(self.layout, options.seed, overlap=2 in options.traps)
        self._seed_text = seed_text(options.shared_data)
        self._item = lru_cache(maxsize=KEPT)(self._make)

    def __len__(self) -> int:
        return self.layout.articles

    def __iter__(self) -> Iterator[Item]:
        return (self._make(index, 0) for index in range(len(self)))

    def item(self, index: int, revision: int = 0) -> Item:
        """The article at an index, after so many edits. Raises IndexError."""
        return self._item(index, revision)

    def find(self, key: Key) -> int | None:
        """The index of the article a key belongs to; None where there is none."""
        place = self.numbering.find(key)
        return None if place is None else place.index

    def key(self, index: int) -> Key:
        """The key of an article, without making it."""
        return self.numbering.key(self.layout.place(index))

    def _make(self, index: int, revision: int) -> Item:
        place = self.layout.place(index)
        chance = random.Random(f"{self.options.seed}/{index}")
        if place.slot.template == "T6":
            return self._document(place, chance, revision)
        dating = self._dating(place, chance)
        wards = self.layout.wards(place)
        announced = next((ward for ward in wards if self.layout.place(ward).slot.template == "T6"), None)
        text = self._text(place, self._brief(place, dating, announced, chance), chance)
        picture = None if place.seed else self._picture(place, text, chance)
        files = () if place.seed else self._files(place, text, chance)
        only_link = announced is None and self._is_only_a_link(place, files)
        if only_link:
            text, picture = reduced(text, files[0].name), None
        return Item(
            index=index,
            key=self.numbering.key(place),
            slot=place.slot,
            moment=place.moment,
            prefix=self.numbering.prefix(place),
            language="en" if place.slot.site == "english" else "vi",
            text=edited(text, revision, english=place.slot.site == "english"),
            dating=replace(
                dating,
                text_day=text.text_day,
                contradicted=dating.wrong_day is not None or _is_far(text.text_day, place.moment.date()),
            ),
            revision=revision,
            files=files,
            only_link=only_link,
            picture=picture,
            announced=None if announced is None else self.key(announced),
            wards=tuple(ward for ward in wards if ward != announced),
        )

    def _document(self, place: Place, chance: random.Random, revision: int) -> Item:
        rank: legal.Rank = chance.choice(("government", "premier", "ministry", "ministry"))
        document = legal.invent(chance, place.moment.date(), rank)
        text = document_page(document, _topical(place, chance), chance)
        kinds: tuple[FileType, ...] = ("pdf",) if chance.random() < 0.6 else ("pdf", "docx")
        return Item(
            index=place.index,
            key=self.numbering.key(place),
            slot=place.slot,
            moment=place.moment,
            prefix="",
            language="vi",
            text=edited(text, revision),
            dating=Dating(page=True, listed=True),
            revision=revision,
            files=tuple(self._file(place, number, kind, document.number) for number, kind in enumerate(kinds)),
            document=document,
        )

    def announced_document(self, index: int) -> legal.LegalDocument:
        """The document a T6 page is about, without making the page."""
        place = self.layout.place(index)
        chance = random.Random(f"{self.options.seed}/{index}")
        rank: legal.Rank = chance.choice(("government", "premier", "ministry", "ministry"))
        return legal.invent(chance, place.moment.date(), rank)

    def _text(self, place: Place, brief: Brief, chance: random.Random) -> Text:
        if place.seed:
            return self._seed_text
        text = compose(brief, chance)
        if 9 in self.options.traps and brief.language == "vi":
            return misspelt(text, random.Random(f"{self.options.seed}/{place.index}/spelling"))
        return text

    def _brief(self, place: Place, dating: Dating, announced: int | None, chance: random.Random) -> Brief:
        return Brief(
            language="en" if place.slot.site == "english" else "vi",
            category=_topical(place, chance),
            day=place.moment.date(),
            text_day=dating.text_day,
            whole_day=not dating.page or chance.random() < 0.8,
            wrong_day=dating.wrong_day,
            announced=None if announced is None else self.announced_document(announced),
        )

    def _dating(self, place: Place, chance: random.Random) -> Dating:
        """What will tell the article's date. Without trap 6 every page that can states it, every list shows it."""
        page, listed = _shown(place, chance)
        day = place.moment.date() - timedelta(days=chance.randint(0, 2))
        text_day = day if place.seed or chance.random() < 0.5 else None
        wrong_day = None
        fate = chance.random() if page else 1
        if fate < 0.04:
            wrong_day = _off(day, chance)
        elif fate < 0.08 and 6 in self.options.traps:
            text_day = day.replace(year=day.year - 1, day=min(day.day, 28))
        if 6 not in self.options.traps:
            return Dating(page=place.slot.template not in ("T2", "T4"), listed=True, text_day=text_day)
        return Dating(page=page, listed=listed, text_day=text_day, wrong_day=wrong_day)

    def _picture(self, place: Place, text: Text, chance: random.Random) -> Picture | None:
        if chance.random() > 0.4:
            return None
        name = f"{chance.choice(_STEMS)}{chance.randint(10, 9_999):04d}"
        caption = text.caption if chance.random() < 0.7 else ""
        glued = bool(caption) and place.slot.template in ("T1", "T2") and chance.random() < 0.3
        return Picture(
            path=f"/Upload_Moi/{place.moment:%Y}_vn/{place.moment:%Y%m%d}-{name}-{place.index}.jpg",
            alt=f"{name}.JPG" if 7 in self.options.traps else caption,
            caption=caption,
            glued=glued and 7 in self.options.traps,
            after=0 if glued else chance.randint(0, min(2, len(text.blocks))),
        )

    def _files(self, place: Place, text: Text, chance: random.Random) -> tuple[File, ...]:
        if place.slot.site == "english" or chance.random() > (0.4 if text.event in _MARKED_EVENTS else 0.04):
            return ()
        kind: FileType = "xlsx" if text.event == "figures" and chance.random() < 0.5 else "pdf"
        if kind == "pdf" and chance.random() < 0.35:
            kind = "docx"
        written = next((mention.normal for mention in text.numbers if mention.role == "issues"), "")
        return (self._file(place, 0, kind, written or f"TL_{chance.randint(1, 99)}"),)

    def _file(self, place: Place, number: int, kind: FileType, written: str) -> File:
        """`38/2016/TT-BTTTT` is offered as `38-2016-TT-BTTTT.PDF`; scanners write the ending in capitals."""
        trapped = 10 in self.options.traps
        stem = written.replace("/", "-").replace("Đ", "D").replace(" ", "_")
        name = f"{stem}.{'PDF' if trapped and kind == 'pdf' and place.index % 2 else kind}"
        return File(
            path=f"/Upload_Moi/{place.moment:%Y}/VanBan/{place.index}-{number}-{name}",
            name=name,
            type=kind,
            number=number,
            state=_STATES.get(place.index % BROKEN, "whole") if trapped and kind == "pdf" else "whole",
        )

    def _is_only_a_link(self, place: Place, files: tuple[File, ...]) -> bool:
        return 10 in self.options.traps and bool(files) and place.index % ONLY_LINK == 0


def reduced(text: Text, words: str) -> Text:
    """The text with a body of these words alone."""
    kept = f"{text.title} {text.lead}"
    return replace(
        text,
        blocks=(Block(text=words),),
        provinces=tuple((place, role) for place, role in text.provinces if place.written in kept),
        numbers=tuple(number for number in text.numbers if number.written in kept),
    )


def _shown(place: Place, chance: random.Random) -> tuple[bool, bool]:
    """Whether the article's page and the lists give its date, under trap 6."""
    first, second = chance.random(), chance.random()
    if place.seed:
        return False, False
    match place.slot.template:
        case "T1":
            page = first < (0.45 if place.era == "early" else 0.92)
            return page, second < (0.8 if page else 0.5)
        case "T2":
            return False, second < 0.55
        case "T3":
            page = first < 0.93
            return page, second < (0.85 if page else 0.4)
        case "T4":
            return False, second < 0.3
        case _:
            return True, True


def _is_far(text_day: date | None, published: date) -> bool:
    return text_day is not None and abs((published - text_day).days) > 60


def _off(day: date, chance: random.Random) -> date:
    """A day far from the given one, mostly before it."""
    return day - timedelta(days=chance.choice((-400, 200, 365, 500, 800)))


def _topical(place: Place, chance: random.Random) -> int:
    """The category whose topics the article takes: its own, or any where its site has none."""
    return place.slot.category or chance.choice(CATEGORIES)


def edited(text: Text, revision: int, *, english: bool = False) -> Text:
    """The text after so many edits: a sentence more at the end of its body, another each time."""
    if not revision:
        return text
    note = f"Thông tin được cập nhật lần {revision}: thời hạn được lùi thêm {revision * 5} ngày."
    if english:
        note = f"Update {revision}: the deadline has been put off by {revision * 5} days."
    return replace(text, blocks=(*text.blocks, Block(text=note)))
