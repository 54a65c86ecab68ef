"""The costs that a browser computes are those that Python computes, for every method on every backbone of the menu."""

import json
import random

import pytest
from as_json import answer_of

from peft_vlm_survey.costs import METHODS, CostError, cost, shapes
from peft_vlm_survey.costs.browser import RUN_WORDS, on_menu, page_data
from peft_vlm_survey.costs.count import counted
from peft_vlm_survey.costs.kinds import place_of
from peft_vlm_survey.costs.memory_assumptions import size_of
from peft_vlm_survey.costs.names import warnings
from peft_vlm_survey.costs.need import need
from peft_vlm_survey.costs.options import WORDS, Options
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.software import OPEN, snippets_of
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.site.calculator_js import costs_script

pytestmark = pytest.mark.xdist_group("costing")

SHAPES = shapes(ROOT)
MENU = [shape.id for shape in SHAPES.values() if on_menu(shape)]
RANGES = {
    "rank": (1, 100), "bottleneck": (1, 600), "reduction": (2, 32), "decoder_bottleneck": (1, 128), "tokens": (1, 1200),
    "layers": (1, 12), "side_layers": (1, 12), "shots": (1, 16), "mlp": (1, 5000), "phm": (1, 4), "budget": (1000, 120_000_000),
    "batch": (1, 64), "texts": (1, 1000), "outputs": (1, 600), "length": (1, 2048), "resolution": (1, 1600), "tasks": (1, 8), "factor": (1, 64),
}  # fmt: skip
ASK = """choices => choices.map(choice => {
    const { CostError, costOf, softwareOf, filledLines, warningsOf, placeOf, sizeOf } = survey;
    try {
        const { setting, values, asked, ...found } = costOf(survey.data.costs, choice);
        const rows = softwareOf(survey.data.costs, setting, choice.method);
        const lines = rows.map(({ template }) => filledLines(survey.data.costs, template, setting));
        return { ...found, place: placeOf(survey.data.costs, setting), size: sizeOf(survey.data.costs, setting), filled: evaluated(found.formula, values), lines, warnings: warningsOf(survey.data.costs, setting) };
    } catch (error) {
        if (error instanceof CostError) { return { error: error.message }; }
        throw error;
    }
})"""
NEEDED = """choices => choices.map(choice => {
    const { asked } = survey.costOf(survey.data.costs, choice);
    return survey.needOf(survey.data.costs, asked, survey.runOf(survey.data.costs))?.needed ?? null;
})"""
# The formula that a reader sees must have the value that stands beside it.
EVALUATED = """const evaluated = (formula, values) => new Function("v",
    `return ${formula.replace(/[A-Za-z]\\w*/g, name => `v.${name}`)};`)(values);"""


