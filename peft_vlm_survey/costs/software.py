"""The few lines that run a method in a library, with the reader's values in them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.limits import LIST_NAMES_THEM
from peft_vlm_survey.costs.names import INNER, SEEING, beyond_text, loader, names, own_code, written
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.methods import Method
from peft_vlm_survey.read.recipes import Recipe
from peft_vlm_survey.read.software import VERIFIED, Software

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


# What trainers of conversations, whose lines are no Python, load.
CONVERSING = ("AutoModelForCausalLM", *SEEING)
# The places of a template that name the targets; lines without one run what the library adapts by itself.
TARGETS = frozenset(("targets", "pattern", "listed", "scaled", "inner"))
# Libraries whose overview of models names none that sees and talks, nor any that makes images (adapter-hub/adapters: docs/model_overview.md).
NOT_SEEING = ("adapters",)
# Libraries whose overviews of models name language models alone, with images before them or without (README.md of
# Lightning-AI/litgpt, pytorch/torchtune and hiyouga/LLaMA-Factory), or whose class in data/software.csv is one of these.
OF_DECODERS = ("LLaMA-Factory", "LitGPT", "torchtune", "Unsloth")


def needed_by(row: Software) -> tuple[str, ...]:
    """Return what the lines of a library need of a backbone, in the words of `given_by`."""
    needs = {
        "talks": row.lines_in not in ("", "Python") or row.library in OF_DECODERS,
        "text alone": row.library in NOT_SEEING,
        "loaded by a class": "auto" in PLACE.findall(" ".join(row.template)),
    }
    return tuple(word for word, is_so in needs.items() if is_so)


def given_by(shape: Shape) -> tuple[str, ...]:
    """Return what a backbone gives that lines may need; no class of transformers loads a generator."""
    gives = {
        "talks": loader(shape) in CONVERSING and not own_code(shape),
        "text alone": not (loader(shape) in SEEING or beyond_text(shape)),
        "loaded by a class": not has_a_resolution(shape),
    }
    return tuple(word for word, is_so in gives.items() if is_so)


def snippets_of(
    software: Iterable[Software],
    method: str,
    values: Mapping[str, object] | None = None,
    setting: Setting | None = None,
) -> list[tuple[Software, tuple[str, ...]]]:
    """Return how libraries run a method, by its identifier, each with its lines; those whose lines were run come first.

    `values` are parameters of the method by name, as `peft-vlm-survey cost` takes them; others keep those of OPEN.
    With a `setting` the lines name the layers of its backbone, if they are known, and load it by its class.
    """
    code = _code(setting) if setting else {}
    rows = [row for row in software if row.method_id == method]
    if setting:
        own = [row for row in rows if row.variant == setting.variant]
        rows = own or [row for row in rows if not row.variant]
    if setting:
        given = set(given_by(setting.shape))
        rows = [row for row in rows if given.issuperset(needed_by(row))]
    if setting and not _usual_targets(setting):
        rows = [row for row in rows if not row.template or TARGETS & set(PLACE.findall(" ".join(row.template)))]
    rows.sort(key=lambda row: (not row.template, row.maintained != "yes", VERIFIED.index(row.verified)))
    return [(row, filled(row, values or {}, code)) for row in rows]


def _usual_targets(setting: Setting) -> bool:
    """Return whether the targets are those that libraries take where none are named, or the method has none."""
    if not setting.targets:
        return True
    usual = setting.method.parameters["targets"] or f"k,v,{setting.tower.stacks[0].last}"
    return set(setting.targets) == set(usual.split(","))


def _code(setting: Setting) -> dict[str, str]:
    """Return what the backbone of a setting decides of the lines: names of its layers, and the class that loads it."""
    libraries = names(setting.shape, setting.part) if setting.targets else ()
    code = {"auto": loader(setting.shape)}
    for place, targets in (
        ("targets", setting.targets),
        ("scaled", setting.targets),
        ("inner", tuple(name for name in setting.targets if name.split(".")[-1] in INNER)),
    ):
        known = written(libraries, targets)
        if setting.targets and known is not None:
            code[place] = known
    return code


def _unknown_method(survey: Survey) -> Iterator[Problem]:
    rows: tuple[Software | Recipe | Method, ...] = (*survey.software, *survey.recipes, *survey.methods)
    for row in rows:
        if row.method_id and row.row.sound("method_id") and row.method_id not in METHODS:
            yield row.row.problem(
                f"method_id '{row.method_id}' is not known.",
                suggest(row.method_id, METHODS, LIST_NAMES_THEM),
            )


def _unknown_variant(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        known = METHODS[row.method_id].variants if row.method_id in METHODS else {}
        if row.variant and row.variant not in known:
            yield row.row.problem(
                f"variant '{row.variant}' of method_id '{row.method_id}' is not known.",
                suggest(row.variant, known, "Leave it empty for the usual reading."),
            )


def _priced_by_nobody(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        if not row.method_id and not row.note:
            yield row.row.problem(
                "no method_id, and no note.", "Name the method as it is priced, or say why it is not."
            )


def _unknown_place(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        for place in dict.fromkeys(PLACE.findall(" ".join(row.template))):
            if place not in OPEN:
                yield row.row.problem(
                    f"'{{{place}}}' in the template is not known.", suggest(place, OPEN, "Write the value itself.")
                )


def _run_by_nobody(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        if row.template and not row.method_id:
            yield row.row.problem("a template, but no method_id.", "Name the method that the lines run.")


RULES = (
    (_unknown_method, ()),
    (_unknown_variant, ()),
    (_priced_by_nobody, ()),
    (_unknown_place, ()),
    (_run_by_nobody, ()),
)
