"""Whether a run fits: the calculator's script and Python say the same, with the same advice."""

import random

import pytest
from as_json import answer_of
from test_costing import CHOICES, SHAPES, in_python

from peft_vlm_survey.costs import CostError, cost
from peft_vlm_survey.costs.browser import LIBRARIES, RUN_WORDS
from peft_vlm_survey.costs.card_lines import fit
from peft_vlm_survey.costs.cards import read_cards
from peft_vlm_survey.costs.fit_tested import certainties
from peft_vlm_survey.costs.options import read_options
from peft_vlm_survey.costs.priced import unseen
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.site.calculator_js import costs_script

pytestmark = pytest.mark.xdist_group("costing")

SCRIPTS = ("folding.js", "costing.js", "passes.js", "step.js", "gpus.js", "fitting.js")
ASK = """asked => asked.map(([choice, size, number]) => {
    const { CostError, costOf, readCards, runOf, untracedOf, fittingOf, testedOf, settlesOf, kindOf, changesOf } = survey;
    const data = survey.data.costs;
    try {
        const cards = readCards(data, size, number);
        const run = runOf(data, choice.run);
        const { asked: found } = costOf(data, choice);
        const fitting = fittingOf(data, found, run, cards);
        if (!fitting) { return untracedOf(data, found); }
        const { need, verdict } = fitting;
        return { verdict, phase: need.peak.phase, needed: need.needed, kind: data.run.kinds[kindOf(found)], tested: testedOf(data, found, verdict),
            settled_by: verdict === "may fit" ? settlesOf(data, cards) : "",
            changes: verdict === "fits" ? [] : changesOf(data, choice, run, cards).map(({ words, verdict }) => [words, verdict]) };
    } catch (error) { if (error instanceof CostError) { return error.message; } throw error; }
})"""


def drawn(choice, dice):
    """Return a choice with words of a run, and cards for it."""
    names = dice.sample(list(RUN_WORDS), dice.randint(0, 4))
    run = {name: dice.choice(RUN_WORDS[name]) for name in names}
    if dice.random() < 0.3:
        run["library"] = dice.choice(LIBRARIES)
    return (
        {**choice, "run": run},
        dice.choice(
            ["8GB", "12 GB", "24GB", "40gib", "80", "A100-40G", "RTX 3090", "a100", "V100 32GB", "MI250", "RTX 9999"]
        ),
        dice.choice(["1", "1", "2", "8", "0"]),
    )


DICE = random.Random("cards")  # noqa: S311
TRACED = [c for c in CHOICES if SHAPES[c["backbone"]].traces is not None and not isinstance(in_python(c), str)]
ASKED = [drawn(choice, DICE) for choice in DICE.sample(TRACED, 150)]
TESTED = certainties(unseen(the_survey().memory_cases, SHAPES))


def said(choice, size, number):
    """Return what Python says, or what is wrong."""
    pairs = [f"{name}={value}" for name, value in choice["numbers"].items()]
    pairs += [f"{name}={choice[name]}" for name in ("part", "variant", "precision", "bits") if name in choice]
    pairs += [f"{name}={'yes' if on else 'no'}" for name, on in choice["switches"].items()]
    pairs += [f"checkpointing={'yes' if choice['checkpointing'] else 'no'}"] if "checkpointing" in choice else []
    pairs += [f"targets={','.join(choice['targets'])}"] if "targets" in choice else []

    def counted(words):
        kept = [pair for pair in pairs if pair.partition("=")[0] not in words]
        more = [f"{name}={value}" for name, value in words.items()]
        return cost(choice["method"], choice["backbone"], kept + more, known=SHAPES, classes=choice.get("classes"))

    try:
        options, _ = read_options(f"{name}={value}" for name, value in choice["run"].items())
        return fit(counted({}), options, read_cards(size, number, the_survey().cards), counted, TESTED)
    except CostError as error:
        return error.message


@pytest.fixture(scope="module")
def in_browser(chromium):
    page = chromium.new_page()
    for name in SCRIPTS:
        page.add_script_tag(content=(ROOT / "_static" / name).read_text(encoding="utf-8"))
    page.add_script_tag(content=costs_script(the_survey()))
    found = answer_of(page, ASK, ASKED)
    page.close()
    return found


def test_the_page_says_what_python_says(in_browser):
    compared = 0
    for asked, found in zip(ASKED, in_browser, strict=True):
        expected = said(*asked)
        if isinstance(expected, str):
            assert found == expected, asked
            continue
        compared += 1
        assert found["verdict"] == expected["verdict"], asked
        assert found["phase"] == expected["phase"], asked
        for name in ("kind", "tested", "settled_by"):
            assert found[name] == expected[name], asked
        ends = expected["needed_gb"]
        assert [end / 1e9 for end in found["needed"]] == pytest.approx([ends["low"], ends["high"]], abs=0.051)
        assert found["changes"] == [[one["words"], one["verdict"]] for one in expected["changes"]], asked
    assert compared > 60


def test_every_verdict_is_met(in_browser):
    assert {found["verdict"] for found in in_browser if not isinstance(found, str)} == {
        "fits",
        "may fit",
        "does not fit",
    }
