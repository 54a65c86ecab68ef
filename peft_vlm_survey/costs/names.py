"""What libraries call the linear layers of the backbones, so that lines of code train what is counted, and nothing else.

The names are those of transformers 5, and of timm where queries, keys and values are one matrix.
`make verify` builds the models and counts what the lines train.
"""

import json
from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs.shapes import ATTENTION, GLU, LINEAR, NETWORKS, ROUTED, SHARED, Part, Shape

# The layers whose inputs (IA)³ scales, not their outputs.
INNER = ("fc2", "down")
# A name, and before it the pattern of the path that leads to no other part of the model; no path where the name is enough.
Name = tuple[str, str]
_THREE = {name: f"{name}_proj" for name in "qkv"}
# Where the networks of a layer with experts lie, as the models' own code has them: a linear layer for each expert.
_NETWORKS = dict(zip(NETWORKS, (r"mlp\.", r"experts\.[0-9]+\.", r"shared_experts\."), strict=True))
_LLAMA = {
    **_THREE,
    **{name: f"{name}_proj" for name in ("o", "gate", "up", "down")},
    **{"kv_a": "kv_a_proj_with_mqa", "kv_b": "kv_b_proj", "out": "out_proj"},
    **{f"in_{name}": f"in_proj_{name}" for name in ("qkv", "z", "b", "a")},
    **{f"{network}_{name}": rf"{place}{name}_proj" for network, place in _NETWORKS.items() for name in GLU},
}
_FAIRSEQ = {**_THREE, "o": "out_proj", "fc1": "fc1", "fc2": "fc2"}
_TIMM = {"qkv": "qkv", "o": "attn.proj", "fc1": "fc1", "fc2": "fc2"}
_VIT = {**_THREE, "o": "o_proj", "fc1": "fc1", "fc2": "fc2"}
_DINOV3 = {**_THREE, "o": "o_proj", "fc1": "up_proj", "fc2": "down_proj"}
_T5 = {**{name: name for name in "qkvo"}, "fc1": "wi", "fc2": "wo", "gate": "wi_0", "up": "wi_1", "down": "wo"}
# Of several libraries the first is named that knows all of the targets.
_BY_TYPE: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "vit": (_VIT, _TIMM),
    "dinov2": ({**_VIT, "gate": "gate_proj", "up": "up_proj", "down": "down_proj"}, _TIMM),
    "dinov3": (_DINOV3,),
    "swin": (_TIMM,),
    "t5": (_T5,),
    "bart": (_FAIRSEQ,),
    "opt": (_FAIRSEQ,),
    "decoder": (_LLAMA,),
}
# Towers beside another, or with a head whose layers bear the same names.
_PATHS: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("clip", "language"): (r"text_model\.", _FAIRSEQ),
    ("clip", "vision"): (r"vision_model\.", _FAIRSEQ),
    ("siglip", "vision"): (r"encoder\.layers\.", _FAIRSEQ),
    ("sam", "vision"): (r"(image|vision)_encoder\.", {"qkv": "qkv", "o": r"attn\.proj", "fc1": "lin1", "fc2": "lin2"}),
    # As diffusers has them, those of the text beside those of the latents.
    ("mmdit", "vision"): (
        r"transformer_blocks\.",
        {
            **{name: f"(to_{name}|add_{name}_proj)" for name in "qkv"},
            "o": r"(to_out\.0|to_add_out)",
            "fc1": r"(net\.0\.proj|proj_mlp)",
            "fc2": r"(net\.2|proj_out)",
        },
    ),
    # One block's matrix is called as another's list of two: it is told by the block.
    ("flux2", "vision"): (
        r"transformer_blocks\.",
        {
            **{name: f"(to_{name}|add_{name}_proj)" for name in "qkv"},
            "o": r"(to_out\.0|to_add_out)",
            "fc1": r"(linear_in|to_qkv_mlp_proj)",
            "fc2": r"(linear_out|((?<=single_transformer_blocks\.[0-9]\.attn\.)|(?<=single_transformer_blocks\.[0-9][0-9]\.attn\.))to_out)",
        },
    ),
    ("unet", "vision"): (
        r"transformer_blocks\.",
        {**{name: f"to_{name}" for name in "qkv"}, "o": r"to_out\.0", "fc1": r"net\.0\.proj", "fc2": r"net\.2"},
    ),
}
_QWEN_BLOCKS = {"qkv": "qkv", "o": r"attn\.proj"}
_VISION: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **dict.fromkeys(
        ("llava-1.5-7b", "llava-1.5-13b", "gemma-3-4b", "gemma-3-12b", "llava-onevision-7b", "paligemma2-3b"),
        (r"vision_tower\.", _FAIRSEQ),
    ),
    **dict.fromkeys(("qwen2-vl-2b", "qwen2-vl-7b"), (r"visual\.", {**_TIMM, "o": r"attn\.proj"})),
    **dict.fromkeys(
        ("qwen2.5-vl-3b", "qwen2.5-vl-7b", "qwen2.5-vl-32b"),
        (r"visual\.", {**_QWEN_BLOCKS, "gate": "gate_proj", "up": "up_proj", "down": "down_proj"}),
    ),
    **dict.fromkeys(
        ("qwen3-vl-4b", "qwen3-vl-8b", "qwen3.5-0.8b", "qwen3.5-2b", "qwen3.5-4b", "qwen3.5-9b"),
        # The projectors have layers of these names too.
        (r"visual\.blocks\.", {**_QWEN_BLOCKS, "fc1": "linear_fc1", "fc2": "linear_fc2"}),
    ),
    "llama-3.2-11b-vision": (r"vision_model\.", {**_VIT}),
    "phi-4-multimodal": (r"img_processor\.encoder\.", _FAIRSEQ),
    "minicpm-v-2.6": (r"vpm\.", _FAIRSEQ),
    "blip2-opt-2.7b": (r"vision_model\.", {"qkv": "qkv", "o": "projection", "fc1": "fc1", "fc2": "fc2"}),
}
# Models whose own code, or transformers', holds queries, keys and values in one matrix, and what it is called there.
# Read in transformers 5.24.0 (Phi-3, Falcon, GPT-NeoX, Bloom, GPT-2, SAM 2), in QwenLM/Qwen-VL@aa00ed0 (finetune.py), and
# in modelscope/ms-swift@3602360 (swift/model/model_arch.py: ChatGLM, Baichuan).
_FUSED: Mapping[str, str] = {
    **dict.fromkeys(("phi-3-mini", "phi-4-multimodal"), "qkv_proj"),
    **dict.fromkeys(("falcon-7b", "stablelm-alpha-3b", "chatglm3-6b"), "query_key_value"),
    **dict.fromkeys(("qwen-1.8b", "qwen-7b", "qwen-14b", "qwen-72b"), "c_attn"),
    **dict.fromkeys(("baichuan2-7b", "baichuan2-13b"), "W_pack"),
}
_FUSED_BY_TYPE: Mapping[str, str] = {"bloom": "query_key_value", "gpt2": "c_attn", "hiera": "qkv", "dit": "qkv"}
_LANGUAGE = r"language_model\."
# Models of their own code, which AutoModel loads; and what their language model is called there.
_OWN_CODE: Mapping[str, str] = {"minicpm-v-2.6": r"llm\."}
# Whatever has a tower as timm has it brings code of its own too: what language model and tower are called there.
_TIMM_TOWER = "siglip-timm"
_AROUND_TIMM: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "language": (r"language\.", _LLAMA),
    "vision": (r"vision\.blocks\.", {"qkv": "qkv", "o": r"attn\.proj", "fc1": r"mlp\.fc1", "fc2": r"mlp\.fc2"}),
}
# The classes of models that see and talk; the second has those too that hear.
SEEING = ("AutoModelForImageTextToText", "AutoModelForMultimodalLM")
_HEARING = ("phi-4-multimodal",)


