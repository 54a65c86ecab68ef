"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata, left_out, mismatches
from survey.show.leaderboard import comparable, leaderboard
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs
from survey.show.rereported import copied_differently, rereported, wins

__all__ = [
    "categories",
    "citation",
    "comparable",
    "compare",
    "copied_differently",
    "counts",
    "errata",
    "leaderboard",
    "left_out",
    "mismatches",
    "record",
    "rereported",
    "results",
    "tiers",
    "tradeoffs",
    "wins",
]
