"""Averages and shares: what the package recomputes, against fractions."""

import dataclasses
import statistics
from fractions import Fraction
from functools import cache
from math import ceil, floor
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from peft_vlm_survey.check.averages import averages, unrecorded_mismatch, wrong_share
from peft_vlm_survey.data import find_problems, load

HERE = Path(__file__).parent
# Three ways to round to a whole number; they differ only half-way between two.
ROUNDINGS = (round, lambda number: floor(number + Fraction(1, 2)), lambda number: ceil(number - Fraction(1, 2)))
ROUNDING = st.sampled_from(ROUNDINGS)
DIGITS = st.integers(0, 3)
SCORE = st.integers(0, 1_000_000).map(lambda number: Fraction(number, 10_000))
POSITIVE = st.integers(10_000, 1_000_000).map(lambda number: Fraction(number, 10_000))


def show(number: Fraction, digits: int, to_whole=round) -> str:
    """Return a number, which is not negative, as a table prints it with so many decimals."""
    whole = str(to_whole(number * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole


def half_unit(printed: str) -> Fraction:
    """Return half a unit of the last printed digit."""
    return Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))


def mean(numbers) -> Fraction:
    numbers = list(numbers)
    return sum(numbers, Fraction(0)) / len(numbers)


def harmonic(numbers) -> Fraction:
    return 1 / mean(1 / number for number in numbers)


@cache
def tiny():
    """Return the tiny survey; no fixture, for hypothesis prints the arguments of a test that fails."""
    return load(HERE / "good")


def printing(scores, **parts):
    """Return a survey of one printed row of scores; `parts` says what each average averages, and how."""
    (one,) = [number for number in tiny().results if number.origin == "grounder-table3"]
    named = tiny().benchmark("tinyref")
    known = [
        dataclasses.replace(
            named, benchmark=name, averages=parts.get(name, ("", ()))[0], parts=tuple(parts.get(name, ("", ()))[1])
        )
        for name in dict.fromkeys([*scores, *parts, *(part for _, members in parts.values() for part in members)])
    ]
    return dataclasses.replace(
        tiny(),
        benchmarks=tuple(known),
        results=tuple(dataclasses.replace(one, benchmark=name, value=value) for name, value in scores.items()),
        mismatches=(),
    )


def average(how, printed, parts):
    """Return the average `printed` over the printed `parts`, as the package recomputes it."""
    names = [f"part{number}" for number in range(len(parts))]
    scores = {**dict(zip(names, parts, strict=True)), "average": printed}
    survey = printing(scores, average=(how, names))
    (found,) = averages(survey)
    # The rule looks at most of them in a shorter way, and must come to the same.
    assert [problem.path for problem in unrecorded_mismatch(survey)] == [found.result.row.path] * (not found.holds)
    return found


def recomputed(how, parts):
    return Fraction(average(how, "1.0", parts).recomputed)


def told(root):
    return [(problem.path, problem.line) for problem in find_problems(root)]


