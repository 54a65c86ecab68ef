"""What is set side by side: whose numbers meet, which line stands for a method, and what a difference is worth."""

import base64
import json
import re
import zlib
from decimal import Decimal
from itertools import combinations, islice

import pytest

from peft_vlm_survey.__main__ import main
from peft_vlm_survey.compare.choosable import (
    NoSuchMethod,
    beside_first,
    choosable,
    choosable_by_method,
    chosen,
    namesakes,
    slug,
)
from peft_vlm_survey.compare.disagreeing import disagreements
from peft_vlm_survey.compare.group_comparisons import group_comparisons
from peft_vlm_survey.compare.groups import method_of
from peft_vlm_survey.costs import METHODS, cost, known_shapes
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.side_by_side import answer
from peft_vlm_survey.show.side_by_side_data import card_of, index_of
from peft_vlm_survey.site.compare_js import CHUNKS, card_scripts
from peft_vlm_survey.tables import beside


@pytest.fixture(scope="module")
def index():
    return index_of(the_survey())


def asked(index, *names):
    return answer(index, [chosen(the_survey(), name).id for name in names])


def reported():
    """Return pairs of methods that meet, of every comparable group two with many numbers of one column."""
    pairs = []
    choices = choosable_by_method(the_survey())
    for comparison in group_comparisons(the_survey()):
        cells = {method: set(row.line.cells) for method, row in comparison.rows.items() if method in choices}
        known = sorted(cells, key=lambda method: -len(cells[method]))
        meeting = (pair for pair in combinations(known, 2) if cells[pair[0]] & cells[pair[1]])
        pairs += [tuple(choices[method].id for method in pair) for pair in islice(meeting, 1)]
    return sorted(set(pairs))


def test_every_named_paper_and_every_method_with_numbers_can_be_chosen():
    survey = the_survey()
    known = choosable_by_method(survey)
    assert {paper.key for paper in survey.papers if paper.name} <= set(known)
    assert {method_of(number) for number in survey.results} <= set(known)


def test_an_id_is_short_or_a_key_and_belongs_to_one():
    known = choosable(the_survey())
    keys = {one.key for one in known.values()}
    assert len(known) == len({one.id for one in known.values()})
    assert all(one.id in (slug(one.name), one.key, one.method) for one in known.values())
    assert all(id not in keys or known[id].key == id for id in known)


def test_a_key_and_a_name_in_any_case_lead_to_a_method():
    survey = the_survey()
    for one in list(choosable(survey).values())[::50]:
        assert chosen(survey, one.id) == one
        if one.key:
            assert chosen(survey, one.key) == one


@pytest.mark.parametrize("word", ["", "no-such-method-at-all", "MaPLee"])
def test_an_unknown_name_is_refused_with_a_way_out(word):
    with pytest.raises(NoSuchMethod, match=r"no method '.*'\.\n    (Did you mean|Type a name)"):
        chosen(the_survey(), word)


def test_a_name_written_in_another_case_is_that_of_the_best_known():
    survey = the_survey()
    taken = chosen(survey, "Maple")
    assert (taken.name, taken.id) == ("MaPLe", "maple")
    assert {other.name for other in namesakes(survey, "Maple", taken)} == {"MAPLE"}
    assert not namesakes(survey, "MaPLe", taken) and not namesakes(survey, "maple", taken)


def test_a_name_of_several_asks_which():
    survey = the_survey()
    names = [one.name for one in choosable(survey).values()]
    shared = next(name for name in names if names.count(name) > 1 and name not in choosable(survey))
    ids = [one.id for one in choosable(survey).values() if one.name == shared]
    assert len(set(ids)) > 1
    assert all(chosen(survey, id).name == shared for id in ids)
    with pytest.raises(NoSuchMethod, match=r"is the name of .* methods\.\n    Say which: "):
        chosen(survey, shared)


@pytest.mark.parametrize(
    ("name", "expected"), [("MaPLe", "maple"), ("M²IST", "m2ist"), ("BD-LoRA", "bd-lora"), ("Größe", "grosse")]
)
def test_an_address_has_small_letters_digits_and_hyphens(name, expected):
    assert slug(name) == expected


def test_each_is_set_beside_the_first_and_the_first_beside_the_second():
    survey = the_survey()
    one, two, three = list(choosable(survey).values())[:3]
    found = beside_first(survey, [one.method, two.method, three.method])
    assert [(mine.id, other.id) for mine, other in found.values()] == [
        (one.id, two.id),
        (two.id, one.id),
        (three.id, one.id),
    ]
    assert beside_first(survey, [one.method]) == {}


