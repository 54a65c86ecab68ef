import dataclasses

import pytest
from pybtex.database import parse_string

from peft_vlm_survey.data import find_problems, load
from peft_vlm_survey.read.errata import SEVERITIES
from peft_vlm_survey.tables import citation, errata, reporting

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def entry(survey):
    text = citation(survey=survey).removeprefix("```bibtex\n").removesuffix("\n```\n")
    (found,) = parse_string(text, "bibtex").entries.values()
    return found


def test_the_errata_of_a_severity_are_listed(good):
    assert errata("wrong", survey=good, **ABOUT).rows == [
        ["A1", "Asker", "Small Things 2021", r"It appeared in the journal in 2022\.", "a secondary text"]
    ]


def test_what_the_list_said_prints_as_text_and_of_no_paper_is_about_the_list(good):
    assert errata("incomplete", survey=good, **ABOUT).rows[0][1:4] == [
        "the list",
        r"a \| b",
        r"The list names \<two\> of four papers \& forgets \$2\.",
    ]


def test_a_severity_without_errata_has_no_rows_and_one_that_there_is_not_no_table(good):
    assert errata("spelling", survey=good, **ABOUT).rows == []
    with pytest.raises(KeyError):
        errata("false", survey=good, **ABOUT)


def test_every_erratum_stands_in_one_table(good):
    listed = [row[0] for severity in SEVERITIES for row in errata(severity, survey=good, **ABOUT).rows]
    assert sorted(listed) == ["A1", "C1"]


def test_an_erratum_that_the_check_accepts_can_be_listed(root):
    path = root / "data/errata.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("hart2022asker", "able2020adapter"), encoding="utf-8")
    assert find_problems(root) or errata("wrong", survey=load(root), **ABOUT).rows


def test_the_citation_of_the_book_says_which_edition_it_is_and_names_its_authors(good):
    cited = entry(good)
    assert cited.key == "peftvlmsurvey2026book"
    assert (
        dict(cited.fields).items()
        >= {
            "title": "A Tiny Survey of {Vision}--{Language} Tuning",
            "year": "2026",
            "note": "Version 0.1.0, 2026-01-02",
            "url": "https://tiny.example/book",
        }.items()
    )
    assert [*map(str, cited.persons["author"])] == ["{The Tiny Survey contributors}", "{Ada Lovelace}"]
    survey = dataclasses.replace(good, edition=dataclasses.replace(good.edition, url=""))
    assert "url" not in entry(survey).fields


def test_a_book_with_a_doi_is_cited_with_it(good):
    survey = dataclasses.replace(good, edition=dataclasses.replace(good.edition, doi="10.5281/zenodo.1"))
    assert entry(survey).fields["doi"] == "10.5281/zenodo.1"
    assert "doi" not in entry(good).fields


def test_without_a_repository_the_book_says_whom_a_report_goes_to(good):
    said = str(reporting(survey=good))
    assert "publishes your copy" in said and "issues/new" not in said


def test_with_a_repository_the_book_leads_to_its_form(good):
    edition = dataclasses.replace(good.edition, repository="https://forge.example/tiny")
    said = str(reporting(survey=dataclasses.replace(good, edition=edition)))
    assert "(https://forge.example/tiny/issues/new?template=correct-a-fact.yml" in said
