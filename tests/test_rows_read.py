"""An answer depends on the reported numbers that it read, each by its row: no more, and no less."""

import hashlib
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from conftest import ONE_IN

from peft_vlm_survey import columns_read as reading
from peft_vlm_survey.cache import Looks, Watched
from peft_vlm_survey.choose.entries import entries
from peft_vlm_survey.choose.page import page_data
from peft_vlm_survey.columns_read import BY_ROW
from peft_vlm_survey.compare.related import related_by_paper
from peft_vlm_survey.data import load
from peft_vlm_survey.downloads import DOWNLOADS, common_records, dataset_record_files
from peft_vlm_survey.editions.changes import changes_of
from peft_vlm_survey.editions.package import package_of
from peft_vlm_survey.editions.reduced import reduced_file
from peft_vlm_survey.read.papers import Paper
from peft_vlm_survey.read.results import Result
from peft_vlm_survey.show.benchmark_page import BenchmarkPages
from peft_vlm_survey.show.dataset_page import DatasetPages
from peft_vlm_survey.show.paper_page import PaperPages
from peft_vlm_survey.show.side_by_side_data import index_of

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def survey():
    return load(GOOD)


def looks_of(survey, question):
    """Return at what a question looks, noted as a build does."""
    watched = Watched(survey, Looks(survey))
    with watched.noting():
        question(watched)
    return watched.looks


def with_value(survey, table, place, value):
    """Return the survey with another value in one row of a table, in what is typed and in its cells."""
    rows = list(getattr(survey, table))
    row = rows[place]
    rows[place] = replace(row, value=value, row=replace(row.row, cells={**row.row.cells, "value": value}))
    return replace(survey, **{table: tuple(rows)})


def test_the_value_of_one_number_is_noted_as_one_row(survey):
    found = looks_of(survey, lambda s: [s.results[0].value, s.results[3].value, s.measurements[1].value])
    assert found == {
        ("column", "results", "origin"),
        ("column", "measurements", "origin"),
        ("rows", "results", "value", "0 3"),
        ("rows", "measurements", "value", "1"),
    }


def test_who_reads_very_many_rows_has_read_the_column(survey, monkeypatch):
    monkeypatch.setattr(reading, "MANY", 4)
    few, many = (looks_of(survey, lambda s, n=n: [number.value for number in s.results[:n]]) for n in (4, 5))
    assert ("rows", "results", "value", "0 1 2 3") in few and ("column", "results", "value") not in few
    assert ("column", "results", "value") in many and not any(look[0] == "rows" for look in many)


def test_rows_that_were_made_of_rows_count_as_the_whole_column(survey):
    found = looks_of(survey, lambda s: replace(s.results[0], remark="made").value)
    assert ("column", "results", "value") in found


def test_rows_that_were_derived_before_count_for_whoever_reads_them(survey):
    def best(survey):
        return max(survey.results[:3], key=lambda number: float(number.value))

    known = Looks(survey)
    for _ in range(2):
        watched = Watched(survey, known)
        with watched.noting():
            assert watched.derived(best).row.cells
        kept = {look for look in watched.looks if look[0] == "rows"}
        assert {look[2] for look in kept} == {"value", "row"} and ("rows", "results", "value", "0 1 2") in kept


def test_putting_numbers_into_the_order_of_their_file_reads_nothing_of_them(survey):
    numbers = survey.results[:5]
    looks = looks_of(survey, lambda s: s.in_order(reversed(s.results[:5])))
    assert looks == {("column", "results", "origin")} and survey.in_order(reversed(numbers)) == [*numbers]


@pytest.mark.parametrize("name", sorted(name for row, name in BY_ROW if row is Result))
def test_what_rows_say_changes_with_these_rows_and_with_no_other(survey, name):
    look = ("rows", "results", name, "1 2")
    before = Looks(survey)[look]
    assert Looks(with_value(survey, "results", 0, "1.5"))[look] == before
    assert Looks(with_value(survey, "results", 2, "1.5"))[look] != before
    assert Looks(replace(survey, results=survey.results[:2]))[look] != before


def test_what_is_dear_is_kept_apart_by_what_it_is_made_with(root):
    class Doubled:
        dear = True

        def __init__(self, place):
            self.place = place

        def __repr__(self):
            return f"Doubled({self.place})"

        def __call__(self, survey):
            return 2 * float(survey.results[self.place].value)

    survey = load(root)  # below which it is kept
    watched = Watched(survey, Looks(survey))
    with watched.noting():
        assert [watched.derived(Doubled(place)) for place in (0, 1)] == [
            2 * float(number.value) for number in survey.results[:2]
        ]
    assert {("rows", "results", "value", "0"), ("rows", "results", "value", "1")} <= watched.looks


def page_of(pages, table, name):
    """Return what asks for all that the page of a benchmark or of a data set shows."""

    def content(survey):
        return pages(survey).content(getattr(survey, table)(name))

    return content


def evidence_told(survey):
    """Return what is told of each method of every task, which the chooser has asked for before."""
    tasks = sorted({benchmark.task for benchmark in survey.benchmarks if benchmark.task})
    return [(entry.name, entry.evidence) for task in tasks for entry in entries(survey, task, None)]


