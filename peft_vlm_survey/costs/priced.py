"""Price published runs from the words that a reader would type, and see how often the printed value lies inside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median

from peft_vlm_survey.costs.answer import asked, known_shapes
from peft_vlm_survey.costs.cards import SAY_NUMBER
from peft_vlm_survey.costs.count import Counts, count
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.memory import GB, Range, memory_of
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import Options, read_options
from peft_vlm_survey.costs.outer import DECODER, FAMILIES, family_of, groups_of, kind_of, outer
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.costs.unsaid import CHECKPOINTING, open_in
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.memory_cases import MemoryCase

# In a command, of how many cards the printed value is that of one.
CARDS = "gpus="
# Words of runs on backbones that are no decoders alone: the closed form was fitted on decoders, of which it knows what these mean.
BESIDE_DECODERS: Mapping[str, tuple[str, ...]] = {
    "bits": ("32",),
    "library": ("other",),
    "optimizer": ("adam", "sgd", "not stated"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """A published run beside the ranges of its command: of the closed form, as traced, and the outer one around that.

    The traced range is the needed one where the printed value is what tensors take, else what is reserved or shown; `needs` is
    the outer range of what is needed, by which it is told whether the run fits.
    """

    case: MemoryCase
    before: Range
    after: Range
    outer: Range
    needs: Range
    kind: str
    groups: tuple[str, ...]
    unsaid: tuple[str, ...]
    traced: float
    lengths: str

    def inside(self, which: Range) -> bool:
        """Return whether the printed value lies between low and high."""
        return which.low <= self.case.gigabytes * GB <= which.high

    @property
    def family(self) -> str:
        """The family of backbones that the run belongs to."""
        return next(family for family, kinds in FAMILIES.items() if self.kind in kinds)

    @property
    def miss(self) -> float:
        """Printed by traced; above one the run took more."""
        return self.case.gigabytes * GB / self.traced


def priced(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Priced, ...]:
    """Return every run that has a command and a traced backbone, in the order of the file."""
    return tuple(run for case in cases if case.command and (run := price(case, shapes)) is not None)


def price(case: MemoryCase, shapes: Mapping[str, Shape]) -> Priced | None:
    """Return a run that has a command beside its ranges; None if its step was not traced."""
    setting, options, cards = asked_of(case, shapes)
    counts = count(setting)
    before = memory_of(counts)
    options = replace(options, lengths=_lengths(case))
    needs = need(counts, options, cards)
    if before is None or needs is None:
        return None
    # What an allocator reports holds no context of CUDA.
    shown = needs.reserved if "reserved" in case.measured_as else needs.shown
    after = needs.needed if case.allocated else shown
    groups = groups_of(counts.setting, options)
    return Priced(
        case=case,
        before=before,
        after=after,
        outer=outer(after, groups),
        needs=outer(needs.needed, groups),
        kind=kind_of(counts.setting),
        groups=groups,
        unsaid=_unsaid(case, counts, options),
        traced=needs.peak.total,
        lengths=_lengths(case),
    )


def _unsaid(case: MemoryCase, counts: Counts, options: Options) -> tuple[str, ...]:
    """Return what a source does not say of a run; a command has to name checkpointing where it is assumed too."""
    names = dict.fromkeys(name for name in open_in(counts.setting, options) if name != CHECKPOINTING)
    return (*names, *([CHECKPOINTING] if case.checkpointing.startswith("assumed") else []))


def asked_of(case: MemoryCase, shapes: Mapping[str, Shape]) -> tuple[Setting, Options, int]:
    """Return what the command of a run asks: the setting, what is known of the run, and the cards. Raises CostError."""
    method, *words = case.command.split()
    number = next((word.removeprefix(CARDS) for word in words if word.startswith(CARDS)), "1")
    if not number.isdecimal() or int(number) < 1:
        raise CostError(f"{CARDS}{number} is impossible.", SAY_NUMBER)
    options, pairs = read_options(word for word in words if not word.startswith(CARDS))
    return asked(method, case.configuration, pairs, known=shapes), options, int(number)


def _not_understood(survey: Survey) -> Iterator[Problem]:
    shapes = known_shapes(survey)
    for case in survey.memory_cases:
        if case.command and case.row.sound("command") and case.configuration in shapes:
            try:
                asked_of(case, shapes)
            except CostError as error:
                yield case.row.problem(
                    f"command '{case.command}': {error.message}",
                    f"{error.remedy} Leave the cell empty if the model does not know the run.",
                )


def _word_for_others(survey: Survey) -> Iterator[Problem]:
    shapes = known_shapes(survey)
    for case in survey.memory_cases:
        if _family(case, shapes) == DECODER and case.configuration in shapes:
            for name, words in BESIDE_DECODERS.items():
                if case.row.sound(name) and getattr(case, name) in words:
                    yield case.row.problem(
                        f"{name} '{getattr(case, name)}' is not said of runs of decoders.",
                        "data/README.md says what is, and what command can say besides.",
                    )


def foretold(run: Priced) -> str:
    """Return the cell that keeps what is foretold of a run before its source is looked at: three ranges in GB."""
    return "; ".join(f"{bounds.low / GB:.3f} to {bounds.high / GB:.3f}" for bounds in (run.after, run.outer, run.needs))


def as_foretold(run: Priced) -> Priced:
    """Return a run with the ranges that were foretold before anybody had looked at it."""
    ends = [[float(end) * GB for end in text.split(" to ")] for text in run.case.foretold.split("; ")]
    after, around, needs = (Range(low, (low + high) / 2, high) for low, high in ends)
    return replace(run, after=after, outer=around, needs=needs)


def fixed_price(case: MemoryCase, shapes: Mapping[str, Shape]) -> Priced | None:
    """Return a run with the ranges that were foretold, and not those that it would get today; None if its step was not traced."""
    run = price(case, shapes)
    return None if run is None else as_foretold(run)


def unseen(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Priced, ...]:
    """Return the runs that set nothing of the ranges beside them, by family: those held back, or while none is, those last foretold."""
    known = list(cases)
    held = priced((case for case in known if case.held_back), shapes)
    without = FAMILIES.keys() - {run.family for run in held}
    last_foretold = (case for case in known if case.foretold and _family(case, shapes) in without)
    return (*held, *map(as_foretold, priced(last_foretold, shapes)))


def of_family(runs: Iterable[Priced], family: str) -> list[Priced]:
    """Return the runs of one family of backbones."""
    return [run for run in runs if run.family == family]


def _family(case: MemoryCase, shapes: Mapping[str, Shape]) -> str:
    return family_of(shapes[case.configuration]) if case.configuration in shapes else DECODER


def _lengths(case: MemoryCase) -> str:
    """Return what is known of the lengths: that a command's is a cap alone, that examples differ, or that they do not."""
    if case.tokens_known == "at most" and f"length={case.tokens} " in f"{case.command} ":
        return "cap"
    return "vary" if case.varying == "yes" else "one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many of some runs lie inside, and how wide the range is in the middle (high by low)."""

    runs: int
    before: int
    before_width: float
    after: int
    after_width: float
    outer: int
    outer_width: float


def share(priced: Iterable[Priced]) -> Share:
    """Return how often the ranges hold."""
    runs = list(priced)
    return Share(
        runs=len(runs),
        before=sum(run.inside(run.before) for run in runs),
        before_width=median(run.before.high / run.before.low for run in runs),
        after=sum(run.inside(run.after) for run in runs),
        after_width=median(run.after.high / run.after.low for run in runs),
        outer=sum(run.inside(run.outer) for run in runs),
        outer_width=median(run.outer.high / run.outer.low for run in runs),
    )


RULES = tuple(
    (rule, ("data/memory_cases.csv", "data/configurations.csv")) for rule in (_not_understood, _word_for_others)
)
