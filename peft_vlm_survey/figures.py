"""The questions that answer with a figure, by the module of `show` that answers each."""

from peft_vlm_survey.asking import doors

_ANSWERED_BY = {
    "mechanisms": ("mechanisms_by_year",),
    "cost_figures": (
        "memory_ratios",
        "printed_against_derived",
        "sizes",
    ),
    "drawing": ("drawing",),
    "disagreements": ("rerun_ranges",),
    "findings": ("gains_by",),
    "field": (
        "families_by_group",
        "growth",
        "papers_by_year",
    ),
    "generator_panels": ("generators",),
    "landscape": (
        "all_gains",
        "front",
    ),
    "lineage": ("lineage",),
    "known_and_new": ("known_and_new",),
    "module_panels": ("modules",),
    "versions": ("versions",),
    "plots": (
        "gains",
        "tradeoff",
    ),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)
__getattr__ = doors(HOMES)
