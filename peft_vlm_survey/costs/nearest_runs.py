"""The published runs that are most like a setting: what was measured of each, and what the calculator gives for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

from peft_vlm_survey.costs.card_lines import SPREAD
from peft_vlm_survey.costs.gradient_path import trains_all
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import computed_again
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import asked_of, fixed_price, price
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.costs.sorts import ALONE, KINDRED, PAIRS, SEEING, TOWER, place_of, sort_of, step_tokens
from peft_vlm_survey.costs.step import SPLITS
from peft_vlm_survey.read.memory_cases import MemoryCase

# What a difference in kind weighs, in doublings of size or of tokens.
APART = {"sort": 4, "split": 4, "way": 2, "checkpointing": 1, "bits": 1, "method": 1, "backbone": 1}
# By how many doublings of size or tokens a run may differ that says something still.
FARTHEST = 3
# What is said above the runs, and of each of them.
SAID: Mapping[str, str] = {
    "near": "published runs near to it come first:",
    "far": "no published run lies near: none is alike in kind of backbone, what is trained, bits and checkpointing, and within "
    "twice its size and tokens; the most alike are:",
    "none": "no published run tells anything of it: none on a kindred backbone trains the like within eight times its size and tokens",
    "calculated": "the calculator gives {calculated} for what was measured",
    "foretold": "held back to test the calculator, which foretold {calculated}",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run as what memory depends on: what is trained of which backbone, on how many bits, how large, and how it is carried out.

    `sort` is a key of `KINDRED`, `way` how the method acts, if it is told; `wide` says that weights have 32 bits, `again` that activations are computed again, `split` that
    cards share what is trained or the processor holds its states.
    """

    sort: str
    backbone: str
    method: str
    way: str
    full: bool
    few: bool
    wide: bool
    again: bool
    split: bool
    size: float
    tokens: float

    def distance(self, other: "Run") -> float:
        """Count doublings of size and of tokens, and add what differs in kind, the heavier the more it decides."""
        differs = {
            "sort": self.sort != other.sort,
            "split": self.split != other.split,
            "checkpointing": self.again != other.again,
            "way": self.way != other.way,
            "bits": self.wide != other.wide,
            "method": self.method != other.method,
            "backbone": self.backbone != other.backbone,
        }
        return sum(APART[name] for name, is_so in differs.items() if is_so) + sum(self._doublings(other))

    def is_near(self, other: "Run") -> bool:
        """Return whether two runs are of one kind, and neither twice as large nor twice as long as the other."""
        return self._kind == other._kind and max(self._doublings(other)) <= 1

    def is_shown(self, other: "Run") -> bool:
        """Return whether another run says something of this one: kindred, of the same kind of training, and within eight times its size and tokens."""
        alike = other.sort in KINDRED[self.sort] and (self.full, self.few) == (other.full, other.few)
        return alike and max(self._doublings(other)) <= FARTHEST

    @property
    def _kind(self) -> tuple[object, ...]:
        return self.sort, self.full, self.few, self.wide, self.again, self.split

    def _doublings(self, other: "Run") -> tuple[float, float]:
        return abs(log2(self.size / other.size)), abs(log2(self.tokens / other.tokens))


def run_of(setting: Setting, options: Options, beside: float = 0) -> Run:
    """Return what a setting is, with so many parameters beside the backbone's, which are those of a vision tower."""
    shape = setting.shape
    sort = sort_of(shape)
    if beside and sort == ALONE:
        sort = SEEING
    elif sort == PAIRS and setting.part == "vision":
        sort = TOWER
    return Run(
        sort=sort,
        backbone=shape.id,
        method=setting.method.id,
        way=setting.method.way,
        full=trains_all(setting),
        few=setting.precision < HALF,
        wide=setting.precision > HALF or options.weights == "32",
        again=computed_again(setting),
        split=options.sharding in SPLITS or options.offload == "yes",
        size=float(shape.total or 0) + beside,
        tokens=step_tokens(setting),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A published run that words of `cost` say: its row, what it is, and in words what ran where."""

    case: MemoryCase
    run: Run
    said: str

    def calculated(self, shapes: Mapping[str, Shape]) -> tuple[float, float] | None:
        """Return in bytes what the calculator gives for what was measured; None if no such step was traced.

        Of a run that is held back it is what was foretold of it before anybody had looked at it.
        """
        priced = fixed_price(self.case, shapes) if self.case.held_back else price(self.case, shapes)
        if priced is None:
            return None
        return priced.range.low, priced.range.high


def published(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Published, ...]:
    """Return the runs that can be shown, in the order of the file: those that words of `cost` say, held back only if foretold.

    Of runs of one source that are alike in all that memory depends on here it is the first.
    """
    by_run: dict[tuple[str, Run], Published] = {}
    for case in cases:
        if case.command and not (case.held_back and not case.foretold):
            shown = _published(case, shapes)
            by_run.setdefault((case.group, shown.run), shown)
    return tuple(by_run.values())


def _published(case: MemoryCase, shapes: Mapping[str, Shape]) -> Published:
    setting, options, cards = asked_of(case, shapes)
    run = run_of(setting, options, float(case.extra_params or 0))
    return Published(case=case, run=run, said=_in_words(case, setting, options, cards))


def _in_words(case: MemoryCase, setting: Setting, options: Options, cards: int) -> str:
    """Return a run in words: what was trained where, and what its memory depends on."""
    resolution = setting.numbers.get("resolution")
    parts = (
        case.printed_method,
        f"{setting.shape.name.removesuffix(' (both towers)')}, {place_of(setting)}"
        if setting.shape.side_by_side
        else setting.shape.name,
        f"batch {case.batch}",
        f"{int(setting.numbers['texts']):,} text{'s' if setting.numbers['texts'] != 1 else ''}"
        if "texts" in setting.said
        else "",
        f"{resolution} x {resolution} pixels"
        if resolution
        else f"{'at most ' if case.tokens_known == 'at most' else ''}{int(case.tokens):,} tokens",
        "all in 32 bits"
        if setting.precision > HALF
        else "weights in 32 bits"
        if options.weights == "32"
        else f"{setting.precision} bits"
        if setting.precision < HALF
        else "",
        "checkpointing" if computed_again(setting) else "",
        f"{cards} cards" if cards > 1 else "",
        SPREAD[options.sharding].removeprefix(", "),
        "states on the processor" if options.offload == "yes" else "",
    )
    return ", ".join(filter(None, parts))


def nearest(
    runs: Iterable[Published], setting: Setting, options: Options | None = None
) -> tuple[tuple[Published, bool], ...]:
    """Return the runs that say something of a setting, the most like it first, each with whether it lies near.

    There may be none, as where the size of the backbone is open.
    """
    if not setting.shape.total:
        return ()
    asked = run_of(setting, options or Options())
    pairs = [(other, asked.is_near(other.run)) for other in runs if asked.is_shown(other.run)]
    return tuple(sorted(pairs, key=lambda pair: (not pair[1], asked.distance(pair[0].run))))
