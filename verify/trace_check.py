"""Hold the priced peak against direct traces of whole models, at settings between those of the table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from peft_vlm_survey.costs import cost
from peft_vlm_survey.costs.need import highest
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.read.configurations import Configuration
from verify import traces

TOLERANCE = 0.015
# Backbone, batch, tokens, checkpointing, rank, targets, bits.
SETTINGS = (
    ("llama-7b", 1, 700, True, 16, "q,v", 16),
    ("llama-7b", 2, 900, False, 8, "q,k,v,o,gate,up,down", 16),
    ("llama-3.1-8b", 1, 3000, True, 64, "q,k,v,o,gate,up,down", 4),
    ("qwen2.5-3b", 3, 500, False, 32, "q,v", 16),
    ("gemma-2-2b", 1, 1500, True, 8, "q,v", 16),
)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The peak of a setting in bytes, without the optimiser's states: traced with every layer, and by the table."""

    told: str
    traced: float
    priced: float
    tolerance: float = TOLERANCE

    @property
    def holds(self) -> bool:
        """Return whether both agree within the tolerance."""
        return abs(self.priced / self.traced - 1) <= self.tolerance


def look(rows: Mapping[str, Configuration], shapes: Mapping[str, Shape]) -> Iterator[Checked]:
    """Yield every setting with both peaks."""
    for name, batch, tokens, again, rank, target, bits in SETTINGS:
        words = [f"batch={batch}", f"length={tokens}", f"checkpointing={'yes' if again else 'no'}", f"rank={rank}"]
        counts = cost("lora", name, [*words, f"targets={target}", f"precision={bits}"], known=shapes)
        priced = highest(counts, Options())
        if priced is None:
            continue
        kind = "whole logits" if bits == 16 else "whole logits, few bits"
        depth = int(rows[name].decoder_layers)

        again_and = {"again": again, "target": target, "batch": batch, "rank": rank}
        traced = float(traces.apart(partial(_whole, rows[name], kind, depth, tokens, again_and)))
        told = f"{name} {target} r={rank} {batch} x {tokens}, {bits} bits{', checkpointing' if again else ''}"
        yield Checked(told=told, traced=traced, priced=priced.total - priced.parts["states"])


def _whole(row: Configuration, kind: str, depth: int, tokens: int, how: Mapping[str, Any]) -> int:
    found = traces.one(row, kind, depth, tokens, **how)
    return sum(found.held) + max(found.phases.values())
