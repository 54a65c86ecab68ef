"""What papers print against what the closed forms give, and the lines that run a method."""

import dataclasses
import re
import shlex
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
import yaml
from every import each

from peft_vlm_survey.costs import METHODS, cost, shapes_of
from peft_vlm_survey.costs.lines_to_run import lines_to_run
from peft_vlm_survey.costs.software import OPEN, snippets_of
from peft_vlm_survey.costs.verdicts import verdicts
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.reported_costs import REASONS


@cache
def the_verdicts():
    return verdicts(the_survey())


# The open ones by name: who closes one changes this list.
OPEN_ONES = [
    ("vladapter-table1", "17.72", "17.714"),
    ("dora-readme-image", "5.96", "5.945"),
    ("vladapter-table7", "1.14", "1.121"),
    ("vladapter-table7", "1.18", "1.154"),
    ("etris-main", "1.68", "1.942"),
    ("etris-main", "1.39", "0.599"),
    ("rp-etris-readme", "1.68", "1.942"),
    ("rp-etris-readme", "1.39", "0.599"),
    ("clipsam-table1", "1.39", "0.599"),
    ("etris-abstract", "3.38", "1.623"),
    ("vpt-table3", "15.79", "2.730"),
    ("binaryadapter-readme", "9.2", "9.75"),
    ("vpetlbench-voc-ade20k", "198.58", "194.995"),
    ("tfew", "4.2", "4.33"),
    ("lora-readme-nlg", "0.35", "0.393"),
    ("lora-readme-nlg", "0.77", "0.737"),
]


def of(origin, printed):
    return next(v for v in the_verdicts() if (v.origin, v.printed) == (origin, printed))


def test_every_printed_cost_has_a_verdict():
    assert len(the_verdicts()) == len(the_survey().reported_costs)


def test_the_open_ones_are_known_by_name():
    assert [(v.origin, v.printed, v.derived) for v in the_verdicts() if v.verdict == "open"] == OPEN_ONES


@pytest.mark.parametrize(
    ("origin", "printed", "derived", "explained", "reason"),
    [
        ("vpetlbench-coco", "0.20", "0.137", "0.201", ("picked-by-name",)),
        ("vpetlbench-voc-ade20k", "0.30", "0.206", "0.301", ("picked-by-name",)),
        ("dora-page-llava", "4.61", "4.616", "4.616", ("truncated",)),
        ("vpetlbench-fgvc", "0.77", "0.590", "0.770", ("head-counted",)),
        ("etris-abstract", "1.61", "1.623", "1.609", ("other-denominator",)),
        ("peft-ia3-notebook", "2275332", "1223682", "2275332", ("double-counted",)),
        ("tfew", "540", "540.7", "540.7", ("truncated",)),
        ("llama-adapter-cost", "4.7", "4.92", "4.69", ("unit",)),
        ("houlsby-abstract", "3.6", "1.92", "0.28 to 7.56", ("tuned-per-task",)),
        ("lora-readme-glue", "0.8", "0.29", "0.89", ("head-counted", "truncated")),
        ("vpt-table3", "13.46", "0.272", "13.452", ("other-parts-counted",)),
        ("vladapter-t5", "7.98", "7.999", "7.979", ("picked-by-name",)),
        ("binaryadapter-readme", "212.9", "226.10", "212.94", ("unit", "other-mean")),
        ("clipadapter-student", "131712", "131072", "131712", ("other-variant",)),
    ],
)
def test_a_reason_gives_the_printed_number(origin, printed, derived, explained, reason):
    found = of(origin, printed)
    assert (found.verdict, found.derived, found.explained, found.reason) == ("explained", derived, explained, reason)


def test_every_reason_of_the_vocabulary_explains_something():
    assert {reason for v in the_verdicts() for reason in v.reason} == set(REASONS)


