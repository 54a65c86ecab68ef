"""The template of a paper's page, filled without a site around it."""

from functools import cache

import pytest
from bs4 import BeautifulSoup
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.site.papers import TEMPLATE, Pages

FRAME = DictLoader({"layout.html": "{% block body %}{% endblock %}"})


@cache
def the_pages():
    return Pages(the_survey())


@pytest.fixture(scope="module")
def page():
    """Return a function that fills the template for a paper of the survey."""
    loader = ChoiceLoader([FRAME, FileSystemLoader(ROOT / "_templates")])
    template = Environment(loader=loader, autoescape=True).get_template(TEMPLATE)

    def filled(key):
        content = the_pages().content(key) | {"chapters": [], "address": lambda key: f"../papers/{key}.html"}
        return BeautifulSoup(template.render(content), "html.parser")

    return filled


def plain(element):
    return " ".join(element.get_text(" ").split())


def test_the_widest_disagreements_lead_to_the_pages_of_their_benchmarks(page):
    rows = page("zhou2022coop").select("#table-of-spreads tbody tr")
    assert rows and all(row.a["href"].endswith(".html#contradictions") for row in rows)
    ranges = [float(plain(row.select("td")[-1])) for row in rows]
    assert ranges == sorted(ranges, reverse=True) and ranges[0] > 0


def test_a_repository_that_was_read_is_a_link_at_its_commit(page):
    links = [link["href"] for link in page("zhou2022coop").select("#record a")]
    assert any(address.startswith("https://github.com/KaiyangZhou/CoOp/tree/") for address in links)


def test_a_table_of_others_without_a_paper_names_its_owner(page):
    owners = [plain(row.select("td")[-1]) for row in page("zhou2022coop").select("#table-of-others tbody tr")]
    assert any(owner.startswith("zhengli97/Awesome-Prompt-Adapter-Learning-for-VLMs") for owner in owners)


def test_a_number_of_a_computer_is_shown_short_with_its_digits_in_the_title(page):
    shown = page("hu2022lora").select("table.numbers td span[title]")
    assert shown and all(len(span.get_text()) < len(span["title"]) for span in shown)
