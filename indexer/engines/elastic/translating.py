"""Clauses as Elasticsearch's queries, one for one."""

from collections.abc import Iterable, Sequence
from typing import Any

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

Json = dict[str, Any]


def query(clause: Clause) -> Json:
    """A clause whose score, if it has one, counts."""
    match clause:
        case AllOf(clauses):
            return _all(clauses)
        case AnyOf(clauses, minimum):
            return _any(clauses, minimum)
        case Not():
            return _all((clause,))
        case Boost(inner, weight):
            return _boosted(inner, weight)
        case Constant(inner, score):
            return {"constant_score": {"filter": query(inner), "boost": score}}
        case _:
            return _leaf(clause)


def scored(question: Question, required: Iterable[Clause]) -> Json:
    """What matches, scored by the question's scoring clauses alone."""
    found: Json = {"filter": [query(clause) for clause in required]}
    if question.score is not None:
        found["should"] = [query(question.score)]
        found["minimum_should_match"] = 0
    return {"bool": found}


def _leaf(clause: Term | Phrase | Prefix | Keyword | Days | Everything) -> Json:
    match clause:
        case Term(field, token):
            return {"term": {field: {"value": token}}}
        case Phrase(field, tokens):
            # The words are search text already: the analyzer only splits them.
            return {"match_phrase": {field: {"query": " ".join(tokens)}}}
        case Prefix(field, start):
            return {"prefix": {field: {"value": start}}}
        case Keyword(field, values):
            return {"terms": {field: list(values)}}
        case Days(since, until):
            limits = {"gte": since and since.isoformat(), "lte": until and until.isoformat()}
            return {"range": {"day": {name: day for name, day in limits.items() if day}}}
        case Everything():
            return {"match_all": {}}


def _boosted(clause: Clause, weight: float) -> Json:
    match clause:
        case Term(field, token):
            return {"term": {field: {"value": token, "boost": weight}}}
        case _:
            return {"bool": {"should": [query(clause)], "boost": weight}}


def _all(clauses: Sequence[Clause]) -> Json:
    required = [query(clause) for clause in clauses if not isinstance(clause, Not)]
    excluded = [query(clause.clause) for clause in clauses if isinstance(clause, Not)]
    if len(required) == 1 and not excluded:
        return required[0]
    return {"bool": {"must": required or [{"match_all": {}}], "must_not": excluded}}


def _any(clauses: Sequence[Clause], minimum: int) -> Json:
    if not clauses:
        return {"match_none": {}}
    return {"bool": {"should": [query(clause) for clause in clauses], "minimum_should_match": minimum}}
