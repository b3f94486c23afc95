"""Days one after another: none left out, none twice, however many articles a day has and are asked for at once."""

from datetime import date

import pytest
from tantivy import Index

from indexer.engines.embedded import schema
from indexer.engines.embedded.scanning import days
from indexer.engines.embedded.translating import Translator
from indexer.engines.entry import entry
from indexer.query.clauses import AllOf, Keyword
from tests.contract.documents import article

DAYS = [date(2009, 1, 1 + n % 5 if n < 30 else 9) for n in range(40)]
"""Six articles on each of five days, ten on another."""


@pytest.fixture(scope="module")
def index():
    made = Index(schema.build())
    writer = made.writer(num_threads=1)
    for n, day in enumerate([*DAYS, None]):
        writer.add_document(schema.document(entry(article(n, published=day))))
        if n % 7 == 0:
            writer.commit()
    writer.commit()
    made.reload()
    return made


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("chunk", [1, 2, 5, 6, 7, 10, 39, 40, 41])
def test_every_day_comes_whole_and_once(index, newest, chunk):
    searcher, translator = index.searcher(), Translator(index.schema)
    dated = Keyword("dated", ("yes",))

    def found(some):
        return translator.matching(AllOf((dated, some)))

    groups = list(days(searcher, found, newest=newest, chunk=chunk))
    keys = [sorted(searcher.doc(address).get_first("key") for address in group) for group in groups]
    expected = [
        sorted(str(article(n).key) for n, other in enumerate(DAYS) if other == day)
        for day in sorted(set(DAYS), reverse=newest)
    ]
    assert keys == expected


def test_of_nothing_there_is_no_day(index):
    translator = Translator(index.schema)
    nothing = Keyword("key", ("mic:none",))
    assert not list(days(index.searcher(), lambda some: translator.matching(AllOf((nothing, some))), newest=True))
