"""The questions that answer with a figure, by the module of `show` that answers each."""

from collections.abc import Callable
from typing import Any

from peft_vlm_survey.asking import door

_ANSWERED_BY = {
    "mechanisms": ("mechanisms_by_year",),
    "block": ("attachment",),
    "cost_figures": (
        "memory_ratios",
        "printed_against_derived",
        "sizes",
        "stored_bytes",
    ),
    "drawing": ("drawing",),
    "disagreements": ("rerun_ranges",),
    "field": (
        "code_by_year",
        "families_by_group",
        "growth",
        "migration",
        "papers_by_year",
        "venues",
    ),
    "landscape": (
        "all_gains",
        "front",
        "reporting",
    ),
    "lineage": ("lineage",),
    "overview": (
        "backbones",
        "benchmarks",
        "families",
        "timeline",
        "trained_shares",
    ),
    "plots": (
        "gains",
        "tradeoff",
    ),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)


def __getattr__(name: str) -> Callable[..., Any]:
    """Return a question; the module that answers it is imported when it is asked."""
    if name not in HOMES:
        raise AttributeError(f"no question '{name}'")
    return door(name, HOMES[name])
