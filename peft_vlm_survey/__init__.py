"""A living survey of parameter-efficient fine-tuning for vision–language models, computed from data.

For readers: `papers()`, `results()` and the other tables are pandas data frames, `columns(NAME)` says what each column
holds, `cost(METHOD, BACKBONE)` prices a method, `search(WORDS)` finds papers, methods and data sets, and `cite(KEYS)`
cites them. Nothing is loaded before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peft_vlm_survey.citing import cite as cite
    from peft_vlm_survey.frames import backbones as backbones
    from peft_vlm_survey.frames import benchmarks as benchmarks
    from peft_vlm_survey.frames import columns as columns
    from peft_vlm_survey.frames import datasets as datasets
    from peft_vlm_survey.frames import descriptions as descriptions
    from peft_vlm_survey.frames import measurements as measurements
    from peft_vlm_survey.frames import methods as methods
    from peft_vlm_survey.frames import origins as origins
    from peft_vlm_survey.frames import papers as papers
    from peft_vlm_survey.frames import protocols as protocols
    from peft_vlm_survey.frames import references as references
    from peft_vlm_survey.frames import results as results
    from peft_vlm_survey.frames import table as table
    from peft_vlm_survey.pricing import cost as cost
    from peft_vlm_survey.pricing import priced as priced
    from peft_vlm_survey.searching import search as search

_FRAMES = (
    *("papers", "references", "descriptions", "methods", "backbones", "benchmarks", "datasets", "origins", "protocols"),
    *("results", "measurements", "table", "columns"),
)
_HOMES = {
    **dict.fromkeys(_FRAMES, "frames"),
    "cost": "pricing",
    "priced": "pricing",
    "search": "searching",
    "cite": "citing",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Return a function for readers; the module that holds it is imported when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'peft_vlm_survey' has no attribute '{name}'")
    return getattr(import_module(f"peft_vlm_survey.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Name what readers may ask for."""
    return sorted({*globals(), *__all__})
