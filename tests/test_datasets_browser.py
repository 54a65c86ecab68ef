"""The pages of data sets in headless Chromium: the largest group first, filters with counts, links that open what they lead to."""

import re

import pytest
from playwright.sync_api import expect

from peft_vlm_survey.compare.dataset_tables import tables_by_dataset
from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built


def largest():
    """Return the data sets with most tables, and how many they have."""
    found = {name: len(dataset_tables) for name, dataset_tables in tables_by_dataset(the_survey()).items()}
    return sorted(found.items(), key=lambda one: -one[1])


NAME, GROUPS = largest()[0]


def visit(page, site, name=NAME, anchor=""):
    page.goto("about:blank")
    page.goto((site / "datasets" / f"{name}.html").as_uri() + anchor)
    expect(page.locator(".dataset-filter")).to_be_visible()


def seen(page):
    return page.locator(".dataset-page .group:not([hidden])")


def test_the_largest_group_alone_is_seen_first(page, site):
    visit(page, site)
    expect(seen(page)).to_have_count(1)
    expect(page.locator("#others")).to_be_hidden()
    expect(page.locator(".dataset-filter [role=status]")).to_contain_text(f"1 table of {GROUPS}")


def test_all_shows_every_group_and_says_that_nothing_is_ranked_across_them(page, site):
    visit(page, site)
    page.get_by_label("Protocol").select_option("all")
    expect(seen(page)).to_have_count(GROUPS)
    expect(page.locator(".dataset-filter [role=status]")).to_contain_text("nothing across them")


def test_every_value_of_a_filter_has_the_count_that_it_shows(page, site):
    visit(page, site)
    options = page.eval_on_selector_all(
        "#dataset-backbone option", "all => all.map(one => [one.value, one.textContent])"
    )
    for value, text in options[1:6]:
        page.locator("#dataset-backbone").select_option(value)
        expect(seen(page)).to_have_count(int(re.search(r"\((\d+) table", text).group(1)))
        page.locator("#dataset-backbone").select_option("all")


@pytest.mark.parametrize("menu", ["protocol", "backbone"])
def test_a_filter_lists_what_has_most_rows_first(menu, page, site):
    visit(page, site)
    texts = page.locator(f"#dataset-{menu} option").all_text_contents()
    rows = [int(found[1]) for text in texts if (found := re.search(r", (\d+) rows?\)$", text))]
    assert len(set(rows)) > 1 and rows == sorted(rows, reverse=True)


def test_a_link_to_a_group_opens_it(page, site):
    visit(page, site)
    group = page.locator("#others .group").last.get_attribute("id")
    visit(page, site, anchor=f"#{group}")
    expect(page.locator(f"#{group}")).to_be_visible()
    expect(page.locator(f"#{group} table").first).to_be_visible()


def test_charts_in_the_colours_of_the_page_are_not_turned_in_the_dark(page, site):
    page.emulate_media(color_scheme="dark")
    visit(page, site, "fgvc")
    filters = page.locator("figure svg").evaluate_all("drawn => drawn.map(svg => getComputedStyle(svg).filter)")
    assert filters and set(filters) == {"none"}


def test_without_scripts_every_group_stands_there(page_without_scripts, site):
    page_without_scripts.goto((site / "datasets" / f"{NAME}.html").as_uri())
    expect(page_without_scripts.locator(".dataset-page .group")).to_have_count(GROUPS)
    expect(page_without_scripts.locator("#others")).to_be_visible()


@pytest.mark.parametrize("name", [name for name, _ in largest()[:3]])
def test_it_can_be_read_by_day_and_night_and_on_a_phone(name, inspect, site):
    def show(page):
        visit(page, site, name)
        page.get_by_label("Protocol").select_option("all")

    assert inspect(show) == {}
