"""The template of a paper's page, filled without a site around it."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

import pytest
from bs4 import BeautifulSoup
from every import each
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader

from peft_vlm_survey.compare.dataset_tables import dataset_tables_of
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.drawing_graph import text_alternative
from peft_vlm_survey.show.group_names import board_id
from peft_vlm_survey.show.paper_page import PaperPages, key_numbers
from peft_vlm_survey.show.recipes import of_paper
from peft_vlm_survey.site.papers import TEMPLATE

FRAME = DictLoader({"layout.html": "{% block body %}{% endblock %}"})


@cache
def the_pages():
    return PaperPages(the_survey())


@pytest.fixture(scope="module")
def page():
    """Return a function that fills the template for a paper of the survey."""
    loader = ChoiceLoader([FRAME, FileSystemLoader(ROOT / "_templates")])
    template = Environment(loader=loader, autoescape=True).get_template(TEMPLATE)

    @cache  # nobody changes what was filled
    def filled(key, pages=None):
        content = (pages or the_pages()).content(key) | {"chapters": [], "address": lambda key: f"../papers/{key}.html"}
        return BeautifulSoup(template.render(content), "html.parser")

    return filled


@cache
def the_described():
    """Return the keys of some described papers: the first of each kind of model, and those with most numbers."""
    first = {}
    for found in the_survey().descriptions:
        first.setdefault(found.model[:1], found.key)
    return sorted({*first.values(), "zhou2022coop", "jia2022vpt", "hu2022lora"})


each_described = each("key", the_described)


def plain(element):
    return " ".join(element.get_text(" ").split())


def test_the_widest_disagreements_lead_to_the_pages_of_their_benchmarks(page):
    rows = page("zhou2022coop").select("#table-of-spreads tbody tr")
    assert rows and all(row.a["href"].endswith(".html#contradictions") for row in rows)
    ranges = [float(plain(row.select("td")[-1])) for row in rows]
    assert ranges == sorted(ranges, reverse=True) and ranges[0] > 0
    heads = [plain(head) for head in page("zhou2022coop").select("#table-of-spreads thead th")]
    for row, apart in zip(rows, ranges, strict=True):
        low, high = (float(plain(row.select("td")[heads.index(name)]).split()[0]) for name in ("Lowest", "Highest"))
        assert high - low == pytest.approx(apart, abs=0.06)


def test_each_table_of_numbers_says_on_which_day_it_was_read(page):
    survey = the_survey()
    days = defaultdict(set)
    for origin in {number.origin for number in survey.results}:
        days[survey.origin(origin).key].add(survey.origin(origin).checked)
    key = min(key for key in days.keys() & survey.papers_by_key.keys() if survey.paper(key).checked not in days[key])
    told = [plain(line) for line in page(key).select(".number-sources li")]
    assert days[key] <= {line.rpartition("checked ")[2] for line in told}


def test_a_repository_that_was_read_is_a_link_at_its_commit(page):
    links = [link["href"] for link in page("zhou2022coop").select("#record a")]
    assert any(address.startswith("https://github.com/KaiyangZhou/CoOp/tree/") for address in links)


def test_a_table_of_others_without_a_paper_names_its_owner(page):
    tables = page("zhou2022coop").select("table.pivot[id^='table-others-']")
    named = [plain(element) for table in tables for element in table.select("caption, td:last-child")]
    named += [plain(table.find_next("div", class_="table-note")) for table in tables]
    assert any(text.startswith("zhengli97/Awesome-Prompt-Adapter-Learning-for-VLMs") for text in named)


def test_a_number_of_a_computer_is_shown_short_with_its_digits_in_the_title(page):
    shown = page("hu2022lora").select("table.numbers td span[title]")
    assert shown and all(len(span.get_text()) < len(span["title"]) for span in shown)


@each_described
def test_a_page_opens_with_what_the_paper_does_and_then_draws_it(key, page):
    found, shown = the_survey().description(key), page(key)
    said = shown.select_one(".paper-summary")
    assert [plain(line) for line in said.select("p")] == [found.summary, found.summary_zh]
    assert said.select_one("p:last-child")["lang"] == "zh"
    after = [element.name for element in said.find_next_siblings()]
    assert after[0] in ("dl", "figure" if found.trained else "section")
    assert "facts" in [element.get("id") for element in said.find_next_siblings("section")][:1]


@each_described
def test_the_drawing_says_in_words_what_it_shows(key, page):
    drawing = page(key).select_one("figure.paper-schematic")
    if key in the_survey().drawings_by_key:
        assert drawing is None
    elif the_survey().description(key).trained:
        assert drawing.svg["role"] == "img" and drawing.svg["aria-label"] == plain(drawing.figcaption)
    else:
        assert drawing is None


@each("key", lambda: sorted(set(the_survey().drawings_by_key) & set(the_survey().papers_by_key)))
def test_a_drawn_paper_shows_its_drawing_says_it_in_words_and_in_the_record_what_it_was_checked_against(key, page):
    drawing, shown = the_survey().drawing(key), page(key)
    image = shown.select_one("figure.drawing img")
    assert image["src"] == f"../_images/drawings/{key}.svg"
    assert image["alt"] == text_alternative(the_survey().name(key), drawing, the_survey().drawn_parts(key))
    record = re.sub(r"\s", "", plain(shown.select_one("#record")))
    told = (drawing.source, drawing.checked, drawing.differs)
    assert [said for said in told if re.sub(r"\s", "", said) not in record] == []


def test_a_paper_that_is_not_described_says_why(page):
    key = next(paper.key for paper in the_survey().papers if the_survey().description(paper.key) is None)
    shown = page(key)
    assert "only its title was at hand" in plain(shown.select_one(".paper-summary"))
    assert shown.select("svg.schematic") == [] and "Summary written from" not in plain(shown.select_one("#record"))


@each_described
def test_the_entries_are_folded_away_and_each_stands_there_once(key, page):
    blocks = page(key).select("[data-copy]")
    assert [block["data-copy"] for block in blocks] == ["BibTeX", "RIS"]
    assert all((fold := block.find_parent("details")) is not None and not fold.has_attr("open") for block in blocks)


@pytest.mark.parametrize(
    ("found", "address", "said"),
    [
        ("", "", "Code: not looked for"),
        ("none", "", "Code: looked for, none found"),
        ("abstract", "https://code.example/toy", "named in the abstract"),
        ("name", "https://code.example/toy", "found by its name"),
    ],
)
def test_what_is_known_of_the_code_is_said_in_words(found, address, said, page, good):
    paper = replace(good.paper("jones2023teller"), code=address, code_found=found)
    survey = replace(good, papers=(*(p for p in good.papers if p.key != paper.key), paper))
    text = plain(page(paper.key, PaperPages(survey)).select_one(".paper-links"))
    assert said in text and ("looked for" in text) is not bool(address)


def test_what_others_print_is_folded_behind_its_sentence_and_count(page):
    shown = page("khattak2023maple")
    fold = shown.find(id="spread").find_next_sibling("details")
    assert (
        fold.select_one("#table-of-spreads") and not fold.has_attr("open") and re.search("[0-9]", plain(fold.summary))
    )


@pytest.mark.parametrize("key", ["zhou2022coop", "jia2022vpt", "hu2022lora", "liu2026videomind", "xiao2024hivg"])
def test_every_table_stands_in_a_fold_that_says_how_much_is_in_it(key, page):
    shown = page(key).select_one("#numbers")
    folds = shown.select("details.more-numbers")
    assert {table.find_parent("details") for table in shown.select("table.pivot")} == set(folds)
    for fold in folds:
        said = {what: int(n) for n, what in re.findall("([0-9]+) (row|table)", plain(fold.summary))}
        assert said == {"row": len(fold.select("tbody tr")), "table": len(fold.select("table"))}


def test_a_page_opens_with_at_most_three_places_of_its_method_in_groups_that_rank_it(page):
    survey, known = the_survey(), key_numbers(the_survey())
    assert max(map(len, known.values())) == 3
    for one in known["khattak2023maple"]:
        dataset, _, group = one["address"].removeprefix("datasets/").partition(".html#")
        found = next(g for g in dataset_tables_of(survey, dataset) if board_id(g) == group)
        assert found.ranked and one["backbone"] == found.backbone
        assert any(
            line.method_key == "khattak2023maple" and one["place"].startswith(f"rank {line.rank} of ")
            for line in found.lines
        )
    shown = [plain(value) for value in page("khattak2023maple").select(".key-numbers dt")]
    assert shown == [one["value"].replace("\u00a0", " ") for one in known["khattak2023maple"]]


@pytest.mark.parametrize("key", ["zhou2022coop", "jia2022vpt", "hu2022lora"])
def test_a_number_of_a_papers_own_tables_has_its_address_where_it_stands_and_no_other_has_one(key, page):
    placed = Counter(number["id"] for number in page(key).select("table.pivot .cell-number[id]"))
    own = {n.anchor for table in PaperPages(the_survey()).tables(key) for n in table.numbers if n.home == key}
    assert own
    assert placed == Counter(own)


@pytest.mark.parametrize("key", ["zhou2022coop", "jia2022vpt", "hu2022lora"])
def test_every_number_of_the_survey_for_a_paper_stands_in_its_tables(key, page):
    shown = page(key).select_one("#numbers")
    anchors = {link["href"].partition("#")[2] for link in shown.select("table.pivot a.number-link")}
    numbers = {n.anchor for table in PaperPages(the_survey()).tables(key) for n in table.numbers if n.home}
    assert anchors == numbers


@pytest.mark.parametrize("key", ["zhou2022coop", "jia2022vpt"])
def test_every_row_has_a_cell_for_each_column(key, page):
    for table in page(key).select("table.pivot"):
        wide = len(table.select("thead th"))
        assert {len(row.select("th, td")) for row in table.select("tbody tr")} == {wide}


def test_a_recipe_is_told_as_pairs_with_its_lines_and_what_its_file_does_not_say(page):
    own = of_paper(the_survey(), "sung2022vladapter")
    shown = page("sung2022vladapter").select("#recipe .recipe")
    assert len(shown) == len(own) > 1
    for recipe, element in zip(own, shown, strict=True):
        pairs = {plain(pair.dt): plain(pair.dd) for pair in element.select("dl > div")}
        assert pairs["Batch"] == recipe.batch
        assert element.select_one("dl a")["href"] == recipe.address
        assert ("Targets" in pairs) == bool(recipe.targets)
        assert ("targets" in plain(element.select_one(".recipe-unsaid"))) == (not recipe.targets)
        assert element.pre.get_text() == "\n".join(recipe.lines)


def test_a_paper_without_recipes_has_no_section_of_them(page):
    assert not page("karimimahabadi2021hyperformer").select("#recipe")


def test_the_numbers_come_before_the_recipe_and_both_before_where_it_is_discussed(page):
    order = [section["id"] for section in page("sung2022vladapter").select("section[id]")]
    assert order[:4] == ["facts", "numbers", "recipe", "discussed"]
