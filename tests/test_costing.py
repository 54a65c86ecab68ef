"""The costs that a browser computes are those that Python computes, for every method on every backbone of the menu."""

import json
import random

import pytest
from as_json import answer_of

from peft_vlm_survey.costs import METHODS, CostError, cost, memory_ratio, nearest, published, shapes
from peft_vlm_survey.costs.against_full import SAYS
from peft_vlm_survey.costs.browser import NOT_ON_THE_MENU, on_menu, page_data
from peft_vlm_survey.costs.code_snippets import OPEN
from peft_vlm_survey.costs.count import counted
from peft_vlm_survey.costs.memory_assumptions import assumptions, held_in, size_of
from peft_vlm_survey.costs.names import warnings
from peft_vlm_survey.costs.need import memory_needed, need
from peft_vlm_survey.costs.options import WORDS, Options
from peft_vlm_survey.costs.relative_memory import added
from peft_vlm_survey.costs.resolution import has_a_resolution
from peft_vlm_survey.costs.software import snippets
from peft_vlm_survey.costs.sorts import TEXT, place_of, sort_of
from peft_vlm_survey.costs.work import gelu_of
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
    const { CostError, costOf, softwareOf, filledLines, nearestRuns, warningsOf, placeOf, heldIn, sizeOf, runOf } = survey;
    try {
        const { setting, values, asked, ...found } = costOf(survey.data.costs, choice);
        const rows = softwareOf(survey.data.costs, setting, choice.method);
        const lines = rows.map(({ template }) => filledLines(survey.data.costs, template, setting));
        const run = runOf(survey.data.costs, choice.run);
        const runs = nearestRuns(survey.data.costs, setting, run, 5).map(({ run, near }) => [run[2], run[3], near]);
        const [place, held] = [placeOf(survey.data.costs, setting), heldIn(survey.data.costs, setting, run)];
        return { ...found, runs, place, held, size: sizeOf(survey.data.costs, setting), filled: evaluated(found.formula, values), lines, warnings: warningsOf(survey.data.costs, setting) };
    } catch (error) {
        if (error instanceof CostError) { return { error: error.message }; }
        throw error;
    }
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
    for name in ("folding.js", "costing.js", "towers.js", "passes.js", "step.js", "gpus.js", "fitting.js"):
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
        (
            "percentOfAll",
            lambda c: None if not c.setting.shape.total else 100 * c.trainable / (c.setting.shape.total + added(c)),
        ),
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


def test_both_give_the_same_memory_against_full_fine_tuning_and_say_what_it_rests_on(answered):
    rests_on = set()
    for choice, counts, found in answered:
        expected, told = memory_ratio(counts), found["memoryRatio"]
        if expected is None:
            assert told is None, choice
        else:
            assert (told["share"], told["says"]) == (pytest.approx(expected.share, rel=1e-9), expected.says), choice
            rests_on.add(expected.rests_on)
    assert rests_on == set(SAYS)


def test_both_give_the_same_range_of_memory(answered):
    for choice, counts, found in answered:
        expected = memory_needed(counts)
        if expected is None:
            assert found["memory"] is None, choice
        else:
            assert found["memory"] == pytest.approx(list(expected), rel=1e-9), choice


def test_both_say_what_is_assumed(answered):
    for choice, counts, found in answered:
        assert found["assumptions"] == list(assumptions(counts.setting)), choice
        assert (found["place"], found["held"]) == (place_of(counts.setting), held_in(counts.setting, Options())), choice
        assert found["size"] == size_of(counts.setting), choice


def test_both_name_the_same_published_runs(answered):
    runs = published(the_survey().memory_cases, SHAPES)
    for choice, counts, found in answered:
        expected = [[round(one.case.gigabytes, 2), one.said, near] for one, near in nearest(runs, counts.setting)[:5]]
        assert found["runs"] == expected, choice


