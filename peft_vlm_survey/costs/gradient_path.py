"""Which towers of a backbone a gradient passes through, and how many tokens each sees."""

from dataclasses import dataclass

from peft_vlm_survey.costs.setting import Setting, default_length
from peft_vlm_survey.costs.shapes import Number, Part


@dataclass(frozen=True, kw_only=True, slots=True)
class Tower:
    """A part that the gradient passes through; `trained` says that all its weights are trained.

    It works on so many `examples` of so many tokens.
    """

    name: str
    part: Part
    length: Number
    trained: bool
    examples: Number

    @property
    def tokens(self) -> float:
        """The tokens of a step; of a staged tower those of its first stage."""
        return float(self.examples * (self.part.stacks[0].tokens or self.length))

    @property
    def traced_tokens(self) -> float:
        """The tokens of a step as they are traced: where streams meet, those of all, and of a U-Net those of its images."""
        return float(self.examples * self.length) if self.part.as_examples else self.tokens


def examples_of(setting: Setting, part: str) -> Number:
    """Return how many examples a part works on: of two towers side by side the one of texts has a number of its own."""
    return setting.numbers["texts" if setting.shape.side_by_side and part == "language" else "batch"]


def acted_on(setting: Setting) -> Tower:
    """Return the part that a method acts on, whether or not a gradient passes through it."""
    method, shape = setting.method, setting.shape
    name = setting.part if setting.part in shape.parts else shape.default
    trained = method.whole and setting.part != "projector"
    length = setting.numbers["length"]
    return Tower(name=name, part=setting.tower, length=length, trained=trained, examples=examples_of(setting, name))


def beside(setting: Setting) -> tuple[Tower, ...]:
    """Return the other parts that the gradient passes through.

    Where the language model reads what the vision tower puts out, whatever is trained there is reached through the
    language model alone; and modules on `vision.` targets, or all of full fine-tuning, lie in both.
    """
    method, shape = setting.method, setting.shape
    acted_name = acted_on(setting).name
    enters = method.backbone_gradient != "no" or method.side
    if setting.part == "vision" and shape.in_series and enters:
        names, trained = ["language"], False
    elif setting.part == "all" or both_towers(setting):
        names, trained = [name for name in shape.parts if name != acted_name], method.whole
    else:
        return ()
    return tuple(of_part(setting, name, trained=trained) for name in names)


def let_in(setting: Setting) -> tuple[Tower, ...]:
    """Return the frozen vision tower into which transformers lets a gradient with checkpointing, though nothing there is trained."""
    again = setting.checkpointing and setting.method.backbone_gradient != "no"
    passed = {tower.name for tower in (acted_on(setting), *beside(setting))}
    if not (setting.shape.lets_in and again) or "vision" in passed:
        return ()
    return (of_part(setting, "vision"),)


def one_length(setting: Setting) -> bool:
    """Return whether all examples are equally long, as images are, and the texts that CLIP reads."""
    shape = setting.shape
    return shape.side_by_side or (acted_on(setting).name == "vision" and not shape.in_series)


def both_towers(setting: Setting) -> bool:
    """Return whether modules lie in both towers."""
    return setting.method.both_towers or any(target.startswith("vision.") for target in setting.targets)


def length_of(setting: Setting, name: str) -> Number:
    """Return the tokens that an example has in a part beside the one that a method acts on."""
    return setting.lengths.get(name) or default_length(setting.shape, name)


def of_part(setting: Setting, name: str, *, trained: bool = False) -> Tower:
    """Return a part at the length that it has if nothing else is said."""
    shape = setting.shape
    length, examples = length_of(setting, name), examples_of(setting, name)
    return Tower(name=name, part=shape.parts[name], length=length, trained=trained, examples=examples)
