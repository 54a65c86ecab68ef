"""How much more than it needs an allocator reserves: with one length, and with lengths that vary from step to step."""

import random
from collections.abc import Iterator

from peft_vlm_survey.read.registry import TABLES
from verify import traces
from verify.allocator import reserved
from verify.apart import apart

DISTINCT = 32  # lengths of the examples
STEPS = 320
LAYERS = 8
SETTINGS = (
    ("llama-7b", True, "q,v", 2048, 1),
    ("llama-7b", False, "q,v", 1024, 1),
    ("qwen2.5-7b", True, "q,k,v,o,gate,up,down", 2048, 1),
    ("qwen2.5-7b", False, "q,k,v,o,gate,up,down", 1024, 1),
    ("llama-3.1-8b", True, "q,v", 2048, 4),
)


def growth() -> Iterator[tuple[str, list[float]]]:
    """Yield a setting, and reserved by needed bytes beyond the weights: one length, in two random orders, growing."""
    known = {row.id: row for row in TABLES["configurations"].read(traces.ROOT)[0]}
    for name, again, target, longest, batch in SETTINGS:
        dice = random.Random(1)  # noqa: S311 - the same lengths each time
        lengths = [min(longest, int(dice.lognormvariate(6.7, 0.8)) + 32) for _ in range(DISTINCT - 1)] + [longest]

        def run(row=known[name], again=again, target=target, batch=batch, longest=longest, lengths=lengths):  # type: ignore[no-untyped-def]
            steps = {
                n: traces.one_step(row, "whole logits", LAYERS, n, again=again, target=target, batch=batch)
                for n in {*lengths}
            }
            most, held = max(steps[longest].phases.values()), steps[longest].held
            mixed = [[*random.Random(seed).choices(lengths, k=STEPS), longest] for seed in (2, 3)]  # noqa: S311
            orders = ([longest] * 3, *mixed, sorted(lengths) * 2)
            return [(reserved(held, (steps[n].events for n in order))[1] - sum(held)) / most for order in orders]

        setting = f"{name} {target} up to {longest} x {batch}{', checkpointing' if again else ''}"
        yield setting, apart(run)


if __name__ == "__main__":
    for setting, (same, first, second, growing) in growth():
        print(
            f"{setting:<64} one length {same:.2f}, random {first:.2f} and {second:.2f}, growing {growing:.2f}",
            flush=True,
        )
