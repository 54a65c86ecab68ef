"""What is made of each paper alone is made again of a paper whose rows say something else, and of no other."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from peft_vlm_survey import per_paper
from peft_vlm_survey.cache import Looks, Watched
from peft_vlm_survey.data import load
from peft_vlm_survey.export.csv_json import member_text, papers_json
from peft_vlm_survey.read.joined import paper_row
from peft_vlm_survey.read.tasks import GROUP_OF

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def survey(monkeypatch):
    """Return the tiny survey in a process that stays."""
    monkeypatch.setattr(per_paper, "_held", {})
    return load(GOOD)


def made(survey, work):
    """Return what a process that stays has of each paper, and of which papers it was asked for."""
    asked = []

    def counted(*rows):
        asked.append(rows[0].key)
        return work(*rows)

    held = per_paper._held.setdefault(work, {})
    per_paper._held[counted] = held
    return survey.of_papers(counted, survey.papers), asked


def afresh(survey, work):
    return [
        work(paper, survey.references[paper.key], survey.descriptions_by_key.get(paper.key)) for paper in survey.papers
    ]


def otherwise(row, name):
    """Return a row with another cell in a column."""
    was = getattr(row, name)
    task = (
        next(task for task in GROUP_OF if task not in was) if name == "task" else "other"
    )  # those of a group are known
    now = (task,) if isinstance(was, tuple) else "other"
    cell = now[0] if isinstance(now, tuple) else now
    return replace(row, **{name: now}, row=replace(row.row, cells={**row.row.cells, name: cell}))


@pytest.mark.parametrize("work", [paper_row, member_text])
@pytest.mark.parametrize("table", ["papers", "descriptions"])
def test_what_is_made_of_a_paper_follows_every_cell_of_its_rows(work, table, survey):
    assert made(survey, work)[1] == [paper.key for paper in survey.papers]
    rows = getattr(survey, table)
    for column in (held.name for held in fields(rows[0])):
        if column not in ("key", "row"):
            changed = replace(survey, **{table: (otherwise(rows[0], column), *rows[1:])})
            found, asked = made(changed, work)
            assert found == afresh(changed, work), column
            assert asked == [rows[0].key], column
            made(survey, work)


@pytest.mark.parametrize("work", [paper_row, member_text])
def test_what_is_made_of_a_paper_follows_its_entry_and_whether_it_is_described(work, survey):
    made(survey, work)
    key = survey.descriptions[0].key
    entry = survey.references[key]
    for changed in (
        replace(survey, references={**survey.references, key: replace(entry, fields={**entry.fields, "title": "X"})}),
        replace(survey, references={**survey.references, key: replace(entry, type="book")}),
        replace(survey, descriptions=survey.descriptions[1:]),
    ):
        found, asked = made(changed, work)
        assert found == afresh(changed, work) and asked == [key]
        made(survey, work)


def test_a_row_that_moved_says_the_same(survey):
    made(survey, paper_row)
    moved = tuple(replace(paper, row=replace(paper.row, line=paper.row.line + 3)) for paper in survey.papers)
    assert made(replace(survey, papers=moved), paper_row)[1] == []


def test_papers_come_and_go(survey):
    made(survey, paper_row)
    fewer = replace(survey, papers=survey.papers[1:])
    assert made(fewer, paper_row) == (afresh(fewer, paper_row), [])
    assert made(survey, paper_row) == (afresh(survey, paper_row), [])


def test_who_takes_what_was_made_of_papers_has_looked_at_these(survey):
    for _ in range(2):
        watched = Watched(survey, Looks(survey))
        with watched.noting():
            assert papers_json(watched) == papers_json(survey)
        keys = {paper.key for paper in survey.papers}
        for name in ("paper", "description", "references"):
            assert {look[1] for look in watched.looks if look[0] == name} == keys


def test_a_process_that_does_not_stay_holds_nothing(monkeypatch):
    monkeypatch.setattr(per_paper, "_held", None)
    survey = load(GOOD)
    assert survey.of_papers(paper_row, survey.papers) == afresh(survey, paper_row)
    assert per_paper._held is None
