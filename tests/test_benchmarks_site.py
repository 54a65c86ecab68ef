"""The pages of the benchmarks as files: their leaderboards, their links, their downloads."""

import json
import re
from collections import Counter
from functools import cache

import pytest
from every import each

from peft_vlm_survey.compare.boards import boards_by_benchmark
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.show.group_names import board_id, group_name
from peft_vlm_survey.show.scatter import scatter


@cache
def the_boards():
    return boards_by_benchmark(the_survey())


@cache
def the_papers():
    return {paper.key for paper in the_survey().papers}


@cache
def the_mismatched():
    return {mismatch.benchmark for mismatch in the_survey().mismatches}


# What a page may have or lack; the sample has a benchmark for each.
FIELDS = {
    "most numbers": lambda b, boards: (
        b.benchmark == max(the_boards(), key=lambda name: sum(len(x.numbers) for x in the_boards()[name]))
    ),
    "no ranked group": lambda b, boards: not any(board.ranked for board in boards),
    "a figure": lambda b, boards: any(scatter(the_survey(), board, "f") for board in boards),
    "gains": lambda b, boards: any(s.gain is not None for board in boards for s in board.standings),
    "a mismatch": lambda b, boards: b.benchmark in the_mismatched(),
    "lower is better": lambda b, boards: b.direction == "lower" and any(board.ranked for board in boards),
    "no unit": lambda b, boards: not b.unit,
    "parts": lambda b, boards: b.parts,
    "a reference": lambda b, boards: b.reference,
    "notes": lambda b, boards: any(board.ranked and not board.standings[-1].rank for board in boards),
    "copies": lambda b, boards: any(len(row) > 1 for board in boards for row in board.rows),
    "set-ups of their own": lambda b, boards: any(board.protocol and not board.comparable for board in boards),
    "one number": lambda b, boards: sum(len(board.numbers) for board in boards) == 1,
}


@cache
def the_sample():
    return {
        field: next(
            (
                b.benchmark
                for b in the_survey().benchmarks
                if b.benchmark in the_boards() and has(b, the_boards()[b.benchmark])
            ),
            "",
        )
        for field, has in FIELDS.items()
    }


@cache
def the_names():
    return sorted(filter(None, set(the_sample().values())))


pytestmark = [pytest.mark.built, pytest.mark.xdist_group("pages")]
each_benchmark = each("name", the_names)


def plain(cell):
    return re.sub(r"[\s\u2007\u2008]+", " ", cell.get_text()).strip()


def method(cell):
    """Return the method that a cell names, without the remark below it."""
    return plain(next(child for child in cell.children if child.get_text().strip()))


def full(cell):
    """Return the number of a cell with all its digits, which stand in its title where it shows fewer."""
    shortened = cell.find("span", title=True)
    return " ".join(shortened["title"].split()) if shortened else plain(cell)


@pytest.fixture(scope="module")
def page(read_page):
    """Return a function that parses the page of a benchmark."""
    return lambda name: read_page(f"benchmarks/{name}")


@pytest.fixture(scope="module")
def texts(site):
    """Return the text of every page by the id of its benchmark."""
    return {name: (site / "benchmarks" / f"{name}.html").read_text(encoding="utf-8") for name in the_boards()}


def shown(soup):
    """Return what the boards of a page show: for each a list of method, rank and value, once for each table that prints it."""
    boards = []
    for table in soup.select("#boards table.survey"):
        heads = [plain(head).partition(",")[0] for head in table.select("thead th")]
        rows = [dict(zip(heads, row.select("td"), strict=True)) for row in table.select("tbody tr")]
        told = [
            (method(row["Method"]), plain(row["Rank"]) if "Rank" in row else "", full(row["Value"]))
            for row in rows
            for _ in range(1 + len(row["Reported in"].select(".printed-alike li")))
        ]
        boards.append(sorted(told))
    return boards


def expected(name):
    """Return the same of the boards that the package ranks, which test_boards.py holds against pandas."""
    return sorted(
        sorted((s.number.method, str(s.rank or "–") if board.ranked else "", said(s.number)) for s in board.standings)
        for board in the_boards()[name]
    )


def said(number):
    return f"{number.value} ± {number.spread}" if number.spread else number.value


def test_the_sample_has_a_benchmark_for_almost_every_field():
    assert len([field for field, name in the_sample().items() if name]) >= len(FIELDS) - 1


def test_there_is_a_page_for_every_benchmark_with_numbers_and_for_no_other(site):
    assert {path.stem for path in (site / "benchmarks").glob("*.html")} == set(the_boards())


@each_benchmark
def test_a_page_shows_every_number_of_its_boards_with_its_rank(name, page):
    assert sorted(shown(page(name))) == expected(name)


def test_every_number_has_one_address_among_the_pages(texts):
    found = Counter(anchor for text in texts.values() for anchor in re.findall(r'<(?:tr|li) id="(r-[0-9a-f]+)"', text))
    assert found == Counter(number.anchor for number in the_survey().results)


def test_no_two_pages_share_a_title_or_a_description(texts):
    heads = [text.partition("</head>")[0] for text in texts.values()]
    titles = [re.search(r"<title>(.*?)</title>", head, re.DOTALL).group(1) for head in heads]
    described = [re.search(r'name="description" content="([^"]*)"', head).group(1) for head in heads]
    assert len(set(titles)) == len(set(described)) == len(texts)


