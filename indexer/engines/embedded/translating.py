"""Clauses as tantivy's queries, one for one."""

import re
from collections.abc import Sequence

from tantivy import FieldType, Occur, Query, Schema

from indexer.engines.embedded.schema import CURSOR_KEY
from indexer.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Constant,
    Days,
    Everything,
    Keyword,
    Not,
    Phrase,
    Prefix,
    Term,
)
from indexer.query.question import Question


class Translator:
    """Translates for one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def matching(self, clause: Clause) -> Query:
        """A query for counting: its scores mean nothing."""
        return self._query(clause)

    def scoring(self, question: Question) -> Query:
        """What matches, under all filters, scored by the question's scoring clauses alone."""
        matching = Query.const_score_query(self._query(question.under()), 0.0)
        if question.score is None:
            return matching
        return Query.boolean_query([(Occur.Must, matching), (Occur.Should, self._query(question.score))])

    def _query(self, clause: Clause) -> Query:
        match clause:
            case AllOf(clauses):
                return self._all(clauses)
            case AnyOf(clauses, minimum):
                return self._any(clauses, minimum)
            case Not():
                return self._all((clause,))
            case Boost(inner, weight):
                return Query.boost_query(self._query(inner), weight)
            case Constant(inner, score):
                return Query.const_score_query(self._query(inner), score)
            case _:
                return self._leaf(clause)

    def _leaf(self, clause: Term | Phrase | Prefix | Keyword | Days | Everything) -> Query:
        match clause:
            case Term(field, token):
                return Query.term_query(self._schema, field, token, index_option="freq")
            case Phrase(field, tokens):
                return Query.phrase_query(self._schema, field, list(tokens))
            case Prefix(field, start):
                return Query.regex_query(self._schema, field, f"{re.escape(start)}.*")
            case Keyword(field, values):
                return self._keyword(field, values)
            case Days():
                return self._days(clause)
            case Everything():
                cursor = Query.term_query(self._schema, "key", CURSOR_KEY, index_option="basic")
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, cursor)])

    def _keyword(self, field: str, values: Sequence[str]) -> Query:
        """A set of values is looked up in all articles before anything else, one value as the search goes on."""
        if len(values) == 1:
            return Query.term_query(self._schema, field, values[0], index_option="basic")
        return Query.term_set_query(self._schema, field, list(values))

    def _days(self, days: Days) -> Query:
        return Query.range_query(
            self._schema,
            "day",
            FieldType.Integer,
            lower_bound=days.since.toordinal() if days.since else None,
            upper_bound=days.until.toordinal() if days.until else None,
        )

    def _all(self, clauses: Sequence[Clause]) -> Query:
        excluded = [(Occur.MustNot, self._query(clause.clause)) for clause in clauses if isinstance(clause, Not)]
        required = [(Occur.Must, self._query(clause)) for clause in clauses if not isinstance(clause, Not)]
        if len(required) == 1 and not excluded:
            return required[0][1]
        return Query.boolean_query([*(required or [(Occur.Must, self._query(Everything()))]), *excluded])

    def _any(self, clauses: Sequence[Clause], minimum: int) -> Query:
        if not clauses:
            return Query.empty_query()
        optional = [(Occur.Should, self._query(clause)) for clause in clauses]
        return Query.boolean_query(optional, minimum_number_should_match=minimum)
