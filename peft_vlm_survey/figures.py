"""The questions that answer with a figure, by the module of `show` that answers each."""

from peft_vlm_survey.asking import doors

_ANSWERED_BY = {
    "cost_figures": ("memory_ratios", "printed_against_derived"),
    "disagreements": ("rerun_ranges",),
    "drawing": ("drawing",),
    "field": ("families_by_group", "growth", "papers_by_year", "versions"),
    "findings": ("gains_by",),
    "known_and_new": ("known_and_new",),
    "lineage": ("lineage",),
    "panel_drawings": ("architectures", "generators", "modules"),
    "plots": ("all_gains", "front", "gains", "tradeoff"),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)
__getattr__ = doors(HOMES)
