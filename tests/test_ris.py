"""RIS as rispy reads it."""

import pytest
import rispy

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.downloads import paper_ris, references_ris


def record(survey, key):
    (found,) = rispy.loads(paper_ris(survey, key))
    return found


def test_every_reference_has_its_record_in_order(good):
    assert [found["id"] for found in rispy.loads(references_ris(good))] == sorted(good.references)


@pytest.mark.parametrize(
    ("key", "kind"),
    [("garcia2021grounder", "CONF"), ("hart2022asker", "JOUR"), ("jones2023teller", "GEN")],
)
def test_a_record_has_the_type_of_its_entry(good, key, kind):
    assert record(good, key)["type_of_reference"] == kind


@pytest.mark.parametrize(
    ("key", "tag", "value"),
    [
        ("garcia2021grounder", "title", "Grounder: a k-shot Study of CLIP"),
        ("garcia2021grounder", "authors", ["García, Inés", "van der Berg, Jan", "O'Neil, Pat"]),
        ("garcia2021grounder", "secondary_title", "Proceedings of the Second Conference on Small Things"),
        ("garcia2021grounder", "alternate_title1", "CST"),
        ("garcia2021grounder", "year", "2021"),
        ("garcia2021grounder", "start_page", "10"),
        ("garcia2021grounder", "end_page", "19"),
        ("garcia2021grounder", "doi", "10.1000/small.2021.010"),
        ("garcia2021grounder", "accession_number", "arXiv:2101.00010"),
        ("garcia2021grounder", "urls", ["https://small.example/2021/010"]),
        ("hart2022asker", "title", "Asker & Answerer: 50% Fewer Weights"),
        ("hart2022asker", "authors", ["Hart, Mary", "Müller, Jörg"]),
        ("hart2022asker", "volume", "3"),
        ("jones2023teller", "urls", ["https://arxiv.org/abs/2303.00033"]),
        ("dataset2019pictures", "authors", ["The Pictures Team"]),
    ],
)
def test_a_record_says_what_the_entry_says(good, key, tag, value):
    assert record(good, key)[tag] == value


@pytest.mark.parametrize("tag", ["doi", "start_page", "urls", "accession_number", "secondary_title"])
def test_what_is_not_established_has_no_tag(good, tag):
    assert tag not in record(good, "dataset2019pictures")


def test_a_key_that_there_is_not_has_no_record(good):
    with pytest.raises(KeyError):
        paper_ris(good, "nobody2020nothing")


def test_rispy_reads_the_facts_of_every_reference_of_the_book():
    survey = the_survey()
    read = [
        (found["id"], found["title"], int(found["year"]), len(found["authors"]), found.get("doi", ""))
        for found in rispy.loads(references_ris(survey))
    ]
    assert read == [
        (key, r.title_without_formulas, r.year, len(r.authors), r.fields.get("doi", ""))
        for key, r in sorted(survey.references.items())
    ]
