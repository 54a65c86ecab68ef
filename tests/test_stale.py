"""Preprints that may have appeared: which are listed, and what an export says of them."""

import dataclasses

import pytest

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.add.stale import preprints, stale
from peft_vlm_survey.data import the_survey


@pytest.fixture
def survey(good):
    key = good.papers[0].key
    reference = good.references[key]
    fields = {name: reference.fields[name] for name in ("author", "title", "year")}
    preprint = dataclasses.replace(reference, type="misc", fields={**fields, "eprint": "2101.00001"})
    return dataclasses.replace(good, references={**good.references, key: preprint})


def of(survey):
    """Return the preprint that was made of the first paper."""
    return next(reference for reference in preprints(survey, 2100) if reference.key == survey.papers[0].key)


def line_of(told, reference):
    return next(line for line in told.splitlines() if line.startswith(reference.key))


def export(path, entry):
    path.write_text(entry, encoding="utf-8")
    return path


def test_a_preprint_of_this_year_is_not_old(survey):
    reference = of(survey)
    assert reference not in preprints(survey, reference.year)


@pytest.mark.parametrize("same", ["title", "arXiv id"])
def test_an_export_names_the_venue(survey, tmp_path, same):
    reference = of(survey)
    title = reference.fields["title"] if same == "title" else "Another Title"
    more = "" if same == "title" else ", eprint = {2101.00001}, archiveprefix = {arXiv}"
    entry = f"@inproceedings{{a, title = {{{title}}}, booktitle = {{Proceedings of X}}, year = {{2022}}{more}}}\n"
    told, problems = stale(survey, 2100, [export(tmp_path / "x.bib", entry)])
    assert line_of(told, reference) == f"{reference.key}: Proceedings of X 2022 ({tmp_path / 'x.bib'}:1)"
    assert problems == ()


def test_another_preprint_is_no_venue(survey, tmp_path):
    reference = of(survey)
    entry = f"@article{{a, title = {{{reference.fields['title']}}}, journal = {{arXiv preprint arXiv:2101.00001}}, year = {{2021}}}}\n"
    told, _ = stale(survey, 2100, [export(tmp_path / "x.bib", entry)])
    assert line_of(told, reference).endswith("nothing in the given files")
    assert told.endswith("name a venue for 0.")


def test_the_command_lists_the_catalogues_own(capsys, tmp_path):
    assert main(["stale", "--before", "2024"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(preprints(the_survey(), 2024)) + 1
    assert main(["stale", str(tmp_path / "none.bib")]) == 2
    assert "no such file" in capsys.readouterr().err
