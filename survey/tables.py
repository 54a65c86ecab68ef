"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata, left_out, mismatches
from survey.show.catalogue import catalogue, catalogue_counts
from survey.show.columns import columns
from survey.show.coverage import coverage, holdings, left_out_candidates, searched, subareas
from survey.show.decisions import choice, decisions, rule_of_order
from survey.show.leaderboard import comparable, leaderboard
from survey.show.news import corrections, newest
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs
from survey.show.rereported import copied_differently, rereported, wins

__all__ = [
    "catalogue",
    "catalogue_counts",
    "categories",
    "choice",
    "citation",
    "columns",
    "comparable",
    "compare",
    "copied_differently",
    "corrections",
    "counts",
    "coverage",
    "decisions",
    "errata",
    "holdings",
    "leaderboard",
    "left_out",
    "left_out_candidates",
    "mismatches",
    "newest",
    "record",
    "rereported",
    "results",
    "rule_of_order",
    "searched",
    "subareas",
    "tiers",
    "tradeoffs",
    "wins",
]
