"""What a training step keeps beyond its weights, as traced: by what is traced a line in the tokens, for each phase of a step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from peft_vlm_survey.read.memory_traces import MemoryTrace

# Bytes in the forward pass, at the gradient of the loss, and in the backward pass of the last and of the first layer.
Phases = tuple[float, ...]
FORWARD, LOSS, LAST, FIRST = range(4)
NONE: Phases = (0.0, 0.0, 0.0, 0.0)
# Where several names are one matrix in the modules, it is traced under the first of them.
FUSED = {"k": "q", "v": "q", "qkv": "q", "up": "gate"}


class Line(NamedTuple):
    """The bytes of each phase that do not depend on the tokens, and those of one token."""

    fixed: Phases
    per_token: Phases

    def at(self, tokens: float) -> Phases:
        """Return the bytes of each phase at so many tokens."""
        return tuple(fixed + slope * tokens for fixed, slope in zip(*self, strict=True))


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of one backbone: by what is traced and whether with checkpointing."""

    lines: Mapping[tuple[str, bool], Line]

    def at(self, kind: str, tokens: float, *, again: bool) -> Phases:
        """Return what a step of so many tokens keeps; nothing where that makes none, such as logits."""
        line = self.lines.get((kind, again))
        return NONE if line is None else line.at(tokens)

    def targets(self, names: Iterable[str], tokens: float, *, again: bool) -> Phases:
        """Return what LoRA adds on matrices of these names, without its parameters; names without a trace add nothing."""
        distinct = dict.fromkeys(name if (name, again) in self.lines else FUSED.get(name, name) for name in names)
        return added(*(self.at(name, tokens, again=again) for name in distinct))


def added(*parts: Phases) -> Phases:
    """Return the sum of each phase."""
    return tuple(sum(phase) for phase in zip(NONE, *parts, strict=True))


def traces_of(rows: Iterable[MemoryTrace]) -> Mapping[tuple[str, str], Traces]:
    """Return the traces of every traced backbone, by its identifier and the part; empty is the one that methods act on."""
    by_part: dict[tuple[str, str], dict[tuple[str, bool], list[tuple[int, Phases]]]] = {}
    for row in rows:
        of_part = by_part.setdefault((row.configuration, row.part), {})
        of_part.setdefault((row.trace, row.checkpointing == "yes"), []).append((int(row.tokens), row.phases))
    return {name: Traces({key: _line(sorted(ends)) for key, ends in lines.items()}) for name, lines in by_part.items()}


def _line(ends: list[tuple[int, Phases]]) -> Line:
    """Return the line through the least and the most tokens traced; of one trace alone, such as of logits, through nothing."""
    (left, low), (right, high) = (ends[0] if len(ends) > 1 else (0, NONE)), ends[-1]
    slopes = tuple((b - a) / (right - left) for a, b in zip(low, high, strict=True))
    return Line(tuple(a - slope * left for a, slope in zip(low, slopes, strict=True)), slopes)
