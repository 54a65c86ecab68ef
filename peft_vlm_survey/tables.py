"""The questions that answer with text or a table, by the module of `show` that answers each."""

from collections.abc import Callable
from typing import Any

from peft_vlm_survey.asking import door

_ANSWERED_BY = {
    "mechanisms": ("appeared", "mechanisms", "never_combined", "tree"),
    "about": (
        "citation",
        "errata",
        "installation",
        "left_out",
        "left_out_counted",
        "mismatches",
        "reporting",
    ),
    "benchmark_overview": (
        "benchmark_counts",
        "benchmark_overview",
    ),
    "dataset_overview": ("dataset_overview",),
    "beside": (
        "beside",
        "beside_said",
    ),
    "catalogue": (
        "catalogue",
        "catalogue_counts",
    ),
    "columns": ("columns",),
    "costs": (
        "checked_forms",
        "formulas",
        "letters",
        "typical_costs",
    ),
    "coverage": (
        "coverage",
        "flow",
        "holdings",
        "left_out_candidates",
        "recall",
        "recall_in_pools",
        "recall_in_pools_said",
        "recall_by_edition",
        "recall_by_list",
        "recall_said",
        "searched",
        "second_readings",
        "second_readings_mended",
        "subareas",
        "venues_searched",
    ),
    "decisions": (
        "choice",
        "decisions",
        "rule_of_order",
    ),
    "disagreements": (
        "averages_checked",
        "contradictions",
        "gains_by_baseline",
        "leads",
        "side_by_side",
        "spread_errors",
        "turned_round",
        "two_averages",
        "widest_reruns",
        "yardsticks",
    ),
    "changes_in_short": ("changes_in_short",),
    "edition_changes": (
        "changes_counted",
        "costs_changed",
        "numbers_changed",
        "numbers_that_came",
        "papers_completed",
        "papers_corrected",
        "papers_that_came",
        "rankings_turned",
    ),
    "field_said": (
        "code_known",
        "families_dated",
        "families_grown",
        "families_led",
        "venues_led",
    ),
    "gaps": (
        "aims_measured",
        "carried_over",
        "costs_measured",
        "costs_reported",
        "fact_stated",
        "families_untried",
        "most_trained_first",
        "slips",
        "standing",
    ),
    "glossary": ("glossary",),
    "held_back": (
        "memory_encoders",
        "memory_generators",
        "memory_fit",
        "memory_misses",
        "memory_share",
        "memory_statements",
    ),
    "memory_kinds": (
        "memory_kinds",
        "memory_verdicts",
    ),
    "memory_stated": ("memory_stated",),
    "lineage": ("lineage_listed",),
    "leaderboard": (
        "comparable",
        "leaderboard",
    ),
    "news": (
        "corrections",
        "entered",
        "newest",
    ),
    "numbers": (
        "results",
        "tiers",
    ),
    "one_task": (
        "task_adapted",
        "task_by_model",
        "task_met",
    ),
    "open_problems": (
        "large_backbones",
        "leads_in_noise",
        "pairs_compared",
        "references_beside",
        "reruns_apart",
        "second_backbones",
        "selection_known",
        "spread_reported",
    ),
    "papers": (
        "compare",
        "record",
        "tradeoffs",
    ),
    "printed_costs": (
        "cost_line",
        "printed_costs",
        "verdict_counts",
    ),
    "rereported": (
        "copied_differently",
        "gains_counted",
        "wins",
    ),
    "rule_tested": (
        "rule_failed",
        "rule_foretold",
        "rule_passed",
        "rule_promise",
        "rule_tested",
    ),
    "recipes": (
        "recipes",
        "recipes_said",
    ),
    "run_words": ("run_words",),
    "start": (
        "at_a_glance",
        "tiles",
    ),
    "state_of_the_art": (
        "own_scores",
        "state_of_the_art",
    ),
    "surveys": (
        "surveys",
        "surveys_counted",
    ),
    "verdicts_trusted": (
        "memory_outside",
        "memory_trust",
    ),
    "what_to_use": ("what_to_use",),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)


def __getattr__(name: str) -> Callable[..., Any]:
    """Return a question; the module that answers it is imported when it is asked."""
    if name not in HOMES:
        raise AttributeError(f"no question '{name}'")
    return door(name, HOMES[name])
