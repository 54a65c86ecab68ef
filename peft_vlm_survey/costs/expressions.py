"""What a formula is written in: letters, whole numbers, sums, differences, products, quotients, powers, and one case.

A formula is kept as it was written, which is all that counting needs. SymPy, which takes longer to load than most questions
take, brings it into the form in which it is shown; `render` asks it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from peft_vlm_survey.costs.shapes import Number, exact


class Expression(ABC):
    """A part of a formula; the operators of Python make another one of it."""

    __slots__ = ()

    @property
    @abstractmethod
    def letters(self) -> frozenset["Letter"]:
        """The letters that stand in it."""

    @abstractmethod
    def number(self, values: Mapping["Letter", Number]) -> Number:
        """Return its number, exact. Raises KeyError for a letter without one."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return _sum(self, _of(other))

    def __radd__(self, other: int) -> "Expression":
        return _sum(_of(other), self)

    def __sub__(self, other: "Expression | int") -> "Expression":
        return Difference(self, _of(other))

    def __mul__(self, other: "Expression | int") -> "Expression":
        return _product(self, _of(other))

    def __rmul__(self, other: int) -> "Expression":
        return _product(_of(other), self)

    def __truediv__(self, other: "Expression | int") -> "Expression":
        return Quotient(self, _of(other))

    def __pow__(self, power: int) -> "Expression":
        return Power(self, power)


class Letter(Expression):
    """A letter by its name; there is one of each, so that it is found at once among many."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def letters(self) -> frozenset["Letter"]:
        return frozenset((self,))

    def number(self, values: Mapping["Letter", Number]) -> Number:
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
class Whole(Expression):
    """A whole number."""

    value: int

    @property
    def letters(self) -> frozenset[Letter]:
        return frozenset()

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return self.value


@dataclass(frozen=True, slots=True)
class _Pair(Expression):
    left: Expression
    right: Expression

    @property
    def letters(self) -> frozenset[Letter]:
        return self.left.letters | self.right.letters


class Sum(_Pair):
    """Two terms."""

    __slots__ = ()

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return self.left.number(values) + self.right.number(values)


class Difference(_Pair):
    """One term less another."""

    __slots__ = ()

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return self.left.number(values) - self.right.number(values)


class Product(_Pair):
    """Two factors."""

    __slots__ = ()

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return self.left.number(values) * self.right.number(values)


class Quotient(_Pair):
    """A dividend by a divisor."""

    __slots__ = ()

    def number(self, values: Mapping[Letter, Number]) -> Number:
        """Return its number: whole if it comes out whole."""
        return exact(self.left.number(values), self.right.number(values))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Power(Expression):
    """A base to a whole number."""

    base: Expression
    power: int

    @property
    def letters(self) -> frozenset[Letter]:
        return self.base.letters

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return self.base.number(values) ** self.power


@dataclass(frozen=True, slots=True)
class IfGiven(Expression):
    """One form where a letter is above zero, and another one where it is not."""

    given: Letter
    form: Expression
    otherwise: Expression

    @property
    def letters(self) -> frozenset[Letter]:
        return self.given.letters | self.form.letters | self.otherwise.letters

    def number(self, values: Mapping[Letter, Number]) -> Number:
        return (self.form if values[self.given] > 0 else self.otherwise).number(values)


ZERO = Whole(0)


def if_given(given: Letter, form: Expression, otherwise: Expression | int) -> Expression:
    """Return one form where a letter is above zero, and another one where it is not."""
    return IfGiven(given, form, _of(otherwise))


def _of(thing: Expression | int) -> Expression:
    return thing if isinstance(thing, Expression) else Whole(thing)


def _sum(left: Expression, right: Expression) -> Expression:
    """Return a sum, in which nothing stands that adds nothing."""
    if left == ZERO:
        return right
    return left if right == ZERO else Sum(left, right)


def _product(left: Expression, right: Expression) -> Expression:
    """Return a product; what is multiplied by nothing is nothing, and its letters are none of the formula's."""
    return ZERO if ZERO in (left, right) else Product(left, right)
