from dataclasses import replace

import pytest

from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.benchmark_facts import (
    conditions,
    contradictions_of,
    facts_of,
    headings,
    mismatches_by_benchmark,
    sentence,
    titles,
)
from peft_vlm_survey.show.benchmark_page import BenchmarkPages, table_of
from peft_vlm_survey.show.group_names import group_name
from peft_vlm_survey.show.leaderboard import source
from peft_vlm_survey.show.numbers import describe


def told(survey, name):
    return {fact.term: [part.text for part in fact.parts] for fact in facts_of(survey, survey.benchmark(name))}


def test_no_two_benchmarks_of_the_survey_share_a_title():
    named = titles(the_survey())
    assert len(set(named.values())) == len(the_survey().benchmarks)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "TinyQA"),
        ({"name": "TinyRef"}, "TinyRef (visual question answering)"),
        ({"name": "TinyRef", "task": "referring segmentation"}, "TinyRef (Ten Pictures, test, accuracy)"),
    ],
)
def test_a_shared_name_is_told_apart_by_its_task_or_its_data(changes, expected, good):
    changed = tuple(replace(b, **changes) if b.benchmark == "tinyqa" else b for b in good.benchmarks)
    assert titles(replace(good, benchmarks=changed))["tinyqa"] == expected


def test_a_heading_begins_with_the_task_and_no_two_benchmarks_share_one(good):
    assert headings(good)["tinyqa"] == "Visual question answering: TinyQA"
    named = headings(the_survey())
    assert named["b2n-average-hm"] == "CLIP base-to-novel recognition: Average of 11, H"
    assert len({heading.casefold() for heading in named.values()}) == len(the_survey().benchmarks)


def test_a_metric_is_not_said_twice():
    survey = the_survey()
    (bleu,) = (b for b in survey.benchmarks if b.name == "E2E, BLEU")
    assert describe(bleu).count("BLEU") == BenchmarkPages(survey).content(bleu)["title"].count("BLEU") == 1
    assert describe(survey.benchmark("vqav2")) == "VQAv2 (VQA accuracy, %; higher is better)"


@pytest.mark.parametrize(
    ("protocol", "backbone", "expected"),
    [
        ("Retrieval, CLIP ViT-B/32", "CLIP-ViT-B/32", "Retrieval, CLIP ViT-B/32"),
        ("Retrieval", "CLIP-ViT-B/32", "Retrieval, CLIP-ViT-B/32"),
    ],
)
def test_a_group_whose_protocol_ends_with_its_backbone_does_not_say_it_twice(protocol, backbone, expected, good):
    assert group_name(replace(good.protocol("few-shot"), name=protocol), backbone) == expected


def test_a_sentence_says_metric_unit_data_split_and_direction(good):
    assert sentence(good.benchmark("tinyloss")) == "Loss, in nats, on Ten Pictures (test); lower is better."
    assert sentence(good.benchmark("tinymean")) == "Mean score, in %, on two tasks; higher is better."


def test_an_average_names_its_parts_and_a_part_its_averages(good):
    assert told(good, "tinymean")["It is the mean of"] == ["TinyQA", "TinyCaptions"]
    assert told(good, "tinyqa")["Averaged by"] == ["Tiny mean"]
    assert "Averaged by" not in told(good, "tinyref")


def test_a_benchmark_without_numbers_is_named_but_not_linked(good):
    facts = {fact.term: fact.parts for fact in facts_of(good, good.benchmark("tinyqa"))}
    assert [(part.text, part.address) for part in facts["Averaged by"]] == [("Tiny mean", "")]
    facts = {fact.term: fact.parts for fact in facts_of(good, good.benchmark("tinymean"))}
    assert facts["It is the mean of"][0].address == "benchmarks/tinyqa.html"


def test_an_open_range_is_said_to_be_open(good):
    assert told(good, "tinycaptions")["Possible values"] == ["0 upwards, without bound"]
    assert told(good, "tinyqa")["Possible values"] == ["0 to 100"]


def test_what_a_protocol_does_not_say_is_named(good):
    said, lacking = conditions(good.protocol("few-shot"), good.benchmark("tinyqa"))
    assert said[0] == ("Training", "few-shot, 16 pictures") and said[-1][0] == "Note"
    assert lacking == ("pre-training", "images", "selection")


@pytest.mark.parametrize(
    ("changes", "missed", "not_missed"),
    [
        ({"category": "language"}, (), ("images", "average")),
        ({"category": "qa"}, ("images",), ("average",)),
        ({"category": "qa", "averages": "mean"}, ("images", "average"), ()),
        ({"category": "qa", "metric": "mean accuracy"}, ("images", "average"), ()),
    ],
)
def test_what_a_benchmark_cannot_have_is_not_missed(changes, missed, not_missed, good):
    bare = replace(good.protocol("few-shot"), resolution="", averaging="")
    _, lacking = conditions(bare, replace(good.benchmark("tinyqa"), **changes))
    assert set(missed) <= set(lacking) and not set(not_missed) & set(lacking)


