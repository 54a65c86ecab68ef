"""What a calculator in the browser needs so that its numbers are those of Python: formulas, quantities and limits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Piecewise, sstr

from peft_vlm_survey.costs import (
    backbone_names,
    card_lines,
    card_names,
    cards,
    kinds,
    memory,
    memory_assumptions,
    need,
    options,
    step,
)
from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.catalogue import METHODS
from peft_vlm_survey.costs.count import BINARY_OVERHEAD, HEAD_BITS, quantised_bytes, values_of
from peft_vlm_survey.costs.kinds import PLACES, sort_of
from peft_vlm_survey.costs.limits import REFUSALS, CostError, largest, meets_needs
from peft_vlm_survey.costs.method import LAYERS, SWITCHES, Method, Variant, parameters_used, total
from peft_vlm_survey.costs.names import SAID_APART, SAID_FUSED, apart, fused, loader, names
from peft_vlm_survey.costs.official import Official, official, usual
from peft_vlm_survey.costs.options import PRESETS
from peft_vlm_survey.costs.parameter_names import UNSAID
from peft_vlm_survey.costs.quantities import (
    flops_macs,
    matrices_of,
    mean_tokens,
    quantities,
    target_sums,
)
from peft_vlm_survey.costs.render import as_javascript, in_sympy, symbol
from peft_vlm_survey.costs.resolution import MOST, SIDE, has_a_resolution, part_at, text_tokens, usual_side
from peft_vlm_survey.costs.setting import (
    BITS,
    PRECISIONS,
    QUANTISED,
    TEXTS,
    default_batch,
    default_length,
    default_variant,
    read_setting,
)
from peft_vlm_survey.costs.shapes import Part, Shape
from peft_vlm_survey.costs.software import given_by
from peft_vlm_survey.costs.symbols import SIGNS, sign
from peft_vlm_survey.costs.traces import FUSED, Traces

# What the page asks of a run. The command knows more words, for libraries that train none of the models of the page and for
# what few do.
RUN_WORDS: Mapping[str, tuple[str, ...]] = {
    "optimizer": options.WORDS["optimizer"],
    "sharding": options.WORDS["sharding"],
    "offload": options.WORDS["offload"],
    "weights": options.WORDS["weights"],
    "logits": ("whole", "fused"),
    "upcast": options.WORDS["upcast"],
    "encoders": options.WORDS["encoders"],
    "tower": options.WORDS["tower"],
    "lengths": ("vary", "cap"),  # that all are alike moves what a card shows, which the page does not tell
}
LIBRARIES = ("transformers", "llama-factory", "ms-swift", "trl", "unsloth", "diffusers")
# How the menu of backbones is parted, with the kinds of backbones of each group.
_GROUPS = {
    "Multimodal language models": (kinds.SEEING,),
    "CLIP and detectors": (kinds.PAIRS, kinds.TEXT),
    "Vision models": (kinds.IMAGES, kinds.SCORED),
    "Encoder–decoders": (kinds.WRITES,),
    "Language models": (kinds.ALONE,),
    "Image generators": (kinds.MADE,),
}
_WHOLE = next(method.id for method in METHODS.values() if method.whole)
_QUANTISED = next(method.id for method in METHODS.values() if method.quantised)
# What is summed over two factors of each size, which depend on what a reader says.
OF_FACTORS = ("kronecker_small", "kronecker_large", "kronecker_sides")
_STEPS = 100  # any length but 0 and 1 tells the third coefficient of a square
# What the calculator shows before a reader chooses.
_FIRST = {
    "method": next(method.id for method in METHODS.values() if method.asked_first),
    "backbone": "llava-1.5-7b",
    "gpu": "24GB",
}


def page_data(known: Mapping[str, Shape]) -> dict[str, Any]:
    """Return everything but the formulas, ready for JSON: methods, letters, the menu's backbones, the memory model."""
    return {
        "first": _FIRST,
        "methods": {method.id: _method(method) for method in METHODS.values()},
        "switches": SWITCHES,
        "letters": {s.name: [s.text, s.meaning, s.source, s.origin] for s in SIGNS.values()},
        "backbones": {shape.id: _backbone(shape) for shape in known.values() if on_menu(shape)},
        "groups": _GROUPS,
        "bits": BITS,
        "precisions": PRECISIONS,
        "quantisedBits": QUANTISED,
        "refusals": REFUSALS,
        "unsaid": UNSAID,
        "binaryOverhead": BINARY_OVERHEAD,
        "headBits": HEAD_BITS,
        "memory": {
            "kept": memory.KEPT,
            "fourBits": memory.FOUR_BITS,
            "fused": FUSED,
            "sizes": memory_assumptions.SIZES,
        },
        "places": PLACES,
        "run": _run(known),
        "fusedSays": {"fused": SAID_FUSED, "apart": SAID_APART},
        "names": {"beside": sorted(backbone_names.BESIDE), "sizes": backbone_names.SIZES},
    }


