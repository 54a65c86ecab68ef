"""Whether the libraries of software.csv have what it says, and whether its lines run."""

import dataclasses
import importlib
import importlib.metadata
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
import transformers as hf

from peft_vlm_survey.costs.software import filled
from peft_vlm_survey.read.software import Software

MODULES: Mapping[str, str] = {"open_clip_torch": "open_clip"}
_CLASS = re.compile(r"\b[A-Z][A-Za-z0-9]*(?:Config|Model|Embedding|Encoder|Trainer|4bit|8bit|8bitLt)\b")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found of one row: classes that are there, those that are not, and what its lines trained."""

    row: Software
    installed: str
    missing: tuple[str, ...]
    trained: int | None

    @property
    def holds(self) -> bool:
        """Return whether everything is as the row says; of a commit between releases, only that the classes are there."""
        same = ".dev" in self.row.version or self.installed.partition("+")[0] == self.row.version
        return same and not self.missing and self.trained != 0


def look(rows: Iterable[Software]) -> list[Found]:
    """Return what is found of every row whose library is installed here."""
    checked = []
    for row in rows:
        try:
            installed = importlib.metadata.version(row.package) if row.package else ""
        except importlib.metadata.PackageNotFoundError:
            installed = ""
        if installed:
            classes = dict.fromkeys(_CLASS.findall(row.class_or_option))
            missing = tuple(name for name in classes if not _has(row.package, name))
            trained = run(row) if row.lines_in == "Python" else None
            missing += tuple(unknown_options(row))
            checked.append(Found(row=row, installed=installed, missing=missing, trained=trained))
    return checked


def _has(package: str, name: str) -> bool:
    """Return whether a library offers a class, in itself or in a module below that is loaded."""
    top = importlib.import_module(MODULES.get(package, package))
    places = [top] + [importlib.import_module(f"{top.__name__}.{below}") for below in _BELOW.get(package, ())]
    return any(hasattr(place, name) for place in (*places, hf))


_BELOW: Mapping[str, tuple[str, ...]] = {"peft": ("tuners",), "bitsandbytes": ("nn", "optim")}


def run(row: Software) -> int:
    """Run the lines of a row on a small model with random weights, and return how many parameters they train."""
    config = hf.LlamaConfig(
        hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4, vocab_size=64
    )
    torch.manual_seed(0)
    model = hf.LlamaForCausalLM(config)
    if row.method_id == "bitfit":  # Llama has no biases
        model = hf.OPTForCausalLM(
            hf.OPTConfig(
                hidden_size=64,
                word_embed_proj_dim=64,
                ffn_dim=128,
                num_hidden_layers=2,
                num_attention_heads=4,
                vocab_size=64,
            )
        )
    names: dict[str, Any] = {"model": model}
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        values = {"layers": 1, "width": 64, "checkpoint": folder}
        exec("\n".join(filled(row, values)), names)  # noqa: S102 - the lines of our own data are what is tested
    trained = [p for p in names["model"].parameters() if p.requires_grad]
    if "head" in names:
        trained += list(names["head"].parameters())
    return int(sum(p.numel() for p in trained))


def unknown_options(row: Software) -> list[str]:
    """Return the options of a command line of TRL that its classes do not have."""
    if row.lines_in != "shell" or row.package != "trl":
        return []
    trl = importlib.import_module("trl")
    classes = (trl.ScriptArguments, trl.SFTConfig, trl.ModelConfig)
    known = {field.name for kind in classes for field in dataclasses.fields(kind)}
    return [name for name in re.findall(r"--(\w+)", " ".join(row.template)) if name not in known]
