"""Long tables of a chapter stand behind their captions; an address, a link and a printer open them."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from playwright.sync_api import expect
from test_chapters import SOURCES, asked, figure_option, questions

from peft_vlm_survey.site.folds import TAG, Folds

built = pytest.mark.built
FOLDED = {name: [cell for cell in questions(name) if TAG in cell.options.get("tags", [])] for name in SOURCES}
WITH_FOLDS = [name for name, found in FOLDED.items() if found]
PLACE = "disagreements", "tbl-mismatches"


def folded(*shown, tags=("tag_remove-input", f"tag_{TAG}"), **metadata):
    """Return what stands in a cell with such tags once the folds are made."""
    document = new_document("chapter", get_default_settings())
    cell = nodes.container("", *shown, classes=["cell", *tags], cell_metadata=metadata)
    document += cell
    numbers = {"chapter": {"table": {"tbl-x": (3,)}}}
    app = SimpleNamespace(config=SimpleNamespace(numfig_format={"table": "Table %s"}))
    document.settings.env = SimpleNamespace(docname="chapter", toc_fignumbers=numbers, app=app, config=app.config)
    Folds(document).run()
    return cell


def table():
    return nodes.table("", nodes.title("", "What is folded."), ids=["tbl-x"])


def test_a_fold_says_number_and_caption_of_what_it_holds():
    opened, number, caption, closed, held, end = folded(table()).children
    assert opened.astext() == '<details class="fold"><summary>'
    assert (number.astext(), caption.astext(), closed.astext()) == ("Table 3 ", "What is folded.", "</summary>")
    assert isinstance(held, nodes.table)
    assert end.astext() == "</details>"


def test_what_is_no_table_is_folded_behind_the_words_of_the_cell():
    assert folded(nodes.paragraph("", "A list."), fold="The list").children[1].astext() == "The list"


def test_an_answer_in_a_sentence_is_not_folded():
    assert len(folded(nodes.paragraph("", "Nothing changed.")).children) == 1


def test_what_asks_for_no_fold_stands_open():
    assert len(folded(table(), tags=["tag_remove-input"]).children) == 1


@pytest.mark.parametrize("name", WITH_FOLDS)
def test_what_is_folded_has_a_caption_or_words_of_its_own(name):
    def said(cell):
        given = [keyword.arg for keyword in cell.code.body[0].value.keywords]
        return cell.options.get(TAG) or "caption" in given or figure_option(cell, "figure", "caption")

    assert [asked(cell) for cell in FOLDED[name] if not said(cell)] == []


@built
@pytest.mark.parametrize("name", WITH_FOLDS)
def test_folds_are_closed_at_first_and_hold_what_was_asked(name, read_page):
    found = read_page(name).select("details.fold")
    least = 0 if name == "changes" else 1  # sentences, which are not folded, say that nothing changed
    assert least <= len(found) <= len(FOLDED[name])
    assert [fold for fold in found if fold.has_attr("open")] == []
    assert all(fold.find("summary").get_text(strip=True) for fold in found)


@built
def test_an_address_opens_the_fold_that_it_leads_into(page, site):
    name, anchor = PLACE
    page.goto(f"{(site / name).as_uri()}.html#{anchor}")
    expect(page.locator(f"details.fold:has(#{anchor})")).to_have_attribute("open", "")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()


@built
def test_a_link_within_the_chapter_opens_a_fold_again_that_was_closed(page, site):
    name, anchor = PLACE
    page.goto(f"{(site / name).as_uri()}.html#{anchor}")
    page.evaluate("document.querySelectorAll('details.fold').forEach(fold => { fold.open = false; })")
    page.locator(f'.bd-article a[href="#{anchor}"]').first.click()
    expect(page.locator(f"details.fold:has(#{anchor})")).to_have_attribute("open", "")


@built
def test_on_paper_nothing_stays_folded(page, site):
    page.goto(f"{(site / PLACE[0]).as_uri()}.html")
    page.emulate_media(media="print")
    expect(page.locator("details.fold:not([open])")).to_have_count(0)
    page.emulate_media(media="screen")
    expect(page.locator("details.fold[open]")).to_have_count(0)


@built
def test_without_scripts_a_click_opens_a_fold(page_without_scripts, site):
    name, anchor = PLACE
    page_without_scripts.goto(f"{(site / name).as_uri()}.html")
    fold = page_without_scripts.locator(f"details.fold:has(#{anchor})")
    expect(fold.locator("table.survey")).to_be_hidden()
    fold.locator("> summary").click()
    expect(fold.locator("table.survey")).to_be_visible()
