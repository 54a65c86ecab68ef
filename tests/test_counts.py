"""Named numbers that the chapters' sentences quote."""

import csv
import dataclasses
from collections import Counter, defaultdict

import pytest
from made_up import made

from peft_vlm_survey import values
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.questions import read_value, with_values

THREE = {"one": ("p", {"A": "60.0", "B": "64.0", "C": "65.0"}), "two": ("q", {"A": "63.0"})}


def cells(table):
    """Return the rows of a table of the book as they stand in its file."""
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# Papers and works


def test_what_was_judged_is_in_the_catalogue_or_left_out(good):
    counts = values.candidates(survey=good)
    assert (counts["judged"], counts["papers"], counts["left_out"], counts["until"]) == (6, 4, 2, "2026-02-03")


def test_preprints_have_no_other_venue(good):
    assert values.preprints(survey=good) == {"papers": 1, "share": "25.0 %"}


def test_recall_is_that_of_the_newest_set(good):
    assert values.recall(survey=good) == {"edition": "0.10.0", "papers": 3, "share": "66.7 %"}


def test_measurements_are_counted_with_the_backbone_of_most(good):
    counts = values.costs_measured(survey=good)
    assert counts == {"memory": 3, "backbone": "CLIP RN50", "share": "66.7 %"}
    assert values.costs_measured(survey=dataclasses.replace(good, measurements=()))["backbone"] == "no backbone"


@pytest.mark.parametrize(("more", "large"), [(100, 0), (-100, 2)])
def test_gains_above_some_points_are_counted(more, large, good):
    assert values.gains_counted(more=more, survey=good) == {"groups": 2, "large": large}


def test_other_surveys_are_counted_by_kind(good):
    assert values.surveys(survey=good) == {"works": 2, "surveys": 1, "benchmarks": 0, "studies": 0, "lists": 1}


# Scores


def test_a_protocol_that_ranks_nothing_makes_lists(good):
    assert values.splits(survey=made(good, THREE)) == {
        "scores": 4, "benchmarks": 1, "groups": 2, "ranked": 1, "lists": 0,
    }  # fmt: skip
    survey = made(good, THREE)
    first, second = survey.protocols
    listed = dataclasses.replace(survey, protocols=(first, dataclasses.replace(second, ranked="no")))
    counts = values.splits(survey=listed)
    assert (counts["groups"], counts["ranked"], counts["lists"]) == (1, 1, 1)


def test_what_was_tried_on_language_is_carried_over_where_it_has_a_score_elsewhere(good):
    def asked(**categories):
        named = tuple(dataclasses.replace(b, category=categories.get(b.benchmark, b.category)) for b in good.benchmarks)
        return values.carried_over(survey=dataclasses.replace(good, benchmarks=named))

    assert asked() == {"language": 0, "both": 0}
    assert asked(tinybase="language") == {"language": 1, "both": 0}
    assert asked(tinybase="language", tinynew="grounding")["both"] == 1


@pytest.mark.parametrize(("asker", "first"), [("60", 1), ("70", 0)])
def test_the_method_that_trains_most_can_be_the_best(asker, first, good):
    trains = {"Asker": ("1", asker), "Tiny Adapter": ("2", "61"), "Grounder": ("3", "62")}
    numbers = tuple(
        dataclasses.replace(good.results[3], method=method, method_key="", value=value, trained_percent=share)
        for method, (share, value) in trains.items()
    )
    full = good.results[:1]  # trains all, and does not count
    survey = dataclasses.replace(good, results=(*numbers, *full))
    assert values.most_trained_first(survey=survey) == {"groups": 1, "first": first, "chance": 0}
    assert values.most_trained_first(least=4, survey=survey)["groups"] == 0


def test_groups_with_full_fine_tuning_are_counted_among_all(good):
    survey = made(
        good, {"one": ("p", {"Full fine-tuning": "70.0", "A": "69.0"}), "two": ("q", {"A": "60.0", "B": "61.0"})}
    )
    assert values.references_beside(survey=survey) == {"share": "50.0 %"}


def test_protocols_that_say_how_a_run_was_chosen_are_counted_among_all(good):
    survey = made(good, THREE)
    first, second = survey.protocols
    protocols = (dataclasses.replace(first, selection="last epoch"), dataclasses.replace(second, selection=""))
    assert values.selection_known(survey=dataclasses.replace(survey, protocols=protocols)) == {"share": "50.0 %"}


# The book's own data, counted once more from the cells


def test_the_book_counts_what_was_judged_as_its_files_do():
    counts, papers = values.candidates(survey=the_survey()), cells("papers")
    left = cells("excluded")
    assert (counts["papers"], counts["left_out"]) == (len(papers), len(left))
    assert counts["until"] == max([row["added"] for row in papers] + [row["checked"] for row in left])


def test_the_book_counts_surveys_as_its_files_do():
    surveys, works = values.surveys(survey=the_survey()), cells("surveys")
    kinds = Counter(row["kind"] for row in works)
    assert [surveys[name] for name in ("works", "surveys", "benchmarks", "studies", "lists")] == [
        len(works), *(kinds[kind] for kind in ("survey", "benchmark", "study", "list")),
    ]  # fmt: skip


def test_the_book_splits_its_scores_as_its_files_do():
    counts, results = values.splits(survey=the_survey()), cells("results")
    protocol = {row["origin"]: row["protocol"] for row in cells("origins")}
    ranked = {row["protocol"] for row in cells("protocols") if row["ranked"] == "yes"}
    places = {
        (row["benchmark"], protocol[row["origin"]], row["backbone"])
        for row in results
        if protocol[row["origin"]] and row["backbone"]
    }
    comparable = sum(place[1] in ranked for place in places)
    assert (counts["scores"], counts["benchmarks"]) == (len(results), len({row["benchmark"] for row in results}))
    assert (counts["groups"], counts["lists"]) == (comparable, len(places) - comparable)
    assert 0 < counts["ranked"] <= comparable


def test_the_book_counts_methods_carried_over_as_its_files_do():
    category = {row["benchmark"]: row["category"] for row in cells("benchmarks")}
    keyed = defaultdict(set)  # methods with a key alone: names need no rule then
    for row in cells("results"):
        if row["method_key"] and row["method"] != "Full fine-tuning":
            keyed[category[row["benchmark"]]].add(row["method_key"])
    survey = the_survey()
    known = tuple(number for number in survey.results if number.method_key)
    assert values.carried_over(survey=dataclasses.replace(survey, results=known)) == {
        "language": len(keyed["language"]),
        "both": len(keyed["language"] & (keyed["grounding"] | keyed["qa"] | keyed["recognition"])),
    }


# The role


def test_a_value_has_arguments_and_a_field():
    question = read_value('finding("place", more=2).share')
    assert (question.name, question.arguments, question.keywords) == ("finding", ("place",), {"more": 2})
    assert question.field == "share"


def test_a_sentence_quotes_large_numbers_with_separators(good):
    survey = dataclasses.replace(good, excluded=good.excluded[:1] * 1234)
    assert with_values("We left out {value}`candidates().left_out`.", survey) == "We left out 1,234."