@each("verdict", lambda: [v for v in the_verdicts() if v.verdict == "agrees"], ids=lambda v: f"{v.origin} {v.printed}")
def test_what_agrees_rounds_to_the_printed_digits(verdict):
    half = Fraction(1, 2 * 10 ** len(verdict.printed.partition(".")[2]))
    assert abs(Fraction(verdict.derived) - Fraction(verdict.printed)) <= half * Fraction(11, 10)


def test_a_number_beside_a_score_is_that_of_the_results():
    assert of("vlpet-table2", "4.16").method == "vl-pet"
    assert not next(r for r in the_survey().reported_costs if r.origin == "vlpet-table2").printed


def test_no_number_is_typed_again_that_stands_beside_a_score_of_the_same_source():
    where = {origin.origin: origin.source for origin in the_survey().origins}
    beside = {
        (where[number.origin], text, unit)
        for number in (*the_survey().results, *the_survey().measurements)
        for text, unit in (
            (number.trained_percent, "%"),
            (number.trained_millions, "M"),
            (number.value, number.unit),
        )
    }
    typed = [r for r in the_survey().reported_costs if r.printed]
    assert [r for r in typed if (where[r.origin], r.printed, r.unit) in beside] == []


@pytest.mark.parametrize(
    ("origin", "printed", "trained"),
    [
        ("vpetlbench-vtab", "2.38", 2376492),
        ("convpass-table1", "0.16", 156768),
        ("dora-page-llava", "4.63", 342155264),
        ("peft-suite-2026-07", "9.17504", 9175040),
        ("peft-suite-2026-07", "9.289728", 9289728),
        ("peft-suite-2026-07", "11.4688", 11468800),
        ("peft-suite-2026-07", "0.6144", 614400),
        ("peft-suite-2026-07", "8.601628", 8601628),
        ("peft-suite-2026-07", "0.28672", 286720),
    ],
)
def test_a_number_beside_a_score_is_derived(origin, printed, trained):
    found = of(origin, printed)
    assert (found.verdict, found.derived_scalars) == ("agrees", trained)


def test_a_share_is_told_in_parameters_too():
    found = of("lst-table1", "1.74")
    assert found.derived_scalars == 3878712
    assert found.printed_scalars == pytest.approx(0.0174 * 222903552)


def test_other_parts_are_taken_off_before_parameters_are_compared():
    assert of("vpt-table3", "13.46").printed_scalars == pytest.approx(280000)


def test_every_verdict_of_the_tiny_survey_is_the_expected_one(good):
    assert Counter(v.verdict for v in verdicts(good)) == {"agrees": 3, "explained": 3, "open": 2}


@each("method", METHODS)
def test_every_method_has_an_implementation_to_be_named(method):
    assert snippets_of(the_survey().software, method)


def test_lines_hold_the_values_of_the_reader():
    lines = snippets_of(the_survey().software, "lora", {"rank": 16, "targets": "q,k"})[0][1]
    assert lines == (
        "from peft import LoraConfig, get_peft_model",
        'config = LoraConfig(r=16, target_modules=["q_proj", "k_proj"])',
        "model = get_peft_model(model, config)",
    )


@pytest.mark.parametrize(
    ("method", "backbone", "words", "line"),
    [
        ("lora", "vit-b16", ["targets=q,v"], 'target_modules=["q_proj", "v_proj"]'),
        ("lora", "vit-b16", ["targets=qkv"], 'target_modules=["qkv"]'),
        ("lora", "t5-base", ["targets=q,fc1"], 'target_modules=["q", "wi"]'),
        ("lora", "llava-1.5-7b", ["targets=q,v"], r'target_modules=r".*language_model\..*\.(q_proj|v_proj)"'),
        (
            "lora",
            "llava-1.5-7b",
            ["targets=q,vision.q"],
            r'target_modules=r".*(language_model\..*\.(q_proj)|vision_tower\..*\.(q_proj))"',
        ),
        ("ia3", "llava-1.5-7b", [], r'feedforward_modules=r".*language_model\..*\.(down_proj)"'),
        ("qlora", "qwen2.5-vl-7b", [], "model = AutoModelForImageTextToText.from_pretrained("),
        ("qlora", "phi-4-multimodal", ["targets=qkv"], "model = AutoModelForMultimodalLM.from_pretrained("),
        ("qlora", "llama-3.1-8b", [], "model = AutoModelForCausalLM.from_pretrained("),
    ],
)
def test_lines_name_the_layers_of_the_backbone_and_no_others(method, backbone, words, line):
    setting = cost(method, backbone, words, known=shapes_of(the_survey().configurations)).setting
    assert line in "\n".join(snippets_of(the_survey().software, method, setting=setting)[0][1])


