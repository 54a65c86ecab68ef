"""What a reader has not said of a run, though it decides the memory."""

from collections.abc import Mapping

from peft_vlm_survey.costs.gradient_path import acted_on, beside, one_length
from peft_vlm_survey.costs.kinds import ENCODER, family_of
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import TEXTS as TAKEN
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.step import DEEPSPEED

BATCH, TEXTS, CHECKPOINTING, UPCAST = "batch", "texts", "checkpointing", "upcast"
LIBRARY, LENGTH = "library", "length"
RESOLUTION, BESIDE = "resolution", "encoders"
# How each thing that decides memory is stated in the command; the number of texts first, since it decides more than all else.
WRITTEN: Mapping[str, str] = {
    TEXTS: "the number of texts (texts=N)",
    LIBRARY: "the library (library=NAME)",
    LENGTH: "the length of an example in tokens (length=N)",
    BATCH: "the batch (batch=N)",
    RESOLUTION: "the side of the image in pixels (resolution=N)",
    BESIDE: "what lies beside the denoiser (encoders=none, images or all)",
    CHECKPOINTING: "checkpointing (checkpointing=yes or no)",
    UPCAST: "whether norms and embeddings are held in 32 bits (upcast=yes or no)",
}


def open_in(setting: Setting, options: Options) -> tuple[str, ...]:
    """Return what decides the memory of a run and is not said."""
    few = setting.precision < HALF and options.sharding not in DEEPSPEED
    left_open = {
        TEXTS: texts_open(setting),
        LIBRARY: not options.library
        and family_of(setting.shape) != ENCODER,  # of which no library's defaults are known
        LENGTH: not one_length(setting) and (not setting.says_how_long or options.lengths == "cap"),
        BATCH: BATCH not in setting.said,
        RESOLUTION: has_a_resolution(setting.shape) and RESOLUTION not in setting.said,
        BESIDE: has_a_resolution(setting.shape) and options.encoders == "open",
        CHECKPOINTING: CHECKPOINTING not in setting.said,
        UPCAST: few and options.upcast == "open",
    }
    return tuple(name for name, is_open in left_open.items() if is_open)


def texts_open(setting: Setting) -> bool:
    """Return whether it is not said how many texts a tower reads beside the images."""
    return setting.shape.side_by_side and TEXTS not in setting.said and setting.classes is None


def to_say_first(setting: Setting) -> str:
    """Return what should be said before all else, since it decides the memory: how many texts, where a gradient passes through them."""
    enters = setting.method.backbone_gradient != "no" and "language" in {
        tower.name for tower in (acted_on(setting), *beside(setting))
    }
    if not (enters and texts_open(setting)):
        return ""
    whose, word = ("class or pair", "texts=N") if setting.method.head else ("class", "--classes N")
    return f"state the number of texts ({word}): memory grows with it; {TAKEN} are assumed, one for each {whose}"


def state_next(setting: Setting, options: Options) -> str:
    """Return the one thing to state next; empty if all is stated."""
    names = open_in(setting, options)
    if not names:
        return ""
    return to_say_first(setting) or f"state {WRITTEN[names[0]]}"
