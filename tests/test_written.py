"""What the site writes by the thousand: it is told from what was written before."""

from peft_vlm_survey.site.written import Written


def test_what_says_the_same_is_left_alone_and_what_is_no_longer_noted_is_gone(tmp_path):
    first = Written(tmp_path / "pages.json", state="one")
    assert not first.current
    assert first.differs("a", "frame", {"text": 1})
    assert first.differs("b", "frame", {"text": 1})
    first.save()
    again = Written(tmp_path / "pages.json", state="one")
    assert again.current
    assert {*again.names} == {"a", "b"}
    assert not again.differs("a", "frame", {"text": 1})
    assert {*again.gone} == {"b"}
    assert again.differs("a", "another frame", {"text": 1})
    assert not Written(tmp_path / "pages.json", state="two").current
