"""Names of backbones as people have them: an identifier, a printed name, or the address under which weights are shared."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

# What such an address says beside family and size: how it was tuned, at which resolution, in which file.
_TUNED = (
    "hf",
    "instruct",
    "chat",
    "it",
    "base",
    "original",
    "pretrained",
    "finetuned",
    "pretrain",
    "pt",
    "ov",
    "lvd",
    "1689",
    "m",
    "uncased",
)
_FILES = ("fp", "bf", "gptq", "awq", "int", "16", "32")
_PARTS = ("v", "patch", "vision", "text", "model", "1.5", "224", "336", "384", "448", "518")
BESIDE = frozenset((*_TUNED, *_FILES, *_PARTS))
SIZES = {"base": "b", "large": "l", "huge": "h", "giant": "g", "tiny": "t", "small": "s"}


def pieces(name: str) -> tuple[str, ...]:
    """Return the letters and numbers of a name, without its owner.

    >>> pieces("openai/clip-vit-base-patch16"), pieces("CLIP-ViT-B/16"), pieces("InternVL2_5")
    (('clip', 'vit', 'b', 'patch', '16'), ('clip', 'vit', 'b', '16'), ('internvl', '2.5'))
    """
    text = re.sub(r"(?<=[0-9])_(?=[0-9])", ".", name.lower())
    if re.fullmatch(r"[a-z0-9_.-]+/[a-z0-9_.-]{4,}", text):  # an owner, and not a width of patches
        text = text.partition("/")[2]
    return tuple(SIZES.get(piece, piece) for piece in re.findall(r"[a-z]+|[0-9]+(?:\.[0-9]+)?", text))


def named(text: str, names: Mapping[str, Iterable[str]]) -> str | None:
    """Return the identifier that a text means; `names` has further names of each. None if none or nothing sure.

    >>> names = {"llava-1.5-7b": ["LLaVA-1.5-7B"], "llama-7b": ["Vicuna-7B"], "clip-vit-b16": ["CLIP-ViT-B/16"]}
    >>> named("llava-hf/llava-1.5-7b-hf", names), named("lmsys/vicuna-7b-v1.5", names), named("clip vit-b/16", names)
    ('llava-1.5-7b', 'llama-7b', 'clip-vit-b16')
    >>> named("openai/clip-vit-base-patch16", names), named("openai/clip-vit-large-patch14", names)
    ('clip-vit-b16', None)
    """
    if text in names:
        return text
    said = pieces(text)
    best: tuple[int, str] | None = None
    for id, further in names.items():
        for name in (id, *further):
            own = pieces(name)
            if name.casefold() == text.casefold() or own == said:
                return id
            longer = best is None or len(own) > best[0]
            if longer and not Counter(own) - Counter(said) and set(Counter(said) - Counter(own)) <= BESIDE:
                best = (len(own), id)
    return best[1] if best else None