def _run(known: Mapping[str, Shape]) -> dict[str, Any]:
    """Return how a run may be carried out, and when it fits."""
    ends = {kind: found for shape in known.values() for kind, found in shape.ends.items()}
    return {
        "words": RUN_WORDS,
        "presets": {id: {"name": PRESETS[id].name, "words": PRESETS[id].words} for id in LIBRARIES},
        "phases": step.PHASES,
        "constants": {
            "eightBits": step.EIGHT_BITS,
            "in32": step.IN_32,
            "bucket": step.BUCKET,
            "ahead": step.AHEAD,
            "logits": step.LOGITS,
        },
        "fixed": need.FIXED,
        "below": need.BELOW,
        "above": need.ABOVE["needed"],
        "moving": need.MOVING,
        "lasting": need.LASTING,
        "context": need.CONTEXT,
        "scattered": cards.SCATTERED,
        "gib": card_names.GIB,
        "mostCards": cards.MOST_CARDS,
        "verdicts": (cards.FITS, cards.MAY, cards.NOT),
        "ends": {kind: [found.low, found.high] for kind, found in ends.items()},
        "kinds": {kind: need.in_words(kind, found) for kind, found in ends.items()},
        "untraced": card_lines.UNTRACED,
        "settles": cards.SETTLES,
        "advice": cards.ADVICE,
        "ways": cards.WAYS,
        "halved": cards.HALVED,
        "least": {"resolution": cards.SMALL, "length": cards.SHORT},
    }


def on_menu(shape: Shape) -> bool:
    """Return whether the reader may choose a backbone; the others serve the checks."""
    return shape.configuration is not None and shape.configuration.menu == "yes"


def formulas() -> dict[str, dict[str, str | None]]:
    """Return for every method and variant its formulas in JavaScript; the multiply–adds may be not established."""
    return {
        f"{method.id} {name}": {
            "total": as_javascript(total(method, name)),
            "each": as_javascript(variant.each),
            "once": as_javascript(variant.once),
            "macs": None if variant.macs is None else as_javascript(variant.macs),
            "kept": as_javascript(variant.kept),
        }
        for method in METHODS.values()
        for name, variant in method.variants.items()
    }


# What the script asks of a method and of a variant as they are.
_OF_METHOD = (
    *("name", "key", "parameters", "switches", "counted", "not_counted", "mergeable", "backbone_gradient", "longer"),
    *("copies", "bits", "head", "whole", "trains_weights", "side", "default_layers", "quantised", "binarised"),
    *("learned_context", "reduces_embedding", "low_rank", "both_towers"),
)
_OF_VARIANT = ("says", "tasks", "rank_of", "hypercomplex", "needs_classes", "of_layers", "binary_head")


def _members(thing: Method | Variant, names: Iterable[str]) -> dict[str, Any]:
    """Return members by name, as JavaScript writes it."""
    words = {name: name.split("_") for name in names}
    return {first + "".join(map(str.capitalize, rest)): getattr(thing, name) for name, (first, *rest) in words.items()}


def _method(method: Method) -> dict[str, Any]:
    return {
        **_members(method, _OF_METHOD),
        "variants": {name: _variant(method, variant) for name, variant in method.variants.items()},
        "terms": _terms(method),
    }


def _variant(method: Method, variant: Variant) -> dict[str, Any]:
    """Return what a variant says, and its formula in the letters' names: for one task or several, without an `mlp` or with."""
    whole = in_sympy(sign("K") * variant.each + variant.once)
    forms = [
        str(sstr(_branch(whole.subs(symbol("K"), 1) if single else whole, network=network)))
        for network in (False, True)
        for single in (True, False)
    ]
    return {
        **_members(variant, _OF_VARIANT),
        "forms": forms,
        "uses": parameters_used(method, variant),
    }


