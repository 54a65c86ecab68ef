"""Summaries that nearly repeat another one or their title are found by their words, and every one of them is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.check.descriptions import RULES as HELD_AGAINST_OTHERS
from peft_vlm_survey.read.descriptions import RULES, words

ALIKE = RULES[-1]
WORDS = [
    *("adds", "trains", "freezes", "lora", "prompts", "tokens", "layers", "vision", "text", "encoder", "few"),
    *("shots",),
]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=12).map(" ".join)


def by_every_pair(descriptions):
    """Yield each repeated summary with the first that it repeats, every pair held side by side."""
    sets = [set(words(found.summary)) for found in descriptions]
    for place, said in enumerate(sets):
        alike = [
            other
            for other, them in enumerate(sets[:place])
            if min(len(said), len(them)) >= 5 and len(said & them) / len(said | them) > 0.8
        ]
        if alike:
            yield descriptions[place].row.line, descriptions[alike[0]].key


@given(st.lists(SENTENCES, min_size=2, max_size=12))
def test_the_same_summaries_are_found_as_by_holding_every_pair_side_by_side(good, sentences):
    like = good.descriptions[0]
    rows = [
        replace(like, key=f"a{line}", summary=text, row=replace(like.row, line=line))
        for line, text in enumerate(sentences, start=2)
    ]
    assert [(found.line, found.message.split("'")[1]) for found in ALIKE(rows)] == list(by_every_pair(rows))


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        ("one two three four five six seven eight", 1),
        ("At first one two three four five six seven eight and then more.", 1),
        ("one two three four five six seven, and then eight", 0),
        ("eight seven six five four three two one", 0),
        ("one two three four five six seven", 0),
    ],
)
def test_eight_words_of_the_title_in_a_row_are_told_and_no_fewer(good, summary, told):
    says_its_title = next(rule for rule, _ in HELD_AGAINST_OTHERS if rule.__name__ == "_says_its_title")
    like = good.descriptions[0]
    reference = good.references[like.key]
    titled = replace(reference, fields={**reference.fields, "title": "One Two Three Four Five Six Seven Eight"})
    survey = replace(
        good,
        descriptions=(replace(like, summary=summary),),
        references={**good.references, like.key: titled},
    )
    assert len(list(says_its_title(survey))) == told
