"""The questions that answer with named numbers, which a chapter's sentences quote, by the module of `show` that answers each."""

from peft_vlm_survey.asking import doors

_ANSWERED_BY = {
    "counts": (
        "candidates",
        "carried_over",
        "costs_measured",
        "families",
        "finding",
        "gains_counted",
        "most_trained_first",
        "preprints",
        "recall",
        "references_beside",
        "selection_known",
        "splits",
        "surveys",
    ),
    "rule_tested": ("rule",),
}
HOMES = {name: module for module, names in _ANSWERED_BY.items() for name in names}
__all__ = sorted(HOMES)
__getattr__ = doors(HOMES)
