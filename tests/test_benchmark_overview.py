"""Every benchmark with numbers is counted and listed on the page of its category."""

import csv
import re
from collections import defaultdict

import pytest

from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.overviews import by_task
from peft_vlm_survey.site.splits import content


def raw(name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def listed(category):
    """Return what is listed of a category: each benchmark with its counts."""
    return [one for own in by_task(category, survey=the_survey()).values() for one in own]


def test_every_benchmark_with_numbers_stands_in_the_list_of_its_category_and_in_no_other():
    used = {number["benchmark"] for number in raw("results")}
    expected = {b["benchmark"]: b["category"] for b in raw("benchmarks") if b["benchmark"] in used}
    found = [(benchmark.benchmark, category) for category in CATEGORIES for benchmark, _ in listed(category)]
    assert sorted(found) == sorted(expected.items())


def test_groups_methods_and_numbers_are_counted_from_the_raw_rows():
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    shared = {protocol["protocol"] for protocol in raw("protocols") if protocol["ranked"] == "yes"}
    rows = defaultdict(list)
    for number in raw("results"):
        rows[number["benchmark"]].append(number)
    boards = boards_by_benchmark(the_survey())
    for benchmark, counts in [one for category in CATEGORIES for one in listed(category)]:
        own = rows[benchmark.benchmark]
        groups = {(protocols[n["origin"]], n["backbone"]) for n in own}
        groups = {(protocol, backbone) for protocol, backbone in groups if protocol in shared and backbone}
        methods = {n["method_key"] or re.sub(r" *\([^()]*\)", "", n["method"]) for n in own}
        assert (counts.groups, counts.methods, counts.numbers) == (len(groups), len(methods), len(own)), benchmark
        assert counts.ranked == sum(board.ranked for board in boards[benchmark.benchmark]), benchmark


@pytest.mark.parametrize("category", CATEGORIES)
def test_tasks_keep_their_order_and_within_them_those_of_most_numbers_come_first(category):
    tasks = by_task(category, survey=the_survey())
    order = [(*TASKS, "").index(task) for task in tasks]
    assert order == sorted(set(order))
    for task, own in tasks.items():
        assert {benchmark.task for benchmark, _ in own} == {task}
        numbers = [counts.numbers for _, counts in own]
        assert numbers == sorted(numbers, reverse=True)


def test_a_category_that_there_is_not_is_an_error():
    with pytest.raises(KeyError):
        by_task("cooking", survey=the_survey())


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_page_lists_the_benchmarks_of_its_category_by_task_and_leads_to_the_other_lists(category):
    page = content(the_survey(), category)
    shown = [one for task in page["tasks"] for one in task["benchmarks"]]
    assert [one["address"] for one in shown] == [f"benchmarks/{b.benchmark}.html" for b, _ in listed(category)]
    assert page["count"] == f"{len(shown):,} benchmarks"
    assert len({task["anchor"] for task in page["tasks"]}) == len(page["tasks"])
    assert [other.address for other in page["others"]] == [f"{name}.html" for name in CATEGORIES if name != category]


@pytest.mark.built
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_built_page_has_a_row_for_each_with_its_counts(category, read_page):
    rows = read_page(f"splits/{category}").select("table.survey tbody tr")
    expected = [
        [f"../benchmarks/{b.benchmark}.html", *map(str, (c.groups, c.ranked, c.methods, c.numbers))]
        for b, c in listed(category)
    ]
    assert [[row.a["href"], *(cell.get_text() for cell in row.select("td")[2:])] for row in rows] == expected
