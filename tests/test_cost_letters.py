"""Formulas in the letters of one architecture give the counts of its backbones."""

import pytest
from every import each

from peft_vlm_survey.costs import METHODS, cost, shapes
from peft_vlm_survey.costs.formula_latex import ARCHITECTURES, MEANINGS, in_letters, latex_in_letters
from peft_vlm_survey.costs.render import BY_SYMBOL, symbol
from peft_vlm_survey.data import ROOT

SHAPES = shapes(ROOT)
BACKBONES = {
    "vit": ("vit-b16", {"L": 12, "d": 768, "f": 3072, "h": 12, "T": 197, "P": 16}),
    "decoder": ("llama-3.1-8b", {"L": 32, "d": 4096, "f": 14336, "h": 32, "k": 8, "d_k": 128, "V": 128256}),
    "t5": ("t5-base", {"E": 12, "D": 12, "d": 768, "f": 3072, "h": 12, "d_k": 64, "V": 32128}),
}
ASKED = {
    "vit": "full bitfit norm-tuning lora ssf adapter-houlsby adaptformer vpt-deep vpt-shallow prefix-tuning compacter lst",
    "decoder": "full norm-tuning lora ia3 adapter-pfeiffer prefix-tuning prompt-tuning llama-adapter qlora",
    "t5": "full bitfit norm-tuning lora ia3 adapter-houlsby compacter-pp hyperformer vl-adapter vl-pet lst",
}
CASES = [(method, architecture) for architecture, methods in ASKED.items() for method in methods.split()]


@each("method, architecture", CASES)
def test_a_formula_in_letters_gives_the_count(method, architecture):
    backbone, letters = BACKBONES[architecture]
    targets = ("k", "v", "down" if architecture == "decoder" else "fc2") if method == "ia3" else ("q", "v")
    words = ["norms=no"] if METHODS[method].switches.get("norms") else []
    words += ["projector=no"] if METHODS[method].switches.get("projector") else []
    counts = cost(method, backbone, words, known=SHAPES)
    values = {letter.name: number for letter, number in counts.values.items()} | letters
    found = in_letters(method, architecture, targets=targets).subs({symbol(name): values[name] for name in values})
    assert found == counts.trainable


@each("method, architecture", CASES)
def test_every_letter_has_a_meaning(method, architecture):
    assert in_letters(method, architecture).free_symbols <= {*MEANINGS, *BY_SYMBOL}


@pytest.mark.parametrize(
    ("method", "architecture", "typeset"),
    [
        ("bitfit", "vit", r"L \left(7 d + f\right) + 2 d"),
        ("lora", "vit", r"4 L d r"),
        ("ssf", "vit", r"L \left(14 d + 2 f\right) + 4 d"),
        ("norm-tuning", "decoder", r"2 L d + d"),
    ],
)
def test_a_formula_is_typeset_as_the_papers_have_it(method, architecture, typeset):
    assert latex_in_letters(method, architecture) == typeset


def test_an_architecture_for_each_kind_of_backbone():
    assert set(ARCHITECTURES) == set(BACKBONES)
