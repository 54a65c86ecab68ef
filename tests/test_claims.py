from dataclasses import replace

import pytest

from peft_vlm_survey.compare.claims import whose
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.show.reported import CLAIMS, in_words


def number(good, origin, method):
    return next(n for n in good.results if (n.origin, n.method) == (origin, method))


@pytest.mark.parametrize("claim", ["own", "rerun", "copied"])
def test_what_the_table_says_stands(claim, good):
    said = replace(number(good, "asker-table1", "Tiny Adapter"), claim=claim)
    assert whose(good, said) == claim


@pytest.mark.parametrize("claim", ["", "not stated"])
@pytest.mark.parametrize("method", ["Tiny Adapter", "Full fine-tuning"])
def test_another_method_in_a_papers_table_was_run_again_or_copied(method, claim, good):
    silent = replace(number(good, "asker-table1", method), claim=claim)
    assert whose(good, silent) == "other"
    (told,) = in_words(good, [silent])
    assert told.claim == "re-run or copied"


def test_a_table_of_no_paper_tells_nothing(good):
    silent = number(good, "list-scores", "Seer")
    assert whose(good, silent) == ""
    (told,) = in_words(good, [silent])
    assert told.claim == CLAIMS[""] == "–"


def test_every_number_of_a_paper_for_its_own_method_is_called_own_unless_it_says_otherwise():
    survey = the_survey()
    origins = survey.origins_by_id
    numbers = [n for n in survey.results if n.method_key and n.method_key == origins[n.origin].key]
    assert numbers
    assert {whose(survey, n) for n in numbers} <= {"own", "rerun", "copied"}
