"""A formula's number, its LaTeX and its JavaScript say the same."""

import json
import re
import shutil
import subprocess
from fractions import Fraction

import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st
from sympy import Piecewise, Rational

from peft_vlm_survey.costs import METHODS, cost, shapes
from peft_vlm_survey.costs.expressions import Expression
from peft_vlm_survey.costs.method import total
from peft_vlm_survey.costs.render import (
    BY_SYMBOL,
    as_javascript,
    as_latex,
    as_text,
    in_sympy,
    letters,
    simplified,
    symbol,
    with_numbers,
)
from peft_vlm_survey.costs.symbols import SIGNS, sign
from peft_vlm_survey.data import ROOT

SHAPES = shapes(ROOT)
FORMULAS = {f"{method.id} {name}": total(method, name) for method in METHODS.values() for name in method.variants}
SHOWN = {name: in_sympy(formula) for name, formula in FORMULAS.items()}
PLAIN = {name: simplified(formula) for name, formula in FORMULAS.items()}
TRIALS = 6


def numbers_for(formula, seed: int) -> dict:
    """Return a number for every letter by its name, the same for the same seed; switches are 0 or 1, an mlp may be missing."""
    drawn = {}
    for place, name in enumerate(sorted(used.name for used in formula.free_symbols)):
        meant = SIGNS[name]
        raw = (seed + 3) * (place + 7) * 7919 % 251 + 1
        if meant.source == "switch":
            drawn[name] = raw % 2
        elif meant.source == "fixed":
            drawn[name] = int(meant.origin)
        else:
            drawn[name] = 0 if name == "M" and raw % 3 == 0 else raw
    return drawn


def number_of(formula: Expression, numbers: dict) -> Fraction:
    """Return what the package counts with."""
    return Fraction(formula.number({sign(name): number for name, number in numbers.items()}))


def number_by_sympy(formula, numbers: dict) -> Fraction:
    found = formula.subs({symbol(name): number for name, number in numbers.items()})
    assert isinstance(found, Rational)
    return Fraction(int(found.p), int(found.q))


def value_of_latex(text: str, numbers: dict) -> float:
    """Return the value of a typeset formula, read by rules of its own."""
    for letter in sorted(numbers, key=lambda letter: -len(SIGNS[letter].latex)):
        name = re.escape(SIGNS[letter].latex)
        end = "" if name.endswith(r"\}") or name.endswith(r"\)") or name.endswith(r"\|") else r"(?![A-Za-z_])"
        text = re.sub(rf"(?<![A-Za-z_\\]){name}{end}", f" ({numbers[letter]}) ", text)
    cases = re.compile(
        r"\\begin\{cases\}(.*?)& \\text\{for\}\\: (.*?)\\\\(.*?)& \\text\{otherwise\} \\end\{cases\}", re.DOTALL
    )
    text = cases.sub(lambda found: f"(({found[1]}) if ({found[2]}) else ({found[3]}))", text)
    fraction = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
    power = re.compile(r"\^\{([^{}]*)\}")
    while fraction.search(text) or power.search(text):
        text = power.sub(r"**(\1)", text)
        text = fraction.sub(r"((\1)/(\2))", text)
    text = text.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\cdot", "*")
    assert "\\" not in text, text
    product = re.sub(r"(?<=[\d)])\s*(?=\()|(?<=\))\s*(?=\d)|(?<=\d)\s+(?=\d)", "*", text)
    return float(eval(product, {"__builtins__": {}}))  # noqa: S307


@pytest.fixture(scope="session")
def run_javascript(request):
    """Return a function that evaluates expressions of JavaScript, in node if there is one, else in Chromium."""
    script = "cases.map(([text, v]) => new Function('v', `return ${text};`)(v))"

    def run(cases: list) -> list:
        text = json.dumps(cases)
        if node := shutil.which("node"):
            program = f"const cases = {text}; console.log(JSON.stringify({script}));"
            done = subprocess.run([node, "-"], input=program, capture_output=True, check=True, text=True)
            return json.loads(done.stdout)
        page = request.getfixturevalue("chromium").new_page()
        found = page.evaluate(f"(text) => {{ const cases = JSON.parse(text); return {script}; }}", text)
        page.close()
        return found

    return run