def append(root, file, *lines):
    with (root / file).open("a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


# Averages of the tiny survey


@pytest.mark.parametrize(
    ("method", "benchmark", "value", "holds"),
    [
        ("Full fine-tuning", "tinyharmonic", "75.027", True),
        ("Full fine-tuning", "tinygroups", "55.492", True),
        ("Seer", "tinyharmonic", "76.675", False),
        ("Seer", "tinyanimals", "67.500", True),
        ("Seer", "tinythings", "46.667", True),
        ("Seer", "tinygroups", "57.100", True),
    ],
)
def test_a_printed_average_is_recomputed_from_its_parts(method, benchmark, value, holds):
    (found,) = [a for a in averages(tiny()) if (a.result.method, a.result.benchmark) == (method, benchmark)]
    assert (f"{found.recomputed:.3f}", found.holds) == (value, holds)


def test_every_printed_average_of_the_tiny_survey_is_recomputed():
    assert len(list(averages(tiny()))) == 6


# Means


@given(st.lists(st.tuples(SCORE, DIGITS), min_size=1, max_size=9), DIGITS, ROUNDING)
@example([(Fraction(15, 1000), 2), *[(Fraction(n, 100), 1) for n in (15, 15, 35, 35, 35, 35)]], 2, round)
def test_a_mean_that_is_rounded_from_the_true_mean_holds(parts, digits, to_whole):
    printed = show(mean(score for score, _ in parts), digits, to_whole)
    assert average("mean", printed, [show(*part, to_whole) for part in parts]).holds


@given(st.lists(st.tuples(SCORE, DIGITS), min_size=1, max_size=9), DIGITS, st.integers(-9_999, 9_999))
def test_a_mean_that_is_shifted_by_more_than_rounding_does_not_hold(parts, digits, units):
    printed = [show(*part) for part in parts]
    true = mean(map(Fraction, printed))
    shifted = show(max(true + Fraction(units, 10**digits), Fraction(0)), digits)
    tolerance = half_unit(shifted) + mean(map(half_unit, printed))
    assume(abs(Fraction(shifted) - true) > tolerance)
    assert not average("mean", shifted, printed).holds


@pytest.mark.parametrize(
    ("printed", "holds"), [("50.0", True), ("50.1", True), ("49.9", True), ("50.2", False), ("49.8", False)]
)
def test_a_mean_of_numbers_with_one_decimal_may_be_off_by_one_in_the_last_place(printed, holds):
    assert average("mean", printed, ["40.0", "60.0"]).holds is holds


@pytest.mark.parametrize(
    ("printed", "parts", "holds"),
    [
        ("50.00", ["40.00", "60.01"], True),
        ("50.02", ["40.00", "60.01"], False),
        ("51", ["40.00", "61.00"], True),
        ("50", ["40.00", "61.00"], True),
        ("50", ["40.00", "61.04"], False),
        ("50", ["40", "62"], True),
        ("50", ["40", "63"], False),
        ("-1.5", ["-1.0", "-2.0"], True),
        ("1.5", ["-1.0", "-2.0"], False),
    ],
)
def test_the_printed_digits_say_how_far_a_mean_may_be_off(printed, parts, holds):
    assert average("mean", printed, parts).holds is holds


# Harmonic means


@given(st.lists(st.tuples(POSITIVE, DIGITS), min_size=1, max_size=4), DIGITS, ROUNDING)
@example([(Fraction(1, 2), 0), (Fraction(3, 2), 0)], 3, ROUNDINGS[1])
def test_a_harmonic_mean_that_is_rounded_from_the_true_one_holds(parts, digits, to_whole):
    printed = show(harmonic(score for score, _ in parts), digits, to_whole)
    assert average("harmonic mean", printed, [show(*part, to_whole) for part in parts]).holds


@given(st.lists(POSITIVE, min_size=1, max_size=4), st.integers(1, 3), st.integers(-9_999, 9_999))
def test_a_harmonic_mean_that_is_shifted_by_more_than_rounding_does_not_hold(scores, digits, units):
    printed = [show(score, digits) for score in scores]
    true = harmonic(map(Fraction, printed))
    shifted = show(max(true + Fraction(units, 10**digits), Fraction(0)), digits)
    # No part moves a harmonic mean of n parts by more than n times as far as it moves itself.
    assume(abs(Fraction(shifted) - true) > half_unit(shifted) * (1 + len(scores)))
    assert not average("harmonic mean", shifted, printed).holds


@given(st.lists(POSITIVE, min_size=1, max_size=6), DIGITS)
def test_a_harmonic_mean_is_that_of_the_standard_library(scores, digits):
    printed = [show(score, digits) for score in scores]
    exact = statistics.harmonic_mean(list(map(Fraction, printed)))
    assert abs(recomputed("harmonic mean", printed) - exact) < Fraction(1, 10**20)


@pytest.mark.parametrize("part", ["0", "0.00", "-1.0"])
def test_a_part_that_is_not_positive_has_no_harmonic_mean(part):
    survey = printing({"a": part, "b": "50.0", "h": "0.0"}, h=("harmonic mean", ["a", "b"]))
    assert list(averages(survey)) == []


def test_the_arithmetic_mean_is_no_harmonic_mean():
    assert not average("harmonic mean", "77.0", ["82.0", "72.0"]).holds


# Means of group means


@given(st.lists(st.lists(SCORE, min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_mean_of_group_means_follows_from_the_tasks(groups):
    names = {f"group{g}": [f"task{g}-{t}" for t in range(len(group))] for g, group in enumerate(groups)}
    tasks = [name for members in names.values() for name in members]
    scores = dict(zip(tasks, [show(task, 1) for group in groups for task in group], strict=True))
    parts = {name: ("mean", members) for name, members in names.items()}
    survey = printing({**scores, "all": "1.0"}, **parts, all=("mean of group means", list(names)))
    (found,) = averages(survey)
    exact = mean(mean(Fraction(scores[name]) for name in members) for members in names.values())
    assert abs(Fraction(found.recomputed) - exact) < Fraction(1, 10**20)


@given(st.lists(st.lists(SCORE, min_size=1, max_size=5), min_size=1, max_size=4), DIGITS, ROUNDING)
def test_a_mean_of_group_means_that_is_rounded_from_the_true_one_holds(groups, digits, to_whole):
    names = {f"group{g}": [f"task{g}-{t}" for t in range(len(group))] for g, group in enumerate(groups)}
    tasks = [name for members in names.values() for name in members]
    scores = dict(zip(tasks, [show(task, 1, to_whole) for group in groups for task in group], strict=True))
    parts = {name: ("mean", members) for name, members in names.items()}
    printed = show(mean(map(mean, groups)), digits, to_whole)
    survey = printing({**scores, "all": printed}, **parts, all=("mean of group means", list(names)))
    assert [found.holds for found in averages(survey)] == [True]


GROUPS = {"pair": ("mean", ["a", "b"]), "lone": ("mean", ["c"]), "all": ("mean of group means", ["pair", "lone"])}


@pytest.mark.parametrize(("printed", "holds"), [("55.0", True), ("50.0", False)])
def test_a_mean_of_group_means_is_not_the_mean_of_the_tasks(printed, holds):
    survey = printing({"a": "30.0", "b": "50.0", "c": "70.0", "all": printed}, **GROUPS)
    assert [found.holds for found in averages(survey)] == [holds]


def test_a_mean_of_group_means_follows_from_the_group_means_where_they_are_printed():
    survey = printing({"pair": "40.0", "lone": "70.0", "all": "55.0"}, **GROUPS)
    assert [found.recomputed for found in averages(survey)] == [55]


def test_a_printed_group_mean_counts_more_than_its_tasks():
    survey = printing({"a": "30.0", "b": "50.0", "pair": "42.0", "lone": "70.0", "all": "56.0"}, **GROUPS)
    assert {found.result.benchmark: found.recomputed for found in averages(survey)} == {"pair": 40, "all": 56}


# What is no average


@pytest.mark.parametrize("lost", ["a", "b", "c"])
def test_an_average_that_lacks_a_part_is_not_recomputed(lost):
    scores = {"a": "30.0", "b": "50.0", "c": "70.0", "all": "55.0"}
    del scores[lost]
    assert list(averages(printing(scores, **GROUPS))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "asker-table1"},
        {"method": "Asker"},
        {"backbone": "CLIP ViT-B/16"},
        {"trained_percent": "0.5"},
    ],
)
def test_a_part_of_another_setting_is_no_part(change):
    survey = printing({"a": "40.0", "b": "60.0", "m": "50.0"}, m=("mean", ["a", "b"]))
    first, *others = survey.results
    survey = dataclasses.replace(survey, results=(dataclasses.replace(first, **change), *others))
    assert list(averages(survey)) == []


def test_an_average_of_parts_that_are_no_numbers_is_not_recomputed():
    survey = printing({"a": "40.0 %", "b": "60.0", "m": "50.0"}, m=("mean", ["a", "b"]))
    assert list(averages(survey)) == []


# What the check says


def test_a_mismatch_that_is_recorded_is_no_problem():
    assert find_problems(tiny().root) == ()


def test_a_mismatch_whose_record_is_deleted_is_named(root):
    path = root / "data/mismatches.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Seer,", "Grounder,"), encoding="utf-8")
    assert told(root) == [("data/mismatches.csv", 2), ("data/results.csv", 24)]


