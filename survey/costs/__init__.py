"""What a method costs: closed forms for parameters, bytes, operations and training memory. This is the one door."""

from survey.costs.answer import answer, calculator, cost, listing, shapes, shapes_of
from survey.costs.catalogue import METHODS
from survey.costs.count import Counts
from survey.costs.letters import latex_in_letters
from survey.costs.limits import CostError
from survey.costs.measured import Comparison, compare, nearest
from survey.costs.method import Method
from survey.costs.ratio import memory_ratio
from survey.costs.render import significant
from survey.costs.setting import Setting
from survey.costs.shapes import Shape

__all__ = [
    "METHODS",
    "Comparison",
    "CostError",
    "Counts",
    "Method",
    "Setting",
    "Shape",
    "answer",
    "calculator",
    "compare",
    "cost",
    "latex_in_letters",
    "listing",
    "memory_ratio",
    "nearest",
    "shapes",
    "shapes_of",
    "significant",
]
