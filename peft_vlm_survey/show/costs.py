"""The chapter on costs in text and tables: formulas, typical settings, printed numbers beside closed forms, memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sympy import Add, Expr, Piecewise, expand

from peft_vlm_survey.costs import (
    METHODS,
    CostError,
    Counts,
    Method,
    answer,
    cost,
    in_place,
    known_shapes,
    modules,
    multimodal,
    networks,
    prompts,
    reparameterised,
)
from peft_vlm_survey.costs.answer_types import Answer
from peft_vlm_survey.costs.formula_latex import MEANINGS, on_a_vit
from peft_vlm_survey.costs.method import Variant, total
from peft_vlm_survey.costs.render import BY_SYMBOL, as_latex, simplified
from peft_vlm_survey.costs.shapes import Shape
from peft_vlm_survey.costs.symbols import BY_LETTER, Sign
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.joined import cells
from peft_vlm_survey.show.markup import NOT_ESTABLISHED, Markup, escape
from peft_vlm_survey.show.table import Column, Numbers, Table, table

_WIDEST, _WIDEST_ON_A_VIT = 46, 22  # characters of a term in plain letters that fit into a cell unbroken
_CLASSES = "100"
_ROOMS = {
    "in place": (*in_place.METHODS, *reparameterised.METHODS),
    "modules": modules.METHODS,
    "prompts": prompts.METHODS,
    "networks": networks.METHODS,
    "one kind of model": multimodal.METHODS,
}


def _with_forms_of_their_own() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each room with its methods, but those that train only a head or share the usual reading of one before."""
    known: list[Variant] = []
    for name, room in _ROOMS.items():
        distinct = []
        for method in room:
            usual = method.variants[method.default]
            if not method.head_only and not any(usual is other for other in known):
                distinct.append(method.id)
            known.append(usual)
        yield name, tuple(distinct)


ROOMS: Mapping[str, tuple[str, ...]] = dict(_with_forms_of_their_own())


def formulas(room: str, *, survey: Survey) -> Table:
    """Return the trainable parameters of each method of a room, for one task and without a head, typeset from the model.

    Raises KeyError if there is no such room.
    """
    return table(
        [METHODS[name] for name in ROOMS[room]],
        Column("Method", 20, lambda method: _with_source(survey, method)),
        Column("Trainable parameters", 32, _formula),
        Column("On a ViT", 21, _on_a_vit),
        Column("What is counted", 27, lambda method: _sentence(method.counted)),
    )


def letters() -> Table:
    """Return the meaning of every letter of the formulas, in alphabetical order."""
    used = {symbol for room in ROOMS.values() for name in room for symbol in _plain(METHODS[name]).free_symbols}
    known = [(_math(letter.latex), _meaning(letter)) for symbol, letter in BY_SYMBOL.items() if symbol in used]
    known += [
        (_math(str(symbol)), f"on a ViT: {meaning}") for symbol, meaning in MEANINGS.items() if str(symbol) in "fTP"
    ]
    known.sort(key=lambda pair: pair[0].replace("\\", "").lower())
    return table(
        known,
        Column("Letter", 13, lambda pair: pair[0]),
        Column("Meaning", 87, lambda pair: escape(pair[1])),
        classes=["longtable"],
    )


def _meaning(letter: Sign) -> str:
    return f"{letter.meaning}: {letter.origin}" if letter.source == "fixed" else letter.meaning


def _with_source(survey: Survey, method: Method) -> str:
    source = f" {{cite:p}}`{method.key}`" if method.key in survey.references else ""
    return f"{escape(method.name)}{source}"


def _plain(method: Method) -> Expr:
    return simplified(total(method, method.default))


def _formula(method: Method) -> str:
    """Return a formula as math that may break between its terms; with a network of its own in a second sentence."""
    formula = _plain(method)
    if not formula.has(Piecewise):
        return _breakable(formula)
    network = formula.replace(Piecewise, lambda first, *_: first.expr)
    return f"{_breakable(_bare(formula))}; with a network of width $M$ {_breakable(network)}"


def _bare(formula: Expr) -> Expr:
    return formula.replace(Piecewise, lambda *pieces: pieces[-1].expr)


def _breakable(formula: Expr, *, widest: int = _WIDEST) -> str:
    if max(map(_length, _terms(formula))) > widest:
        formula = expand(formula)
    pieces: list[str] = []
    for term in _terms(formula):
        text = as_latex(term)
        sign = "" if not pieces else "-" if text.startswith("-") else "+"
        pieces.append(_math(f"{sign}\\,{text.lstrip('- ')}" if pieces else text))
    return " ".join(pieces)


def _terms(formula: Expr) -> tuple[Expr, ...]:
    return formula.as_ordered_terms() if isinstance(formula, Add) else (formula,)


def _length(formula: Expr) -> int:
    return len(str(formula))


def _math(latex: str) -> str:
    """Return inline math that may stand in a cell of a table."""
    return f"${latex.replace('|', chr(92) + 'vert ')}$"


