"""The template of a benchmark's page, filled without a site around it."""

import re

import pytest
from bs4 import BeautifulSoup
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from peft_vlm_survey.compare.shown_digits import short
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.benchmark_page import BenchmarkPages
from peft_vlm_survey.site.result_pages import BENCHMARK

FRAME = DictLoader({"layout.html": "{% block body %}{% endblock %}"})


@pytest.fixture(scope="module")
def template():
    loader = ChoiceLoader([FRAME, FileSystemLoader(ROOT / "_templates")])
    return Environment(loader=loader, autoescape=True).get_template(BENCHMARK.template)


@pytest.fixture(scope="module")
def page(template):
    """Return a function that fills the template for a benchmark of the survey; no work has a page of its own."""
    pages = BenchmarkPages(the_survey())

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


def test_no_cell_of_a_table_shows_the_digits_of_a_computer(page):
    soup = page("metamathqa-gsm8k")
    assert soup.find("span", title="0.5261561789234268").get_text().strip() == "0.5262"
    assert [cell.get_text() for cell in soup.select("td") if re.search(r"[0-9]\.[0-9]{8}", cell.get_text())] == []


def test_contradictions_name_each_value_once_with_the_tables_that_print_it(page):
    soup = page("b2n-average-hm")
    told = [plain(row.select("td")[1]) for row in soup.select("table.contradictions tbody tr")]
    assert any(re.search(r"\d+\.\d+ \(\d+ tables: ", cell) for cell in told)
    for cell in told:
        values = re.findall(r"(\d+\.\d+) \(", cell)
        assert len(values) == len(set(values)) > 1


def test_a_contradiction_says_which_value_is_right_where_that_is_known(page):
    known = [found for found in the_survey().contradictions if found.right]
    assert known
    for found in known[:3]:
        rows = [plain(row) for row in page(found.benchmark).select("table.contradictions tbody tr")]
        assert any(row.startswith(found.method) and f"; right is {short(found.right)}" in row for row in rows)
    others = {found.benchmark for found in the_survey().contradictions} - {found.benchmark for found in known}
    assert not any("right is" in plain(row) for row in page(min(others)).select("table.contradictions tbody tr"))


def test_a_protocol_of_several_backbones_is_told_once_with_their_tables_below_it(page):
    soup = page("refcoco-testa-rec")
    told = [plain(conditions) for conditions in soup.select(".conditions")]
    assert len(told) == len(set(told)) < len(soup.select("#boards table"))
    for section in soup.select("#boards > section"):
        tables, heads = section.select("table"), section.select("h4")
        assert len(heads) == (len(tables) if len(tables) > 1 else 0)


def test_no_two_elements_of_a_page_share_an_id(page):
    for name in ("refcoco-testa-rec", "b2n-average-hm", "metamathqa-gsm8k"):
        ids = [element["id"] for element in page(name).select("[id]")]
        assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_a_list_without_a_paper_is_a_link_to_its_repository(page):
    links = page("b2n-average-hm").select('#boards a[href^="https://github.com/zhengli97/"]')
    assert links and {link.get_text() for link in links} == {"zhengli97/Awesome-Prompt-Adapter-Learning-for-VLMs"}