def test_an_unrecorded_mismatch_is_named_with_a_digit_more_than_is_printed(break_it):
    (problem,) = find_problems(break_it("harmonic-mean-that-does-not-follow"))
    assert "75.38" in problem.message and "75.027." in problem.message


def test_mismatches_of_one_method_at_two_trained_shares_are_both_named(root):
    for share in ("1.25", "5.0"):
        append(
            root,
            "data/results.csv",
            *(
                f"list-scores,Seer,ivey2022seer,CLIP RN50,{benchmark},{value},,,{share},,,"
                for benchmark, value in (("tinydogs", "50.0"), ("tinycats", "60.0"), ("tinyanimals", "58.0"))
            ),
        )
    assert told(root) == [("data/results.csv", 35), ("data/results.csv", 38)]


def test_a_mismatch_that_is_recorded_twice_is_named(root):
    record = (root / "data/mismatches.csv").read_text(encoding="utf-8").splitlines()[1]
    append(root, "data/mismatches.csv", record)
    assert told(root) == [("data/mismatches.csv", 3)]


def test_benchmarks_that_average_each_other_are_named(root):
    path = root / "data/benchmarks.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace("mean,tinydogs; tinycats", "mean,tinythings; tinycats")
    text = text.replace("mean,tinycars; tinyhouses; tinyboats", "mean,tinyanimals; tinyboats")
    path.write_text(text, encoding="utf-8")
    assert ("data/benchmarks.csv", 12) in told(root)


