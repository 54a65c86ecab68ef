"""What libraries call the linear layers of the backbones, so that lines of code train what is counted, and nothing else.

The names are those of transformers 5, and of timm where queries, keys and values are one matrix.
`make verify` builds the models and counts what the lines train.
"""

import json
from collections.abc import Mapping, Sequence

from peft_vlm_survey.costs.shapes import Part, Shape

# The layers whose inputs (IA)³ scales, not their outputs.
INNER = ("fc2", "down")
# A name, and before it the pattern of the path that leads to no other part of the model; no path where the name is enough.
Name = tuple[str, str]
_THREE = {name: f"{name}_proj" for name in "qkv"}
_LLAMA = {**_THREE, **{name: f"{name}_proj" for name in ("o", "gate", "up", "down")}}
_FAIRSEQ = {**_THREE, "o": "out_proj", "fc1": "fc1", "fc2": "fc2"}
_TIMM = {"qkv": "qkv", "o": "attn.proj", "fc1": "fc1", "fc2": "fc2"}
_VIT = {**_THREE, "o": "o_proj", "fc1": "fc1", "fc2": "fc2"}
_DINOV3 = {**_THREE, "o": "o_proj", "fc1": "up_proj", "fc2": "down_proj"}
_T5 = {**{name: name for name in "qkvo"}, "fc1": "wi", "fc2": "wo", "gate": "wi_0", "up": "wi_1", "down": "wo"}
# Of several libraries the first is named that knows all of the targets.
_BY_TYPE: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "vit": (_VIT, _TIMM),
    "dinov2": (_VIT, _TIMM),
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
}
_QWEN_BLOCKS = {"qkv": "qkv", "o": r"attn\.proj"}
_VISION: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **dict.fromkeys(
        ("llava-1.5-7b", "llava-1.5-13b", "gemma-3-4b", "gemma-3-12b", "llava-onevision-7b", "paligemma2-3b"),
        (r"vision_tower\.", _FAIRSEQ),
    ),
    "qwen2-vl-7b": (r"visual\.", {**_TIMM, "o": r"attn\.proj"}),
    **dict.fromkeys(
        ("qwen2.5-vl-3b", "qwen2.5-vl-7b"),
        (r"visual\.", {**_QWEN_BLOCKS, "gate": "gate_proj", "up": "up_proj", "down": "down_proj"}),
    ),
    **dict.fromkeys(
        ("qwen3-vl-4b", "qwen3-vl-8b"),
        # The projectors have layers of these names too.
        (r"visual\.blocks\.", {**_QWEN_BLOCKS, "fc1": "linear_fc1", "fc2": "linear_fc2"}),
    ),
    "llama-3.2-11b-vision": (r"vision_model\.", {**_VIT}),
    "blip2-opt-2.7b": (r"vision_model\.", {"qkv": "qkv", "o": "projection", "fc1": "fc1", "fc2": "fc2"}),
}
_LANGUAGE = r"language_model\."
_SEEING = "AutoModelForImageTextToText"


def names(shape: Shape, part: str) -> tuple[dict[str, Name], ...]:
    """Return what the targets of a part are called, those of the vision tower too, once for each library that has it."""
    tower = shape.parts[part]
    path, libraries = _of(shape, part)
    found = [{name: (path, text) for name, text in own.items() if tower.named(name)} for own in libraries]
    if part == "language" and "vision" in shape.parts:
        beside, others = _of(shape, "vision")
        for one in found:
            for own in others:
                seen = shape.parts["vision"]
                one |= {f"vision.{name}": (beside, text) for name, text in own.items() if seen.named(name)}
    return tuple(one for one in found if one)


def _of(shape: Shape, part: str) -> tuple[str, tuple[Mapping[str, str], ...]]:
    if (shape.type, part) in _PATHS:
        path, own = _PATHS[shape.type, part]
        return path, (own,) if "vision" in shape.parts else ()
    if part == "language" and _sees(shape):
        return _LANGUAGE, _BY_TYPE.get(shape.type, ())
    if part == "vision" and "language" in shape.parts:
        path, own = _VISION.get(shape.id, ("", {}))
        return path, (own,)
    return "", _BY_TYPE.get(shape.type, ())


def _sees(shape: Shape) -> bool:
    return shape.type in ("decoder", "opt") and "vision" in shape.parts


# What other libraries and older models call the matrices; a fused one is priced as one.
_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("c_attn", "query_key_value", "qkv_proj", "in_proj", "Wqkv"), "qkv"),
    **{f"{long}{ending}": long[0] for long in ("query", "key", "value") for ending in ("", "_proj")},
    **{f"w{name}": name for name in "qkvo"},
}


def target_of(shape: Shape, tower: Part, word: str) -> str:
    """Return what a target is called here, if a library calls it by this word; else the word itself."""
    if tower.named(word):
        return word
    for part, own in shape.parts.items():
        if own is tower:
            for library in (known for _, libraries in [_of(shape, part)] for known in libraries):
                for name, text in library.items():
                    if text.replace("\\", "") == word and tower.named(name):
                        return name
    return _ELSEWHERE.get(word, word)


def loader(shape: Shape) -> str:
    """Return the class of transformers that loads the backbone for training."""
    if _sees(shape):
        return _SEEING
    kinds = {"decoder": "AutoModelForCausalLM", "opt": "AutoModelForCausalLM", "bloom": "AutoModelForCausalLM"}
    return kinds.get(shape.type, "AutoModelForSeq2SeqLM" if shape.type in ("t5", "bart") else "AutoModel")


def written(libraries: Sequence[Mapping[str, Name]], targets: Sequence[str]) -> str | None:
    r"""Return targets as Python code: a list of names, or a pattern of whole paths; None if no library knows them all.

    >>> written([{"q": ("", "q_proj"), "v": ("", "v_proj")}], ["q", "v"])
    '["q_proj", "v_proj"]'
    >>> written([{"q": ("text.", "q_proj"), "v": ("text.", "v_proj")}], ["q", "v"])
    'r".*text..*\\.(q_proj|v_proj)"'
    """
    known = next((one for one in libraries if all(target in one for target in targets)), None)
    if known is None:
        return None
    by_path: dict[str, list[str]] = {}
    for target in targets:
        path, name = known[target]
        by_path.setdefault(path, []).append(name)
    if set(by_path) <= {""}:
        return json.dumps(by_path.get("", []))
    ways = [rf"{path}.*\.({'|'.join(of_path)})" for path, of_path in by_path.items()]
    return f'r".*{ways[0]}"' if len(ways) == 1 else f'r".*({"|".join(ways)})"'
