"""The questions that answer with text or a table, by the module of `show` that answers each."""

from peft_vlm_survey.asking import doors

_ANSWERED_BY = {
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
    "beside": ("beside", "beside_said"),
    "catalogue": ("catalogue",),
    "costs": ("checked_forms", "formulas", "letters", "typical_costs"),
    "counts": ("at_a_glance",),
    "coverage": ("holdings", "left_out_candidates", "recall", "recall_in_pools", "second_readings", "venues_searched"),
    "decisions": ("choice", "decisions", "rule_of_order"),
    "disagreements": (
        "averages_checked",
        "contradictions",
        "copied_differently",
        "leads",
        "turned_round",
        "widest_reruns",
        "yardsticks",
    ),
    "edition_changes": (
        "all_editions",
        "changes_counted",
        "changes_in_short",
        "rankings_turned",
    ),
    "findings": ("findings",),
    "leaderboard": ("comparable", "leaderboard"),
    "lineage": ("lineage_listed",),
    "mechanisms": ("mechanisms", "tradeoffs"),
    "memory": ("memory_budget", "memory_kinds", "memory_trust"),
    "news": ("corrections", "newest"),
    "numbers": ("results", "tiers"),
    "open_problems": ("costs_reported", "pairs_compared"),
    "overviews": ("dataset_overview",),
    "printed_costs": ("printed_costs", "verdict_counts"),
    "recipes": ("recipe_habits", "recipes"),
    "rule_tested": ("rule_foretold",),
    "state_of_the_art": ("state_of_the_art",),
    "surveys": ("surveys",),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)
__getattr__ = doors(HOMES)
