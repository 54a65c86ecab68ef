import csv
import re
from collections import defaultdict

import pytest

from peft_vlm_survey import tables
from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import TASKS
from peft_vlm_survey.show.benchmark_overview import by_task


def raw(name):
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def overview(category):
    return tables.benchmark_overview(category, caption="c", label="l")


def ids(table):
    return [re.fullmatch(r"\{benchmark\}`(.+)`", row[1]).group(1) for row in table.rows]


def test_every_benchmark_with_numbers_stands_in_the_list_of_its_category_and_in_no_other():
    used = {number["benchmark"] for number in raw("results")}
    expected = {b["benchmark"]: b["category"] for b in raw("benchmarks") if b["benchmark"] in used}
    found = [(name, category) for category in CATEGORIES for name in ids(overview(category))]
    assert sorted(found) == sorted(expected.items())


@pytest.mark.parametrize("category", CATEGORIES)
def test_groups_methods_and_numbers_are_counted_from_the_raw_rows(category):
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    shared = {protocol["protocol"] for protocol in raw("protocols") if protocol["ranked"] == "yes"}
    rows = defaultdict(list)
    for number in raw("results"):
        rows[number["benchmark"]].append(number)
    table, boards = overview(category), boards_by_benchmark(the_survey())
    for name, row in zip(ids(table), table.rows, strict=True):
        groups = {(protocols[n["origin"]], n["backbone"]) for n in rows[name]}
        groups = {(protocol, backbone) for protocol, backbone in groups if protocol in shared and backbone}
        methods = {n["method_key"] or re.sub(r" *\([^()]*\)", "", n["method"]) for n in rows[name]}
        assert [row[3], row[5], row[6]] == [str(len(one)) for one in (groups, methods, rows[name])]
        assert int(row[4]) == sum(board.ranked for board in boards[name])


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_tasks_keep_their_order_and_stand_together(category):
    benchmarks = {b["benchmark"]: b["task"] for b in raw("benchmarks")}
    order = [(*TASKS, "").index(benchmarks[name]) for name in ids(overview(category))]
    assert order == sorted(order)


def test_a_category_that_there_is_not_is_an_error():
    with pytest.raises(KeyError):
        overview("cooking")


def test_the_counts_are_those_of_the_lists():
    said = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", str(tables.benchmark_counts()))]
    rows = [row for category in CATEGORIES for row in overview(category).rows]
    own = {protocol["protocol"] for protocol in raw("protocols") if protocol["ranked"] == "no"}
    protocols = {origin["origin"]: origin["protocol"] for origin in raw("origins")}
    lists = {
        (n["benchmark"], protocols[n["origin"]], n["backbone"])
        for n in raw("results")
        if protocols[n["origin"]] in own and n["backbone"]
    }
    assert said == [
        sum(int(row[6]) for row in rows),
        len(rows),
        sum(int(row[3]) for row in rows),
        sum(int(row[4]) for row in rows),
        len(lists),
    ]


def test_paper_has_one_row_a_task_with_the_counts_of_its_benchmarks():
    for category in CATEGORIES:
        rows, tasks = overview(category).rows, defaultdict(list)
        for row in rows:
            tasks[row[0].replace("\\", "")].append(row)
        shown = {row[0]: row for row in by_task(category, survey=the_survey())}
        assert list(shown) == list(tasks)
        for task, members in tasks.items():
            assert shown[task][1].split()[0] == str(len(members))
            sums = [str(sum(int(row[column]) for row in members)) for column in (3, 4, 6)]
            assert [shown[task][column] for column in (3, 4, 6)] == sums
            fewest, most = max(int(row[5]) for row in members), sum(int(row[5]) for row in members)
            assert fewest <= int(shown[task][5]) <= most


def test_paper_names_the_commonest_metrics_of_a_task_and_says_how_many_more_there_are():
    (row,) = [row for row in by_task("qa", survey=the_survey()) if row[0] == "visual captioning"]
    metrics = {b["metric"] for b in raw("benchmarks") if b["task"] == "visual captioning" and b["category"] == "qa"}
    assert set(row[2].split("; ")) == metrics
    assert any(re.search(r"; \d+ more$", row[2]) for row in by_task("grounding", survey=the_survey()))
