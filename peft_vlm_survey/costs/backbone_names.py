"""Names of backbones as people have them: an identifier, a printed name, or the address under which weights are shared."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from peft_vlm_survey.problems import nearest, suggest

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
# A word of a name that says which family it is of: at least so long, and none of those that many families have.
TELLING, KIN = 3, 8
UNTELLING = frozenset(("vit", "medium", "dev"))
SIZES = {"base": "b", "large": "l", "huge": "h", "giant": "g", "tiny": "t", "small": "s"}
# How many parameters a model has, beside which `base` says how it was tuned.
SIZED = re.compile(r"[0-9][bm](?![a-z])")


def pieces(name: str) -> tuple[str, ...]:
    """Return the letters and numbers of a name, without its owner.

    >>> pieces("openai/clip-vit-base-patch16"), pieces("CLIP-ViT-B/16"), pieces("InternVL2_5")
    (('clip', 'vit', 'b', 'patch', '16'), ('clip', 'vit', 'b', '16'), ('internvl', '2.5'))
    >>> pieces("Qwen/Qwen3-0.6B-Base")
    ('qwen', '3', '0.6', 'b', 'base')
    """
    text = re.sub(r"(?<=[0-9])_(?=[0-9])", ".", name.lower())
    if re.fullmatch(r"[a-z0-9_.-]+/[a-z0-9_.-]{4,}", text):  # an owner, and not a width of patches
        text = text.partition("/")[2]
    sizes = {} if SIZED.search(text) else SIZES
    return tuple(sizes.get(piece, piece) for piece in re.findall(r"[a-z]+|[0-9]+(?:\.[0-9]+)?", text))


def kin(text: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the identifiers that share the first telling word of a name that means none of them, and most of its pieces.

    >>> names = {"qwen2.5-vl-7b": [], "qwen2.5-vl-32b": [], "qwen-72b": [], "sd3.5-large": ["Stable Diffusion 3.5 Large"]}
    >>> kin("Qwen2.5-VL-72B", names), kin("stable-diffusion-3.5-medium", names), kin("xyz", names)
    (['qwen2.5-vl-7b', 'qwen2.5-vl-32b'], ['sd3.5-large'], [])
    """
    of_text = pieces(text)
    telling = [
        piece for piece in of_text if len(piece) >= TELLING and piece.isalpha() and piece not in {*BESIDE, *UNTELLING}
    ]
    for word in telling or of_text[:1]:  # what stands first says most
        shared = {
            id: max(
                (Counter(of_name) & Counter(of_text)).total() if word in of_name else 0
                for of_name in map(pieces, (id, *further))
            )
            for id, further in names.items()
        }
        if nearest := [id for id, number in shared.items() if number == max(shared.values()) > 0]:
            return nearest[:KIN]
    return []


def meant(text: str, names: Mapping[str, Iterable[str]], otherwise: str) -> str:
    """Return the way out of a name that no backbone has: the one that is written so but for marks, its family, or the nearest."""
    letters = {re.sub("[^a-z0-9]", "", id): id for id in names}
    family = kin(text, names)
    if not family or text.lower() in letters:
        begun = nearest(
            text, {id[: len(text) + 1]: id for id in names}
        )  # 'lava' is nearer to 'llava' than to its whole name
        alike = next((f"Did you mean '{id}'?" for id in names if begun and id.startswith(begun)), otherwise)
        return suggest(text, names, alike)
    return f"Of its family {'this is' if len(family) == 1 else 'these are'} known: {', '.join(family)}."


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
    of_text = pieces(text)
    best: tuple[int, str] | None = None
    for id, further in names.items():
        for name in (id, *further):
            of_name = pieces(name)
            if name.casefold() == text.casefold() or of_name == of_text:
                return id
            longer = best is None or len(of_name) > best[0]
            if (
                longer
                and not Counter(of_name) - Counter(of_text)
                and set(Counter(of_text) - Counter(of_name)) <= BESIDE
            ):
                best = (len(of_name), id)
    return best[1] if best else None
