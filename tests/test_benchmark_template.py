"""The template of a benchmark's page, filled without a site around it."""

import pytest
from bs4 import BeautifulSoup
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from survey.data import ROOT, the_survey
from survey.site.benchmarks import TEMPLATE, Pages

FRAME = DictLoader({"layout.html": "{% block body %}{% endblock %}"})


@pytest.fixture(scope="module")
def template():
    loader = ChoiceLoader([FRAME, FileSystemLoader(ROOT / "_templates")])
    return Environment(loader=loader, autoescape=False).get_template(TEMPLATE)


@pytest.fixture(scope="module")
def page(template):
    """Return a function that fills the template for a benchmark of the survey; no work has a page of its own."""
    pages = Pages(the_survey())

    def filled(name, **changes):
        content = pages.content(pages.survey.benchmark(name)) | {"address": lambda key: ""} | changes
        return BeautifulSoup(template.render(content), "html.parser")

    return filled


def plain(element):
    return " ".join(element.get_text(" ").split())


def fact(soup, term):
    return next(name.find_next("dd") for name in soup.select("#facts dt") if plain(name) == term)


def test_a_data_set_is_cited_by_authors_and_year_and_leads_to_its_record_if_it_stands_nowhere(page):
    cell = fact(page("math10k-gsm8k"), "Data set")
    assert cell.a.get_text() == "Cobbe et al., 2021"
    assert cell.a["href"] == the_survey().references["cobbe2021gsm8k"].address


def test_a_data_set_leads_to_the_list_of_references_if_it_stands_there(page):
    cell = fact(page("math10k-gsm8k", address=lambda key: f"../references.html#{key}"), "Data set")
    assert cell.a["href"] == "../references.html#cobbe2021gsm8k"


def test_the_works_behind_an_average_are_each_cited_once(page):
    texts = [link.get_text() for link in fact(page("b2n-average-hm"), "Data set").select("a")]
    assert "Deng et al., 2009" in texts and len(texts) == len(set(texts)) == 11
