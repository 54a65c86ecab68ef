"""The pages of the benchmarks in headless Chromium, from disk with the network off."""

import re
import time
from functools import cache

import pytest
from conftest import DESKTOP, offline
from every import each
from playwright.sync_api import expect
from test_benchmarks_site import the_boards, the_names, the_sample
from test_search_browser import asked

from peft_vlm_survey.data import the_survey

pytestmark = pytest.mark.built


@cache
def the_largest():
    return the_sample()["most numbers"]


@cache
def the_drawn():
    return the_sample()["a figure"]


# All benchmarks have one template; these three have most of its parts between them.
@each("field", ["most numbers", "parts", "one number"])
def test_a_benchmarks_page_is_accessible(field, inspect, site):
    assert the_sample()[field]
    address = (site / "benchmarks" / f"{the_sample()[field]}.html").as_uri()
    assert inspect(lambda page: page.goto(address), thoroughly=True) == {}


@each("name", the_names)
def test_a_benchmarks_page_fits_the_screen_and_makes_no_error(name, inspect, site):
    assert inspect(lambda page: page.goto((site / "benchmarks" / f"{name}.html").as_uri()), rules=False) == {}


@each("name", the_names)
def test_every_number_is_seen_without_scripts(name, page_without_scripts, site):
    page_without_scripts.goto((site / "benchmarks" / f"{name}.html").as_uri())
    rows = page_without_scripts.locator("#boards tbody tr")
    expect(rows).to_have_count(sum(len(board.rows) for board in the_boards()[name]))
    copies = page_without_scripts.locator("#boards .printed-alike li")
    expect(copies).to_have_count(sum(len(row) - 1 for board in the_boards()[name] for row in board.rows))
    for place in range(page_without_scripts.locator("#boards .printed-alike summary").count()):
        page_without_scripts.locator("#boards .printed-alike summary").nth(place).click()
    assert all(copies.nth(place).is_visible() for place in range(copies.count()))
    expect(rows.last).to_be_visible()
    expect(page_without_scripts.locator("figure.scatter-figure svg")).to_have_count(
        page_without_scripts.locator("figure.scatter-figure").count()
    )


def test_a_column_sorts_and_comes_back_in_the_printed_order(page, open_page):
    open_page(f"benchmarks/{the_largest()}")
    table = page.locator("#boards table.survey").first
    column = [head.partition("\n")[0] for head in table.locator("thead th").all_inner_texts()].index("Method")
    before = table.locator("tbody tr").all_inner_texts()
    head = table.get_by_role("button", name="Method")
    head.click()
    names = [" ".join(text.split()) for text in table.locator(f"tbody tr td:nth-child({column + 1})").all_inner_texts()]
    assert page.evaluate("names => [...names].sort(new Intl.Collator('en', {numeric: true}).compare)", names) == names
    head.click()
    head.click()
    assert table.locator("tbody tr").all_inner_texts() == before


def test_the_largest_page_sorts_and_filters_without_a_visible_pause(page, open_page):
    open_page(f"benchmarks/{the_largest()}")
    table = page.locator("#boards table.survey").first
    start = time.perf_counter()
    table.get_by_role("button", name="Method").click()
    page.locator(".table-filter input").first.fill("prompt")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert time.perf_counter() - start < 2  # a visible pause would be far longer than what the driver itself takes
    assert table.locator("tbody tr:visible").count() < table.locator("tbody tr").count()


def test_a_table_is_taken_along_with_its_papers(page, open_page):
    open_page(f"benchmarks/{the_largest()}")
    page.locator("#boards .table-export summary").first.click()
    with page.expect_download() as given:
        page.locator("#boards .table-export").first.get_by_role(
            "button", name=re.compile("Download .* as BibTeX")
        ).click()
    text = given.value.path().read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE))
    assert keys and keys <= set(the_survey().references)


def test_the_address_of_a_number_marks_its_row(page, open_page, site):
    number = the_boards()[the_largest()][0].rows[0][0].number
    page.goto(f"{(site / 'benchmarks' / f'{the_largest()}.html').as_uri()}#{number.anchor}")
    expect(page.locator("tr:target")).to_contain_text(number.value)
    expect(page.locator("tr:target td").first).to_contain_text(number.method)


def test_the_address_of_a_copied_number_opens_the_row_that_it_shares(page, site):
    row = next(row for board in the_boards()[the_largest()] for row in board.rows if len(row) > 1)
    page.goto(f"{(site / 'benchmarks' / f'{the_largest()}.html').as_uri()}#{row[1].number.anchor}")
    expect(page.locator(".printed-alike li:target")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_points_of_a_figure_stand_out_from_the_page(theme, chromium, site):
    with offline(chromium, [], color_scheme=theme, viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto((site / "benchmarks" / f"{the_drawn()}.html").as_uri())
        ink, ground = page.evaluate(
            """() => [getComputedStyle(document.querySelector("svg.scatter text")).fill,
                      getComputedStyle(document.body).backgroundColor]"""
        )
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) / 3 for colour in (ink, ground)]
    assert abs(light[0] - light[1]) > 120


@each("by", ["name", "dataset", "metric"])
def test_the_search_finds_a_benchmark(by, page, site):
    benchmark = the_survey().benchmark("vqav2")
    words = {
        "name": benchmark.name,
        "dataset": f"{benchmark.dataset} Karpathy",
        "metric": f"{benchmark.dataset} {benchmark.metric}",
    }[by]
    assert "benchmarks/vqav2.html" in asked(page, site, words)