def _on_a_vit(method: Method) -> str:
    """Return a formula in the letters of a ViT, without a network that is trained only if it is asked for."""
    if method.needs in ("clip", "detector", "encoder-decoder") or method.side or "budget" in method.parameters:
        return NOT_ESTABLISHED
    return _breakable(_bare(on_a_vit(method.id)), widest=_WIDEST_ON_A_VIT)


def _sentence(texts: tuple[str, ...]) -> str:
    return escape("; ".join(texts).replace("--classes is given", "it is asked for"))


def typical_costs(backbone: str, *, batch: int | None = None, survey: Survey) -> Table:
    """Return what every method costs on a backbone with the settings that it has by default.

    Raises KeyError if there is no such backbone.
    """
    known = known_shapes(survey)
    priced = list(_typical(known[backbone], batch))
    rows = [(counts, answer(counts)) for counts in priced]
    numbers = priced[0].setting.numbers
    return table(
        rows,
        Column("Method", 21, lambda row: escape(row[0].setting.method.name)),
        Numbers("Trained, M", 10, lambda row: _decimal(float(row[0].trainable) / 1e6, 3)),
        Numbers("Memory ratio", 8, lambda row: _known(row[1]["memory_ratio"], 2)),
        Column("Memory, GB", 13, lambda row: _range(row[1])),
        Column("Setting", 23, lambda row: escape(setting_words(row[0]))),
        Numbers("Trained, %", 10, lambda row: _known(row[1]["percent"], 3), further=True),
        Numbers("Stored, MB", 10, lambda row: _decimal(float(row[0].stored_bytes) / 1e6, 2), further=True),
        Numbers("Extra FLOPs, %", 9, lambda row: _known(row[1]["extra_flops_percent"], 2), further=True),
        note=f"Batch {numbers['batch']}, {numbers['length']} tokens. *Extra FLOPs*: at inference; none if the method is "
        "merged. *Memory ratio*: relative to full fine-tuning, which uses 16 bits even where the method uses fewer. "
        f"*Memory*: estimated range, with the backbone in {_precisions(priced)}.",
        data=[cells(row) for row in survey.configurations if row.id == backbone],
    )


def _known(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:.{digits}f}"


def _range(costs: Answer) -> str:
    memory = costs["memory_gb"]
    return "" if memory is None else f"{memory['low']:.1f} to {memory['high']:.1f}"


def _precisions(priced: Sequence[Counts]) -> str:
    """Return the bits of the frozen weights, and which methods of a table have others than the rest."""
    usual = Counter(counts.setting.precision for counts in priced).most_common(1)[0][0]
    others = [counts.setting for counts in priced if counts.setting.precision != usual]
    return f"{usual} bits" + "".join(
        f" ({setting.precision} bits for {escape(setting.method.name)})" for setting in others
    )


def _decimal(number: float, digits: int) -> str:
    """Return a number with its decimals, fewer where it is large.

    >>> _decimal(0.0154, 3), _decimal(7062.9, 3)
    ('0.015', '7063')
    """
    return f"{number:.{digits if number < 1000 else 0}f}"


def _typical(shape: Shape, batch: int | None) -> Iterator[Counts]:
    """Yield the default settings of the methods that are admissible; on CLIP, those that are made for it."""
    for method in METHODS.values():
        if method.head_only or (shape.type == "clip") != (method.needs == "clip"):
            continue
        classes = _CLASSES if method.variants[method.default].needs_classes else None
        try:
            yield cost(
                method.id, shape.id, [f"batch={batch}"] if batch else [], known={shape.id: shape}, classes=classes
            )
        except CostError:
            continue


def setting_words(counts: Counts) -> str:
    """Return a setting in a few words: sizes, targets, variant."""
    setting, method = counts.setting, counts.setting.method
    letters = [BY_LETTER[letter] for letter in counts.expression.letters]
    used = {letter.origin for letter in letters if letter.source == "parameter"}
    if "side_encoder" in used:
        used.add("side_layers")
    if "bottleneck" in used and "reduction" in setting.numbers:
        used = used - {"bottleneck"} | {"reduction"}
    words = [
        f"{name.replace('_', ' ')} {setting.numbers[name]:,}"
        for name in method.parameters
        if name in used and setting.numbers.get(name)
    ]
    if setting.targets:
        words.append(", ".join(setting.targets))
    if setting.variant != method.default:
        words.append(setting.variant)
    if setting.numbers["tasks"] != 1:
        words.append(f"{setting.numbers['tasks']} tasks")
    if setting.classes is not None:
        words.append(f"{setting.classes} classes")
    return "; ".join(words) or NOT_ESTABLISHED


def checked_forms(*, survey: Survey) -> Markup:
    """Return in a sentence how many counts of real modules the closed forms are held against, and which methods have none."""
    counted = Counter(row.method_id for row in survey.implementations)
    backbones = {row.configuration for row in survey.implementations}
    missing = [escape(method.name) for method in METHODS.values() if not counted[method.id]]
    names = " and ".join(", ".join(missing).rsplit(", ", 1))
    rest = f" No module of {names} was counted." if missing else ""
    return Markup(
        f"The closed forms equal {counted.total()} counts of real modules on {len(backbones)} backbones.{rest}\n"
    )