def test_only_comparable_groups_are_set_side_by_side(index):
    survey = the_survey()
    for group in index["groups"]:
        assert survey.protocol(group["protocol"]).comparable


@pytest.mark.parametrize("pair", reported()[::6])
def test_a_number_and_its_distance_are_those_of_the_data(pair, index):
    survey = the_survey()
    printed = {(number.benchmark, method_of(number)): set() for number in survey.results}
    for number in survey.results:
        printed[number.benchmark, method_of(number)].add(Decimal(number.value))
    found = answer(index, pair)
    assert found["groups"]
    for row in (row for group in found["groups"] for row in group["rows"]):
        values = [Decimal(cell["value"]) for cell in row["cells"]]
        best = max(values) if row["higher"] else min(values)
        for one, cell, value in zip(found["methods"], row["cells"], values, strict=True):
            exact = printed[row["benchmark"], choosable(survey)[one["id"]].method]
            assert any(abs(value - other) <= Decimal("0.001") * max(1, abs(other)) for other in exact)
            assert Decimal(cell["behind"]) == abs(best - value)
            assert (cell["verdict"] == "even") == (value == best)
            if row["apart"] and value != best:
                assert (cell["verdict"] == "more") == (abs(best - value) > Decimal(row["apart"]))


def test_where_no_rerun_is_known_nothing_is_said_of_noise(index):
    bare = {**index, "groups": [{**group, "scatter": [0] * len(group["scatter"])} for group in index["groups"]]}
    found = answer(bare, reported()[0])
    verdicts = {cell["verdict"] for group in found["groups"] for row in group["rows"] for cell in row["cells"]}
    assert verdicts <= {"even", "unknown"}
    assert index["words"]["no-scatter"] in found["said"]


def test_the_groups_on_a_backbone_that_is_named_come_first_and_are_spoken_of(index):
    met = answer(index, ["lora", "dora"])
    named = answer(index, ["lora", "dora"], "llava-1.5-7b")
    of = index["configurations"]
    on_it = [of.get(group["backbone"]) == "llava-1.5-7b" for group in named["groups"]]
    assert on_it[0] and on_it == sorted(on_it, reverse=True) and not all(on_it)
    assert named["said"][1].startswith(f"Group on the backbone that you named: {named['groups'][0]['name']}; ")
    assert met["said"][1].startswith("Largest shared group")
    assert sorted(group["name"] for group in met["groups"]) == sorted(group["name"] for group in named["groups"])
    assert answer(index, ["lora", "dora"], "vit-b16")["said"][1] == met["said"][1]  # there they do not meet


def test_a_reading_of_a_method_that_has_its_own_paper_is_priced_beside_it(index):
    lora, dora = answer(index, ["lora", "dora"], "llava-1.5-7b")["costs"]
    (of_lora,), (of_dora,) = lora["closed"], dora["closed"]
    assert (of_dora[0], of_dora[1]) == ("lora variant=dora", of_lora[1])
    counts = cost("lora", "llava-1.5-7b", ["variant=dora"], known=known_shapes(the_survey()))
    assert "dora" in of_dora[2] and of_dora[3] == f"{float(counts.trainable):,.0f}"
    assert of_dora[3] != of_lora[3]


def test_every_priced_method_with_a_paper_is_found_by_its_name_and_priced(index):
    places = {key: place for place, (_, key, *_) in enumerate(index["methods"]) if key}
    for method in METHODS.values():
        if method.key:
            _, _, name, names, _ = index["methods"][places[method.key]]
            assert method.name in (name, *names), method.id
            assert method.id in index["priced"][places[method.key]]
    priced = {id for methods in index["priced"].values() for id in methods}
    assert set(METHODS) - priced == {"norm-tuning"}  # which has no paper and no name of its own in the tables


def test_a_backbone_is_named_as_the_answer_writes_it_too(capsys):
    answers = []
    for name in ("llama-3.2-3b", "Llama-3.2-3B"):
        assert main(["compare", "LoRA", "LoHa", "--backbone", name, "--explain"]) == 0
        answers.append(capsys.readouterr().out)
    assert "Costs on Llama-3.2-3B:" in answers[0]
    assert answers[0] == answers[1]


