"""What a formula is written in: letters, whole numbers, and what is worked out of them.

A formula is kept as it was written, which is all that counting needs. With symbols of SymPy for numbers it becomes the form
in which it is shown (`render`); SymPy takes longer to load than most questions take.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import add, mul, pow, sub
from typing import Any

from peft_vlm_survey.costs.shapes import Number, exact


class Expression(ABC):
    """A part of a formula; the operators of Python make another one of it."""

    __slots__ = ()

    @property
    @abstractmethod
    def letters(self) -> frozenset["Letter"]:
        """The letters that stand in it."""

    @abstractmethod
    def number(self, values: Mapping["Letter", Any]) -> Any:
        """Return its number, exact, or what it is in symbols. Raises KeyError for a letter without one."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return _sum(self, other)

    def __radd__(self, other: int) -> "Expression":
        return _sum(other, self)

    def __sub__(self, other: "Expression | int") -> "Expression":
        return Operation(sub, (self, other))

    def __mul__(self, other: "Expression | int") -> "Expression":
        return _product(self, other)

    def __rmul__(self, other: int) -> "Expression":
        return _product(other, self)

    def __truediv__(self, other: "Expression | int") -> "Expression":
        return Operation(exact, (self, other))

    def __pow__(self, power: int) -> "Expression":
        return Operation(pow, (self, power))


class Letter(Expression):
    """A letter by its name; there is one of each, so that it is found at once among many."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def letters(self) -> frozenset["Letter"]:
        return frozenset((self,))

    def number(self, values: Mapping["Letter", Any]) -> Any:
        return values[self]

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return letter, (self.name,)

    def __repr__(self) -> str:
        return self.name


@cache
def letter(name: str) -> Letter:
    """Return the letter of a name."""
    return Letter(name)


@dataclass(frozen=True, slots=True)
class Operation(Expression):
    """What a function makes of the numbers of its parts."""

    work: Callable[..., Any]
    parts: tuple[Expression | int, ...]

    @property
    def letters(self) -> frozenset[Letter]:
        return frozenset().union(*(part.letters for part in self.parts if isinstance(part, Expression)))

    def number(self, values: Mapping[Letter, Any]) -> Any:
        return self.work(*(part.number(values) if isinstance(part, Expression) else part for part in self.parts))


def _itself(number: Number) -> Number:
    return number


def _chosen(given: Any, form: Any, otherwise: Any) -> Any:
    """Return one of two numbers; of symbols both, each where it holds."""
    above = given > 0
    if isinstance(above, bool):
        return form if above else otherwise
    from sympy import Piecewise  # only where a formula is shown

    return Piecewise((form, above), (otherwise, True))


ZERO = Operation(_itself, (0,))


def if_given(given: Letter, form: Expression, otherwise: Expression | int) -> Expression:
    """Return one form where a letter is above zero, and another one where it is not."""
    return Operation(_chosen, (given, form, otherwise))


def _sum(left: Expression | int, right: Expression | int) -> Expression:
    """Return a sum, in which nothing stands that adds nothing."""
    if left == ZERO and isinstance(right, Expression):
        return right
    return left if right == ZERO and isinstance(left, Expression) else Operation(add, (left, right))


def _product(left: Expression | int, right: Expression | int) -> Expression:
    """Return a product; what is multiplied by nothing is nothing, and its letters are none of the formula's."""
    return ZERO if ZERO in (left, right) else Operation(mul, (left, right))
