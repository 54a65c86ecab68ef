"""Encoders, and the towers of two, from the rows of data/configurations.csv alone, with as many layers as one likes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import torch
import transformers as hf
from torch import nn
from transformers.initialization import no_init_weights
from transformers.modeling_outputs import BaseModelOutput

from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import BATCHES, KNOTS
from verify import tiled

LANGUAGE = ("bert", "distilbert", "roberta", "clip", "gpt2")  # whose part is called so
NOT_BUILT = ("t0-11b", "clip-bart-video")  # nothing else speaks for them
FEW, MORE = 2, 4  # layers that are built; the others are on the line through them
SENTENCE = 128  # tokens of a text where its length is free
MASK_WIDTH = 256  # of SAM's mask decoder
FLORENCE_SIDE = 768  # pixels of an image's side, as the processor of Florence-2 makes it
_CLIP = {
    **{"q": r"self_attn\.q_proj", "k": r"self_attn\.k_proj", "v": r"self_attn\.v_proj", "o": r"self_attn\.out_proj"},
    **{"fc1": r"mlp\.fc1", "fc2": r"mlp\.fc2"},
}
_VIT = {
    **{"q": r"attention\.q_proj", "k": r"attention\.k_proj", "v": r"attention\.v_proj", "o": r"attention\.o_proj"},
    **{"fc1": r"mlp\.fc1", "fc2": r"mlp\.fc2"},
}
_DINOV2_GATED = {
    **{name: _VIT[name] for name in "qkvo"},
    **{"gate": r"mlp\.gate_proj", "up": r"mlp\.up_proj", "down": r"mlp\.down_proj"},
}
_DINOV3 = {**_VIT, "fc1": r"mlp\.up_proj", "fc2": r"mlp\.down_proj"}
_BERT = {
    **{"q": r"attention\.self\.query", "k": r"attention\.self\.key", "v": r"attention\.self\.value"},
    **{"o": r"attention\.output\.dense", "fc1": r"intermediate\.dense", "fc2": r"\d+\.output\.dense"},
}
_DISTILBERT = {
    **{name: rf"attention\.{name}_lin" for name in "qkv"},
    **{"o": r"attention\.out_lin", "fc1": r"ffn\.lin1", "fc2": r"ffn\.lin2"},
}
_TILED = {**{name: rf"self_attn\.{name}_proj" for name in "qkvo"}, "fc1": r"mlp\.fc1", "fc2": r"mlp\.fc2"}
_SAM = {"q": r"attn\.qkv", "o": r"attn\.proj", "fc1": r"mlp\.lin1", "fc2": r"mlp\.lin2"}
_HIERA = {"q": r"attn\.qkv", "o": r"attn\.proj", "fc1": r"mlp\.proj_in", "fc2": r"mlp\.proj_out"}
_DAVIT = {
    "q": r"(window|channel)_attn\.qkv",
    "o": r"(window|channel)_attn\.proj",
    "fc1": r"ffn\.fc1",
    "fc2": r"ffn\.fc2",
}
_GPT2 = {"q": r"attn\.c_attn", "o": r"attn\.c_proj", "fc1": r"mlp\.c_fc", "fc2": r"mlp\.c_proj"}


@dataclass(frozen=True, kw_only=True)
class Tower:
    """A tower that is traced: how it is built with so many layers, and what it does with so many tokens.

    `part` is empty for the configuration's default part, `layers` how many there are, `places` by the book's name of a
    matrix the end of its name in the modules, `whole` how logits are made of it, where it has any, `often` how many times what
    is traced of a matrix counts, where others read what the tower puts out, `read` that a decoder does, so that nothing of a loss
    is computed on it and what it keeps counts instead, `outside` what parameters stand outside of it. `uneven` in which steps a
    layer in the middle may need more than the first and the last: in `all`, or where all is `trained` and computed again.
    `fewer` is what share of the tokens of the first layer the mean layer has, `within` begins the names of the matrices where
    others end as they do. `again` computes layers again where the library has no
    way for it, `passes` says that the loss stands behind what reads its answer, so that of its own loss but what it keeps
    counts, `ends` that layers of another kind stand behind its longest row of layers and count as the last.
    """

    part: str
    layers: int
    knots: tuple[int, ...]
    build: Callable[[int], nn.Module]
    loss: Callable[[nn.Module, int], torch.Tensor]
    places: Mapping[str, str]
    whole: Callable[[nn.Module, int], torch.Tensor] | None = None
    outside: int = 0
    few: int = FEW
    more: int = MORE
    read: bool = False
    uneven: str = ""
    fewer: float = 1.0
    within: str = ""
    often: Mapping[str, float] = field(default_factory=dict)
    again: Callable[[nn.Module], None] | None = None
    passes: bool = False
    ends: bool = False

    @property
    def middle(self) -> int:
        """The tokens with which LoRA and logits are traced, whose lines go through nothing."""
        return 4 * self.knots[0] if self.knots == KNOTS else 8 * self.knots[0]

    def pattern(self, target: str) -> str:
        """Return the pattern of the names of matrices, which are separated by commas."""
        ends = "|".join(self.places[name] for name in target.split(","))
        return rf"{self.within}.*\.({ends})"

    def in_bits(self, layers: int, dtype: torch.dtype) -> nn.Module:
        """Return the tower with so many layers, in 16 or in 32 bits."""
        with no_init_weights():
            model = self.build(layers)
        return model.to(dtype)


def _sizes(row: Configuration, prefix: str = "") -> dict[str, int]:
    def of(name: str) -> int:
        return int(row.row[f"{prefix}{name}"])

    sizes = {"hidden_size": of("width"), "num_attention_heads": of("heads"), "intermediate_size": of("ffn_width")}
    return sizes | ({"patch_size": int(row.patch)} if row.patch else {})


def _images(side: int, length: int) -> Callable[[nn.Module, int], dict[str, torch.Tensor]]:
    def inputs(model: nn.Module, tokens: int) -> dict[str, torch.Tensor]:
        return {"pixel_values": torch.empty(tokens // length, 3, side, side, dtype=next(model.parameters()).dtype)}

    return inputs


def _texts(length: int) -> Callable[[nn.Module, int], dict[str, torch.Tensor]]:
    def inputs(model: nn.Module, tokens: int) -> dict[str, torch.Tensor]:
        return {"input_ids": torch.ones(tokens // length, length, dtype=torch.long)}

    return inputs


def _pooled(inputs: Callable[[nn.Module, int], dict[str, torch.Tensor]]) -> Callable[[nn.Module, int], torch.Tensor]:
    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        value: torch.Tensor = model(**inputs(model, tokens)).pooler_output.mean().float()
        return value

    return loss


def _mean(inputs: Callable[[nn.Module, int], dict[str, torch.Tensor]]) -> Callable[[nn.Module, int], torch.Tensor]:
    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        value: torch.Tensor = model(**inputs(model, tokens)).last_hidden_state.mean().float()
        return value

    return loss


def _first(inputs: Callable[[nn.Module, int], dict[str, torch.Tensor]]) -> Callable[[nn.Module, int], torch.Tensor]:
    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        value: torch.Tensor = model(**inputs(model, tokens)).last_hidden_state[:, 0].mean().float()
        return value

    return loss


def _of_batches(length: int) -> tuple[int, ...]:
    return tuple(batch * length for batch in BATCHES)


def _vision(row: Configuration, text: int) -> tuple[Tower, ...]:
    length, patch, layers = int(row.tokens), int(row.patch), int(row.encoder_layers)
    if row.type == "siglip":
        side = int(length**0.5) * patch
        config: Any = hf.SiglipVisionConfig(**_sizes(row), num_hidden_layers=layers, image_size=side)
        make: Any = hf.SiglipVisionModel
        places, loss = _CLIP, _pooled(_images(side, length))
    elif row.type == "dinov3":
        side = int((length - 5) ** 0.5) * patch
        config = hf.DINOv3ViTConfig(
            **_sizes(row), num_hidden_layers=layers, key_bias=row.biases == "all", num_register_tokens=4
        )
        make, places, loss = hf.DINOv3ViTModel, _DINOV3, _pooled(_images(side, length))
    elif row.type == "dinov2":
        side = int((length - 1) ** 0.5) * patch
        config = hf.Dinov2Config(
            **_sizes(row),
            num_hidden_layers=layers,
            image_size=int((int(row.positions) - 1) ** 0.5) * patch,
            use_swiglu_ffn=row.ffn == "glu",
        )
        places = _DINOV2_GATED if row.ffn == "glu" else _VIT
        make, loss = hf.Dinov2Model, _pooled(_images(side, length))
    else:
        side = int((length - 1) ** 0.5) * patch
        config = hf.ViTConfig(**_sizes(row), num_hidden_layers=layers, image_size=side)
        make, places, loss = (
            lambda config: hf.ViTModel(config, add_pooling_layer=False),
            _VIT,
            _first(_images(side, length)),
        )
    return (
        Tower(part="", layers=layers, knots=_of_batches(length), build=_with(make, config), loss=loss, places=places),
    )


def _with(make: Callable[[Any], nn.Module], config: Any, name: str = "num_hidden_layers") -> Callable[[int], nn.Module]:
    def build(layers: int) -> nn.Module:
        setattr(config, name, layers)
        config._attn_implementation = "sdpa"
        return make(config)

    return build


def _bert(row: Configuration, text: int) -> tuple[Tower, ...]:
    sizes = {"vocab_size": int(row.vocabulary), "max_position_embeddings": int(row.positions)}
    sizes |= {"type_vocab_size": 1 if row.type == "roberta" else 2}
    make: Any = hf.RobertaModel if row.type == "roberta" else hf.BertModel
    config: Any = (hf.RobertaConfig if row.type == "roberta" else hf.BertConfig)(**_sizes(row), **sizes)
    loss = _pooled(_texts(text))
    layers = int(row.encoder_layers)
    return (Tower(part="", layers=layers, knots=KNOTS, build=_with(make, config), loss=loss, places=_BERT),)


def _distilbert(row: Configuration, text: int) -> tuple[Tower, ...]:
    sizes = {"dim": int(row.width), "n_heads": int(row.heads), "hidden_dim": int(row.ffn_width)}
    sizes |= {"vocab_size": int(row.vocabulary), "max_position_embeddings": int(row.positions)}
    build = _with(hf.DistilBertModel, hf.DistilBertConfig(**sizes), "n_layers")
    layers, loss = int(row.encoder_layers), _first(_texts(text))
    return (Tower(part="", layers=layers, knots=KNOTS, build=build, loss=loss, places=_DISTILBERT),)


def _clip(row: Configuration, text: int) -> tuple[Tower, ...]:
    """The text tower, which is the default, and the image tower."""
    length, images = int(row.positions), int(row.vision_positions)
    side = int((images - 1) ** 0.5) * int(row.patch)
    sizes = _sizes(row) | {"vocab_size": int(row.vocabulary), "max_position_embeddings": length}
    sizes.pop("patch_size")
    text = hf.CLIPTextConfig(**sizes, projection_dim=int(row.embedding), eos_token_id=2)
    image = hf.CLIPVisionConfig(**_sizes(row, "vision_") | {"image_size": side}, projection_dim=int(row.embedding))
    return (
        Tower(
            part="",
            layers=int(row.decoder_layers),
            knots=_of_batches(length),
            build=_with(hf.CLIPTextModel, text),
            loss=_pooled(_texts(length)),
            places=_CLIP,
            outside=int(row.width) * int(row.embedding),
        ),
        Tower(
            part="vision",
            layers=int(row.vision_layers),
            knots=_of_batches(images),
            build=_with(hf.CLIPVisionModel, image),
            loss=_pooled(_images(side, images)),
            places=_CLIP,
            outside=int(row.vision_width) * int(row.embedding),
        ),
    )


def _numbers(cell: str) -> list[int]:
    return [int(part) for part in cell.split("; ")]


def _swin(row: Configuration, text: int) -> tuple[Tower, ...]:
    """A tower of stages, which is traced whole; its attention adds positions to the scores, and keeps them."""
    depths, length = _numbers(row.encoder_layers), _numbers(row.tokens)[0]
    side = int(length**0.5) * int(row.patch)
    heads = _numbers(row.heads)
    config = hf.SwinConfig(embed_dim=_numbers(row.width)[0], depths=depths, num_heads=heads, image_size=side)
    tower = _whole(sum(depths), length, lambda layers: hf.SwinModel(config), _pooled(_images(side, length)), _VIT)
    return (replace(tower, fewer=_fewer(depths, row)),)


def _fewer(depths: Sequence[int], row: Configuration) -> float:
    """Return what share of the tokens of its first layer the mean layer of a tower of stages has."""
    tokens = _numbers(row.tokens)
    return sum(layers * many for layers, many in zip(depths, tokens, strict=True)) / (sum(depths) * tokens[0])


def _sam(row: Configuration, text: int) -> tuple[Tower, ...]:
    """The image encoder, which is traced whole: some layers attend to all, the others in windows, and all keep their scores.

    A row that counts a mask decoder has it behind the encoder, with the encoder of prompts.
    """
    layers, length = int(row.encoder_layers), int(row.tokens)
    side = int(length**0.5) * int(row.patch)
    sizes = {"hidden_size": int(row.width), "num_attention_heads": int(row.heads), "mlp_dim": int(row.ffn_width)}
    where = [layers // 4 * n - 1 for n in range(1, 5)]
    config = hf.SamVisionConfig(**sizes, num_hidden_layers=layers, global_attn_indexes=where, image_size=side)
    config._attn_implementation = "eager"
    if not row.beside_params:
        alone = _whole(layers, length, lambda layers: hf.SamVisionModel(config), _mean(_images(side, length)), _SAM)
        return (replace(alone, uneven="trained"),)
    whole = hf.SamConfig(vision_config=config)
    whole._attn_implementation = "eager"
    tower = _whole(layers, length, lambda layers: hf.SamModel(whole), _masks(row), _SAM)
    return (replace(_with_masks(tower, row), uneven="trained"),)


def _hiera(row: Configuration, text: int) -> tuple[Tower, ...]:
    """The backbone of SAM 2's image encoder, which is traced whole, and the mask decoder behind it if the row counts it."""
    widths, heads, length = _numbers(row.width), _numbers(row.heads), _numbers(row.tokens)[0]
    blocks = _numbers(row.encoder_layers)
    config = hf.Sam2HieraDetConfig(
        hidden_size=widths[0],
        num_attention_heads=heads[0],
        blocks_per_stage=blocks,
        embed_dim_per_stage=widths,
        num_attention_heads_per_stage=heads,
    )
    config._attn_implementation = "sdpa"
    vision = hf.Sam2VisionConfig(backbone_config=config, backbone_channel_list=widths[::-1])
    whole = hf.Sam2Config(vision_config=vision)
    tower = _whole(sum(blocks), length, lambda layers: hf.Sam2Model(whole), _masks(row), _HIERA)
    return (replace(_with_masks(tower, row), uneven="all", fewer=_fewer(blocks, row)),)


