"""Count what a setting trains in real modules."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import bitsandbytes as bnb
import peft
import torch
import transformers as hf
from torch import nn
from transformers.models.roberta.modeling_roberta import RobertaClassificationHead

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.implementations import Implementation
from verify import experts, operations, pieces
from verify.backbones import Host, host, kept, sides
from verify.pieces import count

GATED_REASON = "only the authors' code defines it"
BRIDGER_INNER, GATED_INNER, SELECTING_INNER = 128, 512, 256  # as the authors' code sets them
TASK, VL_TASK, HIDDEN, PROJECTED, VL_PROJECTED = 64, 512, 128, 64, 8


class NotBuiltError(Exception):
    """A row that is not built here; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A row of implementations.csv with its words read."""

    row: Implementation
    shape: Configuration
    host: Host | None
    variant: str
    words: Mapping[str, str]
    switches: Mapping[str, bool]

    def number(self, name: str) -> int:
        """Return a parameter. Raises KeyError if it has none."""
        return int(self.words[name])

    @property
    def backbone(self) -> Host:
        if self.host is None:
            raise NotBuiltError("no library has the backbone")
        return self.host

    @property
    def tasks(self) -> int:
        return int(self.words.get("tasks", METHODS[self.row.method_id].variants[self.variant].tasks))

    @property
    def targets(self) -> list[str]:
        return self.words["targets"].split(",")

    def targets_of_layers(self) -> list[str]:
        """Return the targets by the ends of their names, as peft wants them beside the numbers of layers."""
        return sorted({name.rpartition(".")[2] for word in self.targets for name, _ in self.backbone.linears(word)})

    def inner(self, width: int) -> int:
        """Return the width of the bottleneck."""
        given = self.words.get("bottleneck")
        return int(given) if given else width // self.number("reduction")


@dataclass(kw_only=True)
class Built:
    """What was built: modules of each task, those that tasks share, and the backbone's own that are trained."""

    each: list[nn.Module] = field(default_factory=list)
    once: list[nn.Module] = field(default_factory=list)
    own: list[nn.Parameter] = field(default_factory=list)
    counted: int = 0


def question(row: Implementation, shapes: Mapping[str, Configuration]) -> Question:
    """Return a row with its words read."""
    method = METHODS[row.method_id]
    given = dict(word.split("=", 1) for word in row.setting)
    words = {name: value for name, value in method.parameters.items() if value is not None}
    if "bottleneck" in given:
        words.pop("reduction", None)
    elif "reduction" in given:
        words.pop("bottleneck", None)
    shape = shapes[row.configuration]
    return Question(
        row=row,
        shape=shape,
        host=kept(shape),
        variant=given.get("variant", method.default),
        words=words | given,
        switches={name: given.get(name, "yes" if on else "no") == "yes" for name, on in method.switches.items()},
    )


def built(asked: Question) -> Fraction:
    """Return the quantity of the row, counted. Raises NotBuiltError."""
    row = asked.row
    if row.quantity in ("base_flops", "extra_flops"):
        return Fraction(_operations(asked))
    if row.quantity == "backbone_bytes":
        return Fraction(_quantised(asked.backbone))
    maker = _MAKERS.get(row.method_id)
    if maker is None:
        raise NotBuiltError(GATED_REASON)
    made = maker(asked)
    _switched(asked, made)
    tasks = asked.tasks
    trained = tasks * sum(map(count, made.each)) + sum(map(count, made.once)) + made.counted
    trained += sum(p.numel() for p in {id(p): p for p in made.own}.values())
    head = _head(asked)
    if row.quantity == "stored_bytes":
        return _stored(asked, made, head)
    total = Fraction(trained + tasks * head)
    return total / tasks if row.quantity == "per_task" else total


def _operations(asked: Question) -> int:
    """Count the operations of a forward pass: those of the backbone, or what the method adds."""
    try:
        if asked.row.quantity == "base_flops":
            return operations.of_backbone(asked.shape, asked.words)
        return operations.of_method(asked.row.method_id, asked.shape, asked.words)
    except LookupError as error:
        raise NotBuiltError("nothing counts its operations here") from error