def test_a_mismatch_concerns_the_average_and_its_printed_parts(good):
    concerned = {name: [m.benchmark for m in found] for name, found in mismatches_by_benchmark(good).items()}
    assert concerned == {name: ["tinyharmonic"] for name in ("tinyharmonic", "tinybase", "tinynew")}


def test_a_part_that_is_printed_hides_what_it_averages_itself(good):
    (mismatch,) = good.mismatches
    wrong = replace(good, mismatches=(replace(mismatch, benchmark="tinygroups"),))
    assert set(mismatches_by_benchmark(wrong)) == {"tinygroups", "tinyanimals", "tinythings"}
    unprinted = tuple(n for n in good.results if n.benchmark != "tinyanimals")
    concerned = set(mismatches_by_benchmark(replace(wrong, results=unprinted)))
    assert concerned == {"tinygroups", "tinydogs", "tinycats", "tinythings"}


def contradictions_told(survey, *values, **changes):
    """Return the sections of the contradictions of TinyQA if the recorded one is that of these values."""
    (recorded,) = survey.contradictions
    changed = replace(survey, contradictions=(replace(recorded, values=values or recorded.values, **changes),))
    return BenchmarkPages(changed)._contradictions("tinyqa")


def test_recorded_contradictions_reach_the_page_of_their_benchmark(good):
    assert contradictions_of(good, "tinyqa") == good.contradictions and contradictions_of(good, "tinyref") == ()
    (part,) = contradictions_told(good)
    (told,) = part["records"]
    assert [(value["value"], [table["short"] for table in value["tables"]]) for value in told["values"]] == [
        ("64.0", ["Table 1"]),
        ("66.1", ["Table 2"]),
    ]
    assert (told["kind"], told["right"], told["reason"]) == (
        "Version",
        "66.1",
        "The second table is that of the journal",
    )


def test_a_value_that_several_tables_print_is_told_once(good):
    (part,) = contradictions_told(good, "asker-table1=64.0", "asker-table2=66.1", "grounder-table3=64.0")
    values = part["records"][0]["values"]
    assert [(value["value"], len(value["tables"])) for value in values] == [("64.0", 2), ("66.1", 1)]


def test_two_parts_of_one_printed_table_are_told_as_one(good):
    changed = tuple(
        replace(o, locator="Table 1, second part") if o.origin == "asker-table2" else o for o in good.origins
    )
    (part,) = contradictions_told(replace(good, origins=changed), "asker-table1=64.0", "asker-table2=64.0")
    assert [len(value["tables"]) for value in part["records"][0]["values"]] == [1]


@pytest.mark.parametrize(
    ("other", "heading"),
    [
        ("grounder-table3", "Under one protocol"),
        ("list-scores", "Under different protocols"),
        ("asker-table2", "Under different protocols"),  # whose protocol is unknown
    ],
)
def test_contradictions_are_told_apart_by_whether_their_tables_share_a_protocol(other, heading, good):
    (part,) = contradictions_told(good, "asker-table1=64.0", f"{other}=66.1")
    assert part["heading"] == heading


def test_the_digits_of_a_computer_are_shortened_and_kept_in_full(good):
    first = good.results[0]
    changed = tuple(replace(n, value="65.1234567890123") if n is first else n for n in good.results)
    pages = BenchmarkPages(replace(good, results=changed))
    boards = pages.content(good.benchmark(first.benchmark))["boards"]
    (row,) = [row for board in boards for row in board["rows"] if row["told"].anchor == changed[0].anchor]
    assert row["value"].startswith("65.12") and "4" not in row["value"]
    assert row["full"].startswith("65.1234567890123") and row["told"].full == row["full"]


def test_a_table_without_a_paper_names_its_repository_and_leads_to_its_commit(good):
    known = replace(good.origin("list-scores"), source="owner/list@0000004: README.md", locator="table of scores")
    survey = replace(good, origins=tuple(known if o.origin == "list-scores" else o for o in good.origins))
    address = "https://github.com/owner/list/tree/0000004"
    assert known.repository == ("owner/list", address)
    table = table_of(survey, known)
    assert (table["name"], table["address"], table["short"]) == ("owner/list", address, "table of scores")
    assert source(survey, "list-scores") == f"[owner\\/list](<{address}>), table of scores"


def test_a_table_without_a_paper_and_without_a_repository_is_named_by_its_place(good):
    known = good.origin("list-scores")
    assert known.repository == ("", "")
    assert table_of(good, known)["locator"] == "Table of scores"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0.5261561789234268", "0.5262"),
        ("-0.0312345678", "-0.03123"),
        ("1168.529134792", "1169"),
        ("26012.529134792", "26013"),
        ("75.83", "75.83"),
        ("0.1234", "0.1234"),
        ("12", "12"),
    ],
)
def test_a_value_is_shortened_only_where_it_has_more_digits_than_any_table_prints(number, expected):
    assert short(number) == expected
