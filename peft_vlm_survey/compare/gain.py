"""The gain of a number: by how much it is better than full fine-tuning, in the exact digits that are printed."""

from collections.abc import Iterable
from decimal import Decimal

from peft_vlm_survey.read.benchmarks import Benchmark
from peft_vlm_survey.read.results import Result

REFERENCE = "Full fine-tuning"


def gain_of(number: Result, numbers: Iterable[Result], benchmark: Benchmark) -> Decimal | None:
    """Return by how much a number is better than full fine-tuning; more is better, whichever way the benchmark runs.

    `numbers` are those of a comparable group on the benchmark. Full fine-tuning of the same table counts, or else that of
    the group if its tables agree on one value. None where neither is known, and for full fine-tuning itself.
    """
    if number.method == REFERENCE:
        return None
    references = [other for other in numbers if other.method == REFERENCE]
    same_table = [reference for reference in references if reference.origin == number.origin]
    values = {Decimal(reference.value) for reference in same_table or references}
    if len(values) != 1:
        return None
    return benchmark.worth(Decimal(number.value) - values.pop())