def _head(asked: Question) -> Fraction:
    """Count a head: one linear layer, or the network that RoBERTa has; a mean over tasks is a fraction."""
    if (
        not asked.row.classes
        or asked.row.method_id in ("tip-adapter-f", "coop", "clip-adapter", "maple", "promptsrc", "clip-lora")
        or _is_dit(asked)
    ):
        return Fraction(0)
    classes = Fraction(asked.row.classes)
    if asked.shape.type == "roberta":
        config = hf.RobertaConfig(hidden_size=int(asked.shape.width), num_labels=int(classes))
        return Fraction(count(RobertaClassificationHead(config)))
    per_class = count(nn.Linear(int(asked.shape.width), 1))
    return per_class * classes


def _is_dit(asked: Question) -> bool:
    return asked.shape.type == "dit"


def _switched(asked: Question, made: Built) -> None:
    """Add what switches train besides."""
    on = {name for name, yes in asked.switches.items() if yes}
    if "norms" in on and asked.row.method_id == "vl-pet":
        named = dict(asked.backbone.model.named_modules())
        made.own += [
            p
            for name, module in named.items()
            if ".encoder." in f".{name}" and "Norm" in type(module).__name__
            for p in module.parameters()
        ]
    elif "norms" in on:
        made.own += [p for norm in asked.backbone.norms() for p in norm.parameters()]
    if "biases" in on:
        _biases(asked, made)
    if "positions" in on:
        named = asked.backbone.model.named_parameters()
        made.own += [p for name, p in named if "relative_attention_bias" in name]
    if "projector" in on and asked.shape.features:
        biased = asked.shape.norm == "layer"
        features, width = int(asked.shape.features), int(asked.shape.width)
        made.once.append(pieces.VisualEmbedding(features, width, bias_of_norms=biased))
    elif "projector" in on:
        made.own += [p for _, layer in asked.backbone.linears("projector") for p in layer.parameters()]


def _biases(asked: Question, made: Built) -> None:
    """Train every bias; a backbone without any gets one for each linear layer and norm of its blocks, and its output."""
    host_ = asked.backbone
    biases = host_.biases()
    if biases:
        made.own += biases
        return
    outputs = [sides(layer)[1] for _, layer in host_.linears("all")]
    blocks = [m for name, m in host_.modules() if "Norm" in type(m).__name__ and ".block." in f".{name}"]
    made.once += [pieces.Scale(size) for size in (*outputs, *(norm.weight.shape[0] for norm in blocks))]
    made.once.append(pieces.Scale(int(asked.shape.vocabulary)))
    if asked.shape.features:  # the code of LST gives one to the last norms and to those of the visual embedding too
        made.once += [pieces.Scale(int(asked.shape.width)) for _ in range(4)]


def _blocks(asked: Question) -> list[int]:
    """Return the width of every block: what its feed-forward network puts out."""
    layers = asked.backbone.linears("down") or asked.backbone.linears("fc2")
    return [sides(layer)[1] for _, layer in layers]


def _full(asked: Question) -> Built:
    if _is_dit(asked):
        return Built(each=[_dit(asked)])
    if asked.words.get("part") == "projector":
        return Built(each=_q_former(asked))
    return Built(own=list(asked.backbone.model.parameters()))


def _q_former(asked: Question) -> list[nn.Module]:
    text = hf.OPTConfig(
        hidden_size=int(asked.shape.width),
        num_attention_heads=int(asked.shape.heads),
        num_hidden_layers=1,
        ffn_dim=8,
        vocab_size=8,
    )
    with torch.device("meta"):
        vision = hf.Blip2VisionConfig(num_hidden_layers=1)
        model = hf.Blip2ForConditionalGeneration(
            hf.Blip2Config(text_config=text.to_dict(), vision_config=vision.to_dict())
        )
        tokens = pieces.Scale(
            model.model.query_tokens.numel() if hasattr(model, "model") else model.query_tokens.numel()
        )
    inner = model.model if hasattr(model, "model") else model
    return [inner.qformer, inner.language_projection, tokens]


def _probe(asked: Question) -> Built:
    return Built()


def _bitfit(asked: Question) -> Built:
    if _is_dit(asked):
        return _dit_biases(asked)
    if asked.variant == "by-name":
        return Built(own=[p for name, p in asked.backbone.model.named_parameters() if "bias" in name])
    made = Built()
    _biases(asked, made)
    return made


def _dit(asked: Question) -> pieces.DiT:
    with torch.device("meta"):
        return pieces.DiT(int(asked.shape.width), int(asked.shape.encoder_layers), int(asked.row.classes))


