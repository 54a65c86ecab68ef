"""Training memory in tables: what a step consists of, and how often ranges and verdicts were right on published runs."""

from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs import cost, known_shapes
from peft_vlm_survey.costs.answer import described_shapes
from peft_vlm_survey.costs.cards import FITS, NOT, Cards, fitting, read_cards
from peft_vlm_survey.costs.ends import ends_of, left_out, made_of_shapes, sources
from peft_vlm_survey.costs.fit_tested import judged, just_fits
from peft_vlm_survey.costs.kinds import FAMILIES, KINDS
from peft_vlm_survey.costs.memory import GB
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.priced import Priced, of_family, priced, share, unseen
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_SETTINGS: Mapping[str, tuple[str, Sequence[str]]] = {
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


def memory_budget(backbone: str, *, card: str, survey: Survey) -> Table:
    """Return the parts of the memory at the highest point of a step, in GB, what a run needs, and whether a card holds it.

    Raises KeyError if there is no such backbone or no step of it was traced.
    """
    cards = read_cards(card, known=survey.cards)
    needs = {name: _needs(backbone, method, words, cards, survey) for name, (method, words) in _SETTINGS.items()}
    known = {part for parts in needs.values() for part in parts}
    parts = [part for part in (*_PARTS.values(), "Needed", "Verdict") if part in known]
    names: Column[str] = Column("Part", 31, lambda part: f"On {card}" if part == "Verdict" else part)
    return table(
        parts,
        names,
        *(_sizes(name, sizes) for name, sizes in needs.items()),
        note="Batch 1; LoRA and QLoRA of rank 16 on all linear layers of the language model. The parts are "
        "those of the phase that needs most memory; parts below 0.05 GB are left out. *Needed*: the estimated range of the total.",
        data=[cells(row) for row in survey.configurations if row.id == backbone],
    )


def _sizes(name: str, parts: Mapping[str, str]) -> Column[str]:
    return Numbers(name, 23, parts.get)


def _needs(backbone: str, method: str, words: Sequence[str], cards: Cards, survey: Survey) -> Mapping[str, str]:
    counts = cost(method, backbone, words, known=known_shapes(survey))
    fitted = fitting(counts, Options(), cards)
    if fitted is None:
        raise KeyError(f"no step of '{backbone}' was traced")
    needs, verdict = fitted
    return {
        **{_PARTS.get(name, name): f"{size / GB:.1f}" for name, size in needs.peak.parts.items() if size >= GB / 20},
        "Needed": f"{needs.needed.low / GB:.1f} to {needs.needed.high / GB:.1f}",
        "Verdict": verdict,
    }


def memory_kinds(*, survey: Survey) -> Table:
    """Return the ends by kind of run, how often they hold with each source left out in turn, and on runs priced unseen."""
    runs = [run for family in FAMILIES for run in traced(survey, family)]
    ends, held_out = ends_of(runs), left_out(runs)
    inside = {kind: [low <= run.reported <= high for run, low, high in held_out if run.kind == kind] for kind in KINDS}
    fresh = [run for family in FAMILIES for run in foretold(survey, family)]
    anew = {kind: [run.inside for run in fresh if run.kind == kind] for kind in KINDS}
    return table(
        KINDS,
        Column("Runs", 28, lambda kind: KINDS[kind]),
        Numbers("Set on", 9, lambda kind: ends[kind].runs),
        Numbers("Sources", 10, lambda kind: ends[kind].sources),
        Numbers("Low x", 10, lambda kind: f"{ends[kind].low:.2f}"),
        Numbers("High x", 10, lambda kind: f"{ends[kind].high:.2f}"),
        Numbers("Inside, left out, %", 13, lambda kind: _percent(inside[kind])),
        Numbers("Unseen", 10, lambda kind: len(anew[kind])),
        Numbers("Inside, %", 10, lambda kind: _percent(anew[kind])),
    )


def memory_trust(*, survey: Survey) -> Table:
    """Return how often the range and the verdicts were right on runs priced unseen, by family of backbones."""
    runs = {family: found for family in FAMILIES if (found := foretold(survey, family))}

    def right(family: str, word: str) -> str:
        part = judged(runs[family]).share_right(word)
        return "" if part is None else f"{100 * part:.0f}"

    return table(
        runs,
        Column("Backbones", 20, lambda family: family.capitalize()),
        Numbers("Runs", 8, lambda family: len(runs[family])),
        Numbers("Sources", 9, lambda family: len(set(sources(run.case for run in runs[family]).values()))),
        Numbers("Inside the range, %", 13, lambda family: _percent([run.inside for run in runs[family]])),
        Numbers("High / low", 10, lambda family: f"{share(runs[family]).width:.1f}"),
        Numbers("Fits, right, %", 12, lambda family: right(family, FITS)),
        Numbers("Does not fit, right, %", 15, lambda family: right(family, NOT)),
        Numbers("Just fits, right, %", 13, lambda family: _percent([just_fits(run) for run in runs[family]])),
        data=[cells(case) for case in survey.memory_cases],
    )


def _percent(held: list[bool]) -> str:
    return f"{100 * sum(held) / len(held):.0f}" if held else ""


def traced(survey: Survey, family: str) -> list[Priced]:
    """Return the runs that set the ranges of a family, with their ranges as traced, not yet calibrated."""
    return [run for run in of_family(survey.derived(_traced), family) if not run.case.held_back]


def _traced(survey: Survey) -> tuple[Priced, ...]:
    return priced(survey.memory_cases, described_shapes(survey))


def foretold(survey: Survey, family: str) -> list[Priced]:
    """Return the runs of a family that were priced before anybody had looked at them."""
    return of_family(survey.derived(_foretold), family)


def _foretold(survey: Survey) -> tuple[Priced, ...]:
    return made_of_shapes(survey, "runs_unseen", lambda known: unseen(survey.memory_cases, known))
