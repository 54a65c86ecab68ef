"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs

__all__ = ["categories", "citation", "compare", "counts", "errata", "record", "results", "tiers", "tradeoffs"]