def _dit_biases(asked: Question) -> Built:
    model = _dit(asked)
    return Built(own=[*(p for n, p in model.named_parameters() if n.endswith("bias")), model.labels.weight])


def _difffit(asked: Question) -> Built:
    made = _dit_biases(asked)
    width, layers = int(asked.shape.width), int(asked.shape.encoder_layers)
    if asked.variant == "blocks":
        made.each += [pieces.Scale(width) for _ in range(2 * layers)]
    elif asked.variant == "linears":
        block = pieces.Block(width, 4 * width)
        outputs = [getattr(block, name).out_features for name in ("qkv", "proj", "fc1", "fc2")]
        made.each += [pieces.Scale(size) for size in outputs * asked.number("layers")]
    else:
        made.each += [pieces.Scale(7 * width) for _ in range(layers)]
    return made


def _norms(asked: Question) -> Built:
    names = [name for name, module in asked.backbone.modules() if module in asked.backbone.norms()]
    inside = [name for name in names if "embedding" not in name]
    if not isinstance(asked.backbone.model, hf.PreTrainedModel) or asked.shape.type == "dinov2":
        return Built(own=[p for norm in asked.backbone.norms() for p in norm.parameters()])
    return Built(counted=_trained(host(asked.shape), peft.LNTuningConfig(target_modules=inside)))


