"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata, left_out, mismatches
from survey.show.benchmark_overview import benchmark_counts, benchmark_overview
from survey.show.catalogue import catalogue, catalogue_counts
from survey.show.columns import columns
from survey.show.coverage import coverage, holdings, left_out_candidates, searched, subareas
from survey.show.leaderboard import comparable, leaderboard
from survey.show.news import corrections, newest
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs
from survey.show.rereported import copied_differently, rereported, wins

__all__ = [
    "benchmark_counts",
    "benchmark_overview",
    "catalogue",
    "catalogue_counts",
    "categories",
    "citation",
    "columns",
    "comparable",
    "compare",
    "copied_differently",
    "corrections",
    "counts",
    "coverage",
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
    "searched",
    "subareas",
    "tiers",
    "tradeoffs",
    "wins",
]
