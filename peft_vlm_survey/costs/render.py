"""Write a formula as text, as LaTeX and as JavaScript; all three come from the one expression."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache

from sympy import Expr, Integer, Piecewise, Symbol, latex, sstr
from sympy.printing.jscode import JavascriptCodePrinter

from peft_vlm_survey.costs.setting import Setting
from peft_vlm_survey.costs.shapes import Number
from peft_vlm_survey.costs.symbols import BY_SYMBOL, sign


def significant(number: float, digits: int) -> str:
    """Return a number with so many digits that count, written out however large or small.

    >>> significant(343729.6, 4), significant(0.1827161, 3), significant(0.0000031, 2)
    ('343,700', '0.183', '0.0000031')
    """
    return f"{Decimal(f'{number:.{digits}g}'):,f}"


def simplified(expression: Expr, setting: Setting | None = None) -> Expr:
    """Return the formula without what is switched off, without tasks if there is one, without a head if none is counted."""
    known: dict[Symbol, Expr] = {}
    for symbol in expression.free_symbols:
        letter = BY_SYMBOL[symbol]
        if letter.source == "switch":
            on = setting is not None and _on(setting, letter.origin)
            known[symbol] = Integer(int(on))
    if setting is None or setting.numbers["tasks"] == 1:
        known[sign("K")] = Integer(1)
    if setting is not None:
        if not setting.numbers.get("mlp"):
            known[sign("M")] = Integer(0)
        if setting.shape.head_fixed == 0:
            known[sign("c_0")] = Integer(0)
    found = _put_in(expression, frozenset(known.items()))
    if setting is not None and setting.numbers.get("mlp"):
        return found.replace(Piecewise, lambda first, *_: first.expr)
    return found


@cache  # many settings of a method have one formula
def _put_in(expression: Expr, known: frozenset[tuple[Symbol, Expr]]) -> Expr:
    return expression.subs(known)


def _on(setting: Setting, name: str) -> bool:
    return setting.classes is not None if name == "head" else setting.switches.get(name, False)


def as_text(expression: Expr) -> str:
    """Return the formula in plain letters."""
    return _replaced(expression, {symbol.name: letter.text for symbol, letter in BY_SYMBOL.items()})


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


def with_numbers(expression: Expr, values: Mapping[Symbol, Number]) -> str:
    """Return the formula with every letter replaced by its number, nothing computed."""
    return _replaced(expression, {symbol.name: _digits(values[symbol]) for symbol in expression.free_symbols})


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


def as_javascript(expression: Expr) -> str:
    """Return the formula as an expression of JavaScript in the properties of `v`."""
    return str(_Printer().doprint(expression))
