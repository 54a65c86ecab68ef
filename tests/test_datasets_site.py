"""The pages of the data sets as files: every number with its address, ranks in order, links, downloads."""

import csv
import io
import re
from collections import Counter
from functools import cache
from urllib.parse import urldefrag

import pytest
from every import each

from peft_vlm_survey.compare.dataset_tables import tables_by_dataset
from peft_vlm_survey.data import ROOT, the_survey

pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]


# All data sets have one template; these have most of its parts between them.
@cache
def the_names():
    return ["refcocog", "refcoco-family", "base-to-novel", "vtab-1k", "metamathqa", "istd", "audiocaps"]


each_dataset = each("name", the_names)


@pytest.fixture(scope="module")
def page(read_page):
    """Return a function that parses the page of a data set."""
    return lambda name: read_page(f"datasets/{name}")


def plain(cell):
    return re.sub(r"[\s\u2007\u2008]+", " ", cell.get_text()).strip()


def test_there_is_a_page_for_every_data_set_and_for_no_other(site):
    assert {path.stem for path in (site / "datasets").glob("*.html")} == set(the_survey().datasets_by_id)


@each_dataset
def test_a_page_has_a_table_for_every_group_and_a_row_for_every_line(name, page):
    dataset_tables = the_survey().derived(tables_by_dataset)[name]
    tables = page(name).select("table.master:not([id$=-further])")
    assert [len(table.select("tbody tr")) for table in tables] == [
        len(dataset_table.lines) for dataset_table in dataset_tables
    ]
    ranked = ["Rank" in [plain(head) for head in table.select("thead th")] for table in tables]
    assert ranked == [dataset_table.ranked for dataset_table in dataset_tables]


@each_dataset
def test_the_head_counts_groups_and_lists_as_the_page_has_them(name, page):
    soup = page(name)
    names = [plain(head).partition(" ")[0] for head in soup.select("table.master:not([id$=-further]) .caption-number")]
    said = plain(soup.select_one(".paper-summary"))
    link = soup.select_one('.page-parts a[href="#others"]')
    for thing, label in (("Group", r"comparable group"), ("List", r"list")):
        found = re.search(rf"(\d+) {label}s?\b", said)
        assert int(found[1] if found else 0) == names.count(thing) or "comparable group" not in said
        other = re.search(rf"(\d+) (?:other )?{thing.lower()}s?\b", plain(link) if link else "")
        assert int(other[1] if other else 0) == names[1:].count(thing)


@each_dataset
def test_every_score_of_a_page_leads_to_its_address_and_stands_once(name, page):
    found = Counter(urldefrag(link["href"]).fragment for link in page(name).select("table.master a.value"))
    lines = [line for dataset_table in the_survey().derived(tables_by_dataset)[name] for line in dataset_table.lines]
    assert found == Counter(cell[0].anchor for line in lines for cell in line.cells.values())


@each_dataset
def test_the_ranks_of_a_table_begin_in_order(name, page):
    for table in page(name).select("table.master:not([id$=-further])"):
        told = [plain(cell) for cell in table.select("td.rank") if plain(cell) != "–"]
        first = [int(rank.partition("–")[0]) for rank in told]
        assert not first or first[0] == 1
        if not any(
            "–" in rank for rank in told
        ):  # a span may begin before that of the row above, which is of another method
            assert first == sorted(first)


def test_the_page_of_every_benchmark_leads_to_its_column(site):
    columns = {
        dataset.id: set(re.findall(r'<th[^>]* id="(b-[^"]+)"', (site / "datasets" / f"{dataset.id}.html").read_text()))
        for dataset in the_survey().datasets
    }
    for benchmark, dataset in the_survey().dataset_of.items():
        text = (site / "benchmarks" / f"{benchmark}.html").read_text(encoding="utf-8")
        assert f'href="../datasets/{dataset.id}.html#b-{benchmark}"' in text
        assert f"b-{benchmark}" in columns[dataset.id]


def test_the_chapter_leads_to_every_page(read_page):
    links = {link["href"] for link in read_page("benchmarks").select("table.survey a.dataset")}
    assert links == {f"datasets/{name}.html" for name in the_survey().datasets_by_id}


def test_no_two_pages_share_a_description(site):
    texts = [path.read_text(encoding="utf-8") for path in (site / "datasets").glob("*.html")]
    assert len({re.search(r'name="description" content="([^"]*)"', text).group(1) for text in texts}) == len(texts)


@each_dataset
def test_the_download_holds_exactly_the_numbers_of_the_page(name, page, site):
    links = [link["href"] for link in page(name).select("#downloads a")]
    files = [f"../downloads/datasets/{name}.csv", f"../downloads/datasets/{name}.bib"]
    assert links == [*files, f"{name}.json"]
    rows = list(
        csv.DictReader(io.StringIO((site / "downloads" / "datasets" / f"{name}.csv").read_text(encoding="utf-8")))
    )
    with (ROOT / "data" / "results.csv").open(encoding="utf-8", newline="") as stream:
        numbers = [row for row in csv.DictReader(stream) if row["benchmark"] in the_survey().dataset(name).shown]
    assert [{key: row[key] for key in numbers[0]} for row in rows] == numbers


@each("name", the_names)
def test_a_page_is_accessible_and_fits_the_screen(name, inspect, site):
    address = (site / "datasets" / f"{name}.html").as_uri()
    assert inspect(lambda page: page.goto(address), thoroughly=name in ("refcoco-family", "refcocog")) == {}


def test_the_filter_leaves_the_rows_that_are_asked_for(site, chromium):
    page = chromium.new_page()
    page.goto((site / "datasets" / "base-to-novel.html").as_uri())
    page.locator(".table-filter input").first.fill("maple")
    rows = page.locator("table.master").first.locator("tbody tr:visible")
    assert rows.count() and all("maple" in text.lower() for text in rows.all_text_contents())
    page.close()
