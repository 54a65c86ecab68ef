"""What a backbone is made of: its matrices, norms, biases and embeddings, from its configuration.

Everything is counted with plain arithmetic, so a number may as well be a symbol:
`shape_of` gives integers, and a formula in the letters of one architecture comes from the same code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from peft_vlm_survey.costs.traces import Traces
from peft_vlm_survey.read.configurations import Configuration

# An int, a Fraction (the mean width of a hierarchical backbone), or a SymPy expression.
Amount = Any
Number = int | Fraction
ATTENTION = ("q", "k", "v", "o")
GLU = ("gate", "up", "down")
LATENT = ("kv_a", "kv_b")
# What a layer of linear attention makes of its input: queries, keys and values, the gate of its answer, and what is written
# and what is forgotten; and what leads out of it.
LINEAR = ("in_qkv", "in_z", "in_b", "in_a", "out")
TARGETS = (*ATTENTION, *LATENT, *LINEAR, "qkv", "fc1", "fc2", "gate", "up", "down", "adaln", "projector")
# Where the networks of a backbone with experts lie: those of layers without any, of every expert, and beside the experts.
DENSE, ROUTED, SHARED = "dense", "routed", "shared"
NETWORKS = (DENSE, ROUTED, SHARED)
T5_BUCKETS = 32
WINDOW = 49
# Towers whose embedding transformers 5.24.0 does not find, or that are no models of its own, so that its
# enable_input_require_grads lets no gradient into them.
NOT_ENTERED = ("qwen3", "qwen3.5", "siglip-timm", "davit")


def exact(amount: Amount, by: Amount) -> Amount:
    """Divide without rounding: whole if it comes out whole, a Fraction if not, an expression of expressions.

    >>> exact(6, 2), exact(1, 2)
    (3, Fraction(1, 2))
    """
    if isinstance(amount, int | Fraction) and isinstance(by, int | Fraction):
        quotient = Fraction(amount) / by
        return quotient.numerator if quotient.denominator == 1 else quotient
    return amount / by


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """`count` linear layers of one name and size; `biases` says whether they have one, `of_text` that they read a text beside, `once` that they act once an example.

    In a backbone with experts `network` says where it lies, and `share` what share of the tokens one of them is given.
    """

    name: str
    count: Amount
    inputs: Amount
    outputs: Amount
    biases: bool
    of_text: bool = False
    once: bool = False
    network: str = DENSE
    share: Amount = 1

    def bears(self, target: str) -> bool:
        """Return whether a target names it: by its name, or by that and the network in which it lies."""
        network, _, name = target.partition("_")
        if network in NETWORKS:
            return name in GLU and (self.network, self.name) == (network, name)
        return self.name == target


@dataclass(frozen=True, kw_only=True, slots=True)
class Linear:
    """The attention of a layer that keeps a state instead of keys and values: the gated delta rule.

    Queries and keys have `key_heads`, values `value_heads`, all of the width `head_width`; a `convolution` of so many tokens
    goes over all three.
    """

    key_heads: Amount
    value_heads: Amount
    head_width: Amount
    convolution: Amount

    @property
    def value_width(self) -> Amount:
        """How wide the values are, of all heads."""
        return self.value_heads * self.head_width

    @property
    def mixed(self) -> Amount:
        """How wide queries, keys and values are together."""
        return 2 * self.key_heads * self.head_width + self.value_width

    @property
    def beyond(self) -> Amount:
        """Scalars of a layer that lie in no linear layer and in no norm: its convolution, and two numbers for each head."""
        return self.convolution * self.mixed + 2 * self.value_heads

    def sizes(self, width: Amount) -> dict[str, tuple[Amount, Amount]]:
        """Return inputs and outputs of its linear layers."""
        made = (self.mixed, self.value_width, self.value_heads, self.value_heads)
        return {
            **{name: (width, size) for name, size in zip(LINEAR, made, strict=False)},
            "out": (self.value_width, width),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """`layers` blocks of one size: the encoder, the decoder, or one stage of a hierarchical backbone.

    `normed_heads` says that queries and keys pass a norm of one head's width, `enters` how wide what comes in is, where
    the attention changes the width. `leaves` says where a block puts what it made: each half by a matrix of its own, both by
    one, or nowhere, as the last block of a text that nothing reads any more. `crossed` is how wide the text is that the
    second attention takes keys and values from, and `crossed_tokens` how long; `met` how many tokens
    an attention meets that joins its own with those of another stack; `gated` says that one matrix makes the inner
    activations of a GLU and their gates, `joined` that it makes queries, keys and values as well.

    Where there are `experts`, `ffn_width` is the inner width of one: a token is given to so many that are `used`, and to a
    network of the width `shared` beside them; `corrected` says that what chooses among them has a bias for each. Keys and values
    may be made of one vector of the width `latent`, but for a part of the width `rotated` that the keys of all heads share; values
    are then `value_width` wide in a head.

    `gates` says that the matrix of the queries makes a gate of the attention's answer as well; `linear` is what stands in the
    place of an attention to all tokens.
    """

    layers: Amount
    width: Amount
    heads: Amount
    kv_heads: Amount
    head_width: Amount
    ffn_width: Amount
    glu: bool
    norm: str
    biases: str
    attentions: int = 1
    norms: int = 2
    tokens: Amount = 0
    modulated: bool = False
    parallel: bool = False
    normed_heads: bool = False
    enters: Amount = 0
    leaves: str = "apart"
    crossed: Amount = 0
    crossed_tokens: Amount = 0
    gated: bool = False
    joined: bool = False
    met: Amount | None = None
    experts: Amount = 0
    used: Amount = 0
    shared: Amount = 0
    corrected: bool = False
    latent: Amount = 0
    rotated: Amount = 0
    value_width: Amount = 0
    gates: bool = False
    linear: Linear | None = None

    @property
    def norm_size(self) -> Amount:
        """Scalars of one norm."""
        return {"layer": 2, "rms": 1, "none": 0}[self.norm] * self.width

    @property
    def block_norms(self) -> Amount:
        """Scalars of all norms of the blocks; where the width changes, the first norm has the width of what comes in."""
        scalars = {"layer": 2, "rms": 1, "none": 0}[self.norm]
        block = self.norms * self.norm_size + (2 * self.head_width if self.normed_heads else 0) + scalars * self.latent
        block += self.linear.head_width if self.linear else 0
        return self.layers * (block - scalars * (self.width - self.enters) if self.enters else block)

    @property
    def sublayers(self) -> Amount:
        """Attentions and feed-forward networks of all blocks."""
        return self.layers * (self.attentions + 1)

    @property
    def attention_width(self) -> Amount:
        return self.heads * self.head_width

    @property
    def mixed_width(self) -> Amount:
        """How wide the values are that the attention mixes, of all heads."""
        return self.heads * (self.value_width or self.head_width)

    @property
    def keys_and_values(self) -> Amount:
        """How wide keys and values are, of all heads."""
        return self.kv_heads * (self.head_width + (self.value_width or self.head_width))

    @property
    def inner_width(self) -> Amount:
        """How many inner activations of the feed-forward networks a token has."""
        return self.used * self.ffn_width + self.shared if self.experts else self.ffn_width

    @property
    def routing(self) -> Amount:
        """Scalars of what chooses among the experts: a weight for each and each feature, and a bias if they have one."""
        return self.layers * self.experts * (self.width + (1 if self.corrected else 0))

    def seen(self, length: Amount) -> Amount:
        """Return how many keys a token meets in the attentions of a layer; in windows 49, where there are stages."""
        if self.crossed:
            return self.tokens + self.crossed_tokens
        if self.met is not None:
            return self.met
        return self.attentions * (WINDOW if self.tokens else length)

    @property
    def last(self) -> str:
        """Name of the matrix that the feed-forward network ends with."""
        return "down" if self.glu and not self.gated else "fc2"

    def matrices(self) -> Iterator[Matrix]:
        """Yield the linear layers of the blocks."""
        inner, shared, width, ffn = self.attention_width, self.kv_heads * self.head_width, self.width, self.ffn_width
        entering = self.enters or width
        sizes = {"q": (entering, inner), "k": (entering, shared), "v": (entering, shared), "o": (inner, width)}
        if self.gates:
            sizes["q"] = (entering, 2 * inner)
        if self.linear:
            sizes = self.linear.sizes(width)
        if self.latent:
            sizes = {"q": (entering, inner), **self._latent_sizes(), "o": (self.mixed_width, width)}
        if self.leaves != "apart":
            del sizes["o"]
        if self.joined:
            sizes.clear()
        for name, (inputs, outputs) in sizes.items():
            by_biases = {"all": True, "qkv": name != "o", "not-k": name != "k", "not-qkv": name == "o"}
            biased = by_biases.get(self.biases, False)
            crosses = bool(self.crossed) and name in ("k", "v")
            count = self.layers * (self.attentions - crosses)
            yield Matrix(name=name, count=count, inputs=inputs, outputs=outputs, biases=biased)
            if crosses:
                count = self.layers
                yield Matrix(name=name, count=count, inputs=self.crossed, outputs=outputs, biases=biased, of_text=True)
        if self.leaves == "nowhere":
            yield Matrix(name="adaln", count=self.layers, inputs=width, outputs=2 * width, biases=True, once=True)
            return
        rest = {"gate": (width, ffn), "up": (width, ffn), "down": (ffn, width)}
        made = (2 * ffn if self.gated else ffn) + (inner + 2 * shared if self.joined else 0)
        plain = {"fc1": (width, made), "fc2": (ffn + (inner if self.leaves == "as one" else 0), width)}
        for name, (inputs, outputs) in (rest if self.last == "down" else plain).items():
            biased = self.biases in ("all", "not-k", "ffn", "not-qkv")
            matrix = Matrix(name=name, count=self.layers, inputs=inputs, outputs=outputs, biases=biased)
            yield from self._of_experts(matrix) if self.experts else (matrix,)
        if self.modulated:
            scales = 3 if self.leaves == "as one" else 6
            yield Matrix(name="adaln", count=self.layers, inputs=width, outputs=scales * width, biases=True, once=True)

    def _latent_sizes(self) -> dict[str, tuple[Amount, Amount]]:
        """Return the matrices that make keys and values of one vector: to it, with what all heads share, and from it."""
        unshared = self.kv_heads * self.head_width - self.kv_heads * self.rotated
        return {
            "kv_a": (self.width, self.latent + self.rotated),
            "kv_b": (self.latent, unshared + self.kv_heads * self.value_width),
        }

    def _of_experts(self, matrix: Matrix) -> Iterator[Matrix]:
        """Yield the matrix of every expert, and that of the network beside them."""
        share = exact(self.used, self.experts)
        yield replace(matrix, count=matrix.count * self.experts, network=ROUTED, share=share)
        if self.shared:
            wide = {"inputs": self.shared} if matrix.name == "down" else {"outputs": self.shared}
            yield replace(matrix, **wide, network=SHARED)


@dataclass(frozen=True, kw_only=True)  # no slots: its matrices are asked for again and again, and kept
class Part:
    """One tower, and what surrounds its blocks; every number counts scalars.

    `embeddings` are those of words, patches, classes and positions, an untied output layer among them.
    `embedding_norms` stand behind the embeddings, `other_norms` are all outside the blocks but those.
    `added_biases` are those that BitFit gives to a backbone without any. `kept_beside` is what convolutions around the
    blocks keep for a gradient, for each token of the first stage, and `bare_beside` what they keep with checkpointing.
    `embedding_macs` are multiply–adds outside the blocks that grow with an image, `fixed_macs` those that an example takes
    whatever its length. `mixed` says that windows of several sizes, or windows and all places, are attended to in turn.
    """

    encoder: tuple[Stack, ...] = ()
    decoder: tuple[Stack, ...] = ()
    fused: bool = False
    embeddings: Amount = 0
    embedding_norms: Amount = 0
    other_norms: Amount = 0
    norm_biased: bool = True
    other_biases: Amount = 0
    added_biases: Amount = 0
    relative_positions: Amount = 0
    other: Amount = 0
    embedded_width: Amount = 0
    embedding_macs: Amount = 0
    fixed_macs: Amount = 0
    mixed: bool = False
    vocabulary: Amount = 0
    kept_beside: Amount = 0
    bare_beside: Amount = 0

    @property
    def stacks(self) -> tuple[Stack, ...]:
        return (*self.encoder, *self.decoder)

    @property
    def operations_known(self) -> bool:
        """Return whether the tokens and the reach of every layer are known, on which its operations depend."""
        known = len(self.encoder) == 1 or all(stack.tokens for stack in self.encoder)
        return known and not (self.mixed or self.hybrid)

    @property
    def as_examples(self) -> bool:
        """Whether a step is told by the tokens of its examples, whatever those of a stage: in a generator's denoiser."""
        return self.stacks[0].met is not None or bool(self.stacks[0].crossed)

    @property
    def layers(self) -> Amount:
        return sum(stack.layers for stack in self.stacks)

    @property
    def width(self) -> Amount:
        """Width of a block; of a hierarchical backbone the mean over its blocks, exact in all that is linear in it."""
        if len({str(stack.width) for stack in self.stacks}) == 1:
            return self.stacks[0].width
        return exact(sum(stack.layers * stack.width for stack in self.stacks), self.layers)

    @cached_property
    def matrices(self) -> tuple[Matrix, ...]:
        return tuple(matrix for stack in self.stacks for matrix in stack.matrices())

    @property
    def block_norms(self) -> Amount:
        return sum(stack.block_norms for stack in self.stacks)

    @property
    def norms(self) -> Amount:
        """Scalars of all norms, weights and biases."""
        return self.block_norms + self.other_norms + self.embedding_norms

    @property
    def norm_biases(self) -> Amount:
        """Biases among `norms`: half of each LayerNorm, nothing of an RMSNorm."""
        return exact(self.norms, 2) if self.norm_biased else 0

    @property
    def biases(self) -> Amount:
        """Scalars of all biases, those of the norms among them, or those that BitFit would add."""
        of_matrices = sum(matrix.count * matrix.outputs for matrix in self.matrices if matrix.biases)
        return of_matrices + self.norm_biases + self.other_biases + self.added_biases

    @property
    def params(self) -> Amount:
        """All parameters of the part, by its closed form."""
        weights = sum(m.count * (m.inputs + (1 if m.biases else 0)) * m.outputs for m in self.matrices)
        outside = self.norms + self.embeddings + self.other_biases + self.relative_positions + self.other
        return weights + outside

    @property
    def mixed_experts(self) -> bool:
        """Return whether layers have experts."""
        return any(stack.experts for stack in self.stacks)

    @property
    def latent(self) -> bool:
        """Return whether keys and values are made of one vector."""
        return any(stack.latent for stack in self.stacks)

    @property
    def hybrid(self) -> bool:
        """Return whether layers have linear attention, which keeps a state instead of keys and values."""
        return any(stack.linear for stack in self.stacks)

    def named(self, target: str) -> tuple[Matrix, ...]:
        """Return the matrices of one name; `qkv` is queries, keys and values as one matrix.

        Of a backbone with experts `gate` is that of every network, `routed_gate` that of the experts alone.
        """
        if target.partition("_")[0] in NETWORKS and self.mixed_experts:
            return tuple(matrix for matrix in self.matrices if matrix.bears(target))
        if target != "qkv" or any(
            stack.crossed for stack in self.stacks
        ):  # what reads a text cannot be one with what does not
            return tuple(matrix for matrix in self.matrices if matrix.name == target)
        return tuple(
            Matrix(
                name="qkv",
                count=stack.layers * stack.attentions,
                inputs=stack.enters or stack.width,
                outputs=(1 + stack.gates) * stack.attention_width + 2 * stack.kv_heads * stack.head_width,
                biases=stack.biases in ("all", "qkv"),
            )
            for stack in self.stacks
            if not (stack.joined or stack.latent or stack.linear)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the linear layers of the blocks as the official code holds them."""
        distinct = dict.fromkeys(matrix.name for matrix in self.matrices)
        if not self.fused:
            return tuple(distinct)
        return ("qkv", *(name for name in distinct if name not in ("q", "k", "v")))


class Ends(NamedTuple):
    """By what the lower and the upper end of a traced range are multiplied, and how many runs of how many sources set that."""

    low: float = 1.0
    high: float = 1.0
    runs: int = 0
    sources: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A backbone: its parts, and what connects them.

    `total` is the printed or built number of parameters where one was read, else that of the closed form, else None.
    `head_width` is the width that a linear head reads, `head_fixed` what a head has besides its `C` columns.
    An image is `image_tokens` where the language model reads it, and `vision_tokens` inside the vision tower.
    `traces` are those of the default part, `traces_beside` those of parts that work on tokens of their own, and `ends` calibrate
    its ranges of memory by kind of run.
    """

    id: str
    name: str
    type: str
    parts: Mapping[str, Part]
    default: str
    projector: tuple[Matrix, ...] = ()
    projector_other: Amount = 0
    total: int | None = None
    closed: Amount = 0
    head_column: Amount = 0
    head_fixed: Amount = 0
    embedding: Amount = 0
    image_tokens: Amount = 0
    vision_tokens: Amount = 0
    configuration: Configuration | None = field(default=None, repr=False)
    traces: Traces | None = field(default=None, repr=False)
    traces_beside: Mapping[str, Traces] = field(default_factory=dict, repr=False)
    ends: Mapping[str, Ends] = field(default_factory=dict, repr=False)

    @property
    def decoder_only(self) -> bool:
        """Return whether the backbone is a language model of a decoder alone, or a vision–language model around one."""
        return "language" in self.parts and not self.parts["language"].encoder and self.type != "clip"

    @property
    def in_series(self) -> bool:
        """Return whether the language model reads what the vision tower puts out, so that the loss stands behind both."""
        return self.decoder_only and "vision" in self.parts

    @property
    def lets_in(self) -> bool:
        """Return whether transformers lets a gradient into the vision tower of a language model where it lets one into that."""
        row = self.configuration
        return self.in_series and row is not None and row.vision_type not in NOT_ENTERED

    @property
    def side_by_side(self) -> bool:
        """Return whether two towers run beside each other, on images and on texts, and the loss compares what they put out."""
        return self.type == "clip"

    @property
    def hybrid(self) -> bool:
        """Return whether layers have linear attention, whose kernels decide what a step keeps."""
        return any(part.hybrid for part in self.parts.values())

    @property
    def reads_and_writes(self) -> bool:
        """Return whether an encoder reads and a decoder writes, each of a number of tokens of its own."""
        return bool(self.parts[self.default].encoder and self.parts[self.default].decoder)

    @property
    def tower_first(self) -> bool:
        """Return whether a tower of images was traced that runs before the encoder or the language model that reads it."""
        return "vision" in self.traces_beside and (self.reads_and_writes or self.in_series)

    @property
    def looks(self) -> bool:
        """Return whether some layers of the language model attend to an image, whose tokens are none of its own."""
        return self.configuration is not None and self.configuration.vision_type == "tiled"

    @property
    def mixed_experts(self) -> bool:
        """Return whether layers of any part have experts."""
        return any(part.mixed_experts for part in self.parts.values())

    @property
    def keeps_scores(self) -> bool:
        """Return whether its attention keeps the scores, since positions are added to them."""
        return self.type in ("sam", "swin")

    def traces_of(self, part: str) -> Traces | None:
        """Return what was traced of a part; None if nothing was."""
        return self.traces if part == self.default else self.traces_beside.get(part)

    @property
    def projector_params(self) -> Amount:
        of_matrices = sum(m.count * (m.inputs + (1 if m.biases else 0)) * m.outputs for m in self.projector)
        return of_matrices + self.projector_other
