from dataclasses import replace

import pytest

from peft_vlm_survey.compare.weight import weights
from peft_vlm_survey.data import the_survey

KEY = "hart2022asker"


def bare(good, **rows):
    """Return the tiny survey without anything that gives its papers weight but these rows."""
    return replace(good, **({"results": (), "citations": (), "software": ()} | rows))


def reported(origin):
    return replace(the_survey().results[0], origin=origin, method_key=KEY)


def cited(path):
    return replace(the_survey().citations[0], key=KEY, path=path)


def implemented(**said):
    return replace(the_survey().software[0], **({"keys": (KEY,), "official": "no"} | said))


@pytest.mark.parametrize(
    ("rows", "weight"),
    [
        ({}, 0),
        ({"citations": [cited("book/qa.md"), cited("book/qa.md")]}, 1),
        ({"citations": [cited("book/qa.md"), cited("book/vision.md")]}, 2),
        ({"software": [implemented(), implemented(library="another")]}, 5),
        ({"software": [implemented(official="yes")]}, 0),
        ({"software": [implemented(keys=())]}, 0),
    ],
)
def test_a_paper_weighs_what_chapters_and_libraries_make_of_it(good, rows, weight):
    assert weights(bare(good, **{name: tuple(some) for name, some in rows.items()}))[KEY] == weight


def test_tables_of_others_count_once_a_paper_and_its_own_not(good):
    by = {origin.origin: origin.key or origin.origin for origin in good.origins}
    found = weights(bare(good, results=tuple(reported(origin) for origin in by for _ in range(2))))
    assert found[KEY] == len({*by.values()} - {KEY}) > 0


def test_what_everybody_compares_with_comes_first():
    found = weights(the_survey())
    names = [the_survey().name(key) for key in sorted(found, key=lambda key: -found[key])]
    assert names[:2] == ["LoRA", "CoOp"] and "VPT" in names[:10]