def _branch(formula: Expr, *, network: bool) -> Expr:
    if network:
        return formula.replace(Piecewise, lambda first, *_: first.expr)
    return formula.subs(symbol("M"), 0) if formula.has(Piecewise) else formula


def _terms(method: Method) -> dict[str, str]:
    """Return what each switch adds, by its name; `norms biases` is what both of them together count twice."""
    formula = in_sympy(total(method, method.default))
    signs = [(SIGNS[used.name], used) for used in formula.free_symbols]
    switches = {meant.origin: used for meant, used in signs if meant.source == "switch"}

    def with_on(*names: str) -> Expr:
        return formula.subs({used: int(name in names) for name, used in switches.items()})

    bare = with_on()
    terms = {name: with_on(name) - bare for name in method.switches}
    if {"norms", "biases"} <= set(method.switches):
        terms["norms biases"] = with_on("norms", "biases") - bare - terms["norms"] - terms["biases"]
    return {name: str(sstr(term)) for name, term in terms.items()}


def _backbone(shape: Shape) -> dict[str, Any]:
    wholes = (*shape.parts, *(("projector",) if shape.projector_params else ()), "all")
    return {
        "name": shape.name,
        "total": shape.total,
        "default": shape.default,
        "batch": default_batch(shape),
        "decoder": shape.decoder_only,
        "sort": sort_of(shape),
        "series": shape.in_series,
        "letsIn": shape.lets_in,
        "usual": {m.id: words for m in METHODS.values() if (words := usual(m, shape))},
        "official": {m.id: _official(found) for m in METHODS.values() if (found := official(m, shape))},
        "variants": {m.id: variant for m in METHODS.values() if (variant := default_variant(m, shape)) != m.default},
        "loader": loader(shape),
        "gives": given_by(shape),
        "hasProjector": bool(shape.projector_params),
        "parts": {name: _part(shape, name) for name in shape.parts},
        "resolution": _resolution(shape),
        "encoders": _encoders(shape),
        "whole": {
            name: None if name == "all" and shape.total is None else _number(_whole(shape, name)) for name in wholes
        },
        "quantisable": memory.quantisable(shape),
        "quantised": {bits: _quantised(shape, bits) for bits in (4, 8)},
        "traces": None if shape.traces is None else _traces(shape.traces),
        "tracesBeside": {part: _traces(traces) for part, traces in shape.traces_beside.items()},
        "writes": shape.reads_and_writes,
        "texts": TEXTS if shape.side_by_side else 0,
        "looks": shape.looks,
    }


def _official(script: Official) -> dict[str, Any]:
    return {"words": {**script.setting, **script.run}, "gpus": str(script.gpus), "source": script.source}


def _resolution(shape: Shape) -> dict[str, int] | None:
    """Return how the tokens of a generator's example follow from the side of its image; None of any other backbone."""
    if not has_a_resolution(shape):
        return None
    return {"usual": usual_side(shape), "side": SIDE, "most": MOST, "beside": text_tokens(shape)}


def _encoders(shape: Shape) -> dict[str, int] | None:
    beside = BESIDE.get(shape.id)
    return None if beside is None else {"image": beside.image, "imageBytes": beside.image_bytes, "texts": beside.texts}


def _traces(traces: Traces) -> dict[str, dict[str, list[list[float]]]]:
    """Return what was traced with checkpointing and without: by its name the bytes of each phase, fixed and of each token."""
    by_checkpointing: dict[str, dict[str, list[list[float]]]] = {"yes": {}, "no": {}}
    for (name, again), line in traces.lines.items():
        ends = [[float(f"{value:.7g}") for value in phases] for phases in line]
        by_checkpointing["yes" if again else "no"][name] = ends
    return by_checkpointing


def _whole(shape: Shape, part: str) -> Any:
    return values_of(read_setting(_WHOLE, shape, [f"part={part}"]))[sign("P")]


def _quantised(shape: Shape, bits: int) -> Any:
    if shape.total is None:
        return None
    return _number(quantised_bytes(read_setting(_QUANTISED, shape, [f"bits={bits}", "targets=all"])))


