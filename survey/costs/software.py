"""The few lines that run a method in a library, with the reader's values in them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.costs.catalogue import METHODS
from survey.problems import Problem, suggest
from survey.read.software import VERIFIED, Software
from survey.read.whole import Survey

# What a template leaves open: parameters of the method, and what the reader's own model decides.
OPEN: Mapping[str, str] = {
    "rank": "8",
    "tokens": "20",
    "mlp": "128",
    "layers": "30",
    "reduction": "16",
    "phm": "4",
    "classes": "100",
    "width": "768",
    "targets": '["q_proj", "v_proj"]',
    "inner": '["down_proj"]',
    "norms": '["input_layernorm", "post_attention_layernorm", "norm"]',
    "checkpoint": '"path/to/checkpoint"',
}
# What the linear layers are called in the models of transformers whose blocks are those of Llama.
MODULES: Mapping[str, str] = {
    **{name: f"{name}_proj" for name in ("q", "k", "v", "o", "gate", "up", "down")},
}
_PLACE = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """How one library runs a method: `template` with `{rank}` and the like, `lines` with values in their places.

    There are no lines where a repository has to be taken as it is.
    """

    method: str
    library: str
    class_or_option: str
    package: str
    version: str
    licence: str
    maintained: str
    official: bool
    verified: str
    source: str
    note: str
    template: tuple[str, ...]
    lines: tuple[str, ...]


def snippets(survey: Survey, method: str, values: Mapping[str, object] | None = None) -> tuple[Snippet, ...]:
    """Return how libraries run a method, by its identifier; those with lines that were run come first.

    `values` are parameters of the method by name, as `python -m survey cost` takes them; others keep those of OPEN.
    """
    rows = [row for row in survey.software if row.method_id == method]
    rows.sort(key=lambda row: (not row.template, row.maintained != "yes", VERIFIED.index(row.verified)))
    return tuple(
        Snippet(
            method=method,
            library=row.library,
            class_or_option=row.class_or_option,
            package=row.package,
            version=row.version,
            licence=row.licence,
            maintained=row.maintained,
            official=row.official == "yes",
            verified=row.verified,
            source=row.source,
            note=row.note,
            template=row.template,
            lines=filled(row, values or {}),
        )
        for row in rows
    )


def filled(row: Software, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the lines of a template with values in their places."""
    texts = dict(OPEN) | {name: _literal(name, value) for name, value in values.items() if name in OPEN}
    return tuple(_PLACE.sub(lambda place: texts[place[1]], line) for line in row.template)


def _literal(name: str, value: object) -> str:
    """Return a value as Python writes it; the names of targets become those of the modules."""
    if name == "targets" and isinstance(value, str):
        value = [MODULES.get(word, word) for word in value.split(",")]
    return json.dumps(value) if isinstance(value, list | tuple) or name == "checkpoint" else str(value)


def _unknown_method(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        if row.method_id and row.row.sound("method_id") and row.method_id not in METHODS:
            yield row.row.problem(
                f"method_id '{row.method_id}' is not known.",
                suggest(row.method_id, METHODS, "python -m survey cost --list names them."),
            )


def _unknown_place(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        for place in dict.fromkeys(_PLACE.findall(" ".join(row.template))):
            if place not in OPEN:
                yield row.row.problem(
                    f"'{{{place}}}' in the template is not known.", suggest(place, OPEN, "Write the value itself.")
                )


def _run_by_nobody(survey: Survey) -> Iterator[Problem]:
    for row in survey.software:
        if row.template and not row.method_id:
            yield row.row.problem("a template, but no method_id.", "Name the method that the lines run.")


RULES = ((_unknown_method, ()), (_unknown_place, ()), (_run_by_nobody, ()))
