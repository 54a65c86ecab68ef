"""Hold the memory model against the published runs, and find those nearest to a setting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

from peft_vlm_survey.costs.gradient_path import beside, trains_all
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import GB, Held, Load, Range, Span, activations, computed_again, estimate, quantisable
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.memory_cases import MemoryCase

# The shortest text that a run with a stated maximum is taken to have.
SHORTEST = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A published run beside the model's range, both in bytes."""

    case: MemoryCase
    model: Range

    @property
    def inside(self) -> bool:
        """Return whether the printed value lies between low and high."""
        return self.model.low <= self.case.gigabytes * GB <= self.model.high


def compare(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> tuple[Comparison, ...]:
    """Return every case that the constants were fitted on, with the closed form's range for it."""
    fitted = [case for case in cases if case.fitted]
    return tuple(Comparison(case=case, model=estimate(_load(case, shapes[case.configuration]))) for case in fitted)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A published run as what memory depends on: what is trained on how many bits, beside images or not, how large."""

    full: bool
    few: bool
    images: bool
    again: bool
    size: float
    tokens: float

    def distance(self, other: "Run") -> float:
        """Count doublings of size and of tokens, and add what differs in kind, the heavier the more it decides."""
        kinds = sum(
            weight
            for weight, differs in (
                (APART["trained"], (self.full, self.few) != (other.full, other.few)),
                (APART["images"], self.images != other.images),
                (APART["checkpointing"], self.again != other.again),
            )
            if differs
        )
        return kinds + abs(log2(self.size / other.size)) + abs(log2(self.tokens / other.tokens))

    def is_near(self, other: "Run") -> bool:
        """Return whether two runs are of one kind, and neither twice as large nor twice as long as the other."""
        alike = (self.full, self.few, self.images, self.again) == (other.full, other.few, other.images, other.again)
        return alike and max(abs(log2(self.size / other.size)), abs(log2(self.tokens / other.tokens))) <= 1


# What a difference in kind weighs, in doublings.
APART = {"trained": 8, "images": 4, "checkpointing": 1}


def run_of(case: MemoryCase, shape: Shape) -> Run:
    """Return what a published run is; parameters beside the language model's are those of a vision tower."""
    extra = float(case.extra_params or 0)
    return Run(
        full=case.kind == "full",
        few=case.bits == "4",
        images=bool(extra) or "vision" in shape.parts,
        again=case.checkpointing in ("yes", "assumed"),
        size=float(shape.total or 0) + extra,
        tokens=float(case.batch) * float(case.tokens),
    )


def nearest(
    cases: Iterable[MemoryCase], shapes: Mapping[str, Shape], setting: Setting
) -> tuple[tuple[MemoryCase, bool], ...]:
    """Return the published runs, the most like a setting first, each with whether it lies near; none without a size."""
    shape = setting.shape
    if not shape.total:
        return ()
    length = next((tower.length for tower in beside(setting) if tower.name == "language"), setting.numbers["length"])
    asked = Run(
        full=trains_all(setting),
        few=setting.precision < HALF,
        images=shape.in_series,
        again=computed_again(setting),
        size=float(shape.total),
        tokens=float(setting.numbers["batch"] * length),
    )
    runs = [(case, run_of(case, shapes[case.configuration])) for case in cases if case.fitted]
    decoder = shape.decoder_only  # as every published run
    ordered = sorted(runs, key=lambda pair: asked.distance(pair[1]))
    return tuple((case, decoder and asked.is_near(run)) for case, run in ordered)


def spans(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> dict[tuple[str, bool], Span]:
    """Return what the runs cover in parameters of the backbone and tokens of a step, by what is trained and how."""
    found: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    for case in (case for case in cases if case.fitted):
        load = _load(case, shapes[case.configuration])
        kind = "full" if load.full else "few bits" if load.quantised else "16 bits"
        size = float(shapes[case.configuration].total or 0)
        found.setdefault((kind, load.checkpointing), []).append((size, load.towers[0].tokens.high))
    return {
        key: Span(*((min(numbers), max(numbers)) for numbers in zip(*pairs, strict=True)))
        for key, pairs in found.items()
    }


def _load(case: MemoryCase, shape: Shape) -> Load:
    part = shape.parts["language"]
    batch, tokens = int(case.batch), int(case.tokens)
    span = Range(tokens, tokens, tokens)
    if case.tokens_known == "at most":
        span = Range(min(SHORTEST, tokens), tokens / 2, tokens)
    kept, bare, block = activations(part, full=case.kind == "full")
    held = Held(span * batch, kept, bare, block, part.vocabulary)
    params = float(shape.total or 0) + float(case.extra_params or 0)
    quantised = float(quantisable(shape)) if case.bits == "4" else 0.0
    output = part.vocabulary * part.embedded_width
    if case.library == "litgpt":
        # It holds the output layer apart from the embeddings, and quantises it too.
        tied = shape.configuration is not None and shape.configuration.tied != "no"
        params += output if tied else 0
        quantised += output if quantised else 0
    return Load(
        params=params,
        quantised=quantised,
        trained=params if case.kind == "full" else float(case.trained or 0),
        copied=float(case.copied or 0),
        full=case.kind == "full",
        towers=(held,),
        largest=max(m.inputs * m.outputs for m in part.matrices),
        double=case.double_quantised == "yes",
        checkpointing=case.checkpointing in ("yes", "assumed"),
        compiled=case.compiled == "yes",
        chunked=case.chunked_loss == "yes",
        states={"peft": "32", "trainer": "unknown"}.get(case.library, "16"),
        rest="unknown" if case.library in ("peft", "trainer") else "16",
        optimizer=case.optimizer,
        bits=int(case.bits),
    )