@each(
    "row",
    lambda: [row for row in the_survey().software if row.lines_in == "Python"],
    ids=lambda r: f"{r.library} {r.name}",
)
def test_lines_are_python(row):
    lines = next(lines for found, lines in snippets_of(the_survey().software, row.method_id) if found == row)
    compile("\n".join(lines), row.library, "exec")


@each("row", lambda: [row for row in the_survey().software if row.lines_in == "YAML"], ids=lambda r: r.name)
def test_lines_of_a_configuration_are_yaml(row):
    lines = next(lines for found, lines in snippets_of(the_survey().software, row.method_id) if found == row)
    read = yaml.safe_load("\n".join(lines))
    assert len(read) == len(lines)
    assert read["lora_rank"] == 8


@each("row", lambda: [row for row in the_survey().software if row.lines_in == "shell"], ids=lambda r: r.library)
def test_lines_of_a_shell_keep_the_pattern_whole(row):
    setting = cost("lora", "qwen2.5-vl-7b", ["targets=q,v"], known=shapes_of(the_survey().configurations)).setting
    lines = next(
        lines for found, lines in snippets_of(the_survey().software, row.method_id, setting=setting) if found == row
    )
    assert r".*language_model\..*\.(q_proj|v_proj)" in shlex.split(lines[0])


def test_a_library_that_knows_no_models_that_see_gives_no_lines_for_them():
    known = shapes_of(the_survey().configurations)
    for backbone, named in (("qwen2.5-vl-7b", False), ("t5-base", True)):
        libraries = [
            found.library
            for found, _ in snippets_of(
                the_survey().software, "lora", setting=cost("lora", backbone, known=known).setting
            )
        ]
        assert ("adapters" in libraries) == named


@pytest.mark.parametrize(("targets", "given"), [("q,v", True), ("v,q", True), ("q,k,v", False), ("all", False)])
def test_lines_that_name_no_targets_are_given_for_the_usual_ones_alone(targets, given):
    setting = cost("lora", "llama-3.1-8b", [f"targets={targets}"], known=shapes_of(the_survey().configurations)).setting
    assert (
        "adapters" in [found.library for found, _ in snippets_of(the_survey().software, "lora", setting=setting)]
    ) == given


def test_every_open_place_is_used_by_a_template():
    used = " ".join(line for row in the_survey().software for line in row.template)
    assert all(f"{{{name}}}" in used for name in OPEN)


def test_a_line_that_trains_takes_the_batch_that_is_priced():
    known = shapes_of(the_survey().configurations)
    for name in ("lora", "qlora"):
        setting = cost(name, "qwen2.5-vl-7b", ["batch=2"], known=known).setting
        training = [
            own for own in lines_to_run(the_survey().software, setting) if own["written_in"] in ("shell", "YAML")
        ]
        assert {own["library"].split()[0] for own in training} == {"TRL", "LLaMA-Factory", "ms-swift"}
        assert all(re.search(r"per_device_train_batch_size:? 2$", own["lines"][-1]) for own in training)


def test_lines_that_were_run_come_first():
    ranks = [bool(found.template) for found, _ in snippets_of(the_survey().software, "lora")]
    assert ranks == sorted(ranks, reverse=True)


def test_a_verdict_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        the_verdicts()[0].printed = "1"
