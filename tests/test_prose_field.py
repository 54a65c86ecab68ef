"""Every chapter of the field opens with what works, what to use and what is not known, and ends with three questions."""

import re

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.show.what_to_use import SITUATIONS

OPENING = ["What works", "What to use", "What is not known"]
LAST = "What to read first"
# The sentence says by other words which module it is: the adapter of its authors, the first of its kind.
BY_AUTHORS = {"houlsby2019adapter", "hu2022lora", "elsayed2019adversarialreprogramming"}


def headings(chapter: str) -> list[str]:
    text = (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("chapter", SITUATIONS)
def test_a_chapter_of_the_field_opens_with_what_a_reader_asks_first_and_ends_with_what_to_read(chapter):
    found = headings(chapter)
    assert found[: len(OPENING)] == OPENING
    assert found[-1] == LAST


@pytest.mark.parametrize("chapter", SITUATIONS)
def test_a_chapter_of_the_field_asks_three_open_questions(chapter):
    text = (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    asked = text.partition(f"## {LAST}\n")[2].partition("Three questions are open.\n")[2].partition("\n\n")[0]
    assert [line for line in asked.split("\n") if line.endswith("?")] == asked.split("\n")[:3]
    assert asked.count("?") == 3


@pytest.mark.parametrize("chapter", SITUATIONS)
def test_a_chapter_of_the_field_has_a_table_or_a_figure_in_its_opening(chapter):
    text = (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    opening = text.partition("## What works\n")[2].partition("## What to use\n")[0]
    assert re.search(r"^(tables|figures)\.", opening, re.MULTILINE)


@pytest.mark.parametrize("chapter", SITUATIONS)
def test_a_method_is_called_by_its_name_and_not_by_its_authors_alone(chapter):
    survey = the_survey()
    unnamed = [
        f"{chapter}.md:{number}: {paper.name}"
        for number, line in enumerate(
            (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8").split("\n"), start=1
        )
        for key in re.findall(r"\{cite:t\}`([^`,]+)`", line)
        if (paper := survey.papers_by_key.get(key)) and paper.kind == "method" and paper.name and paper.name not in line
        if key not in BY_AUTHORS
    ]
    assert unnamed == []
