"""What a method costs: closed forms for parameters, bytes, operations and training memory."""

from peft_vlm_survey.costs.against_full import memory_ratio
from peft_vlm_survey.costs.answer import answer, cost, listing, shapes_of
from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.digits import significant
from peft_vlm_survey.costs.ends import known_shapes, shapes
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.method import Method, Variant
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.costs.symbols import sign

__all__ = [
    "METHODS",
    "CostError",
    "Counts",
    "Method",
    "Setting",
    "Shape",
    "Variant",
    "answer",
    "cost",
    "known_shapes",
    "listing",
    "memory_ratio",
    "shapes",
    "shapes_of",
    "sign",
    "significant",
]