def drawn(method, shape, dice) -> dict:
    """Return a random setting, most of them admissible: numbers, targets, switches and the rest."""
    known = METHODS[method]
    numbers = {}
    own = (["texts"] if shape.side_by_side else []) + (["outputs"] if shape.reads_and_writes else [])
    long = "resolution" if has_a_resolution(shape) else "length"
    for name in (*known.parameters, "tasks", "batch", long, *own):
        if name in RANGES and dice.random() < 0.6:
            least, most = RANGES[name]
            numbers[name] = str(round(least + (most - least) * dice.random() ** 2))  # the impossible is rarer
            if name == "resolution" and dice.random() < 0.9:
                numbers[name] = str(16 * max(int(numbers[name]) // 16, 1))
    if "bottleneck" in numbers:
        numbers.pop("reduction", None)
    if numbers.get("reduction") and dice.random() < 0.7:
        numbers["reduction"] = str(dice.choice((2, 4, 8, 16)))
    chosen = {
        "method": method,
        "backbone": shape.id,
        "part": dice.choice([None, *shape.parts, *(("projector", "all") if known.whole and shape.projector else ())]),
        "variant": dice.choice([None, *known.variants]),
        "numbers": numbers,
        "classes": dice.choice([None, None, "100", "940/19"]),
        "precision": dice.choice([None, None, "4", "8", "16", "32"]),
        "bits": dice.choice([None, "1", "8", "16"]) if method != "qlora" else dice.choice([None, "4", "8", "16"]),
        "checkpointing": dice.choice([None, True, False]),
        "switches": {name: dice.random() < 0.5 for name in known.switches if dice.random() < 0.5},
    }
    if "targets" in known.parameters:
        tower = shape.parts.get(chosen["part"], shape.parts[shape.default])
        names = list(dict.fromkeys(matrix.name for matrix in tower.matrices))
        if tower is shape.parts.get("language") and "vision" in shape.parts:
            names += [f"vision.{name}" for name in shape.parts["vision"].names]
        chosen["targets"] = dice.choice([None, dice.sample(names, dice.randint(1, len(names))), ["all"]])
    return {name: value for name, value in chosen.items() if value is not None}


def in_python(choice):
    """Return the answer of Python to a choice, or what is wrong with it."""
    pairs = [f"{name}={value}" for name, value in choice["numbers"].items()]
    pairs += [f"{name}={choice[name]}" for name in ("part", "variant", "precision", "bits") if name in choice]
    pairs += [f"{name}={'yes' if on else 'no'}" for name, on in choice["switches"].items()]
    pairs += [f"checkpointing={'yes' if choice['checkpointing'] else 'no'}"] if "checkpointing" in choice else []
    pairs += [f"targets={','.join(choice['targets'])}"] if "targets" in choice else []
    try:
        return cost(choice["method"], choice["backbone"], pairs, known=SHAPES, classes=choice.get("classes"))
    except CostError as error:
        return error.message


def choices_at(turns):
    """Return a random setting of every method on every backbone for each turn, always the same."""
    return [
        drawn(method, SHAPES[backbone], random.Random(f"{method} {backbone} {turn}"))  # noqa: S311
        for method in METHODS
        for backbone in MENU
        for turn in turns
    ]


CHOICES = choices_at(range(1))


@pytest.fixture(scope="module", params=["one", pytest.param("five more", marks=pytest.mark.slow)])
def choices(request):
    return CHOICES if request.param == "one" else choices_at(range(1, 6))


@pytest.fixture(scope="module")
def script():
    return costs_script(the_survey())


@pytest.fixture(scope="module")
def opened(chromium, script):
    page = chromium.new_page()
    for name in ("folding.js", "costing.js", "passes.js", "step.js", "gpus.js", "fitting.js"):
        page.add_script_tag(content=(ROOT / "_static" / name).read_text(encoding="utf-8"))
    page.add_script_tag(content=script)
    page.add_script_tag(content=EVALUATED)
    yield page
    page.close()


@pytest.fixture(scope="module")
def in_browser(opened, choices):
    return answer_of(opened, ASK, choices)


@pytest.fixture(scope="module")
def pairs(choices, in_browser):
    return [(choice, in_python(choice), found) for choice, found in zip(choices, in_browser, strict=True)]


@pytest.fixture(scope="module")
def answered(pairs):
    return [(choice, counts, found) for choice, counts, found in pairs if not isinstance(counts, str)]


def close(found, expected):
    return (
        found is None
        if expected is None
        else found is not None and found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
    )


def test_most_settings_of_every_method_are_admissible_somewhere(choices, answered):
    assert {choice["method"] for choice, _, _ in answered} == set(METHODS)
    assert {choice["backbone"] for choice, _, _ in answered} == set(MENU)
    assert len(answered) > len(choices) / 3


def test_both_refuse_the_same_settings_and_say_the_same(pairs):
    wrong = [
        (choice, counts, found) for choice, counts, found in pairs if isinstance(counts, str) != ("error" in found)
    ]
    assert not wrong
    # Of several mistakes they may name another first.
    refused = [(counts, found["error"]) for _, counts, found in pairs if isinstance(counts, str)]
    alike = [(one, other) for one, other in refused if one.split()[0] == other.split()[0]]
    assert all(one == other for one, other in alike)
    for name in ("rank", "bottleneck", "tokens", "mlp", "budget", "precision", "how"):
        assert any(one.startswith(name) for one, _ in alike), name


def test_both_count_the_same_parameters(answered):
    wrong = [
        (choice, counts.trainable, found["trainable"])
        for choice, counts, found in answered
        if not close(found["trainable"], counts.trainable) or not close(found["perTask"], counts.per_task)
    ]
    assert not wrong


def test_the_formula_shown_has_the_value_shown(answered):
    wrong = [(choice, found) for choice, counts, found in answered if not close(found["filled"], counts.trainable)]
    assert not wrong


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("storedBytes", lambda counts: counts.stored_bytes),
        ("backboneBytes", lambda counts: counts.backbone_bytes),
        ("extraPercentUnmerged", lambda c: None if c.extra_flops is None else 100 * c.extra_flops / c.base_flops),
        ("percent", lambda c: None if not c.setting.shape.total else 100 * c.trainable / c.setting.shape.total),
    ],
)
def test_both_give_the_same(answered, name, expected):
    wrong = [
        (choice, expected(counts), found[name])
        for choice, counts, found in answered
        if not close(found[name], expected(counts))
    ]
    assert not wrong


def test_both_give_the_same_range_of_memory(opened, answered):
    """Hold the ranges of the backbones whose steps were traced against each other; of others the page gives none."""
    needed = answer_of(opened, NEEDED, [choice for choice, _, _ in answered])
    for (choice, counts, found), told in zip(answered, needed, strict=True):
        expected = need(counts, Options())
        if expected is None:
            assert told is None, choice
        else:
            assert told == pytest.approx([expected.needed.low, expected.needed.high], rel=1e-6), choice
        assert (found["place"], found["size"]) == (place_of(counts.setting), size_of(counts.setting)), choice


