"""What a training step of a setting works on: its towers in the order in which they run, each with what was traced of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from peft_vlm_survey.costs.beside_denoiser import BESIDE
from peft_vlm_survey.costs.count import Counts, values_of
from peft_vlm_survey.costs.factored_states import Factored, factored
from peft_vlm_survey.costs.gradient_path import Tower, acted_on, beside, both_towers, length_of, let_in, of_part
from peft_vlm_survey.costs.limits import HALF
from peft_vlm_survey.costs.memory import FOUR_BITS, KEPT, activations, computed_again, quantisable, weights
from peft_vlm_survey.costs.quantities import mean_tokens, passed
from peft_vlm_survey.costs.relative_memory import scores
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import NETWORKS, Part, Shape
from peft_vlm_survey.costs.sorts import TEXT, sort_of
from peft_vlm_survey.costs.step import HALF as HALF_BYTES
from peft_vlm_survey.costs.step import WHOLE, Work
from peft_vlm_survey.costs.traces import Traces
from peft_vlm_survey.read.memory_traces import ENCODING
from peft_vlm_survey.read.memory_traces import TEXT as READ

EIGHT = 8
LOOKING = 1 / 5  # of the layers of a language model that attends to images
VISION, LANGUAGE, DETECTOR = "vision", "language", "detector"
# Whose GELU transformers 5.24.0 composes of elementary steps (gelu_new), and how many results it keeps beside its input.
COMPOSED, STEPS = ("phi-1.5", "phi-2", "gpt2", "gpt2-medium", "gpt2-large"), 3


def work_of(counts: Counts, *, entered: bool = False) -> Work | None:
    """Return what a step of a setting works on; None if what it asks for was not traced or its size is open.

    `entered` says that a gradient enters a frozen vision tower where the library lets one in.
    """
    setting = counts.setting
    shape, method = setting.shape, setting.method
    acted = acted_on(setting)
    more = let_in(setting) if entered else ()
    passed = {tower.name: tower for tower in (*more, *beside(setting), acted)}
    name = acted.name if shape.side_by_side or shape.detects else shape.default
    if shape.total is None or shape.traces is None or name not in passed or not _counted_in_experts(setting):
        return None
    main = passed.pop(name)
    running = list(_running(setting, main, passed))
    passes = [
        of_tower for tower, entered in running if (of_tower := _pass(setting, tower, entered=entered)) is not None
    ]
    if len(passes) < len(running):
        return None
    few = setting.precision < HALF
    at = next(place for place, (tower, _) in enumerate(running) if tower.name == name)
    work = passes[at]
    return replace(
        work,
        weights=weights(setting),
        trained=float(counts.trainable),
        copied=_copied(setting, main),
        rest=2 * (float(shape.total) - float(quantisable(shape))),
        factored=factored(shape, setting.part) if method.whole else Factored(),
        head=_head(setting, main) if few else 0.0,
        largest=float(main.part.vocabulary * main.part.embedded_width),
        unpacked=_unpacked(setting, main, work.targets) / (work.layers if work.again else 1.0) if few else 0.0,
        whole=2 * float(shape.total),
        words=work.tokens * _words(shape),
        table=_words(shape) * float(main.part.embedded_width),
        beside=sum(_by_form(tower, setting) for tower in passed.values())
        + _of_method(setting, _mean_tokens(work, passes, setting, main), main, low=method.low_rank),
        front=sum(_by_form(tower, setting) for tower in passed.values() if shape.in_series and tower.name == VISION),
        early=float(main.part.vocabulary * main.part.embedded_width) if _table_first(setting, main) else 0.0,
        summed=2 if _tied(shape) else 1,
        before=tuple(passes[:at]),
        behind=tuple(passes[at + 1 :]),
        **_encoders(setting, work),
    )


def _counted_in_experts(setting: Setting) -> bool:
    """Return whether it is known what modules keep in experts, if they lie there: of those that were traced alone.

    They were traced in all networks of a layer together, and not in one of them.
    """
    if any(name.partition("_")[0] in NETWORKS for name in setting.targets):
        return False
    method = setting.method
    return not setting.in_experts or (setting.chosen.kept == method.variants[method.default].kept and method.low_rank)


def _words(shape: Shape) -> float:
    """Return over how many words a head of an encoder of text may predict; of others none, whose logits were traced if they have any."""
    return float(shape.configuration.vocabulary) if shape.configuration and sort_of(shape) == TEXT else 0.0


def _encoders(setting: Setting, work: Work) -> dict[str, Any]:
    """Return what lies beside the denoiser of a generator: the bytes of what encodes images and texts, and what encoding takes."""
    beside = BESIDE.get(setting.shape.id)
    if beside is None:
        return {}
    image, text = (WHOLE, WHOLE) if work.in_32 else (beside.image_bytes, HALF_BYTES)
    traced = work.traces.at(ENCODING, work.tokens, again=False)[0] * image / beside.image_bytes
    return {"images": float(image * beside.image), "texts": float(text * beside.texts), "encoding": traced}


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
        for name in (VISION, "language"):
            if name == main.name:
                yield main, entered
            else:
                tower = passed.pop(name, None) or of_part(setting, name)
                yield tower, tower.trained or both_towers(setting)
    elif shape.detects:
        for name in (LANGUAGE, VISION):
            if name == main.name:
                yield main, entered
            else:
                tower = passed.pop(name) if name in passed else of_part(setting, name)
                yield tower, tower.trained or both_towers(setting)
        yield _detector(setting, main), entered
    else:
        yield main, entered


def _detector(setting: Setting, main: Tower) -> Tower:
    """Return what reads both towers: its parameters are what these leave of all, and its tokens those of the images."""
    shape, numbers = setting.shape, setting.numbers
    vision = shape.parts[VISION].stacks[0]
    block = replace(vision, layers=1, width=0, heads=0, kv_heads=0, head_width=0, ffn_width=0)  # counted as a whole
    rest = (shape.total or 0) - sum(part.params for part in shape.parts.values())
    length = numbers["length"] if main.name == LANGUAGE else length_of(setting, LANGUAGE)
    trained = main.trained and setting.part == "all"
    part = Part(encoder=(block,), other=rest)
    return Tower(name=DETECTOR, part=part, length=length, trained=trained, examples=numbers["batch"])


def _table_first(setting: Setting, main: Tower) -> bool:
    """Return whether the output layer is trained, in an encoder–decoder, where it outweighs what is held else."""
    return setting.shape.reads_and_writes and main.trained


def _copied(setting: Setting, main: Tower) -> float:
    """Return the numbers of embeddings that peft copies to train them beside its modules."""
    has_modules = setting.method.low_rank and main.name == acted_on(setting).name
    return float(main.part.embeddings) if has_modules and setting.switches.get("embeddings") else 0.0


def _pass(setting: Setting, tower: Tower, *, entered: bool) -> Work | None:
    """Return what a step works on in one tower, without what belongs to the step as a whole; None if it was not traced."""
    shape, method, part = setting.shape, setting.method, tower.part
    few, wide = setting.precision < HALF, setting.precision > HALF
    kind = "full" if tower.trained else "frozen" if not entered else "few bits" if few else "passing"
    more = 0.0
    if method.longer and tower.name == ("encoder" if shape.reads_and_writes else acted_on(setting).name):
        more = float(tower.examples * setting.numbers["tokens"])
    tokens, first = tower.traced_tokens + more, tower.tokens + more
    traces = _traces(shape, tower, tokens)
    side = _side(setting, tower)
    needed = (kind, "full") if side else (kind,)
    if traces is None or not all(traces.has(f"{trace} 32" if wide else trace) for trace in needed):
        return None
    bytes_of_one = WHOLE if wide else HALF_BYTES
    targets = _targets(setting, tower) if method.low_rank else ()
    return Work(
        traces=traces,
        kind=kind,
        tokens=tokens,
        again=computed_again(setting),
        weights=0.0,
        trained=float(part.params) if tower.trained else 0.0,
        full=method.whole,
        layers=float(part.layers),
        targets=targets,
        rank=float(setting.numbers.get("rank", 0)) if targets else 0.0,
        places=float(sum(_places(setting, tower, name) for name in targets)),
        inside=_inside(setting, tower, targets),
        between=bytes_of_one * first * activations(part, full=False)[1],
        inputs=bytes_of_one * first * _inputs(tower, setting),
        scores=0.0
        if shape.keeps_scores or (shape.detects and tower.name != LANGUAGE)
        else float(tower.examples)
        * scores(part, float(tower.length))
        * _looking(shape, tower, again=computed_again(setting)),
        gelu=gelu_of(shape, part) * tokens,
        beside=bytes_of_one * tokens * _read_by_decoder(setting, tower) if kind != "frozen" else 0.0,
        in_32=wide,
        recast=HALF_BYTES * tokens * _read_by_decoder(setting, tower) if kind == "full" else 0.0,
        widens=shape.widens,
        looks=shape.looks and tower.name == LANGUAGE,
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


def _traces(shape: Shape, tower: Tower, tokens: float) -> Traces | None:
    """Return what was traced of a tower; of a detector at the length of its text, of what looks at images with one an example."""
    traces, beyond, image = (shape.traces_of(name) for name in (tower.name, "text", "image"))
    if tower.name == LANGUAGE and traces is not None and image is not None:
        return traces.looking(image, float(tower.examples), tokens)
    if tower.name != DETECTOR or traces is None or beyond is None:
        return traces
    return traces.longer(beyond, float(tower.length) / READ - 1)


def _looking(shape: Shape, tower: Tower, *, again: bool) -> float:
    """Return how many times as many scores a language model has whose layers attend to an image in part; with checkpointing its widest layer."""
    if tower.name != LANGUAGE or not shape.looks:
        return 1.0
    wide = float(shape.vision_tokens / tower.length)
    return max(1.0, wide) if again else 1.0 + (wide - 1.0) * LOOKING


def halves(setting: Setting, main: Tower) -> tuple[Tower, Tower]:
    """Return what reads and what writes of a tower that does both; the table of words belongs to what writes."""
    reads = replace(main, name="encoder", part=replace(main.part, decoder=(), embeddings=0))
    return reads, replace(main, part=replace(main.part, encoder=()), length=setting.numbers["outputs"])


def _places(setting: Setting, tower: Tower, target: str) -> float:
    """Return how many matrices of a name work on the tokens of a tower: keys and values of a decoder read the encoder's too.

    In a generator, and where a tower has stages, those that fewer tokens pass count for less.
    """
    if has_a_resolution(setting.shape):
        return float(passed(tower.part, (target,), tower.length) / tower.length)
    if first := tower.part.stacks[0].tokens:
        return float(passed(tower.part, (target,), tower.length) / first)
    count = float(sum(matrix.count * matrix.share for matrix in tower.part.named(target)))
    if not setting.shape.reads_and_writes or tower.name == VISION or target not in ("k", "v", "qkv"):
        return count
    crossing = float(sum(stack.layers for stack in setting.tower.decoder))
    return count + crossing if tower.name == "encoder" else count - crossing


def _inside(setting: Setting, tower: Tower, targets: tuple[str, ...]) -> float:
    """Return how many matrices of a layer have modules where a tower has stages, the first of them narrow; else the traced rank stands for all."""
    if has_a_resolution(setting.shape) or not tower.part.stacks[0].tokens:
        return 0.0
    return float(sum(matrix.count for name in targets for matrix in tower.part.named(name)) / tower.part.layers)


def _read_by_decoder(setting: Setting, tower: Tower) -> float:
    """Return the keys and values that a decoder makes of one token of an encoder; with checkpointing those of one layer."""
    if not setting.shape.reads_and_writes or tower.name != "encoder":
        return 0.0
    stacks = setting.tower.decoder
    crossed = float(sum(2 * stack.layers * stack.kv_heads * stack.head_width for stack in stacks))
    return crossed / float(sum(stack.layers for stack in stacks)) if computed_again(setting) else crossed


def _mean_tokens(work: Work, passes: Sequence[Work], setting: Setting, main: Tower) -> float:
    """Return the tokens that a method works on in a layer: of stages and of an encoder–decoder the mean over all layers."""
    if not setting.shape.reads_and_writes:
        staged = main.part.stacks[0].tokens and not has_a_resolution(setting.shape)
        return float(main.examples * mean_tokens(main.part, main.length)) if staged else work.tokens
    halves = passes[-2:]  # before which a tower of images may stand
    return sum(half.layers * half.tokens for half in halves) / sum(half.layers for half in halves)


def _targets(setting: Setting, tower: Tower) -> tuple[str, ...]:
    """Return the matrices of a tower that have modules, by their names in it."""
    if tower.name in (acted_on(setting).name, "encoder"):
        return tuple(name for name in setting.targets if name != "projector" and "." not in name)
    shape = setting.shape
    if not (shape.side_by_side or shape.reads_and_writes or shape.detects or shape.tower_first):
        return ()
    prefix = f"{tower.name}."
    return tuple(name.removeprefix(prefix) for name in setting.targets if name.startswith(prefix))


def gelu_of(shape: Shape, part: Part) -> float:
    """Return the bytes that a composed GELU keeps of a token over all layers, beside what one kernel keeps."""
    return float(2 * STEPS * sum(s.layers * s.ffn_width for s in part.stacks)) if shape.id in COMPOSED else 0.0


def _head(setting: Setting, main: Tower) -> float:
    """Return how many bytes more an output layer takes that has few bits too; one of its own where it was the table's."""
    numbers = float(main.part.vocabulary * main.part.embedded_width)
    return numbers * ((1.0 if setting.precision == EIGHT else FOUR_BITS) - (0.0 if _tied(setting.shape) else 2.0))


