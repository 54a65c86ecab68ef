"""The questions that answer with text or a table."""

from survey.show.about import citation, counts, errata, left_out, mismatches
from survey.show.benchmark_overview import benchmark_counts, benchmark_overview
from survey.show.catalogue import catalogue, catalogue_counts
from survey.show.columns import columns
from survey.show.costs import checked_forms, formulas, letters, memory_fit, memory_share, typical_costs
from survey.show.coverage import coverage, holdings, left_out_candidates, searched, subareas
from survey.show.decisions import choice, decisions, rule_of_order
from survey.show.leaderboard import comparable, leaderboard
from survey.show.news import corrections, newest
from survey.show.numbers import results, tiers
from survey.show.papers import categories, compare, record, tradeoffs
from survey.show.printed_costs import cost_line, printed_costs, verdict_counts
from survey.show.rereported import copied_differently, rereported, wins

__all__ = [
    "benchmark_counts",
    "benchmark_overview",
    "catalogue",
    "catalogue_counts",
    "categories",
    "checked_forms",
    "choice",
    "citation",
    "columns",
    "comparable",
    "compare",
    "copied_differently",
    "corrections",
    "cost_line",
    "counts",
    "coverage",
    "decisions",
    "errata",
    "formulas",
    "holdings",
    "leaderboard",
    "left_out",
    "left_out_candidates",
    "letters",
    "memory_fit",
    "memory_share",
    "mismatches",
    "newest",
    "printed_costs",
    "record",
    "rereported",
    "results",
    "rule_of_order",
    "searched",
    "subareas",
    "tiers",
    "tradeoffs",
    "typical_costs",
    "verdict_counts",
    "wins",
]
