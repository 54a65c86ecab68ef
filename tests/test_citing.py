import json

import pytest
import rispy
from mistakes import GOOD, lay_over
from pybtex.database import parse_string

from peft_vlm_survey.citing import UnknownKey, cite, run


def test_works_are_cited_as_bibtex_by_default_as_ris_and_as_csl_json(good):
    key = "hart2022asker"
    assert set(parse_string(cite(key, survey=good), "bibtex").entries) == {key}
    assert [record["id"] for record in rispy.loads(cite(key, format="ris", survey=good))] == [key]
    assert [item["id"] for item in json.loads(cite(key, format="csl-json", survey=good))] == [key]


def test_a_work_that_is_named_twice_is_cited_once(good):
    assert cite("hart2022asker", "hart2022asker", survey=good) == cite("hart2022asker", survey=good)


def test_a_key_that_there_is_not_is_named_with_the_nearest(good):
    with pytest.raises(UnknownKey) as told:
        cite("hart2022aska", survey=good)
    assert str(told.value) == "no work has the key 'hart2022aska'.\n    Did you mean 'hart2022asker'?"


def test_the_command_gives_the_record():
    code, said = run(["--format", "ris", "hart2022asker"], GOOD)
    assert code == 0
    assert said.startswith("TY  - ")


def test_the_command_tells_the_problems_of_a_survey_that_has_some(root):
    code, said = run(["hart2022asker"], lay_over("several-mistakes", root))
    assert code == 1
    assert "problems found" in said


def test_a_misspelt_name_leads_to_the_key_of_the_best_known_paper_so_called():
    with pytest.raises(UnknownKey) as told:
        cite("loar")
    assert str(told.value).endswith("Did you mean 'hu2022lora', the key of LoRA?")