def test_a_benchmark_that_averages_itself_is_named(root):
    path = root / "data/benchmarks.csv"
    text = path.read_text(encoding="utf-8").replace("mean,tinyqa; tinycaptions", "mean,tinyqa; tinymean")
    path.write_text(text, encoding="utf-8")
    assert told(root) == [("data/benchmarks.csv", 6)]


# Shares


@given(
    total=st.integers(1_000, 1_000_000).map(lambda number: Fraction(number, 1_000)),
    share=st.integers(0, 1_000_000).map(lambda number: Fraction(number, 1_000_000)),
    digits=st.tuples(DIGITS, DIGITS, DIGITS),
    to_whole=ROUNDING,
)
@example(total=Fraction(3, 2), share=Fraction(9, 10), digits=(0, 3, 3), to_whole=ROUNDINGS[1])
def test_a_share_that_is_rounded_from_the_true_one_follows(total, share, digits, to_whole):
    printed = [show(n, d, to_whole) for n, d in zip((total, total * share, 100 * share), digits, strict=True)]
    assume(Fraction(printed[0]) > 0 and Fraction(printed[2]) < 100)
    assert list(shares(*printed)) == []


@given(
    total=st.integers(10_000, 1_000_000).map(lambda number: Fraction(number, 1_000)),
    share=st.integers(1, 900_000).map(lambda number: Fraction(number, 1_000_000)),
    percent=st.integers(0, 9_999).map(lambda number: Fraction(number, 100)),
)
def test_a_share_that_is_shifted_by_more_than_rounding_does_not_follow(total, share, percent):
    printed = [show(total, 2), show(total * share, 2), show(percent, 2)]
    rounding = Fraction(1, 200)
    least = 100 * (Fraction(printed[1]) - rounding) / (Fraction(printed[0]) + rounding) - rounding
    most = 100 * (Fraction(printed[1]) + rounding) / (Fraction(printed[0]) - rounding) + rounding
    assume(not least - rounding <= percent <= most + rounding)  # a little to spare for an approximate bound
    assert len(list(shares(*printed))) == 1


def shares(total, millions, percent):
    """Return what the rule says of a method's share beside full fine-tuning of the printed total."""
    (one,) = [number for number in tiny().results if number.origin == "grounder-table3"]
    whole = dataclasses.replace(one, method="Full fine-tuning", trained_percent="100", trained_millions=total)
    small = dataclasses.replace(one, trained_percent=percent, trained_millions=millions)
    return wrong_share(dataclasses.replace(tiny(), results=(whole, small), measurements=()))


def test_a_share_of_another_backbones_total_is_not_recomputed(root):
    append(root, "data/results.csv", "list-scores,Seer,ivey2022seer,CLIP RN50,tinydogs,50.0,,,99,0.10,,")
    assert told(root) == []


def test_a_share_is_recomputed_for_measurements_too(root):
    append(root, "data/measurements.csv", "list-scores,Seer,ivey2022seer,ViT-B/16,memory,GB,4.0,,,99,0.10,,")
    assert told(root) == [("data/measurements.csv", 6)]


@pytest.mark.parametrize("whole", ["100", "100.0", "100.00"])
def test_a_total_counts_however_its_hundred_per_cent_are_printed(root, whole):
    path = root / "data/results.csv"
    text = path.read_text(encoding="utf-8").replace(",100,80.0,", f",{whole},80.0,")
    path.write_text(text.replace("tinyboats,41.0,,,2.5,2.00", "tinyboats,41.0,,,2.5,3.00"), encoding="utf-8")
    assert told(root) == [("data/results.csv", 30)]