@each_benchmark
def test_the_mark_of_a_number_leads_to_its_own_row(name, page):
    for row in page(name).select("#boards tbody tr"):
        places = [row, *row.select(".printed-alike li")]
        assert [link["href"] for link in row.select(".number-link")] == [f"#{place['id']}" for place in places]


@each_benchmark
def test_the_ranks_of_a_table_stand_in_order(name, page):
    for table in page(name).select("#boards table.survey"):
        heads = [plain(head) for head in table.select("thead th")]
        if "Rank" in heads:
            cells = [plain(row.select("td")[heads.index("Rank")]) for row in table.select("tbody tr")]
            ranks = [float("inf") if cell == "–" else int(cell) for cell in cells]
            assert ranks == sorted(ranks) and ranks[0] == 1


@each_benchmark
def test_a_row_says_how_many_tables_print_its_number_alike(name, page):
    folded = [row for row in page(name).select("#boards tbody tr") if row.select(".printed-alike")]
    for row in folded:
        several = 1 + len(row.select(".printed-alike li"))
        assert plain(row.select_one(".printed-alike summary")) == f"printed alike in {several} tables"
    assert len(folded) == sum(len(one) > 1 for board in the_boards()[name] for one in board.rows)


def test_a_list_whose_rows_keep_set_ups_of_their_own_says_so_and_ranks_nothing(page):
    soup = page(the_sample()["set-ups of their own"])
    for board in the_boards()[the_sample()["set-ups of their own"]]:
        if board.protocol and not board.comparable:
            section = soup.find(id=board_id(board))
            assert "Listed, not ranked: each row keeps its own set-up." in plain(section.select_one(".table-note"))
            assert "Rank" not in [plain(head) for head in section.select("thead th")]


@each_benchmark
def test_the_page_says_what_is_measured(name, page):
    facts = plain(page(name).find(id="facts"))
    benchmark = the_survey().benchmark(name)
    wanted = [benchmark.dataset, benchmark.split, benchmark.metric, benchmark.unit, f"{benchmark.direction} is better"]
    wanted += [the_survey().benchmark(part).name for part in benchmark.parts]
    works = [the_survey().references[key] for key in benchmark.reference]
    wanted += [f"{work.short_authors}, {work.year}" for work in works]
    assert [text for text in wanted if " ".join(text.split()) not in facts] == []
    cell = next(term.find_next("dd") for term in page(name).select("#facts dt") if plain(term) == "Data set")
    assert len(cell.select("a[href]")) == len([work for work in works if work.address or work.key in the_papers()])


@each_benchmark
def test_every_group_has_its_protocol_in_words(name, page):
    for board in the_boards()[name]:
        if board.protocol:
            protocol = the_survey().protocol(board.protocol)
            (caption,) = [
                c
                for c in page(name).select("#boards caption")
                if plain(c).endswith(f"; {group_name(protocol, board.backbone)}")
            ]
            told = plain(caption.find_previous(class_="conditions"))
            assert " ".join(protocol.training.split()) in told and " ".join(protocol.split.split()) in told


@each_benchmark
def test_the_downloads_are_those_of_its_data_set(name, page):
    dataset = the_survey().dataset_of[name].id
    links = [link["href"] for link in page(name).select("#downloads a")]
    assert links == [f"../downloads/datasets/{dataset}.csv", f"../downloads/datasets/{dataset}.bib"]


def test_mismatches_stand_on_the_page_of_the_average(page):
    name = the_sample()["a mismatch"]
    told = [
        (method(row.select("td")[1]), full(row.select("td")[2]), full(row.select("td")[3]))
        for row in page(name).select("#mismatches-table tbody tr")
    ]
    recorded = [m for m in the_survey().mismatches if m.benchmark == name]
    assert {(m.method, m.printed, m.recomputed) for m in recorded} <= set(told)


def test_the_chapter_leads_to_the_lists_and_these_to_every_page(read_page):
    lists = [link["href"] for link in read_page("method").select('a[href^="splits/"]')]
    assert lists == [f"splits/{category}.html" for category in CATEGORIES]
    pages = [read_page(address.removesuffix(".html")) for address in lists]
    links = [link["href"] for page in pages for link in page.select("table.survey a")]
    assert sorted(links) == sorted(f"../benchmarks/{name}.html" for name in the_boards())


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_chapter_of_a_category_leads_to_its_benchmarks(category, read_page):
    assert read_page(category).select(f'a[href="benchmarks.html#benchmarks-{category}"]')


def test_the_search_knows_every_page(site, texts):
    script = (site / "_static" / "search-texts.js").read_text(encoding="utf-8")
    held = json.loads(script.partition("=")[2].rstrip().rstrip(";"))
    assert {name for name, *_ in held["benchmarks"]} == set(texts)


def test_the_head_describes_the_rows_as_a_data_set(page):
    name = the_sample()["most numbers"]
    soup = page(name)
    assert '"@type": "Dataset"' in soup.select_one('script[type="application/ld+json"]').string
    dataset = the_survey().dataset_of[name].id
    assert f"downloads/datasets/{dataset}.csv" in soup.select_one('script[type="application/ld+json"]').string
