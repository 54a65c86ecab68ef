"""The table that opens a chapter: the best first, each method once, the reference rows beside them."""

import re
from collections import Counter

import pytest

from peft_vlm_survey.compare.dataset_tables import tables_by_dataset
from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.markup import NOT_ESTABLISHED
from peft_vlm_survey.tables import state_of_the_art

ABOUT = {"caption": "A caption.", "label": "tbl-a"}
RANKED = [d.id for d in the_survey().datasets if any(g.ranked for g in tables_by_dataset(the_survey())[d.id])]


@pytest.fixture
def table():
    return lambda dataset, **more: state_of_the_art(dataset, **more, **ABOUT, survey=the_survey())


def column(made, head):
    return [row[made.header.index(head)] for row in made.rows]


def shares_of(made):
    names = [name.partition(" <")[0].partition("`")[2] for name in column(made, "Method")]
    return dict(zip(names, column(made, "Share"), strict=True))


def test_every_data_set_with_a_ranked_group_has_one(table):
    for dataset in RANKED:
        made = table(dataset)
        ranks = [int(rank.partition("–")[0]) for rank in column(made, "Rank")]
        assert ranks == sorted(ranks)
        assert len(set(column(made, "Method"))) == len(made.rows), dataset


def test_full_fine_tuning_stands_in_it_however_far_behind(table):
    names = column(table("fgvc", most=2), "Method")
    assert len(names) == 3
    assert names[-1] == r"Full fine\-tuning"


def test_the_column_of_shares_goes_where_no_table_reports_one(table):
    assert "Share" in table("fgvc").header
    assert "Share" not in table("superglue").header


def test_what_no_table_reports_is_priced_by_the_closed_form_of_a_method_made_for_clip_and_marked(table):
    made = table("few-shot", protocol="clip-fewshot-clipsvd")
    shares = shares_of(made)
    assert shares["CLIP-SVD"] == "0.04 %"
    assert shares["CLIP-LoRA"] == "*0.1843 M*"
    assert shares["Tip-Adapter-F"] == shares["AdaLoRA"] == "n. r."  # by classes, and with too many settings
    assert "in italics" in made.note
    assert "in italics" not in table("fgvc").note


def test_what_only_the_released_code_shows_is_counted_and_marked(table):
    made = table("base-to-novel", most=8)
    shares = shares_of(made)
    counts = {count.method: f"*{short(str(int(count.trained) / 1e6))} M*" for count in the_survey().code_counts}
    shown = {method: share for method, share in shares.items() if share.startswith("*")}
    assert shown and shown == {method: counts[method] for method in shown}
    assert "shapes in the released code" in made.note
    assert "shapes in the released code" not in table("few-shot", protocol="clip-fewshot-clipsvd").note


def test_a_row_is_called_copied_if_the_number_that_ranks_it_was(table):
    group = tables_by_dataset(the_survey())["base-to-novel"][0]
    first = {line.method: line.cells[group.main.benchmark][0].claim for line in reversed(group.lines)}
    made = table("base-to-novel", most=8)
    told = {
        row[0].partition(" <")[0].partition("`")[2]: "(copied)" in row[made.header.index("Reported in")]
        for row in made.rows[:8]
    }
    assert told == {method: first[method] == "copied" for method in told}
    assert {*told.values()} == {True, False}


def test_the_scores_beside_the_first_can_be_chosen(table):
    group = tables_by_dataset(the_survey())["fgvc"][0]
    chosen = [b for b in group.benchmarks if b is not group.main][-1]
    header = table("fgvc", benchmarks=[chosen.benchmark]).header
    assert header[3:] == ["Reported in", "Rank", "Trained", "Share", "Code"]
    assert chosen.name in header[2].replace("\\", "")


def test_of_what_is_trained_two_kinds_are_named_and_the_others_counted(table):
    survey, told = the_survey(), Counter()
    for dataset in RANKED:
        made = table(dataset)
        for row in made.rows:
            key = "".join(re.findall(r"<([a-z0-9]+)>`", row[0]))
            known = survey.description(key)
            cell = row[made.header.index("Trained")]
            if known and known.trained and cell != NOT_ESTABLISHED:
                more = len(known.trained) - 2
                said = ", ".join(known.trained[:2]) + (f" and {more} more" if more > 0 else "")
                assert cell.replace("\\", "").partition(":")[0] == said, (dataset, key)
                told[more] += 1
    assert told[0] and told[1]


def test_a_group_that_is_not_there_is_an_error(table):
    with pytest.raises(KeyError, match="no ranked group"):
        table("fgvc", protocol="none")
