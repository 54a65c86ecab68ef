"""Calibrate the ranges of memory on published runs: by kind of run, two factors between which most of them lie.

The traced range of each run is compared with what was reported of it; the factors are percentiles over the runs of a kind.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from peft_vlm_survey.cache import code, worked_out
from peft_vlm_survey.costs.answer import described_shapes, shapes_of
from peft_vlm_survey.costs.priced import Priced, priced
from peft_vlm_survey.costs.shapes import Ends, Shape
from peft_vlm_survey.problems import SurveyError
from peft_vlm_survey.read.memory_cases import MemoryCase
from peft_vlm_survey.read.registry import TABLES

if TYPE_CHECKING:
    from peft_vlm_survey.model import Survey

T = TypeVar("T")
# The share of runs of a kind that lies below the lower end, and above the upper one.
TAIL = 0.03


@cache
def shapes(root: Path) -> Mapping[str, Shape]:
    """Return every backbone by its identifier, its ranges calibrated. Raises SurveyError if the data have problems."""
    read = [TABLES[name].read(root) for name in ("configurations", "memory_traces", "memory_cases")]
    if problems := [problem for _, some in read for problem in some]:
        raise SurveyError(tuple(problems))
    rows, traced, cases = (rows for rows, _ in read)
    return calibrated(shapes_of(rows, traced), cases)


def known_shapes(survey: "Survey") -> Mapping[str, Shape]:
    """Return every backbone of a survey by identifier, its ranges calibrated; made once."""
    return survey.derived(_shapes)


def _shapes(survey: "Survey") -> Mapping[str, Shape]:
    def calibrate() -> Mapping[str, Shape]:
        return calibrated(described_shapes(survey), survey.memory_cases)

    return worked_out(survey.root, "shapes", survey.derived(_rows), calibrate, by=code)


def made_of_shapes(survey: "Survey", name: str, work: Callable[[Mapping[str, Shape]], T]) -> T:
    """Return what a function makes of the backbones and of no other data, from the cache while their tables are the same."""
    return worked_out(survey.root, name, survey.derived(_rows), lambda: work(known_shapes(survey)), by=code)


def _rows(survey: "Survey") -> str:
    """Return what changes if a row does of which the backbones are made."""
    tables = (survey.configurations, survey.memory_traces, survey.memory_cases)
    return repr([(thing.row.path, thing.row.line, thing.row.cells) for table in tables for thing in table])


def calibrated(shapes: Mapping[str, Shape], cases: Iterable[MemoryCase]) -> Mapping[str, Shape]:
    """Return backbones with the ends that the published runs set, of which those are left out that are held back to test them."""
    runs = priced((case for case in cases if not case.held_back and case.configuration in shapes), shapes)
    found = ends_of(runs)
    return {id: replace(shape, ends=found) for id, shape in shapes.items()}


def ends_of(runs: Sequence[Priced]) -> Mapping[str, Ends]:
    """Return by kind the ends that runs set, whose ranges are as traced."""
    by_kind: dict[str, list[Priced]] = {}
    for run in runs:
        by_kind.setdefault(run.kind, []).append(run)
    return {kind: _ends(some) for kind, some in by_kind.items()}


def _ends(runs: Sequence[Priced]) -> Ends:
    below = [run.reported / run.range.low for run in runs]
    above = [run.reported / run.range.high for run in runs]
    number = len(set(sources(run.case for run in runs).values()))
    return Ends(_percentile(below, TAIL), _percentile(above, 1 - TAIL), len(runs), number)


def _percentile(values: Collection[float], share: float) -> float:
    """Return the smallest value that so large a share of values does not exceed.

    >>> _percentile([3, 1, 2], 0.5), _percentile([3, 1, 2], 0.97)
    (2, 3)
    """
    return sorted(values)[max(ceil(share * len(values)), 1) - 1]


def left_out(runs: Sequence[Priced]) -> list[tuple[Priced, float, float]]:
    """Return each run, as traced, with the range in bytes that the runs of its kind from all other sources set."""
    source = sources(run.case for run in runs)
    ranges = []
    for name in dict.fromkeys(source.values()):
        found = ends_of([run for run in runs if source[run.case.group] != name])
        for run in runs:
            if source[run.case.group] == name:
                low, high, *_ = found.get(run.kind, Ends())
                ranges.append((run, low * run.range.low, high * run.range.high))
    return ranges


def sources(cases: Iterable[MemoryCase]) -> Mapping[str, str]:
    """Return the source of each group: groups of one repository, and repositories of one group, are one."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    groups = [(f"group {case.group}", case.source.partition("@")[0].partition(" ")[0]) for case in cases]
    for group, owner in groups:
        above[top(group)] = top(owner)
    return {group.removeprefix("group "): top(group) for group, _ in groups}


def many(number: int, what: str) -> str:
    """Return a number with what it counts, in the plural unless it is one."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
