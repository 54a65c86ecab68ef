"""Write a formula as text, as LaTeX and as JavaScript; all three come from the one expression."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from sympy import Expr, Integer, Piecewise, Symbol, latex, sstr, sympify
from sympy.printing.jscode import JavascriptCodePrinter

from peft_vlm_survey.costs.expressions import Expression, Letter
from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Number
from peft_vlm_survey.costs.symbols import SIGNS, Sign, sign


def symbol(name: str) -> Symbol:
    """Return a letter as SymPy has it."""
    return Symbol(name, nonnegative=True)


BY_SYMBOL: Mapping[Symbol, Sign] = {symbol(name): letter for name, letter in SIGNS.items()}


def in_sympy(expression: Expression) -> Expr:
    """Return a formula as SymPy has it, which orders terms and factors, and works out what numbers there are."""
    return sympify(expression.number({letter: symbol(letter.name) for letter in expression.letters}))


def simplified(expression: Expression, setting: Setting | None = None) -> Expr:
    """Return the formula as SymPy has it, without what is switched off, without tasks if there is one, without a head if none is counted."""
    known: dict[str, int] = {}
    for letter in expression.letters:
        meant = SIGNS[letter.name]
        if meant.source == "switch":
            known[letter.name] = int(setting is not None and _on(setting, meant.origin))
    if setting is None or setting.numbers["tasks"] == 1:
        known["K"] = 1
    if setting is not None:
        if not setting.numbers.get("mlp"):
            known["M"] = 0
        if setting.shape.head_fixed == 0:
            known["c_0"] = 0
    formula = _put_in(in_sympy(expression), frozenset(known.items()))
    if setting is not None and setting.numbers.get("mlp"):
        return formula.replace(Piecewise, lambda first, *_: first.expr)
    return formula


@cache  # many settings of a method have one formula
def _put_in(expression: Expr, known: frozenset[tuple[str, int]]) -> Expr:
    return expression.subs({symbol(name): Integer(number) for name, number in known})


def _on(setting: Setting, name: str) -> bool:
    return setting.classes is not None if name == "head" else setting.switches.get(name, False)


def as_text(expression: Expr) -> str:
    """Return the formula in plain letters."""
    return _replaced(expression, {name: letter.text for name, letter in SIGNS.items()})


def _replaced(expression: Expr, words: Mapping[str, str]) -> str:
    """Return the formula as text, each name replaced by a word."""
    return re.sub(r"[A-Za-z]\w*", lambda found: words.get(found[0], found[0]), _in_names(expression))


@cache
def _in_names(expression: Expr) -> str:
    return str(sstr(expression)).replace("**", "^")


@cache
def as_latex(expression: Expr) -> str:
    """Return the formula as LaTeX, without delimiters."""
    names = {symbol: letter.latex for symbol, letter in BY_SYMBOL.items()}
    return str(latex(expression, symbol_names=names))


def with_numbers(expression: Expr, values: Mapping[Letter, Number]) -> str:
    """Return the formula with every letter replaced by its number, nothing computed."""
    return _replaced(expression, {used.name: _digits(values[sign(used.name)]) for used in expression.free_symbols})


def _digits(number: Number) -> str:
    text = str(number) if isinstance(number, Fraction) and number.denominator != 1 else f"{int(number):,}"
    return f"({text})" if "/" in text else text


def letters(expression: Expr) -> tuple[tuple[str, str], ...]:
    """Return the letters of a formula as text, each with its meaning, in the order of the glossary."""
    used = expression.free_symbols
    return tuple((letter.text, letter.meaning) for symbol, letter in BY_SYMBOL.items() if symbol in used)


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    """Write every letter as a property of `v`, so that no letter is a word of the language."""

    def _print_Symbol(self, expr: Symbol) -> str:
        return f"v.{expr.name}"


def as_javascript(expression: Expression) -> str:
    """Return the formula as an expression of JavaScript in the properties of `v`."""
    return str(_Printer().doprint(in_sympy(expression)))
