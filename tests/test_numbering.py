"""The numbers of figures and tables, which hold from one build to the next."""

from types import SimpleNamespace

import pytest

from peft_vlm_survey.site import numbering


@pytest.fixture
def number(monkeypatch):
    """Return a function that numbers as Sphinx and the book do, and the list of how often all was numbered anew."""
    rounds = []

    def number_all(collector, env):
        rounds.append(1)
        env.toc_fignumbers = {name: {"table": {f"tbl-{name}": (len(rounds), 1)}} for name in env.toc_secnumbers}
        return sorted(env.toc_fignumbers)

    monkeypatch.setattr(numbering, "_number_all", number_all)
    return lambda env: numbering._number(None, env), rounds


@pytest.fixture
def env():
    config = SimpleNamespace(numfig=True, numfig_secnum_depth=1, root_doc="index")
    return SimpleNamespace(config=config, toc_secnumbers={"cite": {}, "field": {}}, toc_fignumbers={})


def test_a_chapter_that_is_read_again_keeps_its_numbers(number, env):
    assign, rounds = number
    assert assign(env) == ["cite", "field"]
    for _ in range(2):  # every build after it
        env.toc_fignumbers.pop("cite")  # as Sphinx does with a chapter that it reads again
        assert assign(env) == []
        assert env.toc_fignumbers == {name: {"table": {f"tbl-{name}": (1, 1)}} for name in ("cite", "field")}
    assert rounds == [1]


def test_all_is_numbered_anew_where_a_chapter_came(number, env):
    assign, rounds = number
    assign(env)
    env.toc_secnumbers["open"] = {}
    assert assign(env) == ["cite", "field", "open"]
    assert rounds == [1, 1]
