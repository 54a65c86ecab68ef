"""Training memory against full fine-tuning by the first-order form, for what was not traced: in 32 bits, with Adam.

Weights 4 bytes, gradient 4 and states 8 for each trained parameter, and 4 for every activation that a gradient needs:
inputs of the norms, queries, keys, values, attention scores, inner activations of the feed-forward network; and the
inputs of the linear layers whose weights are trained. Scores are kept, as attention without a fused kernel keeps them.
"""

from peft_vlm_survey.costs.count import Counts
from peft_vlm_survey.costs.gradient_path import acted_on, beside
from peft_vlm_survey.costs.quantities import inputs_of, mean_tokens
from peft_vlm_survey.costs.setting import default_length
from peft_vlm_survey.costs.shapes import Number, Part
from peft_vlm_survey.costs.symbols import sign

WEIGHT, TRAINED, ACTIVATION = 4, 12, 4


def passing(part: Part, length: float) -> float:
    """Return the scalars that one example keeps so that a gradient can pass through every block."""
    kept = float(part.stacks[0].tokens * part.kept_beside)
    for stack in part.stacks:
        tokens = float(stack.tokens) or length
        layer = stack.norms * stack.width + stack.latent
        layer += stack.attentions * stack.attention_width
        layer += (stack.attentions - bool(stack.crossed)) * stack.keys_and_values
        layer += stack.heads * float(stack.seen(length))
        layer += (3 if stack.glu else 1) * stack.inner_width
        kept += tokens * stack.layers * layer
    return kept


def scores(part: Part, length: float) -> float:
    """Return the attention scores among them."""
    return float(sum((float(s.tokens) or length) * s.layers * s.heads * float(s.seen(length)) for s in part.stacks))


def activations(counts: Counts) -> float:
    """Return the scalars that training with a setting keeps for one example, in every tower that its gradient enters."""
    return _kept_by_method(counts) + sum(
        _whole(tower.part, tower.length, trained=tower.trained) for tower in beside(counts.setting)
    )


def _whole(part: Part, length: Number, *, trained: bool) -> float:
    """Return what one example keeps in a tower that a gradient passes through, and that is trained or not."""
    inputs = float(mean_tokens(part, length)) * float(inputs_of(part)) if trained else 0.0
    return passing(part, float(length)) + inputs


def _kept_by_method(counts: Counts) -> float:
    """Return what one example keeps in the part that the method acts on."""
    setting = counts.setting
    part, method = setting.tower, setting.method
    if method.whole:
        tower = acted_on(setting)
        return _whole(tower.part, tower.length, trained=tower.trained)
    length = float(setting.numbers["length"])
    mean = float(mean_tokens(part, setting.numbers["length"]))
    values = {**counts.values, sign("T"): setting.numbers["length"]}
    kept = mean * float(setting.chosen.kept.number(values))
    if method.side:
        reduction = float(setting.numbers["reduction"])
        share = float(setting.numbers["side_encoder"] + setting.numbers["side_decoder"]) / float(part.layers)
        inside = passing(part, length) - scores(part, length)
        return kept + share * (inside / reduction + scores(part, length))
    if method.backbone_gradient == "no":
        return kept
    if method.longer:
        longer = length + float(setting.numbers["tokens"])
        return passing(part, longer) + kept * longer / length
    return passing(part, length) + kept


def first_order(counts: Counts) -> float | None:
    """Return the memory of a setting divided by that of full fine-tuning of the same backbone.

    None if its size is open, if modules lie in experts, of which a token passes some alone, or if layers have linear attention.

    Both with the setting's batch and length. Full fine-tuning trains every tower, and keeps the activations of all.
    """
    setting = counts.setting
    total = setting.shape.total
    if total is None or setting.in_experts or setting.shape.hybrid:
        return None
    batch, own_name = float(setting.numbers["batch"]), acted_on(setting).name
    lengths: dict[str, Number] = {name: default_length(setting.shape, name) for name in setting.shape.parts}
    lengths[own_name] = setting.numbers["length"]
    kept = sum(_whole(part, lengths[name], trained=True) for name, part in setting.shape.parts.items())
    head = float(counts.head * setting.numbers["tasks"])
    full = (WEIGHT + TRAINED) * (total + head) + batch * ACTIVATION * kept
    weights = float(counts.backbone_bytes) if counts.backbone_bytes is not None else WEIGHT * float(total)
    memory = (
        weights
        + WEIGHT * float(added(counts))
        + TRAINED * float(counts.trainable)
        + batch * ACTIVATION * activations(counts)
    )
    return memory / full


def added(counts: Counts) -> Number:
    """Return how many of the trained parameters the backbone does not have without the method, a head among them.

    Norms, biases and a projector that are trained too are the backbone's own, but for biases where it has none.
    """
    setting = counts.setting
    tasks, chosen = setting.numbers["tasks"], setting.chosen
    new = tasks * chosen.each.number(counts.values) + chosen.once.number(counts.values)
    if setting.method.already_there == "all":
        new = 0
    elif setting.method.already_there == "biases":
        new -= tasks * counts.values[sign("b")]
    given = setting.switches.get("biases") or setting.method.adds_biases
    return new + tasks * counts.head + (setting.tower.added_biases if given else 0)