def names(shape: Shape, part: str) -> tuple[dict[str, Name], ...]:
    """Return what the targets of a part are called, those of the vision tower too, once for each library that has it."""
    tower = shape.parts[part]
    path, libraries = _of(shape, part)
    by_library = [{name: (path, text) for name, text in library.items() if tower.named(name)} for library in libraries]
    if part == "language" and "vision" in shape.parts:
        beside, others = _of(shape, "vision")
        for known in by_library:
            for library in others:
                seen = shape.parts["vision"]
                known |= {f"vision.{name}": (beside, text) for name, text in library.items() if seen.named(name)}
    return tuple(known for known in by_library if known)


def fused(shape: Shape, part: str) -> dict[str, str]:
    """Return what the matrix that holds queries, keys and values is called, by `` or `vision.`; nothing where they are apart."""
    by_prefix = {}
    libraries = names(shape, part)
    for prefix in ("", "vision."):
        as_one = [library[f"{prefix}qkv"][1].replace("\\", "") for library in libraries if f"{prefix}qkv" in library]
        if as_one and not any(f"{prefix}q" in library for library in libraries):
            by_prefix[prefix] = as_one[0]
    return by_prefix


def apart(shape: Shape, part: str) -> tuple[str, ...]:
    """Return `` or `vision.` for towers in which every library known has queries, keys and values apart."""
    libraries = names(shape, part)
    return tuple(
        prefix
        for prefix in ("", "vision.")
        if any(f"{prefix}q" in library for library in libraries)
        and not any(f"{prefix}qkv" in library for library in libraries)
    )


