"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata, left_out, mismatches
from survey.show.catalogue import catalogue, catalogue_counts
from survey.show.columns import columns
from survey.show.coverage import coverage, holdings, left_out_candidates, searched, subareas
from survey.show.disagreements import (
    averages_checked,
    contradictions,
    gains_by_baseline,
    leads,
    side_by_side,
    spread_errors,
    turned_round,
    two_averages,
    widest_reruns,
    yardsticks,
)
from survey.show.leaderboard import comparable, leaderboard
from survey.show.news import corrections, newest
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs
from survey.show.rereported import copied_differently, wins

__all__ = [
    "averages_checked",
    "catalogue",
    "catalogue_counts",
    "categories",
    "citation",
    "columns",
    "comparable",
    "compare",
    "contradictions",
    "copied_differently",
    "corrections",
    "counts",
    "coverage",
    "errata",
    "gains_by_baseline",
    "holdings",
    "leaderboard",
    "leads",
    "left_out",
    "left_out_candidates",
    "mismatches",
    "newest",
    "record",
    "results",
    "searched",
    "side_by_side",
    "spread_errors",
    "subareas",
    "tiers",
    "tradeoffs",
    "turned_round",
    "two_averages",
    "widest_reruns",
    "wins",
    "yardsticks",
]
