"""The answer to one question: what a method costs on a backbone."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from peft_vlm_survey.costs.against_full import memory_ratio
from peft_vlm_survey.costs.answer_types import Answer, Listing, Plain
from peft_vlm_survey.costs.backbone_names import meant, named
from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.count import Counts, added_parameters, count, counted
from peft_vlm_survey.costs.kinds import place_of
from peft_vlm_survey.costs.limits import LIST_NAMES_THEM, CostError
from peft_vlm_survey.costs.memory import GB, in_gb, without_what_passes
from peft_vlm_survey.costs.memory_assumptions import assumptions, held_in, size_of
from peft_vlm_survey.costs.method import Method, parameters_used, total
from peft_vlm_survey.costs.names import scarce, spread, warnings
from peft_vlm_survey.costs.need import Need, kind_in_words, need
from peft_vlm_survey.costs.options import Options
from peft_vlm_survey.costs.setting import Setting, read_setting
from peft_vlm_survey.costs.shapes import Number, Shape
from peft_vlm_survey.costs.towers import shape_of
from peft_vlm_survey.costs.traces import Traces, traces_of
from peft_vlm_survey.costs.unsaid import to_say_first
from peft_vlm_survey.read.configurations import Configuration
from peft_vlm_survey.read.memory_traces import MemoryTrace

if TYPE_CHECKING:  # what reads the bibliography is not there where real modules are built
    from peft_vlm_survey.model import Survey


def shapes_of(rows: Iterable[Configuration], traced: Iterable[MemoryTrace] = ()) -> Mapping[str, Shape]:
    """Return the backbones that the rows describe, by identifier, with what was traced of them."""
    traces = traces_of(traced)
    beside: dict[str, dict[str, Traces]] = {}
    for (name, part), of_part in traces.items():
        if part:
            beside.setdefault(name, {})[part] = of_part
    return {
        row.id: replace(shape_of(row), traces=traces.get((row.id, "")), traces_beside=beside.get(row.id, {}))
        for row in rows
    }


def described_shapes(survey: "Survey") -> Mapping[str, Shape]:
    """Return every backbone of a survey by identifier, made once; their ranges of memory are as traced."""
    return survey.derived(_shapes)


def _shapes(survey: "Survey") -> Mapping[str, Shape]:
    return shapes_of(survey.configurations, survey.memory_traces)


def cost(
    method: str | Method,
    backbone: str,
    pairs: Iterable[str] = (),
    *,
    known: Mapping[str, Shape],
    classes: str | int | Fraction | None = None,
) -> Counts:
    """Return what a method costs on a backbone. Raises CostError, which says what is wrong and the way out.

    A method that the book does not hold is given as a `Method`, with its formula in the letters of `symbols`.
    """
    return count(asked(method, backbone, pairs, known=known, classes=classes))


def asked(
    method: str | Method,
    backbone: str,
    pairs: Iterable[str] = (),
    *,
    known: Mapping[str, Shape],
    classes: str | int | Fraction | None = None,
) -> Setting:
    """Return the setting that is asked for, with nothing counted yet. Raises CostError as `cost` does."""
    identifier = backbone
    if backbone not in known:
        names = {id: (shape.name,) for id, shape in known.items()}
        identifier = named(backbone, names) or ""
    if not identifier:
        raise CostError(
            f"backbone '{backbone}' is not known.",
            meant(backbone, names, LIST_NAMES_THEM),
        )
    return read_setting(method, known[identifier], pairs, classes)


def answer(counts: Counts, options: Options | None = None) -> Answer:
    """Return the answer in the form of the JSON: numbers, formula, what is counted and what not."""
    # SymPy is loaded with what shows a formula, and by nobody who only counts.
    from peft_vlm_survey.costs.render import as_latex, as_text, letters, simplified, with_numbers

    setting = counts.setting
    shape, method = setting.shape, setting.method
    formula = simplified(counts.expression, setting)
    yes, no = counted(setting)
    extra = counts.extra_percent
    run = options or Options()
    needs = need(counts, run)
    memory = None if needs is None else needs.needed
    ratio = memory_ratio(counts, run, needs)
    return {
        "method": method.id,
        "backbone": shape.id,
        "variant": setting.variant,
        "part": setting.part,
        "place": place_of(setting),
        "targets": list(setting.targets),
        "parameters": _parameters(counts),
        "tasks": _plain(setting.numbers["tasks"]),
        "classes": _plain(setting.classes) if setting.classes is not None else None,
        "trainable": _plain(counts.trainable),
        "trainable_per_task": _plain(counts.per_task),
        "percent": _percent(counts.trainable, shape.total),
        "percent_per_task": _percent(counts.per_task, shape.total),
        "percent_of_all": None
        if shape.total is None
        else _percent(counts.trainable, shape.total + added_parameters(counts)),
        "backbone_parameters": shape.total,
        "stored_bytes": _plain(counts.stored_bytes),
        "backbone_bytes": _plain(counts.backbone_bytes),
        "bits": setting.bits,
        "extra_flops_percent": 0.0 if method.mergeable == "yes" else _short(extra),
        "extra_flops_percent_unmerged": _short(extra),
        "mergeable": method.mergeable,
        "backbone_gradient": method.backbone_gradient,
        "memory_ratio": _short(ratio),
        "memory_gb": None if memory is None else memory.in_gb,
        "memory_shown_gb": None if needs is None else needs.shown.in_gb,
        "memory_kind": None if needs is None else kind_in_words(setting),
        "memory_peak": None if needs is None else _peak(needs),
        "memory_setting": {
            "batch": _plain(setting.numbers["batch"]),
            "texts": _plain(setting.numbers["texts"]) or None,
            "length": _plain(setting.numbers["length"]),
            "outputs": _plain(setting.numbers["outputs"]) or None,
            "resolution": _plain(setting.numbers.get("resolution")),
            "precision": setting.precision,
            "at": size_of(setting),
            "held": held_in(setting, run),
            "checkpointing": "yes" if setting.checkpointing else "no",
            "options": asdict(run),
            "assumptions": list(assumptions(setting, options)),
        },
        "formula": as_text(formula),
        "formula_latex": as_latex(formula),
        "formula_numbers": with_numbers(formula, counts.values),
        "letters": dict(letters(formula)),
        "warnings": [
            *(text for remarks in (warnings, spread, scarce) for text in remarks(shape, setting.part, setting.targets)),
            *(() if needs else without_what_passes(counts)),
        ],
        "to_say_first": to_say_first(setting),
        "counted": list(yes),
        "not_counted": list(no),
        "reference": method.key,
    }


def _peak(needs: Need) -> Answer:
    """Return the phase of a step that decides, and what takes its memory, the most first."""
    parts = sorted(needs.peak.parts.items(), key=lambda part: -part[1])
    return {"phase": needs.peak.phase, "parts_gb": {name: in_gb(size) for name, size in parts if size >= GB / 20}}


def _parameters(counts: Counts) -> dict[str, Plain | str | None]:
    setting = counts.setting
    used = parameters_used(setting.method, setting.chosen)
    numbers = {name: _plain(setting.numbers[name]) for name in used if setting.numbers.get(name)}
    return {**numbers, **{name: "yes" if on else "no" for name, on in setting.switches.items()}}


def _plain(number: Number | None) -> Plain | None:
    """Return a whole number as such, and a mean over tasks as a decimal number."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def _percent(part: Number, whole: Number | None) -> float | None:
    return None if not whole else _short(100 * float(part) / float(whole))


def _short(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.6g}")


def listing(known: Mapping[str, Shape]) -> Listing:
    """Return the methods with parameters, defaults and variants, and the backbones."""
    from peft_vlm_survey.costs.render import as_text, simplified

    return {
        "methods": {
            method.id: {
                "name": method.name,
                "parameters": dict(method.parameters),
                "switches": {name: "yes" if on else "no" for name, on in method.switches.items()},
                "variants": {name: variant.says for name, variant in method.variants.items()},
                "formula": as_text(simplified(total(method, method.default))),
                "reference": method.key,
            }
            for method in METHODS.values()
        },
        "backbones": {shape.id: {"name": shape.name, "parameters": shape.total} for shape in known.values()},
    }