SAID_FUSED = (
    "{names}: {backbone} holds queries, keys and values in one matrix, {matrix}, and no library adapts one of them alone; "
    "separate matrices are counted, and targets={one} prices the one."
)
SAID_APART = "{one}: {backbone} holds queries, keys and values apart; what is counted is one matrix, and targets={names} prices the three."


def warnings(shape: Shape, part: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return in words where targets do not stand in the model as they are named: fused, or apart."""
    if not targets:  # nothing to name; and the whole of a model is no part
        return ()
    texts = []
    for prefix, matrix in fused(shape, part).items():
        named = [target for target in targets if target in _thirds(prefix)]
        if named:
            words = {"names": ", ".join(named), "backbone": shape.name, "matrix": matrix, "one": f"{prefix}qkv"}
            texts.append(SAID_FUSED.format(**words))
    for prefix in apart(shape, part):
        if f"{prefix}qkv" in targets:
            words = {"one": f"{prefix}qkv", "backbone": shape.name, "names": ",".join(_thirds(prefix))}
            texts.append(SAID_APART.format(**words))
    return tuple(texts)


SAID_HYBRID = "{names}: these lie in {few} of the {layers} layers of {backbone}; the others have linear attention, whose matrices are {others}."


def scarce(shape: Shape, part: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return in words that modules lie in some layers alone, where the others have another attention and none of its matrices is named."""
    tower = shape.parts.get(part, shape.parts[shape.default])
    linear = [stack for stack in tower.stacks if stack.linear]
    named = [name for name in targets if name in (*ATTENTION, "qkv")]
    if not linear or not named or set(targets) & set(LINEAR):
        return ()
    called = {name: text for library in names(shape, part) for name, (_, text) in library.items() if name in LINEAR}
    return (
        SAID_HYBRID.format(
            names=", ".join(named),
            few=tower.layers - sum(stack.layers for stack in linear),
            layers=tower.layers,
            backbone=shape.name,
            others=", ".join(called.values()),
        ),
    )


SAID_EXPERTS = (
    "{names}: modules lie in each of the {experts} experts of {layers} layers of {backbone}, at {inside:,} of {every:,} matrices; "
    "{others} leave the experts as they are."
)


def spread(shape: Shape, part: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Return in words that modules lie in every expert, if they do, and which targets lie in none."""
    tower = shape.parts.get(part, shape.parts[shape.default])
    named = {name: tower.named(name) for name in targets}
    inside = [name for name, matrices in named.items() if any(matrix.network == ROUTED for matrix in matrices)]
    if not inside:
        return ()
    every = [matrix for matrices in named.values() for matrix in matrices]
    stack = next(stack for stack in tower.stacks if stack.experts)
    others = [name for name in tower.names if name not in GLU]
    others += [f"{SHARED}_{name.rpartition('_')[2]}" for name in inside if stack.shared]
    text = SAID_EXPERTS.format(
        names=", ".join(inside),
        experts=stack.experts,
        layers=stack.layers,
        backbone=shape.name,
        inside=sum(matrix.count for matrix in every if matrix.network == ROUTED),
        every=sum(matrix.count for matrix in every),
        others=f"targets={','.join(others)}",
    )
    return (text,)


def _thirds(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{name}" for name in "qkv")


def _of(shape: Shape, part: str) -> tuple[str, tuple[Mapping[str, str], ...]]:
    as_one = _FUSED.get(shape.id) or _FUSED_BY_TYPE.get(shape.type)
    if as_one and (part != "vision" or shape.id not in _VISION):
        return "", ({"qkv": as_one},)
    if _around_timm(shape):
        path, named = _AROUND_TIMM[part]
        return path, (named,)
    if (shape.type, part) in _PATHS:
        path, library = _PATHS[shape.type, part]
        return path, (library,) if "vision" in shape.parts else ()
    if part == "language" and _sees(shape):
        return _OWN_CODE.get(shape.id, _LANGUAGE), _BY_TYPE.get(shape.type, ())
    if part == "vision" and "language" in shape.parts:
        path, library = _VISION.get(shape.id, ("", {}))
        return path, (library,)
    return "", _BY_TYPE.get(shape.type, ())


def _around_timm(shape: Shape) -> bool:
    return shape.configuration is not None and shape.configuration.vision_type == _TIMM_TOWER


def own_code(shape: Shape) -> bool:
    """Return whether a model brings code of its own, which libraries have to know."""
    return shape.id in _OWN_CODE or _around_timm(shape)


def _sees(shape: Shape) -> bool:
    return shape.type in ("decoder", "opt") and "vision" in shape.parts


# What other libraries and older models call the matrices; a fused one is priced as one.
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("c_attn", "query_key_value", "qkv_proj", "in_proj", "Wqkv", "wqkv", "W_pack"), "qkv"),
    **{f"{long}{ending}": long[0] for long in ("query", "key", "value") for ending in ("", "_proj")},
    **{f"w{name}": name for name in "qkvo"},
    **{f"{name}_proj": name for name in ("q", "k", "v", "o")},
}


def target_of(shape: Shape, tower: Part, word: str) -> str:
    """Return what a target is called here, if a library calls it by this word; else the word itself."""
    if tower.named(word):
        return word
    for part, other in shape.parts.items():
        if other is tower:
            for library in (known for _, libraries in [_of(shape, part)] for known in libraries):
                for name, text in library.items():
                    if text.replace("\\", "") == word and tower.named(name):
                        return name
    return _ELSEWHERE.get(word, word)


def makes_images(shape: Shape) -> bool:
    """Return whether the backbone is a generator of images, which libraries for text and for what sees it do not load."""
    return shape.type in ("dit", "mmdit", "flux2", "unet")


def beyond_text(shape: Shape) -> bool:
    """Return whether libraries for text alone do not load the backbone: it makes images, or brings code of its own to see."""
    return makes_images(shape) or own_code(shape)


def loader(shape: Shape) -> str:
    """Return the class of transformers that loads the backbone for training."""
    if shape.id in _OWN_CODE:
        return "AutoModel"
    if _around_timm(shape):
        return "AutoModelForCausalLM"
    if _sees(shape):
        return SEEING[shape.id in _HEARING]
    kinds = {"decoder": "AutoModelForCausalLM", "opt": "AutoModelForCausalLM", "bloom": "AutoModelForCausalLM"}
    return kinds.get(shape.type, "AutoModelForSeq2SeqLM" if shape.type in ("t5", "bart") else "AutoModel")


def written(libraries: Sequence[Mapping[str, Name]], targets: Sequence[str]) -> str | None:
    r"""Return targets as Python code: a list of names, or a pattern of whole paths; None if no library knows them all.

    >>> written([{"q": ("", "q_proj"), "v": ("", "v_proj")}], ["q", "v"])
    '["q_proj", "v_proj"]'
    >>> written([{"q": ("text.", "q_proj"), "v": ("text.", "v_proj")}], ["q", "v"])
    'r".*text..*\\.(q_proj|v_proj)"'
    """
    known = next((library for library in libraries if all(target in library for target in targets)), None)
    if known is None:
        return None
    by_path: dict[str, list[str]] = {}
    for target in targets:
        path, name = known[target]
        by_path.setdefault(path, []).append(name)
    if set(by_path) <= {""} and not any("\\" in name for name in by_path.get("", [])):
        return json.dumps(by_path.get("", []))
    ways = [rf"{path}.*\.({'|'.join(of_path)})" for path, of_path in by_path.items()]
    return f'r".*{ways[0]}"' if len(ways) == 1 else f'r".*({"|".join(ways)})"'