def _tied(shape: Shape) -> bool:
    """Return whether the output layer is the table of embeddings too."""
    return shape.configuration is not None and shape.configuration.tied == "yes"


def _unpacked(setting: Setting, main: Tower, targets: tuple[str, ...]) -> float:
    """Return the bytes of all weights that DoRA unpacks: it multiplies by them again, so that each is kept in 16 bits.

    peft does so unless dropout is off (peft 0.21.2, tuners/lora/dora.py); other code may not.
    """
    if setting.variant != "dora":
        return 0.0
    return 2 * float(sum(m.count * m.inputs * m.outputs for name in targets for m in main.part.named(name)))


def _inputs(tower: Tower, setting: Setting) -> float:
    """Return what the matrices of a tower are given for one token; with checkpointing those of one layer."""
    which = 2 if computed_again(setting) else 0
    return activations(tower.part, full=True)[which] - activations(tower.part, full=False)[which]


def _by_form(tower: Tower, setting: Setting) -> float:
    """Return what a tower keeps that was not traced, by the closed form's middle."""
    kept, bare, block = activations(tower.part, full=tower.trained)
    if computed_again(setting):
        return 2 * tower.tokens * (bare + KEPT * block)
    return 2 * tower.tokens * KEPT * kept


def _of_method(setting: Setting, tokens: float, main: Tower, *, low: bool) -> float:
    """Return what a method keeps beside what any gradient needs; with checkpointing that of one layer."""
    form = setting.chosen.kept
    if setting.method.whole:
        return 0.0
    kept = float(form.number(values_of(setting)))
    if low:  # its matrices are traced; DoRA keeps their outputs too
        kept = kept - float(setting.method.variants[setting.method.default].kept.number(values_of(setting)))
    bytes_of_one = WHOLE if setting.precision > HALF else HALF_BYTES
    return bytes_of_one * tokens * kept / (float(main.part.layers) if computed_again(setting) else 1.0)
