"""Hold the closed form of memory against the published runs that set its constants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs.memory import GB, Held, Load, Range, Span, activations, estimate, quantisable
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


def spans(cases: Iterable[MemoryCase], shapes: Mapping[str, Shape]) -> dict[tuple[str, bool], Span]:
    """Return what the runs cover in parameters of the backbone and tokens of a step, by what is trained and how."""
    by_kind: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    for case in (case for case in cases if case.fitted):
        load = _load(case, shapes[case.configuration])
        kind = "full" if load.full else "few bits" if load.quantised else "16 bits"
        size = float(shapes[case.configuration].total or 0)
        by_kind.setdefault((kind, load.checkpointing), []).append((size, load.towers[0].tokens.high))
    return {
        key: Span(*((min(numbers), max(numbers)) for numbers in zip(*pairs, strict=True)))
        for key, pairs in by_kind.items()
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
