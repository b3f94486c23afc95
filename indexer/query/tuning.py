"""What decides how queries are matched and ranked, as figures that were tuned (data; docs/relevance.md)."""

from dataclasses import dataclass, field

from indexer.query.fields import Analysis


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each reason to be found counts."""

    folded: float = 1.0
    accented: float = 0.5
    folded_pair: float = 0.5
    accented_pair: float = 0.25
    title: float = 2.0
    lead: float = 0.3
    """Beside what its words count as the body's first."""
    body: float = 1.0
    attachments: float = 0.6
    title_phrase: float = 1.0
    """Of the phrase's BM25 score: the whole query stands in the title."""
    abbreviation: float = 0.5
    meant: float = 0.5
    """Of a word pair's score, where one of its words is what a slip of the fingers may have been meant to be."""
    exact_title: float = 300.0
    """Added where the title is the query, word for word."""
    complete: float = 1_000.0
    """Added to articles that hold all words while others match only nearly: they come first."""
    cited: float = 2_000.0
    issued: float = 4_000.0
    """Added where the query holds the number of a document the article cites, or issues: before all others."""
    reading: float = 200.0
    """Added to articles that hold all words, with the marks that were typed: before other readings."""
    recency: tuple[tuple[int, float], ...] = ((365, 0.2), (3 * 365, 0.2), (8 * 365, 0.1))
    """Days before the newest article, and what is added to articles that are not older."""

    def of(self, analysis: Analysis) -> float:
        """Weight of one analysis."""
        return {"": self.accented, "fold": self.folded, "bi": self.accented_pair, "fold_bi": self.folded_pair}[
            analysis
        ]

    def on(self, field: str) -> float:
        """Weight of one field of TEXTS."""
        return {"title": self.title, "lead": self.lead, "body": self.body, "attachments": self.attachments}[field]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """When an article matches."""

    short: int = 6
    """Different words of a query that is first tried strictly."""
    enough: int = 10
    """Articles a match has to find, or a wider one is tried."""
    first: int = 4
    """Different words of a query that means all of them: articles that hold them come before all others, and
    beside them no rare word is reason enough."""
    shares: tuple[float, ...] = (0.5, 0.25)
    """Shares of a query's word pairs that make an article match nearly, rounded down to whole pairs; the first
    that finds enough counts, and where none does, one pair …"""
    least: int = 3
    """… but at least so many, or more than half where there are fewer."""
    rare: int = 20
    """The rarest words and word pairs of a query, as many as together no more than so many articles hold, are each
    reason enough to match."""
    rarest: int = 100
    """Where nothing else matches, the rarest word is reason enough that no more articles than these hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """All of it."""

    weights: Weights = field(default_factory=Weights)
    rules: Rules = field(default_factory=Rules)
