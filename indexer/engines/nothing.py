"""What is read where no generation was ever written."""

from collections.abc import Iterator, Sequence
from datetime import date

from indexer.engines.answering import Answer, Page, Row
from indexer.query.clauses import Clause, Term
from indexer.query.question import Question


class Nothing:
    """A Reader that finds nothing."""

    partial = False

    def count(self, clause: Clause, most: int, *, ahead: bool = False) -> int:  # noqa: ARG002
        """None."""
        return 0

    def count_each(self, terms: Sequence[Term], most: int) -> Sequence[int]:  # noqa: ARG002
        """None."""
        return [0] * len(terms)

    def newest(self) -> date | None:
        """Never."""
        return None

    def ask(self, question: Question, page: Page) -> Answer:  # noqa: ARG002
        """Nothing."""
        return Answer()

    def top(self, question: Question, size: int) -> tuple[Row, ...]:  # noqa: ARG002
        """No row."""
        return ()

    def rows(self, question: Question) -> Iterator[Row]:  # noqa: ARG002
        """No row."""
        return iter(())

    def find(self, key: str) -> Row | None:  # noqa: ARG002
        """No article."""
        return None


NOTHING = Nothing()
