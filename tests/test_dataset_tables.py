"""The tables of the data sets: one row a setting, ranked within one protocol and backbone, and what is said of them."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from every import each

from peft_vlm_survey import tables
from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.compare.dataset_tables import _in_order, apart_from_above, ranked_methods, tables_by_dataset
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.compare.ranks import Rank
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.dataset_facts import beside_the_first, leading_group, sentences
from peft_vlm_survey.show.numbers import metric_beside


@cache
def the_masters():
    return tables_by_dataset(the_survey())


@cache
def every_master():
    return [(dataset, dataset_table) for dataset, own in the_masters().items() for dataset_table in own]


def the_datasets():
    return the_survey().datasets


@each("dataset", the_datasets, ids=lambda dataset: dataset.id)
def test_every_number_of_a_data_set_stands_in_one_cell_of_one_table(dataset):
    found = Counter(
        n.anchor for dataset_table in the_masters()[dataset.id] for line in dataset_table.lines for n in line.numbers
    )
    assert found == Counter(n.anchor for n in the_survey().results if n.benchmark in dataset.shown)


def test_every_benchmark_with_numbers_belongs_to_one_data_set():
    homes = Counter(benchmark for dataset in the_datasets() for benchmark in dataset.members)
    assert homes == Counter({number.benchmark: 1 for number in the_survey().results})


@each("dataset, dataset_table", every_master, ids=lambda case: f"{case[0]} {case[1].protocol} {case[1].backbone}")
def test_a_table_holds_one_protocol_and_one_backbone_and_a_line_one_method_and_one_value(dataset, dataset_table):
    origins = the_survey().origins_by_id
    for line in dataset_table.lines:
        for number in line.numbers:
            assert (number.method, number.method_key) == (line.method, line.method_key)
            if dataset_table.protocol:
                assert (origins[number.origin].protocol, number.backbone) == (
                    dataset_table.protocol,
                    dataset_table.backbone,
                )
        assert all(len({(n.value, n.spread) for n in cell}) == 1 for cell in line.cells.values())
        tiers = {origins[origin].read_in == "notes" for origin in line.origins}
        assert len(tiers) == 1


@each("dataset, dataset_table", every_master, ids=lambda case: f"{case[0]} {case[1].protocol} {case[1].backbone}")
def test_the_first_rank_is_that_of_the_benchmarks_own_board_unless_runs_lie_apart(dataset, dataset_table):
    boards = boards_by_benchmark(the_survey())[dataset_table.main.benchmark]
    board = next(b for b in boards if (b.protocol, b.backbone) == (dataset_table.protocol, dataset_table.backbone))
    assert dataset_table.ranked == board.ranked
    ranks = {standing.number.anchor: standing.rank for standing in board.standings}
    for line in dataset_table.lines:
        if line.rank:
            own = ranks[line.cells[dataset_table.main.benchmark][0].anchor]
            assert line.rank.first <= own
            assert own <= line.rank.last
            if dataset_table.apart is None:
                assert line.rank.first == line.rank.last == own


@each("dataset", the_datasets, ids=lambda dataset: dataset.id)
def test_the_table_that_stands_open_has_the_most_ranked_methods(dataset):
    def methods(dataset_table):
        return len({method_of(line.numbers[0]) for line in dataset_table.lines if line.rank})

    means = {name for name in dataset.members if the_survey().benchmark(name).parts}
    parts = {part for name in means for part in the_survey().benchmark(name).parts} - means
    dataset_tables = the_masters()[dataset.id]
    whole = [dataset_table for dataset_table in dataset_tables if dataset_table.main.benchmark not in parts]
    ranked = [dataset_table for dataset_table in whole if dataset_table.ranked] or dataset_tables
    assert methods(dataset_tables[0]) == max(map(methods, ranked))


def test_the_mean_of_a_data_set_comes_before_its_parts():
    first, *others = the_masters()["vtab-1k"]
    assert first.main.parts and first.main.benchmark == "vtab-1k-mean"
    assert any(ranked_methods(dataset_table) > ranked_methods(first) for dataset_table in others)
    assert leading_group([first, *others]) == "largest comparable group with a mean"
    assert leading_group(the_masters()["fgvc"]) == "largest comparable group"


def test_where_nothing_is_ranked_the_reason_is_said_and_the_most_methods_stand_first():
    survey = the_survey()
    reasons = set()
    for dataset in the_datasets():
        dataset_tables = the_masters()[dataset.id]
        if dataset_tables[0].ranked:
            continue
        first, last = sentences(survey, dataset, dataset_tables)
        alike = [
            dataset_table
            for dataset_table in dataset_tables
            if dataset_table.comparable == dataset_tables[0].comparable
        ]
        assert len(dataset_tables[0].methods) == max(len(dataset_table.methods) for dataset_table in alike)
        assert ("no three methods" in first) == any(dataset_table.comparable for dataset_table in dataset_tables)
        assert ("not established" in first) == (not dataset_tables[0].protocol)
        assert " 0 " not in last
        reasons.add(first.replace(dataset.name, ""))
    assert {reason.partition(" ")[0] for reason in reasons} == {"For", "On"} and len(reasons) > 3


def lines_of(good, **values):
    """Return one line for each method with its value on TinyQA; a name with an underscore is a setting of what stands before."""
    number = next(n for n in good.results if n.origin == "asker-table1" and n.benchmark == "tinyqa")
    (line,) = [
        x
        for dataset_table in tables_by_dataset(good)["ten-pictures"]
        for x in dataset_table.lines
        if x.cells.get("tinyqa", ("",))[0] == number
    ]
    made = []
    for name, value in values.items():
        method = name.partition("_")[0]
        own = replace(number, method=method, method_key="", value=value)
        made.append(replace(line, method=method, method_key="", cells={"tinyqa": (own,)}, rank=None))
    return made


def ranks(good, apart, **values):
    main = good.benchmark("tinyqa")
    placed = _in_order(good, lines_of(good, **values), main, apart and Decimal(apart))
    return [(line.method, line.rank and str(line.rank)) for line in placed]


def test_without_re_runs_a_rank_is_a_place(good):
    assert ranks(good, None, a="60", b="62", c="61", d="62") == [("b", "1"), ("d", "1"), ("c", "3"), ("a", "4")]


def test_a_rank_is_a_span_where_a_difference_is_no_more_than_that_of_re_runs(good):
    found = ranks(good, "0.5", a="70", b="69.5", c="69", d="60")
    assert found == [("a", "1–2"), ("b", "1–3"), ("c", "2–3"), ("d", "4")]


def test_settings_of_one_method_push_nobody_down(good):
    assert ranks(good, None, a="64", a_2="63", b="62", c="61") == [("a", "1"), ("a", "1"), ("b", "2"), ("c", "3")]


def test_of_equal_values_the_one_with_the_better_rank_stands_first(good):
    # a setting of the first has no other method before it
    assert ranks(good, None, a="70", b="60", a_2="60", c="50") == [("a", "1"), ("a", "1"), ("b", "2"), ("c", "3")]


def test_two_methods_are_not_ranked_and_keep_their_order(good):
    assert ranks(good, None, a="60", b="62") == [("a", None), ("b", None)]


def test_a_rank_of_one_place_is_one_number():
    assert (str(Rank(first=2, last=2)), str(Rank(first=2, last=5))) == ("2", "2–5")


def test_what_several_tables_print_alike_is_one_line_with_all_of_them():
    dataset_table = the_masters()["base-to-novel"][0]
    maple = [line for line in dataset_table.lines if line.method == "MaPLe"]
    assert len(maple) == 1 and len(maple[0].origins) > 10


def test_base_to_novel_is_one_table_of_base_novel_their_mean_and_the_eleven_data_sets():
    dataset_table = the_masters()["base-to-novel"][0]
    assert dataset_table.main.benchmark == "b2n-average-hm" and len(dataset_table.benchmarks) == 36
    assert {"b2n-average-base", "b2n-average-novel"} <= {b.benchmark for b in dataset_table.benchmarks}


def test_gref_and_refcocog_are_one_data_set():
    survey = the_survey()
    assert survey.dataset_of["gref-val-u"] == survey.dataset_of["refcocog-val-u-rec"] == survey.dataset("refcocog")


def test_the_leader_is_named_with_its_lead_and_with_what_re_runs_say_of_it():
    survey = the_survey()
    for name, dataset_table in {name: own[0] for name, own in the_masters().items()}.items():
        first, *_ = sentences(survey, survey.dataset(name), the_masters()[name])
        if not dataset_table.ranked:
            assert "none is ranked" in first
            continue
        assert (
            dataset_table.leading[0].method in first
            and dataset_table.main.name in first
            and dataset_table.backbone in first
        )
        if dataset_table.apart is not None and dataset_table.lead() is not None:
            assert ("decides nothing" in first) == (dataset_table.lead() <= dataset_table.apart)
        else:
            assert "too few methods were run again" in first or dataset_table.lead() is None


def test_the_leader_is_named_with_the_metric_and_the_groups_apart_from_the_lists():
    survey = the_survey()
    for name, dataset_tables in the_masters().items():
        first, *more = sentences(survey, survey.dataset(name), dataset_tables)
        if dataset_tables[0].ranked:
            assert metric_beside(dataset_tables[0].main) in first and " with a mean with " not in first
        groups = sum(dataset_table.comparable for dataset_table in dataset_tables)
        lists = re.search(r"and (\d+) lists? of what cannot be compared", more[-1])
        assert not groups or int(lists[1] if lists else 0) == len(dataset_tables) - groups


def test_what_stands_beside_the_first_is_counted_as_the_sentences_count_it():
    for dataset_tables in the_masters().values():
        said, heading = beside_the_first(dataset_tables)
        groups = sum(dataset_table.comparable for dataset_table in dataset_tables[1:])
        lists = len(dataset_tables) - 1 - groups
        counted = {thing: int(number) for number, thing in re.findall(r"(\d+) (?:other )?(group|list)s?\b", said)}
        assert counted == {name: number for name, number in (("group", groups), ("list", lists)) if number}
        assert len(dataset_tables) == 1 or all(f"{name}s" in heading for name in counted)
        assert (f"other {'group' if dataset_tables[0].comparable else 'list'}" in said) is bool(
            groups if dataset_tables[0].comparable else lists
        )


def test_what_is_said_counts_every_number_of_the_page():
    survey = the_survey()
    for dataset in survey.datasets:
        numbers = sum(n.benchmark in dataset.shown for n in survey.results)
        assert f"holds {numbers:,} number" in sentences(survey, dataset, the_masters()[dataset.id])[-1]


def test_the_overview_has_every_data_set_once_in_the_order_of_tasks():
    found = defaultdict(list)
    for category in CATEGORIES:
        table = tables.dataset_overview(category, caption="c", label="l")
        found[category] = [row["dataset"] for row in table.data]
        assert [f"{{dataset}}`{name}`" for name in found[category]] == [row[0] for row in table.rows]
    assert sorted(name for own in found.values() for name in own) == sorted(d.id for d in the_datasets())
    assert all(the_survey().dataset(name).category == category for category, own in found.items() for name in own)


def test_a_category_that_there_is_not_is_an_error():
    with pytest.raises(KeyError):
        tables.dataset_overview("cooking", caption="c", label="l")


def bands(good, apart, **values):
    main = good.benchmark("tinyqa")
    placed = _in_order(good, lines_of(good, **values), main, apart and Decimal(apart))
    one = the_masters()["base-to-novel"][0]
    dataset_table = replace(one, main=main, lines=tuple(placed), apart=apart and Decimal(apart))
    return [line.method for line, begins in zip(placed, apart_from_above(dataset_table), strict=True) if begins]


def test_what_lies_further_behind_than_re_runs_lie_apart_begins_a_band(good):
    assert bands(good, "0.5", a="70", b="69.6", c="69.4", d="69.0", e="60") == ["c", "e"]
    assert bands(good, "0.5", a="70", b="69.5", c="69.5") == []


def test_where_no_re_runs_are_known_nothing_is_set_apart(good):
    assert bands(good, None, a="70", b="60", c="50") == []
