"""The command `peft-vlm-survey cost`, as a script and as a reader use it."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from every import each

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.costs import METHODS, shapes
from peft_vlm_survey.costs.limits import REFUSALS
from peft_vlm_survey.costs.parameter_names import PARAMETERS
from peft_vlm_survey.data import ROOT

LORA = ["lora", "--backbone", "vit-b16"]
# What is asked that cannot be, by the name of the refusal.
REFUSED: dict[str, list[str]] = {
    "no whole number": [
        "lora --backbone vit-b16 rank=0",
        "lora --backbone vit-b16 rank=-1",
        "lora --backbone vit-b16 rank=1.5",
    ],
    "side": [
        "lora --backbone vit-b16 rank=769",
        "lae --backbone vit-b16 variant=lora rank=800",
        "compacter --backbone t5-base rank=7",
    ],
    "width": ["adaptformer --backbone vit-b16 bottleneck=100000000000000000000000"],
    "tokens": ["vpt-deep --backbone vit-b16 tokens=10000"],
    "context": ["coop --backbone clip-rn50 tokens=76"],
    "mlp": ["prefix-tuning --backbone bert-base mlp=4000"],
    "total": ["spt --backbone vit-b16 budget=90M"],
    "no size": ["full --backbone glip-t"],
    "trained": ["full --backbone llama-7b precision=4", "spt --backbone llama-3.1-8b precision=8"],
    "no matrix": ["lora --backbone vit-b16 targets=gate", "lora --backbone vit-b16 targets=fc3"],
    "held already": ["lora --backbone vit-b16 targets=qkv,q"],
    "no projector": ["lora --backbone vit-b16 projector=yes"],
    "none of these": [
        "lora --backbone vit-b16 bits=3",
        "lora --backbone vit-b16 precision=2",
        "qlora --backbone llama-7b bits=2",
    ],
    "no such part": [
        "lora --backbone vit-b16 part=language",
        "lora --backbone clip-rn50 part=vision",
        "lora --backbone llava-1.5-7b part=all",
    ],
    "classes": ["lora --backbone vit-b16 --classes 0"],
    "layers": ["lst --backbone t5-base side_layers=13", "lae --backbone vit-b16 layers=13"],
    "sides": ["lst --backbone t5-base reduction=5"],
    "needs": ["lst --backbone swin-b", "vl-pet --backbone vit-b16", "coop --backbone vit-b16"],
    "both": ["adaptformer --backbone vit-b16 bottleneck=8 reduction=8"],
    "reduction": ["adaptformer --backbone vit-b16 reduction=800"],
    "stages": ["adaptformer --backbone swin-b reduction=8"],
    "phm": ["compacter --backbone t5-base phm=5"],
    "no classes": ["tip-adapter-f --backbone clip-rn50"],
    "budget": ["spt --backbone vit-b16 budget=0"],
    "no biases": ["bitfit --backbone llama-7b"],
    "no norms": ["norm-tuning --backbone dit-xl2"],
    "experts": ["lst --backbone deepseek-vl2-tiny"],
    "hybrid": ["lst --backbone qwen3.5-4b"],
    "short keys": ["prefix-tuning --backbone deepseek-vl2"],
    "no keys": ["prefix-tuning --backbone qwen3.5-4b"],
    "outside": ["lora --backbone llava-1.5-7b variant=some-layers layers=4 targets=vision.q"],
    "factor": ["lokr --backbone vit-b16 rank=700"],
    "block": ["boft --backbone vit-b16 block=7"],
    "embedding": ["clip-adapter --backbone clip-vit-b16 reduction=7"],
    "quantised": ["qlora --backbone llama-7b precision=16"],
    "length": ["lora --backbone flux.1-dev length=5"],
    "no images": ["lora --backbone vit-b16 resolution=512"],
    "pixels": ["lora --backbone flux.1-dev resolution=1000"],
    "no texts": ["lora --backbone vit-b16 texts=5"],
    "no outputs": ["lora --backbone vit-b16 outputs=5"],
}
# What is asked of a name or a word that there is not, what is wrong with it, and the way out.
WRONG = [
    ("lroa --backbone vit-b16", "method 'lroa' is not known.", "Did you mean 'lora'?"),
    ("lora --backbone vitb16", "backbone 'vitb16' is not known.", "Did you mean 'vit-b16'?"),
    ("lora --backbone xyz", "backbone 'xyz' is not known.", "peft-vlm-survey cost --list names them."),
    (
        "lora --backbone HuggingFaceTB/SmolVLM-Instruct",
        "backbone 'HuggingFaceTB/SmolVLM-Instruct' is not known.",
        "Of its family this is known: smolvlm-2.2b.",
    ),
    (
        "lora --backbone Qwen/Qwen2.5-VL-72B-Instruct",
        "backbone 'Qwen/Qwen2.5-VL-72B-Instruct' is not known.",
        "Of its family these are known: qwen2.5-vl-7b, qwen2.5-vl-3b, qwen2.5-vl-32b.",
    ),
    ("DoRA --backbone vit-b16", "method 'DoRA' is not known.", "Write lora variant=dora."),
    ("vpt --backbone vit-b16", "method 'vpt' is not known.", "Use one of: vpt-shallow, vpt-deep."),
    ("lora --backbone vit-b16 r=8", "parameter 'r' is not known.", "Here it is rank."),
    ("lora --backbone vit-b16 load_in_4bit=yes", "parameter 'load_in_4bit' is not known.", "Here it is precision=4."),
    ("lora --backbone vit-b16 classes=9", "parameter 'classes' is not known.", "Here it is --classes N."),
    (
        "lora --backbone vit-b16 lora_alpha=32",
        "parameter 'lora_alpha' is not known.",
        "Nothing that is counted depends on it: leave it out.",
    ),
    (
        "lora --backbone vit-b16 images=4",
        "parameter 'images' is not known.",
        "Say length: the tokens of an example, those of its images among them.",
    ),
    (
        "lora --backbone vit-b16 --gpu 'RTX 9999'",
        "gpu 'RTX 9999' is no card that is known here, and no size of one.",
        "Write its memory, such as 24GB; peft-vlm-survey cost --list names the cards that are known.",
    ),
    ("lora --backbone vit-b16 --gpu v100", "gpu 'v100' comes in several sizes.", "Write V100 16GB or V100 32GB."),
    ("lora", "no backbone is named.", "Add --backbone, such as --backbone vit-b16."),
    ("--backbone vit-b16", "no method is named.", "peft-vlm-survey cost --list names them."),
    ("lora --backbone vit-b16 rnk=8", "parameter 'rnk' is not known.", "Did you mean 'rank'?"),
    (
        "lora --backbone vit-b16 shots=8",
        "parameter 'shots' is not known for lora.",
        "Use one of: rank, targets, layers, norms, biases, embeddings, positions, projector, variant, tasks, part, bits, batch, texts, length, outputs, resolution, precision, checkpointing.",
    ),
    ("lora --backbone vit-b16 rank", "'rank' is not of the form name=value.", "Write, for example, rank=8."),
    ("lora --backbone vit-b16 rank=8 rank=9", "parameter 'rank' stands twice.", "Keep one of them."),
    ("lora --list", "--list stands with other words.", "Use it alone, or with --json."),
    ("--list extra", "--list stands with other words.", "Use it alone, or with --json."),
    ("lora --backbone vit-b16 --list", "--list stands with other words.", "Use it alone, or with --json."),
    ("lora --backbone vit-b16 targets=q,q", "target 'q' stands twice.", "Name each matrix once."),
    ("lora --backbone vit-b16 variant=dorra", "variant 'dorra' is not known.", "Did you mean 'dora'?"),
    ("lora --backbone vit-b16 norms=maybe", "norms 'maybe' is neither yes nor no.", "Write yes or no."),
    ("lora --backbone vit-b16 part=visual", "part 'visual' is not known.", "Use one of: vision."),
]


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["cost", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_example_of_the_book_is_answered(capsys):
    code, out, err = run(capsys, "lora", "--backbone", "vit-b16", "rank=8", "targets=q,v")
    assert (code, err) == (0, "")
    assert "294,912 (0.3437 % of 85,798,656)" in out


@pytest.mark.parametrize("words", [["rank=16", "--classes", "101"], ["--classes", "101", "rank=16"]])
def test_the_words_may_stand_in_any_order(capsys, words):
    _, out, _ = run(capsys, "--json", *LORA, *words)
    assert json.loads(out)["trainable"] == 667493


@each("method", METHODS)
def test_every_method_is_answered_on_a_backbone_of_its_kind(capsys, method):
    backbone = {"clip": "clip-vit-b16", "detector": "glip-t"}.get(METHODS[method].needs, "clip-bart")
    code, out, _ = run(capsys, method, "--backbone", backbone, "--classes", "100", "--json")
    assert code == 0
    assert json.loads(out)["trainable"] > 0


@each("method", METHODS)
def test_every_answer_for_a_person_names_what_is_counted_and_what_not(capsys, method):
    backbone = {"clip": "clip-vit-b16", "detector": "glip-t"}.get(METHODS[method].needs, "clip-bart")
    _, out, _ = run(capsys, method, "--backbone", backbone, "--classes", "100", "tasks=2", "--explain")
    assert all(f"\n{word}" in out for word in ("trainable", "formula", "counted", "not counted", "per task"))


@pytest.mark.parametrize(("words", "message", "remedy"), WRONG)
def test_a_name_that_is_not_known_is_told_the_nearest_or_the_way_out(capsys, words, message, remedy):
    assert run(capsys, *shlex.split(words)) == (2, "", f"{message}\n    {remedy}\n")


@pytest.mark.parametrize("key", REFUSALS)
def test_what_cannot_be_is_refused_with_the_way_out(capsys, key):
    message, remedy = (re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in REFUSALS[key])
    for words in REFUSED[key]:
        code, _, told = run(capsys, *words.split())
        assert code == 2
        assert re.fullmatch(f"{message}\n    {remedy}\n", told), told


def test_an_option_that_there_is_not_exits_with_two():
    done = subprocess.run(
        [sys.executable, "-m", "peft_vlm_survey", "cost", "lora", "--colour"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2


def test_the_list_names_every_method_with_its_variants_and_parameters_and_every_backbone(capsys):
    code, out, _ = run(capsys, "--list")
    assert code == 0
    assert all(f"  {name}: " in out for name in (*METHODS, *PARAMETERS, *shapes(ROOT)))
    assert all(variant in out for method in METHODS.values() if len(method.variants) > 1 for variant in method.variants)


def test_the_list_as_json_has_defaults_and_formulas(capsys):
    _, out, _ = run(capsys, "--list", "--json")
    lora = json.loads(out)["methods"]["lora"]
    assert (lora["parameters"], lora["formula"]) == (
        {"rank": "8", "targets": "q,v", "layers": None},
        "r*sum_M(d_in + d_out)",
    )


def test_the_head_says_the_part_and_the_memory_how_weights_are_held(capsys):
    _, out, _ = run(capsys, "lora", "--backbone", "clip-vit-b16", "part=vision", "weights=32", "--explain")
    assert out.startswith("lora (lora) on clip-vit-b16, image tower: rank=8")
    assert "backbone in 32 bits, computed in 16)" in out
    _, out, _ = run(capsys, "lora", "--backbone", "bert-base", "precision=32", "--json")
    found = json.loads(out)
    assert (found["place"], found["memory_setting"]["held"]) == ("", "all in 32 bits")


@pytest.mark.parametrize("words", ["cost --list", "choose --list", "cost lora --backbone vit-b16"])
def test_a_reader_that_stops_early_is_no_error(words):
    asked = f"set -o pipefail; {sys.executable} -m peft_vlm_survey {words} | head -c 1 >/dev/null; exit 0"
    done = subprocess.run(["bash", "-c", asked], cwd=ROOT, capture_output=True, check=True, text=True)
    assert done.stderr == ""


def test_the_help_of_the_program_names_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "peft_vlm_survey", "--help"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert "what a method costs" in done.stdout


def test_lines_to_run_stand_in_text_and_json(capsys):
    words = ["lora", "--backbone", "qwen2.5-vl-7b", "rank=16"]
    found = json.loads(run(capsys, *words, "--json")[1])
    libraries = [lines["library"].split()[0] for lines in found["run"]]
    assert libraries == ["peft", "TRL", "LLaMA-Factory", "ms-swift"]
    text = run(capsys, *words, "--run")[1]
    for lines in found["run"]:
        assert lines["title"] in text
        assert all(line in text for line in lines["lines"])
    assert all(line in text for line in found["others_ran"]["script"])
    assert found["others_ran"]["script_of"] in text


def test_no_lines_are_said_to_be_known_where_none_are(capsys):
    assert run(capsys, "hyperformer", "--backbone", "clip-t5", "--run")[1] == "no commands are known\n"


@pytest.mark.parametrize(
    ("backbone", "targets", "matrix"),
    [
        ("sam-vit-h", "q,v", "one matrix, qkv"),
        ("qwen2.5-vl-7b", "q,vision.q", "one matrix, qkv"),
        ("phi-3-mini", "q_proj", "one matrix, qkv_proj"),
        ("phi-4-multimodal", "q", "one matrix, qkv_proj"),
        ("falcon-7b", "query", "one matrix, query_key_value"),
        ("llama-3.1-8b", "c_attn", "apart"),
    ],
)
def test_targets_that_do_not_stand_in_the_model_so_are_priced_with_a_warning_and_without_lines(
    capsys, backbone, targets, matrix
):
    words = ["lora", "--backbone", backbone, f"targets={targets}"]
    code, text, _ = run(capsys, *words, "--explain")
    found = json.loads(run(capsys, *words, "--json")[1])
    assert code == 0
    assert matrix in found["warnings"][0]
    assert f"warning         {found['warnings'][0]}" in text
    assert found["run"] == []


@pytest.mark.parametrize(
    ("backbone", "targets"),
    [
        ("sam-vit-h", "qkv"),
        ("vit-b16", "q,v"),
        ("vit-b16", "qkv"),
        ("llama-3.1-8b", "q,v"),
        ("phi-3-mini", "qkv_proj"),
        ("phi-4-multimodal", "qkv,vision.q"),  # fused in the language model, apart in the tower
    ],
)
def test_targets_that_stand_in_the_model_are_priced_without_a_warning(capsys, backbone, targets):
    found = json.loads(run(capsys, "lora", "--backbone", backbone, f"targets={targets}", "--json")[1])
    assert found["warnings"] == []
    assert found["run"]


@pytest.mark.parametrize(
    ("name", "id"), [("LoRA", "lora"), ("VPT_deep", "vpt-deep"), ("IA3", "ia3"), ("compacter++", "compacter-pp")]
)
def test_a_method_is_known_however_its_letters_are_joined(capsys, name, id):
    assert run(capsys, name, "--backbone", "t5-base")[1].startswith(f"{id} (")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["coop"],
            "state the number of texts (--classes N): memory grows with it; 100 are assumed, one for each class",
        ),
        (
            ["lora"],
            "state the number of texts (texts=N): memory grows with it; 100 are assumed, one for each class or pair",
        ),
        (["coop", "--classes", "47"], ""),
        (["coop", "texts=47"], ""),
        (["clip-adapter"], ""),
        (["lora", "targets=vision.q"], ""),
    ],
)
def test_how_many_texts_clip_reads_is_asked_before_anything_is_counted(capsys, words, said):
    code, text, _ = run(capsys, *words, "--backbone", "clip-vit-b16", "--gpu", "12GB", "--explain")
    told = [line for line in text.splitlines() if line.startswith("texts ")]
    assert (code, told) == (0, [f"texts           {said}"] if said else [])
    if said:
        assert text.splitlines().index(told[0]) < text.splitlines().index(
            "                p: learned tokens" if words == ["coop"] else "                r: rank"
        )


def test_whether_it_fits_stands_before_how_it_is_counted(capsys):
    _, text, _ = run(capsys, "lora", "--backbone", "llava-1.5-7b", "rank=8", "--gpu", "24GB", "--explain")
    lines = text.splitlines()
    verdict = next(place for place, line in enumerate(lines) if line.startswith("on a card of 24 GB: FITS"))
    assert verdict == 2
    assert lines.index("                r: rank") > verdict


@each("method", METHODS)
@pytest.mark.parametrize("card", [[], ["--gpu", "24GB", "--gpus", "2"]])
def test_the_answer_is_one_screen(capsys, method, card):
    for backbone in ("llava-1.5-7b", "qwen2.5-vl-7b", "clip-vit-b16", "t5-base", "flux.1-dev", "swin-b", "glip-t"):
        code, text, _ = run(capsys, method, "--backbone", backbone, "--classes", "100", "tasks=2", *card)
        if code == 0:
            lines = text.splitlines()
            assert len(lines) <= 15
            assert max(map(len, lines)) <= 100
            assert lines[-1].startswith("more ")
        else:
            assert code == 2


def test_the_screen_has_the_verdict_one_range_how_sure_it_is_and_what_to_say_next(capsys):
    words = ["lora", "--backbone", "llava-1.5-7b", "rank=8", "--gpu", "24GB"]
    text = run(capsys, *words)[1]
    told = json.loads(run(capsys, *words, "--json")[1])["fit"]
    fields = {line.split()[0]: line for line in text.splitlines()}
    assert told["verdict"].upper() in fields["verdict"]
    assert f"{told['needed_gb']['low']:.1f} to {told['needed_gb']['high']:.1f} GB" in fields["memory"]
    assert text.count(" to ") == 1 + fields["more"].count(" to ")
    figure = fields["certainty"].partition("%")[0].split()[-1]
    assert f" {figure} % of such verdicts were right" in told["tested"]
    assert "library=" in fields["next"]


def test_what_does_not_fit_is_told_what_to_change_first(capsys):
    words = ["full", "--backbone", "llama-7b", "--gpu", "24GB", "--gpus", "4"]
    first = json.loads(run(capsys, *words, "--json")[1])["fit"]["changes"][0]
    assert f"add {first['words']}, and it {first['verdict']}" in run(capsys, *words)[1]


def test_no_certainty_is_claimed_for_backbones_with_experts(capsys):
    assert "certainty   untested" in run(capsys, "lora", "--backbone", "deepseek-vl2-tiny", "--gpu", "24GB")[1]
