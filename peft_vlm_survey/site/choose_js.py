"""The facts of the chooser as a script: a page opened from disk may not fetch a file."""

from collections.abc import Mapping
from pathlib import Path

from peft_vlm_survey.choose import facts_of
from peft_vlm_survey.model import Survey
from peft_vlm_survey.site.answers import questions
from peft_vlm_survey.site.data_script import DataScript, compact

COSTS = "costs.html"  # the chapter that says how costs are counted


def choose_script(survey: Survey, boards: Mapping[str, str], anchors: Mapping[str, str]) -> str:
    """Return the script that sets `surveyChoose`: the facts, and where citations and leaderboards lead.

    `boards` leads from `protocol|backbone` to a table of the site, `anchors` from a key to its place in the references.
    """
    known = survey.derived(facts_of)
    keys = {row["key"] for row in known["rows"]} | {method["reference"] for method in known["methods"].values()}
    said = {
        **known,
        "boards": boards,
        "cites": {key: _citation(survey, key, anchors) for key in sorted(keys - {""})},
        "costsPage": COSTS,
    }
    lines = (f"{compact(name)}:{compact(value)}" for name, value in said.items())
    return "window.surveyChoose = {\n" + ",\n".join(lines) + "\n};\n"


def leaderboards() -> dict[str, str]:
    """Return where on the site each comparable group has its leaderboard."""
    return {
        "|".join(question.arguments): f"{Path(question.path).stem}.html#{question.label}"
        for question in questions()
        if question.name == "leaderboard"
    }


def _citation(survey: Survey, key: str, anchors: Mapping[str, str]) -> dict[str, str]:
    reference = survey.references[key]
    cited = f"references.html#{anchors[key]}" if key in anchors else reference.address  # no chapter need cite it
    place = f"papers/{key}.html" if _catalogued(survey, key) else cited
    return {"text": f"{reference.short_authors} ({reference.year})", "address": place}


def _catalogued(survey: Survey, key: str) -> bool:
    try:
        survey.paper(key)
    except KeyError:
        return False
    return True


SCRIPT = DataScript(
    "choose-facts.js",
    lambda survey, anchors: choose_script(survey, leaderboards(), dict(anchors)),
    also=leaderboards,
)
