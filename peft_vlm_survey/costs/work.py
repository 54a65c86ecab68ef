"""What a training step of a setting works on: its towers in the order in which they run, each with what was traced of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.count import Counts, values_of
from peft_vlm_survey.costs.gradient_path import Tower, acted_on, beside, both_towers, let_in, of_part
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import KEPT, activations, computed_again, quantisable, weights
from peft_vlm_survey.costs.quantities import mean_tokens
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import NETWORKS
from peft_vlm_survey.costs.step import HALF as HALF_BYTES
from peft_vlm_survey.costs.step import WHOLE, Pass, Work
from peft_vlm_survey.costs.traces import Traces

VISION, LANGUAGE = "vision", "language"


def work_of(counts: Counts, *, entered: bool = False) -> Work | None:
    """Return what a step of a setting works on; None if what it asks for was not traced or its size is open.

    `entered` says that a gradient enters a frozen vision tower where the library lets one in.
    """
    setting = counts.setting
    shape = setting.shape
    acted = acted_on(setting)
    more = let_in(setting) if entered else ()
    passed = {tower.name: tower for tower in (*more, *beside(setting), acted)}
    name = acted.name if shape.side_by_side else shape.default
    if shape.total is None or shape.traces is None or name not in passed or not _counted_in_experts(setting):
        return None
    main = passed.pop(name)
    running = list(_running(setting, main, passed))
    passes = [_pass(setting, tower, entered=entered) for tower, entered in running]
    if not all(passes):
        return None
    traced = [tower for tower in passes if tower is not None]
    at = next(place for place, (tower, _) in enumerate(running) if tower.name == name)
    own = [
        (tower, of_tower)
        for (tower, _), of_tower in zip(running, traced, strict=True)
        if tower.name in (name, "encoder")
    ]
    traced[at] = replace(traced[at], beside=_of_method(setting, _mean_tokens(setting, main, own), main))
    first = [_by_form(setting, tower) for tower in passed.values()]
    encoders = BESIDE.get(shape.id)
    wide = WHOLE if setting.precision > HALF else 0
    return Work(
        passes=(*first, *traced),
        main=len(first) + at,
        full=setting.method.whole,
        few=setting.precision < HALF,
        weights=weights(setting),
        rest=HALF_BYTES * (float(shape.total) - float(quantisable(shape))),
        layers=float(running[at][0].part.layers),
        trained=float(counts.trainable),
        copied=_copied(setting, main),
        images=float((wide or encoders.image_bytes) * encoders.image) if encoders else 0.0,
        texts=float((wide or HALF_BYTES) * encoders.texts) if encoders else 0.0,
    )


def _counted_in_experts(setting: Setting) -> bool:
    """Return whether it is known what modules keep in experts, if they lie there: of those that were traced alone.

    They were traced in all networks of a layer together, and not in one of them.
    """
    if any(name.partition("_")[0] in NETWORKS for name in setting.targets):
        return False
    method = setting.method
    return not setting.in_experts or (setting.chosen.kept == method.variants[method.default].kept and method.low_rank)


def _running(setting: Setting, main: Tower, passed: dict[str, Tower]) -> Iterator[tuple[Tower, bool]]:
    """Yield the towers of a step that were traced, in the order in which they run, and whether a gradient enters them.

    Those that are found among the `passed` are taken out of them.
    """
    shape, method = setting.shape, setting.method
    entered = method.backbone_gradient != "no" or main.name != acted_on(setting).name
    if shape.tower_first:
        seen = passed.pop(VISION, None)
        yield seen or of_part(setting, VISION), seen is not None
    if shape.reads_and_writes:
        yield from ((half, entered) for half in halves(setting, main))
    elif shape.side_by_side:  # both run, whether or not a gradient passes through them
        for name in (VISION, LANGUAGE):
            if name == main.name:
                yield main, entered
            else:
                tower = passed.pop(name, None) or of_part(setting, name)
                yield tower, tower.trained or both_towers(setting)
    else:
        yield main, entered


def _copied(setting: Setting, main: Tower) -> float:
    """Return the numbers of embeddings that peft copies to train them beside its modules."""
    has_modules = setting.method.low_rank and main.name == acted_on(setting).name
    return float(main.part.embeddings) if has_modules and setting.switches.get("embeddings") else 0.0


def _pass(setting: Setting, tower: Tower, *, entered: bool) -> Pass | None:
    """Return what a step works on in one tower; None if it was not traced."""
    shape, method, part = setting.shape, setting.method, tower.part
    more = 0.0
    if method.longer and tower.name == ("encoder" if shape.reads_and_writes else acted_on(setting).name):
        more = float(tower.examples * setting.numbers["tokens"])
    traces = shape.traces_of(tower.name)
    if traces is None:
        return None
    wide = setting.precision > HALF
    width = WHOLE if wide else HALF_BYTES
    targets = _targets(setting, tower) if method.low_rank else ()
    side = _side(setting, tower)
    return Pass(
        traces=traces,
        kind="full" if tower.trained else "passing" if entered else "frozen",
        tokens=tower.traced_tokens + more,
        again=computed_again(setting),
        in_32=wide,
        trained=float(part.params) if tower.trained else 0.0,
        targets=targets,
        rank=float(setting.numbers.get("rank", 0)) if targets else 0.0,
        places=float(sum(m.count * m.share for name in targets for m in tower.part.named(name))),
        between=0.0 if has_a_resolution(shape) else width * (tower.tokens + more) * activations(part, full=False)[1],
        images=float(tower.examples) if shape.looks and tower.name == LANGUAGE else 1.0,
        side=side,
        narrower=float(setting.numbers["reduction"]) if side else 1.0,
    )


def _side(setting: Setting, tower: Tower) -> float:
    """Return for what share of a tower's layers a network at its side has layers of its own."""
    if not setting.method.side or tower.name not in (acted_on(setting).name, "encoder"):
        return 0.0
    reads, writes = (setting.numbers[f"side_{name}"] for name in ("encoder", "decoder"))
    return float((reads if tower.part.encoder else 0) + (writes if tower.part.decoder else 0)) / float(
        tower.part.layers
    )


