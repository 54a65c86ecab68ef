"""Price published runs from the words that a reader would type, and see how often the printed value lies inside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

from peft_vlm_survey.costs.answer import asked, described_shapes
from peft_vlm_survey.costs.cards import SAY_NUMBER
from peft_vlm_survey.costs.count import count
from peft_vlm_survey.costs.kinds import FAMILIES, kind_of
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.memory import GB, Range
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options, read_options
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.memory_cases import MemoryCase

# In a command, of how many cards the printed value is that of one.
CARDS = "gpus="


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """A published run beside the range that its command gives.

    `range` is of what was measured: of what tensors need, or of what is reserved or shown; `needs`, of what tensors need, tells
    whether the run fits.
    """

    case: MemoryCase
    range: Range
    needs: Range
    kind: str
    lengths: str

    @property
    def reported(self) -> float:
        """The bytes that the source reports."""
        return self.case.gigabytes * GB

    @property
    def inside(self) -> bool:
        """Whether the reported value lies in the range."""
        return self.range.low <= self.reported <= self.range.high

    @property
    def family(self) -> str:
        """The family of backbones that the run belongs to."""
        return next(family for family, kinds in FAMILIES.items() if self.kind in kinds)


def priced(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Priced, ...]:
    """Return every run that has a command and a traced backbone, in the order of the file."""
    return tuple(run for case in cases if case.command and (run := price(case, shapes)) is not None)


def price(case: MemoryCase, shapes: Mapping[str, Shape]) -> Priced | None:
    """Return a run that has a command beside its ranges; None if its step was not traced."""
    setting, options, cards = asked_of(case, shapes)
    counts = count(setting)
    options = replace(options, lengths=_lengths(case))
    needs = need(counts, options, cards)
    if needs is None:
        return None
    # What an allocator reports holds no context of CUDA.
    shown = needs.reserved if "reserved" in case.measured_as else needs.shown
    return Priced(
        case=case,
        range=needs.needed if case.allocated else shown,
        needs=needs.needed,
        kind=kind_of(setting),
        lengths=_lengths(case),
    )


def asked_of(case: MemoryCase, shapes: Mapping[str, Shape]) -> tuple[Setting, Options, int]:
    """Return what the command of a run asks: the setting, what is known of the run, and the cards. Raises CostError."""
    method, *words = case.command.split()
    number = next((word.removeprefix(CARDS) for word in words if word.startswith(CARDS)), "1")
    if not number.isdecimal() or int(number) < 1:
        raise CostError(f"{CARDS}{number} is impossible.", SAY_NUMBER)
    options, pairs = read_options(word for word in words if not word.startswith(CARDS))
    return asked(method, case.configuration, pairs, known=shapes), options, int(number)


def _not_understood(survey: Survey) -> Iterator[Problem]:
    shapes = described_shapes(survey)
    for case in survey.memory_cases:
        if case.command and case.row.sound("command") and case.configuration in shapes:
            try:
                asked_of(case, shapes)
            except CostError as error:
                yield case.row.problem(
                    f"command '{case.command}': {error.message}",
                    f"{error.remedy} Leave the cell empty if the model does not know the run.",
                )


def unseen(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Priced, ...]:
    """Return the runs that are held back, and so set nothing of the ranges beside them."""
    return priced((case for case in cases if case.held_back), shapes)


def of_family(runs: Iterable[Priced], family: str) -> list[Priced]:
    """Return the runs of one family of backbones."""
    return [run for run in runs if run.family == family]


def _lengths(case: MemoryCase) -> str:
    """Return what is known of the lengths: that a command's is a cap alone, that examples differ, or that they do not."""
    if case.tokens_known == "at most" and f"length={case.tokens} " in f"{case.command} ":
        return "cap"
    return "vary" if case.varying == "yes" else "one"


class Share(NamedTuple):
    """How many of some runs lie inside, and how wide the range is in the middle (high by low)."""

    runs: int
    inside: int
    width: float


def share(priced: Iterable[Priced]) -> Share:
    """Return how often the range holds."""
    runs = list(priced)
    return Share(len(runs), sum(run.inside for run in runs), median(run.range.high / run.range.low for run in runs))


RULES = tuple((rule, ("data/memory_cases.csv", "data/configurations.csv")) for rule in (_not_understood,))