def test_methods_of_one_paper_are_found_by_their_names_and_priced_where_they_were_run(index):
    lycoris = chosen(the_survey(), "lycoris")
    assert chosen(the_survey(), "LoHa") is chosen(the_survey(), "lokr") is lycoris
    found = asked(index, "loha", "lora")
    assert found["backbone"] == "llama-3.2-3b"
    assert [row[0] for row in found["costs"][0]["closed"]] == ["loha", "lokr"]


def test_methods_that_never_meet_are_told_so(index):
    survey = the_survey()
    with_numbers = {number.method_key for number in survey.results}
    bare = [one.id for one in choosable(survey).values() if one.key not in with_numbers][:2]
    found = answer(index, bare)
    assert found["groups"] == []
    assert found["said"][0] == index["words"]["none"]


def test_own_numbers_stand_for_a_method_before_those_that_others_print():
    survey = the_survey()
    strange = 0
    for comparison in group_comparisons(survey):
        for method, standing in comparison.rows.items():
            lines = [standing.line, *standing.others]
            full = [line for line in lines if 2 * len(line.cells) >= max(len(other.cells) for other in lines)]
            own = [line for line in full if any(survey.origin(origin).key == method for origin in line.origins)]
            strange += bool(own) and standing.line not in own
    assert strange == 0


def test_a_disagreement_stands_in_tables_of_two_papers():
    for case in disagreements(the_survey()):
        assert len(case.printed) > 1
        assert len({value for tables in case.printed.values() for value in tables.values()}) > 1


def test_every_card_says_what_the_description_says():
    survey = the_survey()
    for one in list(choosable(survey).values())[::25]:
        card = card_of(survey, one)
        described = survey.description(one.key) if one.key else None
        if described:
            assert card["summary"] == described.summary


def test_each_card_is_where_the_page_looks():
    survey = the_survey()
    scripts = card_scripts(survey)
    ids = list(choosable(survey))
    for chunk in range(CHUNKS):
        packed = json.loads(scripts[f"{chunk}.js"].partition(" = ")[2].removesuffix(";\n"))
        cards = json.loads(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS))
        assert [*cards] == ids[chunk::CHUNKS]  # where compare.js looks for them


def test_a_chapter_refuses_a_name_that_nobody_has():
    with pytest.raises(KeyError, match="no method"):
        beside("no-such-method-at-all", "maple", caption="c", label="l", survey=the_survey())


def test_the_command_answers_as_text_and_as_json(capsys):
    first, second = reported()[0]
    assert main(["compare", first, second]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 100
    assert main(["compare", first, second, "--explain"]) == 0
    text = capsys.readouterr().out
    assert main(["compare", first, second, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert all(sentence in text for sentence in said["said"])
    assert [one["id"] for one in said["methods"]] == [first, second]


def test_the_command_says_how_far_a_number_is_behind_and_which_way(index, capsys):
    told = {}
    for pair in reported():
        for row in (
            row for group in answer(index, pair)["groups"] for row in group["rows"][:12]
        ):  # as the text has them
            for cell in row["cells"]:
                if cell and cell["verdict"] != "even":
                    told.setdefault((row["higher"], cell["verdict"] == "within"), (pair, cell))
    assert told.keys() >= {(True, True), (True, False), (False, False)}
    for (higher, bracketed), (pair, cell) in told.items():
        assert main(["compare", *pair, "--explain"]) == 0
        behind = f"{'−' if higher else '+'}{cell['behind']}"
        assert f"{cell['value']} {f'({behind})' if bracketed else behind}" in capsys.readouterr().out


def test_the_command_says_in_how_many_tables_a_share_is_printed(index, capsys):
    printed = {1: r" in 1 table(?:;|$)", 2: r" in 2 tables(?:;|$)"}
    for tables, told in printed.items():
        pair = next(
            pair
            for pair in reported()
            for costs in answer(index, pair)["costs"]
            if tables in {count for _, _, count in costs["here"]}
        )
        assert main(["compare", *pair, "--explain"]) == 0
        assert re.search(told, capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["maple"], "one method is named"),
        (["maple", "maple"], "one method is named"),
        (["no-such-method-at-all", "maple"], "no method"),
        (["maple", "promptsrc", "--backbone", "vit-b61"], "Did you mean"),
    ],
)
def test_the_command_says_what_is_wrong(words, message, capsys):
    assert main(["compare", *words]) == 2
    assert message in capsys.readouterr().err
