"""What the published runs cover that set the ranges of memory, and what is said of a setting that lies outside of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from peft_vlm_survey.costs.gradient_path import acted_on, beside, trains_all
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import GB, computed_again
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.sorts import IMAGES, MADE, PAIRS, TEXT, WRITES, sort_of, step_tokens

FULL, SIXTEEN, FEW = "full", "16 bits", "few bits"
EIGHT = 8


class Vouched(NamedTuple):
    """So many runs, and what they cover."""

    runs: int
    params: tuple[float, float]
    tokens: tuple[float, float]


# Of decoders by what is trained on how many bits, and whether with checkpointing; of others by what they read and make. The
# runs are those that are not held back, and a test asks that these are what they cover.
VOUCHED: Mapping[str, Vouched] = {
    "16 bits with": Vouched(272, (1_100_048_384, 72_287_920_128), (64, 65_536)),
    "16 bits without": Vouched(79, (1_100_048_384, 13_015_864_320), (64, 8192)),
    "few bits with": Vouched(300, (1_100_048_384, 72_287_920_128), (64, 65_536)),
    "few bits without": Vouched(44, (1_100_048_384, 13_015_864_320), (256, 8192)),
    "full with": Vouched(75, (1_235_814_400, 33_743_970_304), (199, 98_304)),
    "full without": Vouched(16, (1_100_048_384, 8_030_261_248), (256, 16_384)),
    IMAGES: Vouched(16, (85_798_656, 303_301_632), (788, 25_216)),
    PAIRS: Vouched(25, (149_620_737, 427_616_513), (197, 260_096)),
    TEXT: Vouched(22, (109_482_240, 355_359_744), (512, 16_384)),
    WRITES: Vouched(1, (222_903_552, 222_903_552), (12_800, 12_800)),
    MADE: Vouched(42, (859_520_964, 11_901_408_320), (1536, 32_768)),
}
# In how many of these runs a gradient enters the vision tower before a decoder.
ENTERED = 1
NAMES: Mapping[str, tuple[str, str]] = {
    FULL: ("run of full fine-tuning", "runs of full fine-tuning"),
    SIXTEEN: ("run of modules on a decoder in 16 bits", "runs of modules on a decoder in 16 bits"),
    FEW: ("run on a decoder in few bits", "runs on a decoder in few bits"),
    IMAGES: ("run of an encoder of images", "runs of encoders of images"),
    PAIRS: ("run of two towers for images and texts", "runs of two towers for images and texts"),
    TEXT: ("run of an encoder of text", "runs of encoders of text"),
    WRITES: ("run of an encoder–decoder", "runs of encoder–decoders"),
    MADE: ("run of an image generator", "runs of image generators"),
}
SAYINGS: Mapping[str, str] = {
    "8 bits": "no published run that sets this range has a backbone in 8 bits",
    "entered": "of the published runs that set this range a gradient enters the vision tower in {runs} alone",
    "closed": "no step of it was traced, and what is told by closed form was set on published runs of decoders",
    "none": "no published run of a backbone of its sort sets this range",
    "experts": "no published run that sets this range is of a backbone with experts",
    "sizes": "the {runs} that set this range are of backbones of {low} to {high} parameters",
    "size": "the one published {run} that sets this range is of a backbone of {low} parameters",
    "tokens": "the {runs} that set this range have {low} to {high} tokens a step",
    "token": "the one published {run} that sets this range has {low} tokens a step",
    "autocast": "with states in 16 bits an encoder–decoder was traced under autocast, without which it needs less",
    "capped": "so few bits are not taken to need more than 16",
}


def kind_of_run(setting: Setting) -> str:
    """Return among which runs a setting is told, a key of `VOUCHED`."""
    if not setting.shape.decoder_only:
        return sort_of(setting.shape)
    kind = FULL if trains_all(setting) else FEW if setting.precision < HALF else SIXTEEN
    return f"{kind} {'with' if computed_again(setting) else 'without'}"


def enters_the_tower(setting: Setting) -> bool:
    """Return whether a gradient enters a vision tower that stands before a decoder."""
    towers = (acted_on(setting), *beside(setting))
    return setting.shape.decoder_only and any(tower.name == "vision" for tower in towers)


def covered(runs: Iterable[tuple[Setting, float]]) -> dict[str, Vouched]:
    """Return what runs cover, each given with how large its backbone is."""
    numbers: dict[str, list[tuple[float, float]]] = {}
    for setting, size in runs:
        numbers.setdefault(kind_of_run(setting), []).append((size, step_tokens(setting)))
    return {
        kind: Vouched(len(pairs), *((min(many), max(many)) for many in zip(*pairs, strict=True)))
        for kind, pairs in sorted(numbers.items())
    }


def said_of(kind: str) -> tuple[str, str]:
    """Return what is said of a setting whose size, or whose tokens, lie outside of the runs of a kind."""
    runs, (least, most), (fewest, longest) = VOUCHED[kind]
    name = next(name for name in NAMES if kind == name or kind.rpartition(" ")[0] == name)
    how = f" {kind.rpartition(' ')[2]} checkpointing" if kind != name else ""
    single, several = (f"{word}{how}" for word in NAMES[name])
    alone = runs == 1
    words = {"run": single, "runs": f"{runs} published {several}"}
    return (
        SAYINGS["size" if alone else "sizes"].format(low=_size(least), high=_size(most), **words),
        SAYINGS["token" if alone else "tokens"].format(low=f"{fewest:,.0f}", high=f"{longest:,.0f}", **words),
    )


def _size(params: float) -> str:
    return f"{params / GB:.1f} billion" if params >= GB else f"{params / 1e6:.0f} million"


def outside(setting: Setting, options: Options | None = None) -> tuple[str, ...]:
    """Return in words what of a setting lies outside the published runs that set its range; nothing if it lies inside."""
    return tuple(_outside(setting, options or Options()))


def _under_autocast(setting: Setting, options: Options) -> bool:
    """Return whether a step was traced under autocast alone that runs without, all of it in 16 bits."""
    asked = setting.method.low_rank and setting.precision == HALF and options.states == "16"
    return asked and options.weights != "32" and setting.shape.reads_and_writes


def _outside(setting: Setting, options: Options) -> Iterator[str]:
    shape = setting.shape
    kind = kind_of_run(setting)
    if shape.traces is None:
        yield SAYINGS["closed"]
        if shape.mixed_experts:
            yield SAYINGS["experts"]
        if setting.precision < HALF:
            yield SAYINGS["capped"]
        return
    if setting.precision == EIGHT and not shape.decoder_only and kind != MADE:
        yield SAYINGS["8 bits"]
    if kind not in VOUCHED:
        yield SAYINGS["none"]
    else:
        ends, texts = VOUCHED[kind], said_of(kind)
        numbers = ((float(shape.total or 0), ends.params), (step_tokens(setting), ends.tokens))
        yield from (
            text for (number, (low, high)), text in zip(numbers, texts, strict=True) if not low <= number <= high
        )
    if shape.mixed_experts:
        yield SAYINGS["experts"]
    if _under_autocast(setting, options):
        yield SAYINGS["autocast"]
    if enters_the_tower(setting):
        yield SAYINGS["entered"].format(runs=ENTERED)