# What a build keeps by what it looked at; figures and rows among the answers are read while that is noted.
QUESTIONS = {
    **{f"downloads of {name}": work for name, work in DOWNLOADS.items()},
    "records": common_records,
    **{f"record of {one.id}": partial(dataset_record_files, name=one.id) for one in load(GOOD).datasets},
    "related": related_by_paper,
    "chooser": page_data,
    "evidence": evidence_told,
    "side by side": index_of,
    "changes": changes_of,
    **{f"page of {one.id}": page_of(DatasetPages, "dataset", one.id) for one in load(GOOD).datasets},
    **{
        f"page of {name}": page_of(BenchmarkPages, "benchmark", name)
        for name in sorted({number.benchmark for number in load(GOOD).results})
    },
}


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the tiny survey with an edition before it, in which every number was another one."""
    root = Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("compared") / "tiny"))
    package = package_of(load(root))
    rows = tuple({**row, "value": "7"} for row in package.rows("results"))
    folder = root / "data" / "editions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0.0.1.zip").write_bytes(reduced_file(replace(package, tables={**package.tables, "results": rows})))
    return load(root)


def spelt_out(looks):
    """Return looks with those at several rows as one at each: a row may be read again and again."""
    rows = [(*look[:3], place) for look in looks if look[0] == "rows" for place in look[3].split()]
    return {look for look in looks if look[0] != "rows"}.union(rows)


def test_whoever_asks_what_another_has_asked_looks_where_the_other_did(compared):
    known, found = Looks(compared), []
    for _ in range(2):
        watched = Watched(compared, known)
        with watched.noting():
            assert evidence_told(watched)
        found.append(watched.looks)
    assert spelt_out(found[0]) == spelt_out(found[1]) and any(look[0] == "origin" for look in found[0])


def answered(survey, question, watched=None):
    return hashlib.sha256(repr(question(watched or survey)).encode()).hexdigest()


def looked(survey, questions):
    """Return each answer, and at what was looked for it by a build in which others asked before."""
    known, found = Looks(survey), {}
    for name, question in questions.items():
        watched = Watched(survey, known)
        with watched.noting():
            answer = answered(survey, question, watched)
        found[name] = answer, watched.looks
    return found


@pytest.fixture(scope="module")
def before(compared):
    return looked(compared, QUESTIONS)


def tried(survey, changed, before, questions):
    """Return the names of the questions with another answer about a changed survey, and of those that would not be asked again."""
    was, now = Looks(survey), Looks(changed)
    other = [name for name, question in questions.items() if answered(changed, question) != before[name][0]]
    return other, [name for name in other if all(was[look] == now[look] for look in before[name][1])]


@pytest.mark.parametrize("table", ["results", "measurements"])
def test_whoever_answers_otherwise_for_another_number_has_looked_at_it(table, compared, before):
    answers = set()
    for place in range(0, len(getattr(compared, table)), ONE_IN):
        value = "99.9" if place // ONE_IN % 2 else "0.1"
        other, missed = tried(compared, with_value(compared, table, place, value), before, QUESTIONS)
        assert missed == [], place
        answers.update(other)
    assert len(answers) > (9 if table == "results" else 2)  # or nothing was tried


@pytest.fixture(scope="module")
def with_pages(compared):
    """Return the questions, and that of the page of each paper."""
    return QUESTIONS | {
        f"page of {paper.key}": partial(lambda survey, key: PaperPages(survey).content(key), key=paper.key)
        for paper in compared.papers
    }


@pytest.fixture(scope="module")
def before_with_pages(compared, with_pages):
    return looked(compared, with_pages)


# What columns of papers that are noted by the row may say instead.
OTHERWISE = {
    "family": "prompt",
    "further_families": "adapter",
    "code": "https://code.example/other",
    "code_found": "name",
    "code_extent": "moved",
    "code_licence": "ISC",
}


@pytest.mark.parametrize("name", sorted(name for row, name in BY_ROW if row is Paper and name != "row"))
def test_whoever_answers_otherwise_for_another_paper_has_looked_at_it(name, compared, with_pages, before_with_pages):
    answers = set()
    for place, paper in enumerate(compared.papers):
        cells = {**paper.row.cells, name: OTHERWISE[name]}
        value = (OTHERWISE[name],) if isinstance(getattr(paper, name), tuple) else OTHERWISE[name]
        changed = replace(paper, **{name: value}, row=replace(paper.row, cells=cells))
        survey = replace(compared, papers=(*compared.papers[:place], changed, *compared.papers[place + 1 :]))
        other, missed = tried(compared, survey, before_with_pages, with_pages)
        assert missed == [], place
        answers.update(other)
    assert answers  # or nothing was tried


def test_a_number_that_says_nothing_for_an_answer_does_not_ask_it_again(compared, before):
    pages = [name for name in before if name.startswith("page of ")]
    was, now = Looks(compared), Looks(with_value(compared, "results", 0, "99.9"))
    again = [name for name in pages if any(was[look] != now[look] for look in before[name][1])]
    assert 0 < len(again) < len(pages) / 2
