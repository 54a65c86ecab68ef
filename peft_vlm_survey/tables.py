"""The questions that answer with text or a table."""

from peft_vlm_survey.show.about import citation, counts, errata, left_out, mismatches
from peft_vlm_survey.show.benchmark_overview import benchmark_counts, benchmark_overview
from peft_vlm_survey.show.catalogue import catalogue, catalogue_counts
from peft_vlm_survey.show.columns import columns
from peft_vlm_survey.show.costs import checked_forms, formulas, letters, memory_fit, memory_share, typical_costs
from peft_vlm_survey.show.coverage import coverage, holdings, left_out_candidates, searched, subareas, venues_searched
from peft_vlm_survey.show.decisions import choice, decisions, rule_of_order
from peft_vlm_survey.show.disagreements import (
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
from peft_vlm_survey.show.leaderboard import comparable, leaderboard
from peft_vlm_survey.show.news import corrections, newest
from peft_vlm_survey.show.numbers import results, tiers
from peft_vlm_survey.show.papers import categories, compare, record, tradeoffs
from peft_vlm_survey.show.printed_costs import cost_line, printed_costs, verdict_counts
from peft_vlm_survey.show.rereported import copied_differently, wins

__all__ = [
    "averages_checked",
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
    "contradictions",
    "copied_differently",
    "corrections",
    "cost_line",
    "counts",
    "coverage",
    "decisions",
    "errata",
    "formulas",
    "gains_by_baseline",
    "holdings",
    "leaderboard",
    "leads",
    "left_out",
    "left_out_candidates",
    "letters",
    "memory_fit",
    "memory_share",
    "mismatches",
    "newest",
    "printed_costs",
    "record",
    "results",
    "rule_of_order",
    "searched",
    "side_by_side",
    "spread_errors",
    "subareas",
    "tiers",
    "tradeoffs",
    "turned_round",
    "two_averages",
    "typical_costs",
    "venues_searched",
    "verdict_counts",
    "widest_reruns",
    "wins",
    "yardsticks",
]