@pytest.mark.parametrize("backbone", ["clip-vit-b16", "vit-b16", "t5-base", "flux.1-dev", "qwen2.5-vl-7b"])
def test_both_say_the_same_of_a_run_that_is_carried_out_otherwise(opened, backbone):
    dice = random.Random(backbone)  # noqa: S311
    known = published(the_survey().memory_cases, SHAPES)
    for _ in range(20):
        words = {name: dice.choice(WORDS[name]) for name in WORDS if name not in ("library", *NOT_ON_THE_MENU)}
        choice = {"method": dice.choice(["full", "lora"]), "backbone": backbone, "numbers": {}, "switches": {}}
        choice |= {"run": words, "precision": dice.choice(["16", "32"])}
        (found,) = answer_of(opened, ASK, [choice])
        setting = cost(choice["method"], backbone, [f"precision={choice['precision']}"], known=SHAPES).setting
        assert found["assumptions"] == list(assumptions(setting, Options(**words))), words
        assert found["held"] == held_in(setting, Options(**words))
        told = nearest(known, setting, Options(**words))[:5]
        assert found["runs"] == [[round(one.case.gigabytes, 2), one.said, near] for one, near in told], words


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
    asked = {"method": "lora", "backbone": "llava-1.5-7b", "targets": targets}
    found = opened.evaluate("choice => survey.costOf(survey.data.costs, choice).trainable", asked)
    both = cost("lora", "llava-1.5-7b", [f"targets={','.join(targets)}"], known=SHAPES)
    alone = cost("lora", "llava-1.5-7b", ["targets=q,v"], known=SHAPES)
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
        expected = [list(snippet.lines) for snippet in snippets(survey, choice["method"], numbers, counts.setting)]
        assert found["lines"] == expected, choice
        written += any(expected)
    assert written


RUNS = [
    {"sharding": sharding, "optimizer": optimizer, "offload": offload, "weights": weights, "lengths": "cap"}
    for sharding in WORDS["sharding"]
    for optimizer in WORDS["optimizer"]
    for offload in WORDS["offload"]
    for weights in WORDS["weights"]
]


QUANTISED = [
    {"quantiser": quantiser, "inputs": inputs} for quantiser in WORDS["quantiser"] for inputs in WORDS["inputs"]
]


TOWERS = [{"tower": tower, "attention": attention} for tower in WORDS["tower"] for attention in WORDS["attention"]]


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
        ("lora", "groundingdino-t", RUNS),
        ("full", "groundingdino-t", RUNS),
        ("full", "vit-b16", RUNS),
        ("full", "clip-vit-b16", RUNS),
        ("clip-lora", "clip-vit-l14", RUNS),
    ],
)
def test_both_price_a_run_on_several_cards_alike(opened, method, backbone, runs):
    text = "length=100" if backbone == "groundingdino-t" else "length=1024"
    more = ["checkpointing=yes", *(["part=language"] if method == "full" else [])] if runs is TOWERS else []
    numbers = {"length": text.removeprefix("length=")}
    choice = {"method": method, "backbone": backbone, "numbers": numbers, "switches": {}}
    choice |= {"checkpointing": True, "part": "language" if "part=language" in more else ""} if more else {}
    found = opened.evaluate(
        """([choice, runs]) => {
            const { asked } = survey.costOf(survey.data.costs, choice);
            const ends = run => survey.needOf(survey.data.costs, asked, survey.runOf(survey.data.costs, run), 4);
            return runs.map(run => { const { needed, shown } = ends(run); return [...needed, ...shown]; });
        }""",
        [choice, runs],
    )
    counts = cost(method, backbone, [text, *more], known=SHAPES)
    for run, told in zip(runs, found, strict=True):
        expected = need(counts, Options(**run), 4)
        assert told == pytest.approx([*expected.needed, *expected.shown], rel=1e-6), run


def test_a_word_that_the_page_leaves_out_makes_no_difference_on_the_menu():
    for shape in (SHAPES[name] for name in MENU):
        assert gelu_of(shape, shape.parts[shape.default]) == 0  # what browser.NOT_ON_THE_MENU is about
        assert sort_of(shape) != TEXT or shape.traces is None


def test_the_data_hold_the_menu_and_no_other_backbone():
    data = page_data(SHAPES)
    assert list(data["backbones"]) == MENU
    assert json.loads(json.dumps(data))["methods"].keys() == METHODS.keys()


def test_every_word_of_a_run_has_its_label_on_the_page():
    script = (ROOT / "_static" / "fit.js").read_text(encoding="utf-8")
    for name in WORDS:
        if name not in NOT_ON_THE_MENU:
            assert f' {name}: "' in script, name  # what it is called
            assert f" {name}: {{ " in script, name  # what its values are called