def test_both_name_what_is_counted(answered):
    def worded(texts):
        return [
            text.replace(", unless --classes is given", "")
            .replace(", if --classes is given", ", if classes are given")
            .replace("940/19", "49.473684210526315")
            for text in texts
        ]

    for choice, counts, found in answered:
        yes, no = counted(counts.setting)
        assert found["counted"] == worded(yes), choice
        assert found["notCounted"] == worded(no), choice


def test_the_vision_tower_of_llava_can_be_hit_too(opened):
    targets = ["q", "v", "vision.q", "vision.v"]
    asked = {"method": "lora", "backbone": "llava-1.5-7b", "targets": targets, "numbers": {"rank": "8"}}
    found = opened.evaluate("choice => survey.costOf(survey.data.costs, choice).trainable", asked)
    both = cost("lora", "llava-1.5-7b", ["rank=8", f"targets={','.join(targets)}"], known=SHAPES)
    alone = cost("lora", "llava-1.5-7b", ["rank=8", "targets=q,v"], known=SHAPES)
    assert found == both.trainable == alone.trainable + 786432


def test_both_warn_of_fused_matrices_alike(answered):
    warned = 0
    for choice, counts, found in answered:
        expected = list(warnings(counts.setting.shape, counts.setting.part, counts.setting.targets))
        assert found["warnings"] == expected, choice
        warned += bool(expected)
    assert warned


def test_both_write_the_same_lines_of_code(answered):
    survey = the_survey()
    written = 0
    for choice, counts, found in answered:
        numbers = {name: int(number) for name, number in counts.setting.numbers.items() if name in OPEN and number}
        if counts.setting.classes is not None:
            numbers["classes"] = round(counts.setting.classes)
        if counts.setting.targets:
            numbers["targets"] = ",".join(counts.setting.targets)
        expected = [list(lines) for _, lines in snippets_of(survey.software, choice["method"], numbers, counts.setting)]
        assert found["lines"] == expected, choice
        written += any(expected)
    assert written


RUNS = [
    {"sharding": sharding, "optimizer": optimizer, "offload": offload, "weights": weights, "lengths": "cap"}
    for sharding in WORDS["sharding"]
    for optimizer in RUN_WORDS["optimizer"]
    for offload in WORDS["offload"]
    for weights in WORDS["weights"]
]


QUANTISED = [{"upcast": upcast} for upcast in RUN_WORDS["upcast"]]


TOWERS = [{"tower": tower} for tower in WORDS["tower"]]


@pytest.mark.parametrize(
    ("method", "backbone", "runs"),
    [
        ("full", "qwen2.5-vl-7b", RUNS),
        ("full", "minicpm-v-2.6", RUNS),
        ("lora", "llama-3.1-8b", RUNS),
        ("qlora", "llama-3.1-8b", QUANTISED),
        ("qlora", "gemma-3-4b", QUANTISED),
        ("qlora", "gemma-3-4b", TOWERS),
        ("lora", "llava-1.5-7b", TOWERS),
        ("full", "paligemma2-3b", TOWERS),
        ("lora", "qwen3-vl-8b", TOWERS),
        ("lora", "llama-3.2-11b-vision", RUNS),
        ("qlora", "llama-3.2-11b-vision", TOWERS),
        ("full", "llama-3.2-11b-vision", TOWERS),
        ("full", "vit-b16", RUNS),
        ("full", "clip-vit-b16", RUNS),
        ("clip-lora", "clip-vit-l14", RUNS),
    ],
)
def test_both_price_a_run_on_several_cards_alike(opened, method, backbone, runs):
    more = ["checkpointing=yes", *(["part=language"] if method == "full" else [])] if runs is TOWERS else []
    choice = {"method": method, "backbone": backbone, "numbers": {"length": "1024"}, "switches": {}}
    choice |= {"checkpointing": True, "part": "language" if "part=language" in more else ""} if more else {}
    found = opened.evaluate(
        """([choice, runs]) => {
            const { asked } = survey.costOf(survey.data.costs, choice);
            const ends = run => survey.needOf(survey.data.costs, asked, survey.runOf(survey.data.costs, run), 4);
            return runs.map(run => ends(run).needed);
        }""",
        [choice, runs],
    )
    counts = cost(method, backbone, ["length=1024", *more], known=SHAPES)
    for run, told in zip(runs, found, strict=True):
        expected = need(counts, Options(**run), 4)
        assert told == pytest.approx([expected.needed.low, expected.needed.high], rel=1e-6), run


def test_the_data_hold_the_menu_and_no_other_backbone():
    data = page_data(SHAPES)
    assert list(data["backbones"]) == MENU
    assert json.loads(json.dumps(data))["methods"].keys() == METHODS.keys()


def test_every_word_of_a_run_has_its_label_on_the_page():
    script = (ROOT / "_static" / "fit.js").read_text(encoding="utf-8")
    for name in ("library", *RUN_WORDS):
        assert f' {name}: "' in script, name  # what it is called
        assert f" {name}: {{ " in script, name  # what its values are called
