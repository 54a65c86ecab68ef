import json
import re

import pytest
from mistakes import GOOD

from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.data import ROOT, load, the_survey
from peft_vlm_survey.read.folding import SMALL_WORDS, folded
from peft_vlm_survey.searching import KINDS, run, search
from peft_vlm_survey.site.search_js import texts_script


def ids(words, survey, **options):
    return [(found.kind, found.id) for found in search(words, survey=survey, **options)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("asker", ("paper", "hart2022asker")),
        ("ASKER", ("paper", "hart2022asker")),
        ("hart2022asker", ("paper", "hart2022asker")),
        ("tiny adapter", ("method", "Tiny Adapter")),
    ],
)
def test_what_has_the_words_for_its_name_comes_first(words, first, good):
    assert ids(words, good)[0] == first


def test_names_come_before_texts(good):
    found = ids("adapter", good)
    named = [("adapter" in one.name.lower()) for one in search("adapter", survey=good)]
    assert found and named == sorted(named, reverse=True) and {True, False} == set(named)


def test_all_words_must_stand_there(good):
    assert ids("asker nothing-of-the-kind", good) == []


def test_a_word_is_found_by_its_beginning_and_not_in_its_middle(good):
    assert ids("sker", good) == []
    assert ("paper", "hart2022asker") in ids("aske", good)


def test_a_dataset_is_found_by_an_alias(good):
    dataset = next(one for one in good.datasets if one.aliases)
    assert ("dataset", dataset.id) in ids(dataset.aliases[0], good)


def test_a_dataset_is_found_by_the_name_of_a_member(good):
    named = [
        (good.benchmark(member).name, one.id)
        for one in good.datasets
        for member in one.members
        if good.benchmark(member).name not in (one.name, *one.aliases)
    ]
    assert named
    assert [name for name, id in named if ("dataset", id) not in ids(name, good)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_wanted_kinds_are_found(kind, good):
    found = ids("tiny", good, kinds=[kind])
    assert {one for one, _ in found} <= {kind}


def test_no_word_finds_nothing(good):
    assert ids("  ", good) == []


def test_an_author_is_found_without_accents():
    code, said = run(["balazy", "--kind", "paper", "--json"], ROOT)
    assert code == 0
    assert "balazy2024loraxs" in [one["id"] for one in json.loads(said)]


def test_papers_are_found_by_venue_and_year_and_by_the_short_name_of_their_task():
    survey = the_survey()
    found = {one for kind, one in ids("VQA 2025", survey) if kind == "paper"}
    asked = [paper for paper in survey.papers if "visual question answering" in paper.task]
    assert found >= {paper.key for paper in asked if survey.references[paper.key].year == 2025} != set()
    paper = survey.papers_by_key["khattak2023maple"]
    assert ("paper", paper.key) in ids("CVPR 2023 base-to-novel", survey)


@pytest.mark.parametrize(
    "words",
    ["tiny vs adapter", "tiny vs. adapter", "difference between tiny and adapter?", "What is the best tiny “adapter”"],
)
def test_words_that_say_nothing_are_not_looked_for(words, good):
    assert set(ids(words, good)) == set(ids("tiny adapter", good)) != set()


def test_words_that_say_nothing_stand_once_and_the_page_gets_them_as_data():
    assert "versus" not in (ROOT / "_static" / "query.js").read_text(encoding="utf-8")
    script = texts_script(the_survey(), ())
    assert json.loads(script.partition("=")[2].rstrip().rstrip(";"))["small"] == list(SMALL_WORDS)


def test_the_command_says_how_many_it_does_not_show():
    code, said = run(["tiny", "--limit", "1"], GOOD)
    assert code == 0
    found = len(search("tiny", survey=load(GOOD)))
    assert said.splitlines()[1:] == [f"{found - 1} more; --limit {found} shows all."]


def test_of_papers_that_hold_the_words_alike_the_best_known_come_first_and_then_the_latest():
    survey = the_survey()

    def holds(text):
        return re.search(r"\bprompt", folded(text))

    weight = weights(survey)
    years, unknown = [], []
    for one in search("prompt", kinds=["paper"], survey=survey):
        if holds(one.title) and not any(map(holds, (one.name, *survey.paper(one.id).aliases, one.id))):
            years.append(survey.references[one.id].year)
            unknown.append(not weight[one.id])
    assert unknown == sorted(unknown) and {*unknown} == {True, False}
    late = [year for year, nobody in zip(years, unknown, strict=True) if nobody]
    assert len(set(late)) > 3 and late == sorted(late, reverse=True)


def test_the_command_says_that_nothing_was_found():
    assert run(["xyzzy"], GOOD) == (
        2,
        "nothing is called 'xyzzy', and no text holds these words.\n    Try fewer words, or their beginnings.",
    )


def test_quoted_words_must_stand_together():
    survey = the_survey()
    apart, together = set(ids("prompt visual", survey)), set(ids('"prompt visual"', survey))
    assert together < apart
    assert set(ids('"visual prompt"', survey)) != together


def test_a_decimal_number_is_found_however_many_zeros_it_ends_in():
    survey = the_survey()
    found = ids("82.9", survey, kinds=["paper"])
    assert found == ids("82.90", survey, kinds=["paper"]) != []
    assert not {("paper", "zanella2024cliplora")} & set(ids("2.89", survey))  # it has 82.89


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("visual prompt tuning", "jia2022vpt"),
        ('"visual prompt tuning"', "jia2022vpt"),
        ("Low-rank adaptation of large language models", "hu2022lora"),
        ("multi-modal prompt learning", "khattak2023maple"),
        ("clip lora", "zanella2024cliplora"),
    ],
)
def test_a_title_is_found_as_a_name_is_and_the_best_known_comes_first(words, first):
    assert ids(words, the_survey())[0] == ("paper", first)


@pytest.mark.parametrize(("one", "other"), [("sam 2", "sam2"), ("SAM-2", "sam2"), ("llama 3.2", "llama3.2")])
def test_a_number_behind_a_name_may_stand_apart(one, other):
    found = ids(one, the_survey())
    assert found == ids(other, the_survey()) != []


def test_where_not_every_word_is_found_the_nearest_are_shown():
    code, said = run(["asker", "zebra"], GOOD)
    assert code == 0
    assert said.splitlines()[0].startswith("Nothing holds all these words.")
    assert "hart2022asker" in said
    assert json.loads(run(["asker", "zebra", "--json"], GOOD)[1]) == []


def test_a_misspelt_name_gets_the_nearest_best_known_one():
    assert run(["lroa"], ROOT)[1].endswith("Did you mean 'LoRA'?")


@pytest.mark.parametrize("words", ["prompt", "adapter segmentation"])
def test_the_command_answers_in_fifteen_lines_of_a_hundred_columns_and_json_is_whole(words):
    lines = run(words.split(), ROOT)[1].splitlines()
    assert len(lines) <= 15 and max(map(len, lines)) <= 100
    assert len(json.loads(run([*words.split(), "--json"], ROOT)[1])) == len(search(words))
