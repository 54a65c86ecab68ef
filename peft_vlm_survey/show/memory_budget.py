"""What the memory of a training step consists of, for full fine-tuning, LoRA and QLoRA beside each other."""

from collections.abc import Mapping

from peft_vlm_survey.costs import cost, known_shapes
from peft_vlm_survey.costs.cards import Cards, fitting, read_cards
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import Table

_SETTINGS = {
    "Full fine-tuning": ("full", ()),
    "LoRA": ("lora", ("rank=16", "targets=all")),
    "QLoRA": ("qlora", ("rank=16", "targets=all")),
}
_PARTS = {
    "weights": "Frozen or trained weights",
    "trained modules": "Modules",
    "gradients": "Gradients",
    "states": "States of the optimiser",
    "activations": "Activations",
    "logits": "Logits",
}


def memory_budget(backbone: str, *, card: str, caption: str, label: str, survey: Survey) -> Table:
    """Return the parts of the memory at the highest point of a step, in GB, what a run needs, and whether a card holds it.

    Raises KeyError if there is no such backbone or no step of it was traced.
    """
    cards = read_cards(card, known=survey.cards)
    columns = [_column(backbone, method, words, cards, survey) for method, words in _SETTINGS.values()]
    names = dict.fromkeys([*_PARTS.values(), "Needed", f"On {card}"])
    used = [name for name in names if any(name in column or name.startswith("On ") for column in columns)]
    return Table(
        header=["Part", *_SETTINGS],
        rows=[
            [name, *(column.get(name, column["verdict"] if name.startswith("On ") else "–") for column in columns)]
            for name in used
        ],
        widths=[31, 23, 23, 23],
        caption=caption,
        label=label,
        numeric=frozenset([1, 2, 3]),
        note="Batch 1; LoRA and QLoRA of rank 16 on all linear layers of the language model. The parts are those of the "
        "phase that needs most, parts below 0.05 GB left out. *Needed*: the range that decides whether a run fits.",
        data=[cells(row) for row in survey.configurations if row.id == backbone],
    )


def _column(backbone: str, method: str, words: tuple[str, ...], cards: Cards, survey: Survey) -> Mapping[str, str]:
    counts = cost(method, backbone, words, known=known_shapes(survey))
    fitted = fitting(counts, Options(), cards)
    if fitted is None:
        raise KeyError(f"no step of '{backbone}' was traced")
    needs, verdict = fitted
    parts = {_PARTS.get(name, name): f"{size / GB:.1f}" for name, size in needs.peak.parts.items() if size >= GB / 20}
    return {
        **parts,
        "Needed": f"{needs.needed.low / GB:.1f} to {needs.needed.high / GB:.1f}",
        "verdict": verdict,
    }
