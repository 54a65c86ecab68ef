from docutils import nodes
from docutils.utils import new_document
from sphinx_design.dropdown import dropdown_main

from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.show.findable import benchmarks, datasets, names, numbers, papers
from peft_vlm_survey.site.search import sections


def test_every_paper_is_found_by_its_name_and_its_aliases(good):
    known = {(name.name, name.key) for name in names(good) if name.kind == "paper"}
    wanted = {(name, paper.key) for paper in good.papers for name in (paper.name, *paper.aliases) if name}
    assert wanted and wanted <= known


def test_a_term_is_found_in_both_languages(good):
    known = {name.name: name.key for name in names(good) if name.kind == "term"}
    assert good.glossary
    assert all(known[term.term] == term.term == known[term.zh] for term in good.glossary)


def test_no_name_stands_twice_for_one_page(good):
    found = [(name.name, name.kind, name.key) for name in names(good)]
    assert len(found) == len(set(found))


def test_every_paper_is_searched_weightiest_first(good):
    keys = [key for key, *_ in papers(good)]
    weight = weights(good)
    assert sorted(keys) == sorted(paper.key for paper in good.papers)
    assert keys == sorted(keys, key=lambda key: -weight[key])


def test_a_data_set_names_its_scores_and_methods(good):
    said = {key: text for key, _, text in datasets(good)}
    for dataset in good.datasets:
        shown = {number.method for number in good.results if number.benchmark in dataset.shown}
        assert all(method in said[dataset.id] for method in shown)


def test_benchmarks_without_numbers_have_no_page_to_find(good):
    assert {key for key, *_ in benchmarks(good)} == {number.benchmark for number in good.results}


def test_every_number_is_found_as_it_is_printed(good):
    held = numbers(good)
    found = {
        f"r-{anchor}": (value, held["methods"][method])
        for _, _, rows in held["rows"]
        for value, method, _, _, anchor in rows
    }
    assert good.results and {number.anchor for number in good.results} <= found.keys()
    for number in good.results:
        value, method = found[number.anchor]
        assert (value.split(" ")[0], method) == (number.value, number.method)


def test_a_section_says_what_stands_in_it_and_not_within_others():
    document = new_document("chapter")
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "deep"), ids=["inner"])
    outer = nodes.section("", nodes.title("", "Outer"), nodes.paragraph("", "one"), nodes.paragraph("", "two"), inner)
    outer["ids"] = ["outer"]
    outer += dropdown_main("", nodes.paragraph("", "listed"))
    outer += nodes.container("", nodes.literal_block("code", "code"), classes=["code-link"])
    document += outer
    assert list(sections(document)) == [("outer", "Outer", "one two"), ("inner", "Inner", "deep")]


def test_blocks_are_words_apart_formulas_are_left_out_and_a_section_without_a_text_of_its_own_is_not_listed():
    lines = nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", word)) for word in ("first", "second")))
    inner = nodes.section("", nodes.title("", "Inner"), nodes.paragraph("", "deep"), ids=["inner"])
    text = nodes.paragraph("", "", nodes.Text("as "), nodes.math("", "x^2"), nodes.Text(" says"))
    code = nodes.literal_block("some code", "some code")
    said = nodes.section("", nodes.title("", "Said"), text, code, lines, nodes.math_block("", "y^2"), ids=["said"])
    bare = nodes.section("", nodes.title("", "Bare"), inner, ids=["bare"])
    document = new_document("chapter")
    document += nodes.section("", nodes.title("", "Chapter"), said, bare, ids=["chapter"])
    assert list(sections(document)) == [
        ("chapter", "Chapter", ""),
        ("said", "Said", "as … says some code first second"),
        ("inner", "Inner", "deep"),
    ]


def test_a_long_table_is_found_by_its_caption_alone():
    def table(rows):
        body = nodes.tbody("", *(nodes.row("", nodes.entry("", nodes.paragraph("", f"row{i}"))) for i in range(rows)))
        return nodes.table("", nodes.title("", "Caption"), nodes.tgroup("", body))

    document = new_document("chapter")
    document += nodes.section("", nodes.title("", "Tables"), table(2), table(200), ids=["tables"])
    assert list(sections(document)) == [("tables", "Tables", "Caption row0 row1 Caption")]
