"""What papers say again: values that were quoted, and who is ahead of whom wherever two methods meet."""

from collections import defaultdict
from collections.abc import Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.read.rounding import agree
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.markup import escape
from peft_vlm_survey.show.numbers import heading
from peft_vlm_survey.show.table import Table


def copied_differently(*, survey: Survey) -> Table:
    """List quoted values that differ from the original by more than rounding, although both are here."""
    pairs = list(differing_copies(survey))
    rows = []
    for copy, original in pairs:
        rows.append(
            [
                escape(copy.method),
                escape(copy.backbone),
                heading(survey.benchmark(copy.benchmark)),
                original.value,
                source(survey, original.origin),
                copy.value,
                source(survey, copy.origin),
            ]
        )
    return Table(
        header=["Method", "Backbone", "Benchmark", "Original", "Reported in", "Copy", "Quoted in"],
        rows=rows,
        widths=[12, 12, 15, 8, 19, 8, 26],
        numeric=frozenset([3, 5]),
        classes=["longtable"],
        data=survey.number_rows(n for pair in pairs for n in pair),
    )


def differing_copies(survey: Survey) -> Iterator[tuple[Result, Result]]:
    """Yield each copied number with the original that it differs from by more than rounding.

    The original is the paper's own number for its own method on the same backbone and benchmark, where there is just one.
    """
    own_numbers: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for number in survey.results:
        if number.claim == "own":
            own_numbers[number.method, number.backbone, number.benchmark].append(number)
    for number in survey.results:
        originals = own_numbers[number.method, number.backbone, number.benchmark] if number.claim == "copied" else []
        if len(originals) == 1 and not agree(number.value, originals[0].value):
            yield number, originals[0]
