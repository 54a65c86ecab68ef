"""Glossary terms in chapters: which names are linked, and that each leads to its entry once a page."""

from collections import Counter

import pytest

from peft_vlm_survey.data import the_survey
from peft_vlm_survey.site.terms import found_in, linked_names

CHAPTERS = ("grounding", "qa", "vision", "language", "modules", "open_problems")


def found(text):
    return [(text[start:stop], term.term) for start, stop, term in found_in(text)]


def test_words_of_several_meanings_are_not_linked():
    names = linked_names(the_survey().glossary)
    assert not {"rank", "gate", "protocol", "token", "seed", "frozen"} & set(names)
    assert {"low-rank adaptation", "LoRA", "hypernetwork"} <= set(names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prompt pools grow.", [("Prompt pools", "prompt pool")]),
        ("LoRA merges.", [("LoRA", "low-rank adaptation")]),
        ("a lora of another kind", []),
        ("QLoRA quantises.", []),
        ("visual prompt tuning", [("visual prompt tuning", "visual prompt tuning")]),
    ],
)
def test_a_name_is_found_as_it_stands_in_a_sentence(text, expected):
    assert found(text) == expected


@pytest.mark.built
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_leads_to_each_term_once(read_page, chapter):
    links = read_page(chapter).select("a.glossary-term")
    entries = {entry["id"] for entry in read_page("glossary").select("dt[id]")}
    assert len(links) > 5
    assert max(Counter(link["href"] for link in links).values()) == 1
    for link in links:
        page, _, anchor = link["href"].partition("#")
        assert page == "glossary.html"
        assert anchor in entries
        assert link["title"]
