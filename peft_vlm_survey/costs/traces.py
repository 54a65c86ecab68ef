"""What a training step keeps beyond its weights, read off the traced table instead of a fitted form.

Each phase of a step is a line in the tokens between the traced ones; matrices with LoRA add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peft_vlm_survey.read.memory_traces import TOGETHER, MemoryTrace

# Bytes in the forward pass, at the gradient of the loss, and in the backward pass of the last and of the first layer.
Phases = tuple[float, ...]
FORWARD, LOSS, LAST, FIRST = range(4)
Knots = Sequence[tuple[float, Phases]]
NONE: Phases = (0.0, 0.0, 0.0, 0.0)
# Where several names are one matrix in the modules, it is traced under the first of them.
FUSED = {"k": "q", "v": "q", "qkv": "q", "up": "gate"}


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of one backbone: by what is traced and whether with checkpointing, tokens and phases at each knot."""

    lines: Mapping[tuple[str, bool], Knots]

    def at(self, kind: str, tokens: float, *, again: bool) -> Phases:
        """Return what a step of so many tokens keeps; outside the knots the outer line goes on.

        >>> traces = Traces({("passing", False): [(256, (2.0,)), (1024, (8.0,)), (8192, (22.0,))]})
        >>> traces.at("passing", 512, again=False), traces.at("passing", 9216, again=False)
        ((4.0,), (24.0,))
        """
        knots = self.lines[kind, again]
        after = min(max(sum(tokens > at for at, _ in knots), 1), len(knots) - 1)
        (left, low), (right, high) = knots[after - 1], knots[after]
        share = (tokens - left) / (right - left)
        return tuple(a + (b - a) * share for a, b in zip(low, high, strict=True))

    def logits(self, tokens: float, width: str = "", *, again: bool) -> Phases:
        """Return what whole logits add, in all their copies, by how wide weights are and what passes; nothing where none are made."""
        names = (name for name in (f"logits{width}", "logits") if (name, again) in self.lines)
        return next((self._scaled(name, tokens, again=again) for name in names), NONE)

    def longer(self, beyond: "Traces", share: float) -> "Traces":
        """Return the traces of what reads a longer text, by such a share of what a text twice as long needs beyond.

        >>> Traces({("passing", False): [(8, (2.0,))]}).longer(Traces({("passing", False): [(8, (1.0,))]}), 0.5).lines
        {('passing', False): [(8, (2.5,))]}
        """
        return Traces(
            {
                key: [
                    (tokens, tuple(a + share * b for a, b in zip(phases, more, strict=True)))
                    for (tokens, phases), (_, more) in zip(knots, beyond.lines[key], strict=True)
                ]
                for key, knots in self.lines.items()
            }
        )

    def looking(self, image: "Traces", examples: float, tokens: float) -> "Traces":
        """Return the traces of so many examples, each with an image, that have so many tokens together.

        Traced was one; beyond it `image` has what another as long needs, and of modules what they need of an image alone.

        >>> one = Traces({("passing", False): [(8, (3.0,)), (16, (5.0,))], ("k", False): [(8, (2.0,))]})
        >>> image = Traces({("passing", False): [(8, (2.0,)), (16, (4.0,))], ("k", False): [(8, (1.0,))]})
        >>> found = one.looking(image, 2, 8)
        >>> found.at("passing", 16, again=False), found.by_target(["k"], 8, again=False)
        ((5.0,), [(3.0,)])
        """
        return Traces({key: self._looking(key, image, examples, tokens) for key in self.lines})

    def _looking(self, key: tuple[str, bool], image: "Traces", examples: float, tokens: float) -> Knots:
        first, beyond = self.lines[key], image.lines.get(key)
        if beyond is None:
            return first
        if len(first) == 1:  # which stands for all tokens by their number, as the images do not
            shares, scale = [examples * at / tokens - 1 for at, _ in first], 1.0
        else:
            shares, scale = [examples - 1] * len(first), examples
        return [
            (at * scale, tuple(a + share * b for a, b in zip(phases, more, strict=True)))
            for (at, phases), (_, more), share in zip(first, beyond, shares, strict=True)
        ]

    def has(self, kind: str) -> bool:
        """Return whether steps of a kind were traced."""
        return (kind, False) in self.lines

    def targets(self, names: Iterable[str], tokens: float, *, again: bool) -> Phases:
        """Return what LoRA adds on matrices of these names, without its parameters; names without a trace add nothing."""
        return added(*self.by_target(names, tokens, again=again))

    def by_target(self, names: Iterable[str], tokens: float, width: str = "", *, again: bool) -> list[Phases]:
        """Return what LoRA adds on each matrix of these names, and on two of them beyond what each adds alone, by how wide all is."""
        distinct = dict.fromkeys(name if (name, again) in self.lines else FUSED.get(name, name) for name in names)
        both = (name for name in TOGETHER if distinct.keys() >= set(name.split("+")))
        traced = (f"{name}{width}" for name in (*distinct, *both))
        return [self._scaled(name, tokens, again=again) for name in traced if (name, again) in self.lines]

    def _scaled(self, name: str, tokens: float, *, again: bool) -> Phases:
        ((at, phases),) = self.lines[name, again]
        return tuple(phase * tokens / at for phase in phases)


def added(*parts: Phases) -> Phases:
    """Return the sum of each phase."""
    return tuple(sum(phase) for phase in zip(NONE, *parts, strict=True))


def traces_of(rows: Iterable[MemoryTrace]) -> Mapping[tuple[str, str], Traces]:
    """Return the traces of every traced backbone, by its identifier and the part; empty is the one that methods act on."""
    by_part: dict[tuple[str, str], dict[tuple[str, bool], list[tuple[int, Phases]]]] = {}
    for row in rows:
        of_part = by_part.setdefault((row.configuration, row.part), {})
        of_part.setdefault((row.trace, row.checkpointing == "yes"), []).append((int(row.tokens), row.phases))
    return {name: Traces({key: sorted(knots) for key, knots in lines.items()}) for name, lines in by_part.items()}
