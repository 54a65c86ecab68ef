"""What a reader is told of memory and cards, as lines and for JSON."""

from collections.abc import Callable, Iterator, Mapping

from peft_vlm_survey.costs.answer_types import Answer, Ends, Fit
from peft_vlm_survey.costs.card_names import GIB
from peft_vlm_survey.costs.cards import FITS, MAY, Cards, changes, fitting, on_cards, parts, settles
from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.kinds import kind_of
from peft_vlm_survey.costs.limits import CostError
from peft_vlm_survey.costs.memory import GB, in_gb
from peft_vlm_survey.costs.need import CONTEXT, kind_in_words
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting

SPREAD = {
    "none": "",
    "ddp": ", all on each",
    "zero1": ", ZeRO-1",
    "zero2": ", ZeRO-2",
    "zero3": ", ZeRO-3",
    "fsdp": ", FSDP",
}

# What is said where a step was not traced.
UNTRACED = "whether it fits cannot be told: no such step of {name} was traced."
# A test asks that there is none among the runs.
WITHOUT_EXPERTS = "none of these runs is of a backbone with experts"


def fit(
    counts: Counts,
    options: Options,
    cards: Cards,
    again: Callable[[Mapping[str, str]], Counts],
    tested: Mapping[str, Mapping[str, str]] | None = None,
) -> Fit:
    """Return whether a run fits, what decides it, and what to change first. Raises CostError if nothing was traced.

    `tested` says by kind of each verdict how it did on runs that set nothing of it.
    """
    fitted = fitting(counts, options, cards)
    if fitted is None:
        raise CostError(
            UNTRACED.format(name=counts.setting.shape.name),
            "Compare what weights and states alone take, told without --gpu, with the card.",
        )
    needs, word = fitted
    advised = changes(counts, options, cards, again) if word != FITS else ()
    return {
        "verdict": word,
        "tested": _tested((tested or {}).get(kind_of(counts.setting), {}).get(word, ""), counts.setting),
        "settled_by": settles(cards) if word == MAY else "",
        "kind": kind_in_words(counts.setting),
        "gpus": cards.number,
        "gpu_gib": cards.size / GIB,
        "gpu_note": cards.note,
        "gpu_gb": in_gb(cards.size),
        "sharding": on_cards(options, cards).sharding,
        "needed_gb": needs.needed.in_gb,
        "shown_gb": needs.shown.in_gb,
        "context_gb": in_gb(CONTEXT),
        "phase": needs.peak.phase,
        "parts_gb": {name: in_gb(size) for name, size in parts(needs) if size >= GB / 20},
        "changes": [
            {
                "words": change.words,
                "needed_gb": change.needed.in_gb,
                "verdict": change.verdict,
            }
            for change in advised
        ],
    }


def _tested(sentence: str, setting: Setting) -> str:
    """Return how such verdicts did, and of which backbones no run says so."""
    return f"{sentence}; {WITHOUT_EXPERTS}" if sentence and setting.shape.mixed_experts else sentence


def memory_lines(answer: Answer, at: str) -> Iterator[str]:
    """Yield what a run needs and what a card then shows."""
    if not answer["memory_gb"]:
        return
    shown, peak = answer["memory_shown_gb"], answer["memory_peak"]
    kind = "" if shown is None else " needed (allocated)"
    yield f"memory          {both(answer['memory_gb'])}{kind} ({at})"
    if shown and peak:
        yield f"                {both(shown)} shown (reserved, with CUDA's context); 1 GB is 10^9 bytes"
        yield f"                fitted so that nine in ten published runs of this kind lie inside ({answer['memory_kind']})"
        yield f"                highest need, {peak['phase']}, GB: {_parts(peak['parts_gb'])}"


def fit_lines(fitted: Fit) -> Iterator[str]:
    """Yield whether a run fits, how far to trust that, what decides it, and what to change first."""
    number = fitted["gpus"]
    card = f"a card of {fitted['gpu_gib']:g} GB" if number == 1 else f"{number} cards of {fitted['gpu_gib']:g} GB"
    spread = SPREAD[fitted["sharding"]]
    yield f"on {card}{spread}: {fitted['verdict'].upper()}" + (
        f"; certainty {fitted['tested']}" if fitted["tested"] else ""
    )
    each = " each" if number > 1 else ""
    yield f"                needs {both(fitted['needed_gb'])}{each}"
    yield (
        f"                CUDA's context adds {fitted['context_gb']:.1f} GB;"
        f" a card has {fitted['gpu_gb']:.1f} GB ({fitted['gpu_gib']:g} GiB)"
    )
    if fitted["gpu_note"]:
        yield f"                {fitted['gpu_note']}"
    if fitted["settled_by"]:
        yield f"                to settle it, {fitted['settled_by']}"
    yield f"                highest need, {fitted['phase']}, GB: {_parts(fitted['parts_gb'])}"
    for change in fitted["changes"]:
        yield f"                try {change['words']}: {both(change['needed_gb'])}, {change['verdict']}"


def both(bounds: Ends) -> str:
    """Return both ends of a range."""
    return f"{bounds['low']:.1f} to {bounds['high']:.1f} GB"


def _parts(sizes: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {size:.1f}" for name, size in sizes.items())
