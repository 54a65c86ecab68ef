import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.reference import Reference
from peft_vlm_survey.site.paper_tags import citation_tags, description, head, json_ld

URL = "https://survey.example"


def tags(survey, key):
    return citation_tags(survey, key, f"papers/{key}")


def with_address(good, url):
    return replace(good, edition=replace(good.edition, url=url))


def with_entry(good, key, **fields):
    entry = good.references[key]
    changed = Reference(key=key, type=entry.type, fields={**entry.fields, **fields}, line=entry.line)
    return replace(good, references={**good.references, key: changed})


def test_a_conference_paper_is_described(good):
    assert tags(with_address(good, ""), "garcia2021grounder") == [
        ("citation_title", "Grounder: a k-shot Study of CLIP"),
        ("citation_author", "García, Inés"),
        ("citation_author", "van der Berg, Jan"),
        ("citation_author", "O'Neil, Pat"),
        ("citation_publication_date", "2021"),
        ("citation_conference_title", "Proceedings of the Second Conference on Small Things"),
        ("citation_firstpage", "10"),
        ("citation_lastpage", "19"),
        ("citation_doi", "10.1000/small.2021.010"),
        ("citation_arxiv_id", "2101.00010"),
        ("prism.publicationName", "Proceedings of the Second Conference on Small Things"),
    ]


def test_a_journal_article_names_its_journal_and_volume(good):
    said = dict(tags(good, "hart2022asker"))
    assert (said["citation_journal_title"], said["citation_volume"]) == ("Journal of Small Things", "3")
    said = dict(tags(with_entry(good, "hart2022asker", number="7", publisher="Small Press"), "hart2022asker"))
    assert (said["citation_volume"], said["citation_issue"], said["citation_publisher"]) == ("3", "7", "Small Press")


def test_a_preprint_claims_no_venue_but_arxiv(good):
    said = dict(tags(good, "jones2023teller"))
    assert "citation_conference_title" not in said and "citation_journal_title" not in said
    assert (said["citation_arxiv_id"], said["prism.publicationName"]) == ("2303.00033", "arXiv")


def test_a_single_page_has_no_last_one(good):
    said = dict(tags(with_entry(good, "hart2022asker", pages="e77"), "hart2022asker"))
    assert said["citation_firstpage"] == "e77" and "citation_lastpage" not in said


@pytest.mark.parametrize(
    ("author", "said"),
    [
        ("van der Berg, Jan", "van der Berg, Jan"),
        ("van der Berg, Jan Piet", "van\u00a0der\u00a0Berg, Jan Piet"),  # Zotero splits at commas between spaces
        ("Berg, Jan Piet", "Berg, Jan Piet"),
        ("{The Pictures Team}", "The Pictures Team"),
    ],
)
def test_an_author_of_several_names_stays_one(author, said, good):
    assert ("citation_author", said) in tags(with_entry(good, "jones2023teller", author=author), "jones2023teller")


def test_the_address_of_the_page_is_told_when_the_book_has_one(good):
    address = f"{URL}/papers/jones2023teller.html"
    assert ("citation_abstract_html_url", address) in tags(with_address(good, URL), "jones2023teller")
    assert json_ld(with_address(good, URL), "jones2023teller", "papers/jones2023teller")["mainEntityOfPage"] == address


def test_no_address_is_told_while_the_book_has_none(good):
    said = head(with_address(good, ""), "jones2023teller", "papers/jones2023teller", numbers=False)
    assert "html_url" not in said and "mainEntityOfPage" not in said


def test_the_json_ld_describes_the_article(good):
    said = json_ld(with_address(good, ""), "garcia2021grounder", "papers/garcia2021grounder")
    assert said == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": "Grounder: a k-shot Study of CLIP",
        "author": [{"@type": "Person", "name": name} for name in ("Inés García", "Jan van der Berg", "Pat O'Neil")],
        "datePublished": "2021",
        "isPartOf": {
            "@type": "PublicationVolume",
            "name": "Proceedings of the Second Conference on Small Things",
        },
        "pageStart": "10",
        "pageEnd": "19",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1000/small.2021.010"},
            {"@type": "PropertyValue", "propertyID": "arXiv", "value": "2101.00010"},
        ],
        "url": "https://small.example/2021/010",
    }


@pytest.mark.parametrize("title", ['A "quoted" <b>title</b> \\& more', "</script><script>x"])
def test_no_title_breaks_out_of_its_tag(title, good):
    survey = with_entry(good, "jones2023teller", title=title)
    soup = BeautifulSoup(head(survey, "jones2023teller", "papers/x", numbers=False), "html.parser")
    expected = survey.references["jones2023teller"].title
    assert soup.find("meta", attrs={"name": "citation_title"})["content"] == expected
    (script,) = soup.find_all("script")
    assert json.loads(script.string)["name"] == expected


def test_no_two_papers_share_a_description():
    survey = the_survey()
    said = [description(survey, paper.key, numbers=False) for paper in survey.papers]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("numbers", [True, False])
def test_the_description_promises_numbers_where_there_are_any(numbers, good):
    assert ("reported numbers" in description(good, "jones2023teller", numbers=numbers)) is numbers
