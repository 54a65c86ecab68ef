"""Whether two printed numbers can be one: against numbers that are rounded and cut with fractions."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, trunc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.read.rounding import CUT, EQUAL, ROUNDED, agree, explanation

NUMBER = st.integers(-1_000_000, 1_000_000).map(lambda number: Fraction(number, 10_000))
DIGITS = st.integers(0, 3)
PRINTED = st.builds(lambda number, digits: show(number, digits, round), NUMBER, DIGITS)


def half_up(number: Fraction) -> int:
    """Round to a whole number, half of one away from zero."""
    return floor(number + Fraction(1, 2)) if number >= 0 else ceil(number - Fraction(1, 2))


def half_down(number: Fraction) -> int:
    """Round to a whole number, half of one towards zero."""
    return ceil(number - Fraction(1, 2)) if number >= 0 else floor(number + Fraction(1, 2))


def show(number: Fraction, digits: int, to_whole) -> str:
    """Return a number as a table prints it with so many decimals."""
    whole = to_whole(number * 10**digits)
    digit = str(abs(whole)).rjust(digits + 1, "0")
    sign = "-" if whole < 0 else ""
    return sign + (f"{digit[:-digits]}.{digit[-digits:]}" if digits else digit)


def unit(*printed: str) -> Fraction:
    """Return one unit of the last digit of the number that has the fewest."""
    return max(Fraction(1, 10 ** len(number.partition(".")[2])) for number in printed)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("60.27", "60.27", EQUAL),
        ("60.3", "60.30", EQUAL),
        ("79.89", "79.88636363636364", ROUNDED),
        ("79.5", "79.51", ROUNDED),
        ("79.5", "79.45", ROUNDED),
        ("79.5", "79.55", ROUNDED),
        ("79.5", "79.56", CUT),
        ("79.5", "79.59", CUT),
        ("79.5", "79.60", ""),
        ("79.5", "79.44", ""),
        ("60.26", "60.27", CUT),
        ("60.26", "60.28", ""),
        ("59.90", "59.91", CUT),
        ("89.31", "89.81", ""),
        ("-79.5", "-79.59", CUT),
        ("-79.5", "-79.44", ""),
        ("0", "-0.9", CUT),
        ("0.1", "-0.1", ""),
        ("3.4E5", "3.40E5", EQUAL),
        ("3.4E5", "3.44E5", ROUNDED),
        ("3.4E5", "3.46E5", CUT),
        ("100", "100.4", ROUNDED),
        ("100", "101", CUT),
    ],
)
def test_the_printed_digits_say_what_explains_two_values(one, other, expected):
    assert explanation(one, other) == explanation(other, one) == expected


@given(NUMBER, DIGITS, DIGITS)
def test_a_number_agrees_with_itself_rounded(number, digits, more):
    exact = show(number, digits + more, half_up)
    for to_whole in (half_up, round):
        assert agree(show(Fraction(exact), digits, to_whole), exact)


@given(NUMBER, DIGITS, DIGITS)
def test_a_number_that_is_cut_is_explained(number, digits, more):
    exact = show(number, digits + more, trunc)
    cut = show(Fraction(exact), digits, trunc)
    assert explanation(cut, exact)


@given(NUMBER, DIGITS)
def test_two_tables_of_which_one_cuts_and_one_rounds_are_explained(number, digits):
    assert explanation(show(number, digits, trunc), show(number, digits, half_up))


@given(PRINTED, PRINTED)
def test_values_agree_when_rounding_the_longer_gives_the_shorter(one, other):
    digits = min(len(text.partition(".")[2]) for text in (one, other))
    pairs = [[show(Fraction(text), digits, to_whole) for text in (one, other)] for to_whole in (half_up, half_down)]
    assert agree(one, other) == any(Decimal(a) == Decimal(b) for a, b in pairs)


@given(PRINTED, PRINTED)
def test_values_a_unit_apart_are_never_called_equal_or_rounded(one, other):
    if abs(Fraction(one) - Fraction(other)) >= unit(one, other):
        assert not agree(one, other)


@given(PRINTED, PRINTED)
def test_values_more_than_a_unit_apart_are_explained_by_nothing(one, other):
    if abs(Fraction(one) - Fraction(other)) > unit(one, other):
        assert explanation(one, other) == ""


@given(PRINTED, PRINTED)
def test_what_explains_two_values_does_not_depend_on_their_order(one, other):
    assert explanation(one, other) == explanation(other, one)
