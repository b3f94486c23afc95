"""How well the search page finds: the usual scores over any documents and queries, in an index of its own."""

from indexer.evaluate.files import BadInput, read_documents, read_queries
from indexer.evaluate.scores import Judged, Scores, percentile, rate
from indexer.evaluate.scratch import Evaluation, evaluation

__all__ = [
    "BadInput",
    "Evaluation",
    "Judged",
    "Scores",
    "evaluation",
    "percentile",
    "rate",
    "read_documents",
    "read_queries",
]