def _split(asked: Question, word: str) -> list[tuple[int, int]]:
    """Return inputs and outputs of a target: a third of a fused matrix, or three matrices in one."""
    layers = [sides(layer) for _, layer in asked.backbone.linears(word)]
    if layers:
        return layers
    if word in ("q", "k", "v"):
        return [(inputs, outputs // 3) for inputs, outputs in _split(asked, "qkv")]
    if word == "qkv":
        parts = [[sides(layer) for _, layer in asked.backbone.linears(name)] for name in "qkv"]
        return [(q[0], q[1] + k[1] + v[1]) for q, k, v in zip(*parts, strict=True)]
    raise NotBuiltError(f"no matrix {word}")


def _words(asked: Question) -> list[str]:
    words = []
    for word in asked.targets:
        words += (
            [f"vision.{name}" for name in ("qkv", "o", "gate", "up", "down", "fc1", "fc2")]
            if word == "vision.all"
            else [word]
        )
    if asked.shape.vision_type == "clip" and "vision.all" in asked.targets:
        words = [w for w in words if not w.startswith("vision.")] + [
            f"vision.{n}" for n in ("q", "k", "v", "o", "fc1", "fc2")
        ]
    return words


def _loreft(asked: Question) -> Built:
    return Built(each=[pieces.Edit(width, asked.number("rank")) for width in _blocks(asked)])


def _lora(asked: Question) -> Built:
    if asked.variant in _ONE_BY_ONE:
        return _one_by_one(asked)
    words = _words(asked)
    names = [name for word in words for name, _ in asked.backbone.linears(word)]
    library = isinstance(asked.backbone.model, hf.PreTrainedModel) or experts.has(asked.shape)
    if library and all(asked.backbone.linears(word) for word in words if not word.startswith("vision.")):
        fresh = host(asked.shape)
        some = list(range(asked.number("layers"))) if asked.variant == "some-layers" else None
        config = peft.LoraConfig(
            r=asked.number("rank"),
            target_modules=asked.targets_of_layers() if some else names,
            layers_to_transform=some,
            use_dora=asked.variant == "dora",
            use_rslora=asked.variant == "rslora",
        )
        return Built(counted=asked.tasks * _trained(fresh, config))
    rank, dora = asked.number("rank"), asked.variant == "dora"
    return Built(each=[pieces.LowRank(*size, rank, magnitude=dora) for word in words for size in _split(asked, word)])


def _by_library(asked: Question, **how: object) -> Built:
    """Count what one of peft's methods trains on the targets."""
    kinds = {
        "adalora": peft.AdaLoraConfig,
        "loha": peft.LoHaConfig,
        "lokr": peft.LoKrConfig,
        "clip-lora": peft.LoraConfig,
    }
    names = [name for word in asked.targets for name, _ in asked.backbone.linears(word)]
    return Built(counted=_trained(host(asked.shape), kinds[asked.row.method_id](target_modules=names, **how)))


def _adalora(asked: Question) -> Built:
    return _by_library(asked, init_r=asked.number("rank"), total_step=1000)


def _of_rank(asked: Question) -> Built:
    return _by_library(asked, r=asked.number("rank"))


def _lokr(asked: Question) -> Built:
    """Count the larger factor at a rank from which peft trains it whole, or at the one that is asked."""
    rank = 2**20 if asked.variant == "whole" else asked.number("rank")
    return _by_library(asked, r=rank, decompose_factor=int(asked.words.get("factor", -1)))


# What peft calls a method or a reading of it, and the parameter that sets its size.
_ONE_BY_ONE: Mapping[str, tuple[type[peft.PeftConfig], Mapping[str, str]]] = {
    "boft": (peft.BOFTConfig, {"boft_block_size": "block"}),
    "vera": (peft.VeraConfig, {"r": "rank"}),
    "pvera": (peft.PveraConfig, {"r": "rank"}),
    "oft": (peft.OFTConfig, {"oft_block_size": "block"}),
    "hra": (peft.HRAConfig, {"r": "rank"}),
    "miss": (peft.MissConfig, {"r": "rank"}),
    "hira": (peft.HiraConfig, {"r": "rank"}),
    "shira": (peft.ShiraConfig, {"r": "rank"}),
    "delora": (peft.DeloraConfig, {"r": "rank"}),
    "psoft": (peft.PsoftConfig, {"r": "rank"}),
    "road-1": (peft.RoadConfig, {}),
    "fourierft": (peft.FourierFTConfig, {"n_frequency": "frequencies"}),
    "waveft": (peft.WaveFTConfig, {"n_frequency": "frequencies"}),
    "gralora": (peft.GraloraConfig, {"r": "rank"}),
}


def _one_by_one(asked: Question) -> Built:
    """Count one layer of each size and multiply: peft reads numbers of what it makes, which a meta tensor has not."""
    sizes = Counter(sides(layer) for word in asked.targets for _, layer in asked.backbone.linears(word))
    kind, words = _ONE_BY_ONE[asked.variant]
    config = kind(target_modules=["0"], **{name: asked.number(word) for name, word in words.items()})
    total = 0
    for (inputs, outputs), number in sizes.items():
        model = peft.get_peft_model(nn.Sequential(nn.Linear(inputs, outputs)), config)
        total += number * sum(p.numel() for p in model.parameters() if p.requires_grad)
    return Built(counted=total)


def _prompts_of_both(asked: Question) -> Built:
    kind = {"maple": pieces.Coupled, "promptsrc": pieces.Independent}[asked.row.method_id]
    widths = int(asked.shape.width), int(asked.shape.vision_width)
    return Built(each=[kind(asked.number("tokens"), asked.number("depth"), *widths)])


def _trained(fresh: Host | None, config: peft.PeftConfig) -> int:
    """Count what peft trains; on the meta device nothing is filled."""
    if fresh is None:
        raise NotBuiltError("no library has the backbone")
    with torch.device("meta"):
        model = peft.get_peft_model(fresh.model, config)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def _bi_lora(asked: Question) -> Built:
    rank = asked.number("rank")
    return Built(each=[pieces.LowRank(*size, rank) for word in asked.targets for size in _split(asked, word)])


def _ia3(asked: Question) -> Built:
    default = "k,v," + ("down" if asked.shape.ffn == "glu" else "fc2")
    words = asked.words.get("targets", default).split(",")
    names = [name for word in words for name, _ in asked.backbone.linears(word)]
    entered = words if asked.variant == "inputs" else [word for word in words if word in ("o", "fc2", "down")]
    inner = [name for word in entered for name, _ in asked.backbone.linears(word)]
    config = peft.IA3Config(target_modules=names, feedforward_modules=inner)
    return Built(counted=_trained(host(asked.shape), config))


def _ssf(asked: Question) -> Built:
    layers = [m for _, m in asked.backbone.modules() if isinstance(m, nn.Linear | nn.LayerNorm | nn.Conv2d)]
    return Built(each=[pieces.Scale(m.bias.shape[0], shift=True) for m in layers])


def _adapters(asked: Question, times: int, **how: bool) -> list[nn.Module]:
    return [pieces.Bottleneck(d, asked.inner(d), **how) for d in _blocks(asked) for _ in range(times)]


def _houlsby(asked: Question) -> Built:
    made = Built(each=_adapters(asked, 2))
    if asked.variant == "post-norm":
        made.once = [nn.LayerNorm(d) for d in _blocks(asked) for _ in range(2)]
    return made


def _pfeiffer(asked: Question) -> Built:
    return Built(each=_adapters(asked, 1))


def _adaptformer(asked: Question) -> Built:
    return Built(each=_adapters(asked, 1, norm=asked.variant == "norm"))


def _bi_adaptformer(asked: Question) -> Built:
    return Built(each=_adapters(asked, 1, bias=False))


def _compacter(asked: Question) -> Built:
    n, rank = asked.number("phm"), asked.number("rank")
    times = 1 if asked.row.method_id == "compacter-pp" else 2
    shared = asked.variant != "low-rank"
    sizes = [(d, asked.inner(d)) for d in _blocks(asked) for _ in range(times)]
    made = Built(each=[pieces.Hypercomplex(d, m, n if shared else 1, rank) for d, m in sizes])
    if shared:
        made.each.append(pieces.Scale(n**3))
    return made


def _prompt(asked: Question) -> Built:
    tokens, hidden = asked.number("tokens"), int(asked.words.get("mlp", 0))
    width = int(asked.shape.width)
    if hidden:
        return Built(each=[pieces.Prompt(tokens, width, hidden)])
    kind = "SEQ_2_SEQ_LM" if asked.shape.type == "t5" else "CAUSAL_LM"
    copies = {"num_transformer_submodules": 1} if kind == "SEQ_2_SEQ_LM" and asked.variant == "one" else {}
    config = peft.PromptTuningConfig(task_type=kind, num_virtual_tokens=tokens, **copies)
    return Built(counted=_trained(host(asked.shape), config))


def _p_tuning(asked: Question) -> Built:
    config = peft.PromptEncoderConfig(
        task_type="CAUSAL_LM", num_virtual_tokens=asked.number("tokens"), encoder_hidden_size=asked.number("mlp")
    )
    return Built(counted=_trained(host(asked.shape), config))


def _prefix(asked: Question) -> Built:
    tokens, hidden = asked.number("tokens"), int(asked.words.get("mlp", 0))
    if hidden:
        layers, width = len(_blocks(asked)), int(asked.shape.width)
        return Built(each=[pieces.Prompt(tokens, width, hidden, 2 * layers * width)])
    config = peft.PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=tokens)
    return Built(counted=_trained(host(asked.shape), config))


def _vpt(asked: Question) -> Built:
    times = len(_blocks(asked)) if asked.row.method_id == "vpt-deep" else 1
    return Built(each=[pieces.Prompt(asked.number("tokens"), int(asked.shape.width)) for _ in range(times)])


def _llama_adapter(asked: Question) -> Built:
    tokens, layers = asked.number("tokens"), asked.number("layers")
    if asked.variant == "hf":
        config = peft.AdaptionPromptConfig(task_type="CAUSAL_LM", adapter_len=tokens, adapter_layers=layers)
        return Built(counted=_trained(host(asked.shape), config))
    width, heads = int(asked.shape.width), int(asked.shape.heads)
    return Built(each=[m for _ in range(layers) for m in (pieces.Prompt(tokens, width), pieces.Scale(heads))])


def _lst(asked: Question) -> Built:
    shape, by = asked.shape, asked.number("reduction")
    width, gated = int(shape.width), shape.ffn == "glu"
    small, inner = width // by, int(shape.ffn_width) // by
    attention = int(shape.heads) * int(shape.head_width) // by
    stacks = [int(shape.encoder_layers), int(shape.decoder_layers)]
    side = [min(n, int(asked.words.get("side_layers", n))) for n in stacks]
    blocks = [
        pieces.SideBlock(small, inner, attention, attentions=1 + place, gated=gated)
        for place, layers in enumerate(side)
        for _ in range(layers)
    ]
    taps = [nn.Linear(width, small) for _ in range(sum(side) + len(stacks))]
    tables = [m for n, m in asked.backbone.modules() if n.endswith("relative_attention_bias")]
    gates = pieces.Scale(sum(stacks))
    ends = [nn.Linear(small, width), *(nn.RMSNorm(small) for _ in stacks)]
    return Built(each=[*blocks, *taps, *ends, *tables, gates])


def _lae(asked: Question) -> Built:
    layers, width = asked.number("layers"), int(asked.shape.width)
    if asked.variant == "adapter":
        return Built(each=[pieces.Bottleneck(width, asked.number("bottleneck"), scale=True) for _ in range(layers)])
    made: list[nn.Module] = []
    for _ in range(2 * layers):  # keys and values
        made.append(pieces.Scale(1))
        made.append(
            pieces.LowRank(width, width, asked.number("rank"))
            if asked.variant == "lora"
            else pieces.Prompt(asked.number("tokens"), width)
        )
    return Built(each=made)


def _hyperformer(asked: Question) -> Built:
    widths = _blocks(asked)
    plus, d = asked.row.method_id == "hyperformer-pp", widths[0]
    m = asked.inner(d)
    made: list[nn.Module] = [pieces.Scale(TASK) for _ in range(len(widths) + asked.tasks)]
    for _ in range(2):  # encoder and decoder
        made.append(pieces.TaskNetwork((3 if plus else 2) * TASK, HIDDEN, PROJECTED))
        made += [pieces.Generated(PROJECTED, d, m, norms=1) for _ in range(1 if plus else 2)]
        made += [pieces.Scale(TASK) for _ in range(2 if plus else 0)]  # after attention, after the network
    return Built(once=made)


def _sublayers(asked: Question) -> list[int]:
    """Return the width of every attention and feed-forward network."""
    outs = [*asked.backbone.linears("o"), *(asked.backbone.linears("fc2") or asked.backbone.linears("down"))]
    return [sides(layer)[1] for _, layer in outs]


def _vl_adapter(asked: Question) -> Built:
    widths = _sublayers(asked)
    d = widths[0]
    m = asked.inner(d)
    if asked.variant in ("single", "multiple"):
        return Built(each=[pieces.Bottleneck(d, m) for _ in widths])
    if asked.variant.startswith("half-shared"):
        made = [pieces.Bottleneck(d, m) for _ in widths]
        up, down = [x.up for x in made], [x.down for x in made]
        return Built(each=down, once=up) if asked.variant.endswith("up") else Built(each=up, once=down)
    if asked.variant == "compacter":
        return Built(each=[pieces.FullHypercomplex(d, m, asked.number("phm")) for _ in widths])
    layers = len(_blocks(asked))
    once: list[nn.Module] = [pieces.Scale(VL_TASK) for _ in range(layers + asked.tasks)]
    once += [pieces.TaskNetwork(2 * VL_TASK, HIDDEN, VL_PROJECTED) for _ in range(2)]
    once += [
        pieces.Generated(VL_PROJECTED, d, m, norms=0) for _ in range(2 + 3)
    ]  # two kinds in the encoder, three behind
    return Built(once=once)


def _vl_pet(asked: Question) -> Built:
    d = int(asked.shape.width)
    m = asked.inner(d)
    gates: Mapping[str, Callable[[], nn.Module]] = {
        "large": lambda: pieces.Bottleneck(d, m),
        "middleX": lambda: nn.Linear(d, 1),
        "middleY": lambda: pieces.Scale(d),
        "small": lambda: nn.Linear(2 * d, 1),
    }
    made: list[nn.Module] = []
    for _ in range(2 * int(asked.shape.encoder_layers)):
        made += [pieces.Bottleneck(d, m), gates[asked.variant]()]
    made += [pieces.Bottleneck(d, asked.number("decoder_bottleneck")) for _ in range(int(asked.shape.decoder_layers))]
    return Built(each=made)


def _coop(asked: Question) -> Built:
    return Built(each=[pieces.Prompt(asked.number("tokens"), int(asked.shape.width))])


def _etris(asked: Question) -> Built:
    last, text, width = int(asked.shape.vision_width), int(asked.shape.width), asked.number("bottleneck")
    on_grid = asked.shape.vision_type == "resnet"
    images, strides = ([last // 4, last // 2, last], [2, 1, 2]) if on_grid else ([last] * 3, [1] * 3)
    return Built(
        each=[
            pieces.Bridge(
                image,
                text,
                width,
                stride=stride,
                inner=BRIDGER_INNER if on_grid else None,
                batch_norms=not on_grid,
                fed=stage > 0,
            )
            for stage, (image, stride) in enumerate(zip(images, strides, strict=True))
        ]
    )


def _mq_det(asked: Question) -> Built:
    width, features = int(asked.shape.width), int(asked.shape.embedding)
    blocks: list[nn.Module] = [pieces.Gated(width, GATED_INNER) for _ in range(6)]
    if asked.variant == "with-selection":
        blocks += [pieces.Selecting(features, SELECTING_INNER, size) for size in (features, width)]
    return Built(each=blocks)


def _clip_adapter(asked: Question) -> Built:
    e = int(asked.shape.embedding)
    return Built(each=[pieces.Bottleneck(e, e // asked.number("reduction"), bias=asked.variant == "biased")])


def _tip(asked: Question) -> Built:
    keys = asked.number("shots") * int(asked.row.classes)
    with torch.device("meta"):
        return Built(each=[nn.Linear(int(asked.shape.embedding), keys, bias=False)])


def _stored(asked: Question, made: Built, head: Fraction) -> Fraction:
    """Return bytes: 4 a parameter, or packed bits with a mean and a deviation in 32 bits for each matrix."""
    if not asked.row.method_id.startswith("bi-"):
        return 4 * (sum(map(count, made.each)) + made.counted + head)
    matrices = [p for module in made.each for p in module.parameters()]
    body = sum(len(_packed(p.numel(), asked.number("bits"))) for p in matrices)
    if asked.variant == "bi-head" and asked.row.classes:
        packed = len(_packed(int(asked.shape.width), 1)) - 8
        return body + packed * Fraction(asked.row.classes) + 8
    return body + 4 * head


def _packed(numbers: int, bits: int) -> bytes:
    """Return one matrix as it is stored: bits, and mean and deviation behind them."""
    codes = torch.zeros(numbers * bits // 8, dtype=torch.uint8)
    ends = torch.zeros(2, dtype=torch.float32)
    packed: bytes = codes.numpy().tobytes() + ends.numpy().tobytes()
    return packed


def _quantised(backbone: Host) -> int:
    """Quantise one matrix of each shape with bitsandbytes, and add up the bytes of all; the rest has 16 bits."""
    sizes: dict[tuple[int, int], int] = {}
    weights = total = 0
    for name, layer in backbone.modules(""):
        if isinstance(layer, nn.Linear) and "lm_head" not in name:
            size = sides(layer)
            if size not in sizes:
                codes, state = bnb.functional.quantize_4bit(
                    torch.randn(size[1], size[0]), blocksize=64, compress_statistics=True, quant_type="nf4"
                )
                scales = state.absmax.numel() * state.absmax.element_size()
                sizes[size] = codes.numel() + scales + 4 * state.state2.absmax.numel() + 4
            total += sizes[size]
            weights += layer.weight.numel()
    return total + 2 * (count(backbone.model) - weights)


_MAKERS: Mapping[str, Callable[[Question], Built]] = {
    "full": _full,
    "linear-probe": _probe,
    "bitfit": _bitfit,
    "norm-tuning": _norms,
    "lora": _lora,
    "qlora": _lora,
    "bi-lora": _bi_lora,
    "adalora": _adalora,
    "loha": _of_rank,
    "lokr": _lokr,
    "clip-lora": _of_rank,
    **dict.fromkeys(
        ("boft", "vera", "oft", "hra", "miss", "hira", "delora", "psoft", "road", "fourierft"), _one_by_one
    ),
    "loreft": _loreft,
    "maple": _prompts_of_both,
    "promptsrc": _prompts_of_both,
    "ia3": _ia3,
    "ssf": _ssf,
    "difffit": _difffit,
    "adapter-houlsby": _houlsby,
    "adapter-pfeiffer": _pfeiffer,
    "adaptformer": _adaptformer,
    "bi-adaptformer": _bi_adaptformer,
    "compacter": _compacter,
    "compacter-pp": _compacter,
    "prompt-tuning": _prompt,
    "p-tuning": _p_tuning,
    "prefix-tuning": _prefix,
    "vpt-shallow": _vpt,
    "vpt-deep": _vpt,
    "llama-adapter": _llama_adapter,
    "lst": _lst,
    "lae": _lae,
    "hyperformer": _hyperformer,
    "hyperformer-pp": _hyperformer,
    "vl-adapter": _vl_adapter,
    "vl-pet": _vl_pet,
    "etris-bridger": _etris,
    "mq-det-gcp": _mq_det,
    "coop": _coop,
    "clip-adapter": _clip_adapter,
    "tip-adapter-f": _tip,
}


def answers(
    rows: Iterable[Implementation], shapes: Mapping[str, Configuration]
) -> Iterable[tuple[Implementation, Fraction | str]]:
    """Yield every row with what was counted, or why nothing was."""
    for row in rows:
        try:
            yield row, built(question(row, shapes))
        except NotBuiltError as reason:
            yield row, str(reason)