def test_javascript_gives_the_numbers_of_python(run_javascript):
    scripts = {name: as_javascript(formula) for name, formula in FORMULAS.items()}
    trials = [(name, numbers_for(formula, seed)) for name, formula in SHOWN.items() for seed in range(TRIALS)]
    cases = [[scripts[name], numbers] for name, numbers in trials]
    expected = [float(number_of(FORMULAS[name], numbers)) for name, numbers in trials]
    assert run_javascript(cases) == pytest.approx(expected, rel=1e-12)


@each("name", FORMULAS)
def test_the_number_is_that_of_sympy(name):
    numbers = numbers_for(SHOWN[name], 1)
    assert number_of(FORMULAS[name], numbers) == number_by_sympy(SHOWN[name], numbers)


@each("name", FORMULAS)
def test_what_is_kept_and_multiplied_is_that_of_sympy(name):
    method, _, variant = name.partition(" ")
    chosen = METHODS[method].variants[variant]
    for formula in (chosen.each, chosen.once, chosen.kept, *([] if chosen.macs is None else [chosen.macs])):
        shown = in_sympy(formula)
        numbers = numbers_for(shown, 1)
        assert number_of(formula, numbers) == number_by_sympy(shown, numbers)


@each("name", FORMULAS)
def test_a_formula_has_the_letters_that_are_shown(name):
    assert {letter.name for letter in FORMULAS[name].letters} == {used.name for used in SHOWN[name].free_symbols}


@each("name", PLAIN)
@each("seed", range(TRIALS))
def test_the_typeset_formula_has_the_value_of_the_expression(name, seed):
    numbers = numbers_for(PLAIN[name], seed)
    assert value_of_latex(as_latex(PLAIN[name]), numbers) == pytest.approx(float(number_by_sympy(PLAIN[name], numbers)))


@each("name", FORMULAS)
def test_every_letter_of_a_formula_has_its_meaning(name):
    assert all(meaning for _, meaning in letters(SHOWN[name]))
    assert SHOWN[name].free_symbols <= set(BY_SYMBOL)


@each("name", PLAIN)
def test_no_two_letters_of_a_formula_look_alike(name):
    assert len({text for text, _ in letters(PLAIN[name])}) == len(PLAIN[name].free_symbols)


def test_every_letter_is_used():
    used = set().union(*(formula.letters for formula in FORMULAS.values()))
    for method in METHODS.values():
        for variant in method.variants.values():
            used |= variant.kept.letters | (variant.macs.letters if variant.macs is not None else set())
    assert set(SIGNS) == {letter.name for letter in used}


@given(
    st.sampled_from(
        [
            ("lora", "vit-b16", "rank"),
            ("adapter-houlsby", "t5-base", "bottleneck"),
            ("vpt-deep", "swin-b", "tokens"),
            ("prefix-tuning", "llama-3.1-8b", "tokens"),
            ("lst", "t5-base", "side_layers"),
            ("coop", "clip-rn50", "tokens"),
        ]
    ),
    st.integers(1, 12),
)
def test_the_formula_with_its_numbers_has_the_value_of_the_count(setting, number):
    method, backbone, parameter = setting
    counts = cost(method, backbone, [f"{parameter}={number}"], known=SHAPES)
    text = with_numbers(simplified(counts.expression, counts.setting), counts.values)
    found = eval(text.replace(",", "").replace("^", "**"), {"__builtins__": {}})  # noqa: S307
    assert found == pytest.approx(float(counts.trainable))


def test_a_formula_shows_nothing_that_is_switched_off():
    counts = cost("lora", "vit-b16", known=SHAPES)
    assert as_text(simplified(counts.expression, counts.setting)) == "r*sum_M(d_in + d_out)"


def test_a_formula_shows_its_network_only_if_there_is_one():
    for words, there in ((["mlp=512"], True), ([], False)):
        counts = cost("prefix-tuning", "bert-base", words, known=SHAPES)
        formula = simplified(counts.expression, counts.setting)
        assert not formula.has(Piecewise)
        assert ("M" in as_text(formula)) == there