def _with_masks(tower: Tower, row: Configuration) -> Tower:
    """Return a tower behind which masks are made; that of SAM holds a random matrix too."""
    matrix = 2 * (MASK_WIDTH // 2) if row.type == "sam" else 0
    return replace(tower, within=r"vision_encoder\.", outside=-int(row.beside_params) - matrix)


def _masks(row: Configuration) -> Callable[[nn.Module, int], torch.Tensor]:
    """Return a step that makes the masks of one point of each image."""
    length = _numbers(row.tokens)[0]
    side = int(length**0.5) * int(row.patch)

    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        images = _images(side, length)(model, tokens)
        where = torch.zeros(tokens // length, 1, 1, 2)
        known = torch.ones(tokens // length, 1, 1, dtype=torch.int32)
        value: torch.Tensor = model(**images, input_points=where, input_labels=known).pred_masks.mean().float()
        return value

    return loss


def _whole(
    layers: int,
    length: int,
    build: Callable[[int], nn.Module],
    loss: Callable[[nn.Module, int], torch.Tensor],
    places: Mapping[str, str],
) -> Tower:
    return Tower(
        part="",
        layers=layers,
        knots=_of_batches(length),
        build=build,
        loss=loss,
        places=places,
        few=layers,
        more=layers,
    )


def _gpt2(row: Configuration, text: int) -> tuple[Tower, ...]:
    sizes = {"n_embd": int(row.width), "n_head": int(row.heads), "vocab_size": int(row.vocabulary)}
    config = hf.GPT2Config(**sizes, n_positions=int(row.positions), use_cache=False)
    inputs = _texts(text)

    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        value: torch.Tensor = model.base_model(**inputs(model, tokens)).last_hidden_state.mean().float()
        return value

    def make(config: Any) -> nn.Module:
        model = hf.GPT2LMHeadModel(config)
        model.tie_weights()
        return model

    layers = int(row.decoder_layers)
    return (
        Tower(
            part="",
            layers=layers,
            knots=KNOTS,
            build=_with(make, config, "n_layer"),
            loss=loss,
            places=_GPT2,
            whole=_labelled(inputs),
        ),
    )


def _labelled(inputs: Callable[[nn.Module, int], dict[str, torch.Tensor]]) -> Callable[[nn.Module, int], torch.Tensor]:
    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        given = inputs(model, tokens)
        outputs = model(**given, labels=given["input_ids"])
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        value: torch.Tensor = outputs.loss.float()
        return value

    return loss


def _t5(row: Configuration, text: int) -> tuple[Tower, ...]:
    """The decoder, which is given what an encoder of one token made, and the encoder; what the first reads of it is added."""
    sizes = {
        "d_model": int(row.width),
        "d_kv": int(row.head_width),
        "num_heads": int(row.heads),
        "d_ff": int(row.ffn_width),
    }
    glu = row.ffn == "glu"
    config = hf.T5Config(
        **sizes,
        vocab_size=int(row.vocabulary),
        feed_forward_proj="gated-gelu" if glu else "relu",
        tie_word_embeddings=row.tied == "yes",
        use_cache=False,
    )
    attention = {name: rf"(SelfAttention|EncDecAttention)\.{name}" for name in "qkvo"}
    network = {"gate": r"wi_0", "up": r"wi_1", "down": r"wo"} if glu else {"fc1": r"wi", "fc2": r"wo"}

    def decoder(layers: int, reads: int = 0) -> nn.Module:
        config.num_layers, config.num_decoder_layers = max(reads, 1), layers
        model = hf.T5ForConditionalGeneration(config)
        model.tie_weights()
        if not reads:
            model.encoder = None
        elif row.tied == "no":  # the library ties it all the same
            model.lm_head.weight = nn.Parameter(torch.empty_like(model.lm_head.weight))
        return model

    def encoder(layers: int) -> nn.Module:
        config.num_layers = layers
        model = hf.T5EncoderModel(config)
        model.tie_weights()
        return model

    # A block is a list of two or three itself: more blocks than that, and they are the longest list.
    return _two(row, text, decoder, encoder, attention | network, few=4, more=6)


def _bart(row: Configuration, text: int) -> tuple[Tower, ...]:
    sizes = {
        "d_model": int(row.width),
        "vocab_size": int(row.vocabulary),
        "max_position_embeddings": int(row.positions),
    }
    for side in ("encoder", "decoder"):
        sizes |= {f"{side}_attention_heads": int(row.heads), f"{side}_ffn_dim": int(row.ffn_width)}
    config = hf.BartConfig(**sizes, use_cache=False)
    ends = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"}
    attention = {name: rf"(self_attn|encoder_attn)\.{end}" for name, end in ends.items()}

    def decoder(layers: int, reads: int = 0) -> nn.Module:
        config.encoder_layers, config.decoder_layers = max(reads, 1), layers
        model = hf.BartForConditionalGeneration(config)
        model.tie_weights()
        if not reads:
            model.model.encoder = None
        return model

    def encoder(layers: int) -> nn.Module:
        config.encoder_layers, config.decoder_layers = layers, 1
        model = hf.BartModel(config)
        return model.encoder

    halves = _two(row, text, decoder, encoder, attention | {"fc1": r"fc1", "fc2": r"fc2"}, few=FEW, more=MORE)
    return (*halves, _davit(row)) if row.vision_type == "davit" else halves


def _davit(row: Configuration) -> Tower:
    """The image tower of Florence-2, which is traced whole; no path is dropped in it."""
    widths, depths, heads = (_numbers(row.row[f"vision_{name}"]) for name in ("width", "layers", "heads"))
    config = hf.Florence2VisionConfig(
        embed_dim=widths,
        depths=[layers // 2 for layers in depths],
        num_heads=heads,
        num_groups=heads,
        projection_dim=int(row.width),
        drop_path_rate=0.0,
    )
    inputs = _images(FLORENCE_SIDE, int(row.tokens))

    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        pixels = inputs(model, tokens)["pixel_values"]
        value: torch.Tensor = model(pixels).last_hidden_state.mean().float()
        return value

    def build(layers: int) -> nn.Module:
        with patch.object(torch, "linspace", _nothings):
            return hf.Florence2VisionBackbone(config)

    return replace(_whole(sum(depths), int(row.tokens), build, loss, _DAVIT), part="vision")


def _nothings(start: float, end: float, steps: int, **_: Any) -> list[SimpleNamespace]:
    """Return the shares of paths that are dropped, none, as numbers that can be read where tensors hold none."""
    return [SimpleNamespace(item=lambda: 0.0)] * steps


def _two(
    row: Configuration,
    text: int,
    decoder: Callable[[int], nn.Module],
    encoder: Callable[[int], nn.Module],
    places: Mapping[str, str],
    *,
    few: int,
    more: int,
) -> tuple[Tower, ...]:
    inputs = _texts(text)

    def given(model: nn.Module, tokens: int) -> torch.Tensor:
        dtype = next(model.parameters()).dtype
        return torch.empty(tokens // text, 1, int(row.width), dtype=dtype).requires_grad_(torch.is_grad_enabled())

    def written(model: nn.Module, tokens: int) -> torch.Tensor:
        ids = inputs(model, tokens)["input_ids"]
        inner = model.base_model if model.base_model is not model else model
        outputs = inner.decoder(input_ids=ids, encoder_hidden_states=given(model, tokens))
        value: torch.Tensor = outputs.last_hidden_state.mean().float()
        return value

    def whole(model: nn.Module, tokens: int) -> torch.Tensor:
        ids = inputs(model, tokens)["input_ids"]
        read = BaseModelOutput(last_hidden_state=given(model, tokens))
        outputs = model(encoder_outputs=read, decoder_input_ids=ids, labels=ids)
        outputs.logits.float()  # accelerate returns all outputs in 32 bits
        value: torch.Tensor = outputs.loss.float()
        return value

    reads, writes = int(row.encoder_layers), int(row.decoder_layers)
    sizes: dict[str, Any] = {"knots": KNOTS, "places": places, "few": few, "more": more}
    return (
        Tower(part="", layers=writes, build=decoder, loss=written, whole=whole, **sizes),
        # The decoder makes keys and values of what the encoder made.
        Tower(
            part="encoder",
            layers=reads,
            build=encoder,
            loss=_mean(inputs),
            read=True,
            often=dict.fromkeys("kv", 1 + writes / reads),
            **sizes,
        ),
    )


def _tiles(row: Configuration, text: int) -> tuple[Tower, ...]:
    """The tower of images of a language model that attends to them; the library computes none of its layers again."""

    def loss(model: nn.Module, tokens: int) -> torch.Tensor:
        seen = tiled.images_of(row, tokens // tiled.tokens_of(row), next(model.parameters()).dtype)
        value: torch.Tensor = model(**seen).last_hidden_state.mean().float()
        return value

    return (
        Tower(
            part="vision",
            layers=tiled.UNITS,
            knots=_of_batches(tiled.tokens_of(row)),
            build=lambda units: tiled.tower(row, units),
            loss=loss,
            places=_TILED,
            few=1,
            more=2,
            uneven="all",
            again=lambda model: None,
            passes=True,
            ends=True,
        ),
    )


_BUILDERS: Mapping[str, Callable[[Configuration, int], tuple[Tower, ...]]] = {
    "vit": _vision,
    "siglip": _vision,
    "dinov2": _vision,
    "dinov3": _vision,
    "bert": _bert,
    "distilbert": _distilbert,
    "roberta": _bert,
    "clip": _clip,
    "swin": _swin,
    "sam": _sam,
    "hiera": _hiera,
    "gpt2": _gpt2,
    "t5": _t5,
    "bart": _bart,
}


def can_be_traced(row: Configuration) -> bool:
    """Return whether a row describes an encoder, or two, that transformers can build."""
    if tiled.looks(row):
        return True
    return row.type in _BUILDERS and row.vision_type not in ("resnet", "swin") and row.id not in NOT_BUILT


def towers(row: Configuration, text: int = SENTENCE) -> tuple[Tower, ...]:
    """Return the towers of a backbone that are traced; a text whose length is free has so many tokens."""
    if tiled.looks(row):
        return _tiles(row, text)
    return _BUILDERS[row.type](row, text)
