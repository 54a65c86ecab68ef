"""The plain lists of the catalogue: pages of their own on the site, and the chapter that leads to them."""

import gzip
import re
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from every import each

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.catalogue import anchor_of, by_year, in_order, listed
from peft_vlm_survey.site.lists import ElsewhereOnTheSite, content

built = pytest.mark.built


def chapter(category):
    """Return what stands on the site in the place of a list of the chapter."""
    document = new_document("catalogue", get_default_settings())
    line = nodes.list_item("", nodes.paragraph("", "A paper."))
    document += nodes.container("", nodes.bullet_list("", line), classes=["catalogue-list", f"of-{category}"])
    builder = SimpleNamespace(format="html", get_relative_uri=lambda here, there: f"{there}.html")
    app = SimpleNamespace(builder=builder)
    document.settings.env = SimpleNamespace(docname="catalogue", app=app)
    ElsewhereOnTheSite(document).run()
    return document


def test_on_the_site_the_chapter_leads_to_a_list_and_to_each_of_its_years():
    document = chapter("qa")
    held = {year: len(papers) for year, papers in by_year("qa", survey=the_survey())}
    total = sum(held.values())
    years = ", ".join(f"{year} ({number:,})" for year, number in held.items())
    assert document.astext() == f"{total:,} papers on one page; by year: {years}."
    assert [place["classes"] for place in document.findall(nodes.paragraph)] == [["to-list"]]
    links = [link["refuri"] for link in document.findall(nodes.reference)]
    assert links == ["catalogue/qa.html", *(f"catalogue/qa.html#{anchor_of(year)}" for year in held)]


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_list_has_the_papers_of_its_category_newest_first_under_their_years(category, good):
    own = [paper for paper in in_order(good, good.papers) if paper.category == category]
    page = content(good, category)
    assert [paper.key for year in page["years"] for paper in year["papers"]] == [paper.key for paper in own]
    for year in page["years"]:
        assert {good.references[paper.key].year for paper in year["papers"]} == {int(year["heading"][:4])}
    assert page["count"] == ("1 paper" if len(own) == 1 else f"{len(own)} papers")


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_list_leads_to_the_others(category, good):
    others = [f"{name}.html" for name in CATEGORIES if name != category]
    assert [other.address for other in content(good, category)["others"]] == others


def test_a_line_says_name_and_title_once_whether_the_title_begins_with_the_name_or_not():
    survey = the_survey()
    for paper in survey.papers:
        said, title = listed(survey, paper), survey.references[paper.key].title_without_formulas
        whole = f"{said.name}{said.rest}"
        assert whole in (title, f"{survey.name(paper.key)} {title}")
        assert said.named == (bool(paper.name) or whole != title)


def words(text):
    return re.sub(r"\s+", " ", text).strip()


@built
@each("category", lambda: CATEGORIES)
def test_the_page_of_a_category_says_of_every_paper_what_is_known(category, read_page):
    survey = the_survey()
    lines = read_page(f"catalogue/{category}").select(".catalogue-list li")
    papers = [paper for _, papers in by_year(category, survey=survey) for paper in papers]
    assert len(lines) == len(papers)
    for line, paper in zip(lines, papers, strict=True):
        said = listed(survey, paper)
        assert line.a["href"] == f"../papers/{paper.key}.html"
        parts = [f"{said.name}{said.rest}{said.stop}", f"{said.authors}.", *([f"{said.venue}."] if said.venue else [])]
        assert words(line.get_text()) == words(" ".join([*parts, ", ".join(said.labels)]))


@built
def test_the_catalogue_holds_no_list_and_leads_to_every_one(read_page):
    page = read_page("catalogue")
    assert page.select(".catalogue-list") == [] and len(page.select('a[href^="papers/"]')) == 0
    addresses = {link["href"].partition("#")[0] for link in page.select(".to-list a")}
    assert addresses == {f"catalogue/{category}.html" for category in CATEGORIES}


@built
@each("category", lambda: CATEGORIES)
def test_an_old_address_of_a_list_leads_to_its_section(category, read_page):
    place = read_page("catalogue").find(id=f"catalogue-{category}")
    section = place if place.name == "section" else place.find_parent("section")
    assert section.select(f'.to-list a[href="catalogue/{category}.html"]')


@built
@each("category", lambda: CATEGORIES)
def test_a_list_is_light_for_what_it_holds(category, site):
    page = (site / "catalogue" / f"{category}.html").read_bytes()
    papers = sum(paper.category == category for paper in the_survey().papers)
    assert len(gzip.compress(page, 9)) < 15_000 + 60 * papers
