"""Answer a setting with its costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from peft_vlm_survey.costs.expressions import Expression, Letter
from peft_vlm_survey.costs.method import SWITCHES, total
from peft_vlm_survey.costs.quantities import flops_macs, mean_tokens, quantities, target_sums
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Amount, Number, exact
from peft_vlm_survey.costs.symbols import BY_LETTER, sign

# A quantised matrix of Bi-AdaptFormer and Bi-LoRA keeps its mean and its deviation in 32 bits; so does a row of its head.
BINARY_OVERHEAD = 8
HEAD_BITS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What a setting trains and stores; `expression` holds the letters, `values` their numbers."""

    setting: Setting
    expression: Expression
    values: Mapping[Letter, Number]
    trainable: Number
    per_task: Number
    head: Number
    stored_bytes: Number
    backbone_bytes: Number | None
    base_flops: Number | None
    extra_flops: Number | None

    @property
    def extra_percent(self) -> float | None:
        """What the modules add to the operations of a forward pass, in percent; None if either is not known."""
        if self.extra_flops is None or self.base_flops is None:
            return None
        return 100 * float(self.extra_flops) / float(self.base_flops)


def values_of(setting: Setting) -> dict[Letter, Number]:
    """Return the number of every letter, as far as the setting gives it one."""
    shape, part = setting.shape, setting.tower
    amounts = dict(quantities(shape, part))
    if setting.part == "all":
        amounts["params"] = _whole(setting)
    elif setting.part == "projector":
        amounts["params"] = shape.projector_params
    sums = target_sums(shape, part, setting.targets, setting.numbers.get("factor", 0))
    switches = {**setting.switches, "head": setting.classes is not None}
    values: dict[Letter, Number] = {}
    for letter, meant in BY_LETTER.items():
        if meant.source == "parameter" and meant.origin in setting.numbers:
            values[letter] = setting.numbers[meant.origin]
        elif meant.source == "quantity" and meant.origin in amounts:
            values[letter] = amounts[meant.origin]
        elif meant.source == "targets":
            values[letter] = sums[meant.origin]
        elif meant.source == "switch":
            values[letter] = int(switches.get(meant.origin, False))
        elif meant.source == "fixed":
            values[letter] = int(meant.origin)
    return values


def _whole(setting: Setting) -> Amount:
    """Count all that full fine-tuning trains: everything but fixed position tables and a label embedding."""
    shape = setting.shape
    if shape.type == "dit" or shape.closed is None:
        return shape.parts[shape.default].params if shape.type == "dit" else shape.total or 0
    return shape.closed


def count(setting: Setting) -> Counts:
    """Return the counts of a setting."""
    method, part = setting.method, setting.tower
    expression = total(method, setting.variant)
    values = values_of(setting)
    trainable = expression.number(values)
    tasks = setting.numbers["tasks"]
    per_task = exact(trainable, tasks)
    head = _head(setting, values)
    length = setting.numbers["length"]
    base = flops_macs(part, length)
    in_layers = {
        **values,
        sign("T"): mean_tokens(part, length),
        sign("F"): base,
    }
    macs = setting.chosen.macs
    return Counts(
        setting=setting,
        expression=expression,
        values=values,
        trainable=trainable,
        per_task=per_task,
        head=head,
        stored_bytes=_stored(setting, values, per_task, head),
        backbone_bytes=quantised_bytes(setting) if method.quantised else None,
        base_flops=2 * base if part.operations_known else None,
        extra_flops=None
        if macs is None or not part.operations_known or setting.in_experts
        else 2 * macs.number(in_layers),
    )


def _head(setting: Setting, values: Mapping[Letter, Number]) -> Number:
    if not setting.method.head or setting.classes is None:
        return 0
    return setting.shape.head_fixed + setting.shape.head_column * setting.classes  # type: ignore[no-any-return]


def _stored(setting: Setting, values: Mapping[Letter, Number], per_task: Number, head: Number) -> Number:
    """Return the bytes of one task; the head keeps 32 bits but for a binary one."""
    body = per_task - head
    if not setting.method.binarised:
        bits = HEAD_BITS if setting.method.quantised else setting.bits
        return exact((body * setting.method.copies + head) * bits, 8)  # type: ignore[no-any-return]
    places = values[sign("z_count")] if setting.targets else setting.tower.layers
    core = setting.chosen.each.number(values)
    switched = body - core
    quantised = exact(core * setting.bits, 8) + places * 2 * BINARY_OVERHEAD
    if setting.chosen.binary_head and setting.classes is not None:
        return quantised + 4 * switched + exact(setting.tower.width * setting.classes, 8) + 8  # type: ignore[no-any-return]
    return quantised + 4 * (switched + head)  # type: ignore[no-any-return]


def quantised_bytes(setting: Setting) -> Number | None:
    """Return the bytes of the backbone with its linear layers in 4 bits (NF4, blocks of 64, double quantisation).

    Every linear layer but the output layer is quantised, the vision tower and the projector too, as the library does it
    unless told otherwise; the rest stays in 16 bits. Eight bits keep a 32-bit scale for each row.
    """
    shape = setting.shape
    if shape.total is None:
        return None
    matrices = [matrix for part in shape.parts.values() for matrix in part.matrices] + list(shape.projector)
    weights: int = sum(m.count * m.inputs * m.outputs for m in matrices)
    rest: int = 2 * (shape.total - weights)
    if setting.bits == 4:
        return rest + int(sum(m.count * _nf4(m.inputs * m.outputs) for m in matrices))
    if setting.bits == 8:
        return rest + int(sum(m.count * (m.inputs * m.outputs + 4 * m.outputs) for m in matrices))
    return exact(shape.total * setting.bits, 8)  # type: ignore[no-any-return]


def _nf4(weights: int) -> int:
    """Return the bytes of one matrix: half a byte per weight, one byte per block of 64, 4 bytes per 256 blocks, and 4.

    >>> _nf4(4096 * 4096)
    8654852
    """
    return weights // 2 + weights // 64 + 4 * -(-(weights // 64) // 256) + 4


def counted(setting: Setting) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the number counts and what not, switches and head included."""
    method = setting.method
    yes = [text for text in method.counted if text != "the norms" or setting.switches.get("norms")]
    no = [text for text in method.not_counted if not _is_counted(setting, text)]
    if not setting.switches.get("norms") and "the norms" in method.counted:
        no.insert(0, "norms")
    for name, on in setting.switches.items():
        if on and not method.switches[name]:
            yes.append(SWITCHES[name])
    if setting.classes is not None and method.head:
        yes.append(f"a head of {setting.classes} classes")
    return tuple(yes), tuple(no)


def _is_counted(setting: Setting, text: str) -> bool:
    """Return whether something that a method leaves out is counted in this setting."""
    if "--classes" in text:  # what makes images has no head
        return setting.classes is not None or has_a_resolution(setting.shape)
    return setting.switches.get(text.split(",")[0], False)


def added_parameters(counts: Counts) -> Number:
    """Return how many of the trained parameters the backbone does not have without the method, a head among them.

    Norms, biases and a projector that are trained too are the backbone's own, but for biases where it has none.
    """
    setting = counts.setting
    tasks, chosen = setting.numbers["tasks"], setting.chosen
    new: Number = tasks * chosen.each.number(counts.values) + chosen.once.number(counts.values)
    if setting.method.already_there == "all":
        new = 0
    elif setting.method.already_there == "biases":
        new -= tasks * counts.values[sign("b")]
    given = setting.switches.get("biases") or setting.method.adds_biases
    return new + tasks * counts.head + (setting.tower.added_biases if given else 0)
