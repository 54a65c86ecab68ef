import pytest
from every import each
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.formulas import FORMULA, spell_out
from peft_vlm_survey.read.reference_rules import MATH_COMMANDS


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("k", "k"),
        ("^2", "²"),
        ("E^{3}", "E³"),
        ("L_0", "L₀"),
        ("S^2_{ij}", "S²ᵢⱼ"),
        (r"\ell_2", "ℓ₂"),
        (r"\Delta W", "Δ W"),
        (r"\mathbf{x}", "x"),
        (r"\frac{1}{n}", "1/n"),
        (r"\frac ab", "a/b"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"\sqrt{n}", "√n"),
        (r"\sqrt{a+b}", "√(a+b)"),
        (r"10\times", "10×"),
        ("x^T", "x^T"),
        ("x_{Q}", "x_Q"),
        ("x^{A+B}", "x^(A+B)"),
        ("x^", "x"),
        ("{a", "a"),
        ("a}b", "a"),
        ("", ""),
    ],
)
def test_a_formula_is_written_as_unicode(formula, text):
    assert spell_out(formula) == text


@each("command", sorted(MATH_COMMANDS))
def test_every_command_that_a_title_may_use_is_known(command):
    assert "\\" not in spell_out(rf"\{command}{{a}}{{b}}") and command not in spell_out(rf"\{command}{{a}}{{b}}")


@given(st.text("ab12^_{}\\ ~+"))
def test_no_formula_is_too_odd(formula):
    assert isinstance(spell_out(formula), str)


def test_no_title_of_the_book_keeps_a_sign_of_tex():
    titles = [reference.title for reference in the_survey().references.values() if FORMULA.search(reference.title)]
    spelled = [spell_out(formula[1:-1]) for title in titles for formula in FORMULA.findall(title)]
    assert [text for text in spelled if set(text) & set("\\{}$")] == []