def _part(shape: Shape, name: str) -> dict[str, Any]:
    part = shape.parts[name]

    def at(length: int) -> Part:
        return part_at(shape, length) if has_a_resolution(shape) else part

    beside = shape.parts["vision"] if name == "language" and "vision" in shape.parts else None
    targets = (
        *_target_names(part),
        *(f"vision.{target}" for target in (_target_names(beside) if beside else ())),
        *(["projector"] if shape.projector else []),
    )
    return {
        "quantities": {origin: _number(value) for origin, value in quantities(shape, part).items() if value},
        "targets": {target: _target(shape, part, target) for target in targets},
        "libraries": names(shape, name),
        "fused": fused(shape, name),
        "apart": apart(shape, name),
        "all": part.names,
        "allOfVision": [f"vision.{target}" for target in beside.names] if beside else [],
        "standardTargets": ["k", "v", part.stacks[0].last],
        "length": default_length(shape, name),
        "fixedTokens": _square(lambda length: at(length).stacks[0].tokens) if part.stacks[0].tokens else None,
        "halves": _halves(part) if shape.reads_and_writes and shape.traces else None,
        "meanTokens": _square(lambda length: mean_tokens(at(length), length)) if mean_tokens(part, 0) else None,
        "meeting": part.as_examples,
        "macs": _square(lambda length: flops_macs(at(length), length)) if part.operations_known else None,
        "kept": memory.activations(part, full=False),
        "keptInFull": memory.activations(part, full=True),
        "vocabulary": part.vocabulary,
        "most": {name: list(size) for name, size in largest(shape, part).items()},
        "widths": [stack.width for stack in part.stacks],
        "sides": [size for s in part.stacks for size in (s.width, s.ffn_width, s.attention_width)],
        "defaultLayers": {name: layers(part.layers) for name, layers in LAYERS.items()},
        "encoder": [stack.layers for stack in part.encoder],
        "decoder": [stack.layers for stack in part.decoder],
        "unmet": {method.id: reason for method in METHODS.values() if (reason := _unmet(method, shape, part))},
    }


def _halves(part: Part) -> dict[str, Any]:
    """Return what is asked of an encoder and of a decoder apart."""
    halves = {}
    for name, half in (
        ("encoder", replace(part, decoder=(), embeddings=0)),
        ("decoder", replace(part, encoder=())),
    ):
        halves[name] = {
            "quantities": {"layers": half.layers, "params": half.params},
            "kept": memory.activations(half, full=False),
            "keptInFull": memory.activations(half, full=True),
            "targets": {target: {"count": sum(m.count for m in half.named(target))} for target in _target_names(part)},
        }
    return halves


def _unmet(method: Method, shape: Shape, part: Part) -> tuple[str, str] | None:
    """Return why a method does not go with a backbone, and the way out; None if it does."""
    try:
        meets_needs(method, shape, part)
    except CostError as error:
        return error.message, error.remedy
    return None


def _target_names(part: Part) -> tuple[str, ...]:
    return (*dict.fromkeys(matrix.name for matrix in part.matrices), *(["qkv"] if part.named("qkv") else ()))


def _target(shape: Shape, part: Part, name: str) -> dict[str, Any]:
    by_origin = target_sums(shape, part, (name,))
    sums = {key: _number(value) for key, value in by_origin.items() if key != "inputs" and key not in OF_FACTORS}
    group = f"{name.rpartition('.')[0]} qkv" if name.split(".")[-1] in ("q", "k", "v", "qkv") else name
    shared = {
        f"{group} {m.inputs} {m.count}": m.count * m.inputs for m in matrices_of(shape, part, name) if not m.of_text
    }
    smaller = min((min(m.inputs, m.outputs) for m in matrices_of(shape, part, name)), default=0)
    sizes = [[_number(number) for number in (m.count, m.inputs, m.outputs)] for m in matrices_of(shape, part, name)]
    return {**sums, "inputs": shared, "smaller": smaller, "sizes": sizes}


def _square(function: Callable[[int], Any]) -> list[float | int]:
    """Return the coefficients of a polynomial of degree two at most, the constant first."""
    constant, one, many = (Fraction(function(at)) for at in (0, 1, _STEPS))
    square = (many - constant - _STEPS * (one - constant)) / (_STEPS**2 - _STEPS)
    return [_number(constant), _number(one - constant - square), _number(square)]


def _number(value: Any) -> Any:
    """Return a whole number as such, any other as a decimal one."""
    return int(value) if value == int(value) else float(value)
