"""The questions that answer with text or a table, by the module of `show` that answers each."""

from peft_vlm_survey.asking import doors

_ANSWERED_BY = {
    "mechanisms": (
        "mechanisms",
        "tradeoffs",
        "tree",
    ),
    "about": (
        "citation",
        "columns",
        "errata",
        "glossary",
        "installation",
        "left_out",
        "mismatches",
        "reporting",
        "run_words",
    ),
    "overviews": (
        "benchmark_overview",
        "dataset_overview",
    ),
    "beside": (
        "beside",
        "beside_said",
    ),
    "catalogue": ("catalogue",),
    "costs": (
        "checked_forms",
        "formulas",
        "letters",
        "typical_costs",
    ),
    "coverage": (
        "holdings",
        "left_out_candidates",
        "recall",
        "recall_in_pools",
        "second_readings",
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
        "copied_differently",
        "gains_by_baseline",
        "leads",
        "side_by_side",
        "turned_round",
        "widest_reruns",
        "yardsticks",
    ),
    "edition_changes": (
        "all_editions",
        "changes_in_short",
        "changes_counted",
        "numbers_changed",
        "numbers_that_came",
        "papers_that_came",
        "rankings_turned",
    ),
    "memory": (
        "memory_budget",
        "memory_kinds",
        "memory_trust",
    ),
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
    "open_problems": (
        "costs_reported",
        "pairs_compared",
    ),
    "printed_costs": (
        "printed_costs",
        "verdict_counts",
    ),
    "rule_tested": ("rule_foretold",),
    "recipes": (
        "recipe_habits",
        "recipes",
    ),
    "findings": ("findings",),
    "start": ("at_a_glance",),
    "state_of_the_art": ("state_of_the_art",),
    "surveys": ("surveys",),
    "what_to_use": ("what_to_use",),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)
__getattr__ = doors(HOMES)
