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


SAID = {
    "garcia2021grounder": {
        "type_of_reference": "CONF",
        "title": "Grounder: a k-shot Study of CLIP",
        "authors": ["García, Inés", "van der Berg, Jan", "O'Neil, Pat"],
        "secondary_title": "Proceedings of the Second Conference on Small Things",
        "alternate_title1": "CST",
        "year": "2021",
        "start_page": "10",
        "end_page": "19",
        "doi": "10.1000/small.2021.010",
        "accession_number": "arXiv:2101.00010",
        "urls": ["https://small.example/2021/010"],
    },
    "hart2022asker": {
        "type_of_reference": "JOUR",
        "title": "Asker & Answerer: 50% Fewer Weights",
        "authors": ["Hart, Mary", "Müller, Jörg"],
        "volume": "3",
    },
    "jones2023teller": {"type_of_reference": "GEN", "urls": ["https://arxiv.org/abs/2303.00033"]},
    "dataset2019pictures": {"authors": ["The Pictures Team"]},
}


@pytest.mark.parametrize("key", SAID)
def test_a_record_says_what_the_entry_says(good, key):
    found = record(good, key)
    assert {tag: found.get(tag) for tag in SAID[key]} == SAID[key]


def test_what_is_not_established_has_no_tag(good):
    absent = {"doi", "start_page", "urls", "accession_number", "secondary_title"}
    assert absent.isdisjoint(record(good, "dataset2019pictures"))


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
