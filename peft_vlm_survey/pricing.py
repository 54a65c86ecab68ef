"""Costs as functions, for notebooks and scripts: the answer of `peft-vlm-survey cost` as a dictionary."""

from collections.abc import Iterable
from fractions import Fraction

from peft_vlm_survey.costs import Method, answer, listing, shapes
from peft_vlm_survey.costs import cost as counted
from peft_vlm_survey.costs.answer_types import Answer, Listing
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.data import ROOT

Said = str | int | float | bool | Iterable[str]


def cost(
    method: str | Method, backbone: str, *, classes: str | int | Fraction | None = None, **parameters: Said
) -> Answer:
    """Return what a method costs on a backbone: parameters, bytes, operations, training memory, formula and limits.

    `parameters` are those of the command line, such as `rank=8, targets=("q", "v"), checkpointing=True`; `classes`
    counts a head. A method that the book does not hold is given as a `Method` of `peft_vlm_survey.costs`. Numbers of
    parameters are scalars, `_percent` is of the backbone, `_bytes` are bytes, `_gb` are 10⁹ bytes, and None is not
    established. Raises CostError, which says what is wrong and the way out.

    >>> cost("lora", "vit-b16", rank=8)["trainable"]
    294912
    """
    options, pairs = read_options(f"{name}={_as_word(value)}" for name, value in parameters.items())
    return answer(counted(method, backbone, pairs, known=shapes(ROOT), classes=classes), options)


def priced() -> Listing:
    """Return what can be priced: the methods with parameters, defaults and variants, and the backbones with sizes.

    >>> priced()["methods"]["lora"]["parameters"]["rank"]
    '8'
    """
    return listing(shapes(ROOT))


def _as_word(value: Said) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ",".join(value)
