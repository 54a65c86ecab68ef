"""Read data/memory_traces.csv: what a training step holds beyond its weights, traced on real modules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from peft_vlm_survey.problems import Problem
from peft_vlm_survey.read.between_rows import standing_twice
from peft_vlm_survey.read.sheets import Row, column

_WRITTEN_BY = "Run `python -m verify.traces`, which writes the file."
KNOTS = (256, 8192)
# Where an example has one length, so many examples of it are traced.
BATCHES = (1, 64)
# Where an example is an image and perhaps a text: one of 512 x 512 pixels, and four of 1,024 x 1,024; the tokens that such a one
# has more than the first.
BETWEEN, OFTEN = 3072, 4
RANK = 8  # of the traces with LoRA
LINES = ("passing", "upcast", "full", "frozen")  # traced at two numbers of tokens
TARGETS = ("q", "k", "v", "o", "gate", "up", "down", "fc1", "fc2")
# Where keys and values are made of one vector: what makes it, and what makes them of it.
LATENT = ("kv_a", "kv_b")
PHASES = ("forward", "loss", "last_layer", "first_layer")
_MEGABYTES = {"pattern": r"-?[0-9]+(\.[0-9]{1,3})?", "form": "megabytes with at most three decimals"}


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryTrace:
    """One row of memory_traces.csv: the highest memory of each phase at so many tokens, in megabytes.

    `part` names a tower that is not the one a method acts on if nothing is said, and works on tokens of its own.
    """

    configuration: str = column(required=True, leads="configurations")
    part: str = column(words=("vision", "encoder"))
    trace: str = column(required=True, words=(*LINES, "logits", *TARGETS, *LATENT))
    checkpointing: str = column(required=True, words=("yes", "no"))
    tokens: str = column(required=True, pattern="[1-9][0-9]*", form="a whole number")
    forward: str = column(required=True, **_MEGABYTES)
    loss: str = column(required=True, **_MEGABYTES)
    last_layer: str = column(required=True, **_MEGABYTES)
    first_layer: str = column(required=True, **_MEGABYTES)
    row: Row

    @property
    def phases(self) -> tuple[float, ...]:
        """Forward pass, gradient of the loss, backward pass in the last and in the first layer, in bytes."""
        return tuple(1e6 * float(text) for text in (self.forward, self.loss, self.last_layer, self.first_layer))


def _trace_twice(rows: Iterable[MemoryTrace]) -> Iterator[Problem]:
    for trace, _ in standing_twice(rows, attrgetter("configuration", "part", "trace", "checkpointing", "tokens")):
        yield trace.row.problem(
            f"trace '{trace.trace}' of '{trace.configuration}' stands twice at {trace.tokens} tokens.", _WRITTEN_BY
        )


def _knots_missing(rows: Iterable[MemoryTrace]) -> Iterator[Problem]:
    groups: dict[tuple[str, str, str, str], list[MemoryTrace]] = {}
    for trace in rows:
        if trace.trace in LINES and trace.row.sound("tokens"):
            groups.setdefault((trace.configuration, trace.part, trace.trace, trace.checkpointing), []).append(trace)
    for group in groups.values():
        at = sorted(int(trace.tokens) for trace in group)
        images = (at[0], OFTEN * (at[0] + BETWEEN))
        if tuple(at) not in (KNOTS, tuple(batch * at[0] for batch in BATCHES), images):
            yield group[0].row.problem(
                f"trace '{group[0].trace}' of '{group[0].configuration}' is not traced at {' and '.join(map(str, KNOTS))} tokens,"
                f" nor at {' and '.join(map(str, BATCHES))} examples of one length, nor at images of two sizes.",
                _WRITTEN_BY,
            )


RULES = (_trace_twice, _knots_missing)
