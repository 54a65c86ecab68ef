"""Lines of code as templates, and the values that go into their places."""

import json
import re
from collections.abc import Mapping

from peft_vlm_survey.read.software import Software

# What a template leaves open: parameters of the method, and what the reader's own model decides.
OPEN: Mapping[str, str] = {
    "rank": "8",
    "factor": "-1",  # the nearest
    "tokens": "20",
    "mlp": "128",
    "layers": "30",
    "reduction": "16",
    "phm": "4",
    "classes": "100",
    "width": "768",
    "batch": "1",
    "targets": '["q_proj", "v_proj"]',
    "pattern": r".*\.(q_proj|v_proj)",
    "listed": "q_proj,v_proj",
    "scaled": '["k_proj", "v_proj", "down_proj"]',
    "inner": '["down_proj"]',
    "norms": '["input_layernorm", "post_attention_layernorm", "norm"]',
    "auto": "AutoModelForCausalLM",
    "checkpoint": '"path/to/checkpoint"',
}
# What the linear layers are called in the models of transformers whose blocks are those of Llama; see names.py for others.
MODULES: Mapping[str, str] = {
    **{name: f"{name}_proj" for name in ("q", "k", "v", "o", "gate", "up", "down")},
}
_GROUP = re.compile(r"\.\*\\\.\(([^)]*)\)")  # the names at the end of a path
PLACE = re.compile(r"\{([a-z]+)\}")


def filled(row: Software, values: Mapping[str, object], code: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the lines of a template with values in their places; `code` holds what is Python already."""
    texts = dict(OPEN) | {name: _literal(name, value) for name, value in values.items() if name in OPEN}
    texts |= code or {}
    texts |= {"pattern": pattern(texts["targets"]), "listed": ",".join(_names(texts["targets"]))}
    return tuple(PLACE.sub(lambda place: texts[place[1]], line) for line in row.template)


def _literal(name: str, value: object) -> str:
    """Return a value as Python writes it; the names of targets become those of the modules."""
    if name == "targets" and isinstance(value, str):
        value = [MODULES.get(word, word) for word in value.split(",")]
    return json.dumps(value) if isinstance(value, list | tuple) or name == "checkpoint" else str(value)


def pattern(targets: str) -> str:
    r"""Return targets, a list or a pattern in Python, as the pattern of a whole path.

    >>> pattern('["q_proj", "v_proj"]'), pattern(r'r".*text.*\.(q|v)"')
    ('.*\\.(q_proj|v_proj)', '.*text.*\\.(q|v)')
    """
    return targets[2:-1] if targets.startswith("r") else rf".*\.({'|'.join(_names(targets))})"


def _names(targets: str) -> tuple[str, ...]:
    """Return the names of targets, a list or a pattern in Python, without the paths that lead to them."""
    if not targets.startswith("r"):
        return tuple(json.loads(targets))
    bare = (name.replace("\\", "") for group in _GROUP.findall(targets) for name in group.split("|"))
    return tuple(dict.fromkeys(bare))
