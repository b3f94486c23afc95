"""Totals, facets, years and what is listed agree with a count by hand, whatever is asked and filtered."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.request import FACETS
from tests.contract.model import Model, collections, requests

RANDOM = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RANDOM
@given(documents=collections(), asked=st.lists(requests(), min_size=6, max_size=6))
def test_every_count_is_what_a_count_by_hand_gives(store, documents, asked):
    model = Model(documents)
    index = store.scratch(documents)
    try:
        for query, request in asked:
            results = index.search(request)
            found = {document.key for document in model.found(query, request)}
            assert results.mode == model.matching(query)[0]
            assert {hit.key for hit in index.scan(request)} == found
            assert results.total == len(found)
            tallied = index.tally(request)
            assert (tallied.mode, tallied.total) == (results.mode, results.total)
            assert {hit.key for hit in results.hits} <= found
            assert len(results.hits) == min(len(found), request.size)
            assert results.undated == sum(hit.published is None for hit in index.scan(request))
            for facet in FACETS:
                counted = {value.value: value.count for value in results.facet(facet).values}
                assert counted == model.facet(query, request, facet), facet
                chosen = {value.value for value in results.facet(facet).values if value.chosen}
                assert chosen == set(request.values(facet))
            assert {year.year: year.count for year in results.years} == model.years(query, request)
    finally:
        index.discard()