def halves(setting: Setting, main: Tower) -> tuple[Tower, Tower]:
    """Return what reads and what writes of a tower that does both; the table of words belongs to what writes."""
    reads = replace(main, name="encoder", part=replace(main.part, decoder=(), embeddings=0))
    return reads, replace(main, part=replace(main.part, encoder=()), length=setting.numbers["outputs"])


def _targets(setting: Setting, tower: Tower) -> tuple[str, ...]:
    """Return the matrices of a tower that have modules, by their names in it."""
    if tower.name in (acted_on(setting).name, "encoder"):
        return tuple(name for name in setting.targets if name != "projector" and "." not in name)
    shape = setting.shape
    if not (shape.side_by_side or shape.reads_and_writes or shape.tower_first):
        return ()
    prefix = f"{tower.name}."
    return tuple(name.removeprefix(prefix) for name in setting.targets if name.startswith(prefix))


def _by_form(setting: Setting, tower: Tower) -> Pass:
    """Return what a step works on in a tower that was not traced, which keeps what the closed form tells."""
    again = computed_again(setting)
    kept, bare, block = activations(tower.part, full=tower.trained)
    return Pass(
        traces=Traces({}),
        kind="full" if tower.trained else "passing",
        tokens=tower.tokens,
        again=again,
        in_32=setting.precision > HALF,
        trained=float(tower.part.params) if tower.trained else 0.0,
        beside=HALF_BYTES * tower.tokens * (bare + KEPT * block if again else KEPT * kept),
    )


def _mean_tokens(setting: Setting, main: Tower, running: Sequence[tuple[Tower, Pass]]) -> float:
    """Return the tokens that a method works on in a layer: of stages and of an encoder–decoder the mean over all layers."""
    if not setting.shape.reads_and_writes and main.part.stacks[0].tokens and not has_a_resolution(setting.shape):
        return float(main.examples * mean_tokens(main.part, main.length))
    own = [(float(tower.part.layers), of_tower.tokens) for tower, of_tower in running]
    return sum(layers * tokens for layers, tokens in own) / sum(layers for layers, _ in own)


def _of_method(setting: Setting, tokens: float, main: Tower) -> float:
    """Return what a method keeps beside what any gradient needs; with checkpointing that of one layer."""
    method = setting.method
    if method.whole:
        return 0.0
    kept = float(setting.chosen.kept.number(values_of(setting)))
    if method.low_rank:  # its matrices are traced; DoRA keeps their outputs too
        kept -= float(method.variants[method.default].kept.number(values_of(setting)))
    bytes_of_one = WHOLE if setting.precision > HALF else HALF_BYTES
    return bytes_of_one * tokens * kept / (float(main.part.layers) if computed_again(setting) else 1.0)
