"""What the package knows of a method: its formula, its parameters, what it counts, and what follows for its user."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from peft_vlm_survey.costs.expressions import ZERO, Expression
from peft_vlm_survey.costs.symbols import BY_LETTER, sign

Answer = Literal["yes", "no", "partly"]
SWITCHES = {
    "norms": "weights and biases of the norms",
    "biases": "biases",
    "embeddings": "embeddings",
    "positions": "tables of relative positions",
    "projector": "projector between the towers, or visual embedding",
}
# What most methods leave as it is.
OTHERS = ("norms", "biases", "embeddings", "the head, unless --classes is given")
# How many layers a method acts on where none are named, from how many there are.
LAYERS: Mapping[str, Callable[[int], int]] = {
    "all": lambda layers: layers,
    "all but two": lambda layers: max(layers - 2, 1),
    "half": lambda layers: -(-layers // 2),
}
# What methods are called that act alike.
WAYS: Mapping[str, str] = {"low rank": "low-rank methods", "tokens": "methods that learn tokens"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One reading of a method.

    `each` is counted for every task, `once` for all of them together; `macs` are the multiply–adds that one forward
    pass needs more, `kept` the activations that training keeps besides those that any gradient needs, per token.
    Numbers are in scalars; every letter is one of `peft_vlm_survey.costs.symbols`.

    `rank_of` says what a rank is the rank of where no targets are named, `hypercomplex` that sizes are divided by `phm`,
    `needs_classes` that the count depends on their number, `of_layers` that it acts on some of one tower's, `binary_head` that a head is stored with one bit.
    `key` leads to the paper of a reading that has one of its own.
    """

    each: Expression = ZERO
    once: Expression = ZERO
    macs: Expression | None = ZERO
    kept: Expression = ZERO
    says: str = ""
    tasks: int = 1
    rank_of: Literal["", "keys and values", "bottleneck", "kronecker factor"] = ""
    hypercomplex: bool = False
    needs_classes: bool = False
    of_layers: bool = False
    binary_head: bool = False
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One method: `variants` by name, the first is the default.

    `key` leads to references.bib and is empty where no paper is to be cited, `needs` names what a backbone must have.
    `longer` says that learned tokens lengthen the sequence, `copies` how often a task's parameters are stored,
    `trains_weights` that weights of the backbone's linear layers are trained themselves.

    What is special about a method in the cost model is said here, and nowhere by its name: `default_layers` how many
    layers it acts on where none are named, a key of `LAYERS`; `default_with_vision` the variant that is taken on a
    backbone with a vision tower; `quantised` that the backbone is held with `bits`, and not what is trained;
    `binarised` that what is trained is stored with `bits` and two numbers per place; `learned_context` that tokens stand
    among those that CLIP's text tower reads; `reduces_embedding` that the reduction is one of CLIP's embedding;
    `norms_of_encoder` that the switch of the norms means those of the encoder; `already_there` how much of what it
    trains the backbone has without it; `adds_biases` that it trains biases also where the backbone has none;
    `low_rank` that its matrices were traced in a step; what other methods keep is added by their closed form;
    `both_towers` that it learns tokens in both of CLIP's; `asked_first` that the calculator shows it before a reader chooses;
    `as_makers_do` that its defaults on a multimodal model are what the makers of the model run (official.py).

    The chooser asks for `settings_tried`, the usual one first and the smallest last (what is not named keeps its default),
    with `assumed_classes` where the count needs classes, of which it asks for none.
    """

    id: str
    name: str
    key: str
    variants: Mapping[str, Variant]
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    switches: Mapping[str, bool] = field(default_factory=lambda: dict.fromkeys(SWITCHES, False))
    counted: tuple[str, ...]
    not_counted: tuple[str, ...] = OTHERS
    mergeable: Answer = "no"
    backbone_gradient: Answer = "yes"
    needs: str = ""
    longer: bool = False
    copies: int = 1
    bits: int = 32
    head: bool = True
    whole: bool = False
    side: bool = False
    trains_weights: bool = False
    default_layers: str = ""
    default_with_vision: str = ""
    quantised: bool = False
    binarised: bool = False
    learned_context: bool = False
    reduces_embedding: bool = False
    norms_of_encoder: bool = False
    already_there: Literal["", "biases", "all"] = ""
    adds_biases: bool = False
    low_rank: bool = False
    both_towers: bool = False
    asked_first: bool = False
    as_makers_do: bool = False
    settings_tried: tuple[str, ...] = ("",)
    assumed_classes: int | None = None

    @property
    def default(self) -> str:
        """Name of the first variant."""
        return next(iter(self.variants))

    @property
    def way(self) -> str:
        """How it acts, a key of `WAYS`; empty where it acts otherwise."""
        if self.low_rank:
            return "low rank"
        return "tokens" if self.longer or self.learned_context or self.both_towers else ""

    @property
    def head_only(self) -> bool:
        """Whether it trains nothing but a head."""
        return all(variant.each == ZERO and variant.once == ZERO for variant in self.variants.values())


def parameters_used(method: Method, variant: Variant) -> tuple[str, ...]:
    """Return the parameters of a method that one reading of it uses; a reduction sets the bottleneck."""
    letters = variant.each.letters | variant.once.letters | (variant.macs or ZERO).letters | variant.kept.letters
    names = {BY_LETTER[letter].origin for letter in letters if BY_LETTER[letter].source == "parameter"}
    if "side_encoder" in names:
        names.add("side_layers")
    if "bottleneck" in names:
        names.add("reduction")
    return tuple(name for name in method.parameters if name in names)


def total(method: Method, variant: str) -> Expression:
    """Return the trainable parameters over all tasks, switches and head included, as one expression."""
    chosen = method.variants[variant]
    expression = sign("K") * chosen.each + chosen.once
    added = {
        "norms": sign("N"),
        "biases": sign("b"),
        "embeddings": sign("V_E"),
        "positions": sign("R"),
        "projector": sign("V_P"),
    }
    for name in method.switches:
        amount: Expression = added[name]
        if name == "norms" and method.norms_of_encoder:
            amount = sign("N_E")
        elif name == "norms" and "biases" not in method.switches:
            amount = amount - sign("b_N")  # the method trains every bias already
        expression += sign(f"y_{name}") * amount
    if {"norms", "biases"} <= set(method.switches):
        expression -= sign("y_norms") * sign("y_biases") * sign("b_N")
    if method.head:
        expression += sign("K") * sign("y_head") * (sign("c_0") + sign("c_1") * sign("C"))
    return expression
