"""What the site makes one by one: a draft remembers what it was made of, a whole site, which is deleted with its notes, does not."""

import pytest

from peft_vlm_survey.cache import Watched
from peft_vlm_survey.data import the_survey
from peft_vlm_survey.model import dear
from peft_vlm_survey.site.remembered import Remembered

KEY = "jia2022vpt"
ASKED = []


@pytest.fixture
def remembered(tmp_path):
    return lambda: Remembered(tmp_path / "things.pickle", state="now", frame="frame")


def name_of(survey):
    return survey.name(KEY)


@dear
def names(survey):
    """Stand for what takes long."""
    ASKED.append(survey)
    return {paper.key: paper.name for paper in survey.papers}


def test_a_draft_makes_again_only_what_changed(remembered, monkeypatch):
    monkeypatch.delenv("SURVEY_WHOLE", raising=False)
    first = remembered()
    assert first.make("a thing", "", name_of, str) == ("VPT", True)
    first.save()
    assert remembered().holds("a thing", "")
    assert not remembered().holds("a thing", "what it is made of besides")
    assert remembered().make("a thing", "", name_of, str) == ("VPT", False)


def test_a_whole_site_makes_the_same_and_notes_nothing(remembered, tmp_path, monkeypatch):
    monkeypatch.setenv("SURVEY_WHOLE", "1")
    handed, first = [], remembered()
    assert first.make("a thing", "", lambda survey: handed.append(survey) or name_of(survey), repr) == ("VPT", True)
    assert not isinstance(handed[0], Watched)
    first.save()
    again = remembered()
    assert not again.holds("a thing", "")  # so that a draft beside it would make it again
    assert again.make("a thing", "", name_of, str) == ("VPT", True)
    assert not again.gone


def test_what_takes_long_is_shared_with_what_was_asked(remembered, monkeypatch):
    monkeypatch.setenv("SURVEY_WHOLE", "1")
    handed = []
    ASKED.clear()
    remembered().make("a thing", "", lambda survey: handed.append(survey.derived(names)), repr)
    remembered().make("a thing", "", lambda survey: handed.append(survey.derived(names)), repr)
    assert handed[0].keys() == {paper.key for paper in the_survey().papers}
    assert handed[0] == handed[1] and len(ASKED) == 1


def test_of_what_other_code_remembered_only_the_names_are_read(tmp_path, monkeypatch):
    monkeypatch.delenv("SURVEY_WHOLE", raising=False)
    path = tmp_path / "things.pickle"
    first = Remembered(path, state="now", frame="frame")
    first.make("a thing", "", name_of, str)
    first.save()
    monkeypatch.setattr("peft_vlm_survey.site.remembered._Record.__setstate__", lambda *_: pytest.fail("unpickled"))
    other = Remembered(path, state="now", frame="another frame")
    assert list(other.names) == list(other.gone) == ["a thing"]
    assert not other.holds("a thing", "")
