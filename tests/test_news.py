import dataclasses
import re

import pytest

from peft_vlm_survey.tables import corrections, newest

ABOUT = {"caption": "A caption.", "label": "tbl-a"}


def test_the_newest_papers_are_listed_by_date_with_what_they_do(good):
    assert newest(9, survey=good) == (
        "**2026-02-03**: 1 paper.\n"
        "\n"
        "- {cite:t}`jones2023teller`, [Teller\\: Words Alone](<https://arxiv.org/abs/2303.00033>), arXiv.\n"
        "\n"
        "**2026-01-02**: 3 papers.\n"
        "\n"
        "- {cite:t}`garcia2021grounder`, [Grounder\\: a $k$\\-shot Study of CLIP](<https://small.example/2021/010>), CST. "
        "Draws a mask around what is named\\, with small bottleneck modules in a frozen dual encoder\\.\n"
        "- {cite:t}`hart2022asker`, "
        "[Asker \\& Answerer\\: 50\\% Fewer Weights](<https://arxiv.org/abs/2110.00022>), JST. "
        "Puts learned tokens before the question and before every layer of a frozen language model\\.\n"
        "- {cite:t}`ivey2022seer`, [Seer Looks Beside the Backbone](<https://doi.org/10.1000/small.2022.030>), CST.\n"
    )


def test_a_date_with_more_papers_than_fit_says_how_many_are_left(good):
    assert newest(2, survey=good).splitlines()[-2:] == [
        newest(9, survey=good).splitlines()[6],
        "- and 2 more of this date, in {ref}`catalogue`",
    ]


def test_of_one_date_come_numbers_then_code_then_summaries_then_the_latest_and_categories_take_turns(good):
    def paper(key, category, code="", year="2024", eprint=""):
        fields = {"author": "Jones, Kim", "title": key, "year": year} | ({"eprint": eprint} if eprint else {})
        papers.append(dataclasses.replace(good.papers[0], key=key, category=category, code=code))
        references[key] = dataclasses.replace(good.references["jones2023teller"], key=key, fields=fields)

    papers, references = [], {}
    paper("a_plain", "vision", year="2023")
    paper("b_later", "vision", eprint="2401.00001")
    paper("c_latest", "vision", eprint="2411.00001")
    paper("d_summary", "vision", year="2020")
    paper("e_code", "vision", code="https://code.example/e", year="2020")
    paper("f_numbers", "vision", year="2020")
    paper("g_words", "language", year="2020")
    survey = dataclasses.replace(
        good,
        papers=tuple(papers),
        references=references,
        origins=(dataclasses.replace(good.origins[0], key="f_numbers"),),
        descriptions=(dataclasses.replace(good.descriptions[0], key="d_summary"),),
    )
    listed = [line.split("`")[1] for line in newest(9, survey=survey).splitlines() if line.startswith("- ")]
    assert listed == ["f_numbers", "g_words", "e_code", "d_summary", "c_latest", "b_later", "a_plain"]


def test_a_date_beyond_the_limit_is_left_out(good):
    assert "2026-01-02" not in newest(1, survey=good)


def test_a_paper_without_an_address_is_listed_by_its_title(good):
    fields = {"author": "Jones, Kim", "title": "Alone", "year": "2023"}
    alone = dataclasses.replace(good.references["jones2023teller"], fields=fields)
    survey = dataclasses.replace(good, references={**good.references, "jones2023teller": alone})
    assert newest(1, survey=survey).splitlines()[2] == "- {cite:t}`jones2023teller`, Alone."


@pytest.mark.parametrize("limit", [0, -1])
def test_a_list_of_no_papers_is_no_list(good, limit):
    with pytest.raises(ValueError, match=f"no list of {limit} papers"):
        newest(limit, survey=good)


def test_the_latest_correction_stands_first(good):
    assert corrections(9, survey=good, **ABOUT).rows == [
        [
            "2026-03-04",
            "{cite:t}`hart2022asker`",
            "venue",
            r"Small Things 2021",
            r"Journal of Small Things 3 \(2022\)",
            "a secondary text",
        ],
        [
            "2026-02-03",
            "–",
            "order of the list",
            r"by year\, then name",
            "by key",
            r"code\.example\/list\@0000004\: README\.md",
        ],
    ]


def test_the_rows_behind_the_corrections_are_those_of_the_file(good):
    assert [row["what"] for row in corrections(9, survey=good, **ABOUT).data] == ["venue", "order of the list"]


def test_a_book_without_corrections_says_so(good):
    survey = dataclasses.replace(good, corrections=())
    assert corrections(9, survey=survey, **ABOUT) == "Nothing that an edition said has been corrected so far.\n"


def test_of_one_date_the_correction_that_was_added_last_stands_first(good):
    first, second = good.corrections
    survey = dataclasses.replace(
        good, corrections=tuple(dataclasses.replace(one, date=first.date) for one in (first, second))
    )
    assert [row["what"] for row in corrections(9, survey=survey, **ABOUT).data] == [second.what, first.what]


def test_paper_has_the_latest_corrections_and_says_where_all_are_which_the_site_has(good):
    table = corrections(1, survey=good, **ABOUT)
    site, paper = str(table).split("{only} latex")
    dates = re.compile(r"^\| (2026-[0-9-]+) \|", re.M)
    assert dates.findall(site) == ["2026-03-04", "2026-02-03"]
    assert dates.findall(paper) == ["2026-03-04"]
    assert ":name: tbl-a\n" in site and ":name:" not in paper
    assert "the latest 1 of 2 corrections" in paper and "{site}`downloads/corrections.csv`" in paper
    assert "the latest 1 of 2" not in site
    assert len(table.data) == 2
    assert "{only}" not in str(corrections(2, survey=good, **ABOUT))


def test_a_list_of_no_corrections_is_no_list(good):
    with pytest.raises(ValueError, match="no list of 0 corrections"):
        corrections(0, survey=good, **ABOUT)
