"""Formulas in the letters of a ViT give the counts of one."""

from every import each

from peft_vlm_survey.costs import METHODS, cost, shapes
from peft_vlm_survey.costs.formula_latex import MEANINGS, on_a_vit
from peft_vlm_survey.costs.render import BY_SYMBOL, symbol
from peft_vlm_survey.data import ROOT

LETTERS = {"L": 12, "d": 768, "f": 3072, "h": 12, "T": 197, "P": 16}
ASKED = [
    *("full", "bitfit", "norm-tuning", "lora", "ssf", "adapter-houlsby", "adaptformer", "vpt-deep", "vpt-shallow"),
    *("prefix-tuning", "compacter", "lst"),
]


@each("method", ASKED)
def test_a_formula_in_letters_gives_the_count(method):
    words = ["norms=no"] if METHODS[method].switches.get("norms") else []
    counts = cost(method, "vit-b16", words, known=shapes(ROOT))
    values = {letter.name: number for letter, number in counts.values.items()} | LETTERS
    assert on_a_vit(method).subs({symbol(name): values[name] for name in values}) == counts.trainable


@each("method", ASKED)
def test_every_letter_has_a_meaning(method):
    assert on_a_vit(method).free_symbols <= {*MEANINGS, *BY_SYMBOL}
