"""What papers do as scripts for the catalogue, loaded when it is open: sentences and typed facts, and the Chinese ones apart."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.facts import chapters_by_paper
from peft_vlm_survey.site.data_script import Anchors, DataScript, compact


def descriptions_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.descriptions`.

    `facts` names each typed fact with its values, `papers` has for every described paper its summary and, per fact,
    the places of its values; `numbers` and `chapters` list the papers that have reported numbers, or that a chapter cites.
    """
    values: dict[str, list[str]] = {name: [] for name in FACTS}
    labels: dict[str, list[list[str]]] = {name: [] for name in FACTS}
    for term in survey.vocabulary:
        values[term.field].append(term.value)
        labels[term.field].append([term.value, term.zh])
    places = {name: {value: place for place, value in enumerate(known)} for name, known in values.items()}
    papers = (
        f"{compact(found.key)}:"
        + compact([found.summary, *([places[name][value] for value in found.fact(name)] for name in FACTS)])
        for found in survey.descriptions
    )
    reported = {number.method_key for number in (*survey.results, *survey.measurements)} - {""}
    cited = chapters_by_paper(survey)
    keys = [paper.key for paper in survey.papers]
    members = {
        "facts": compact([[name, FACTS[name][0], labels[name]] for name in FACTS]),
        "numbers": compact([key for key in keys if key in reported]),
        "chapters": compact([key for key in keys if key in cited]),
        "licences": compact({paper.key: paper.code_licence for paper in survey.papers if paper.code_licence}),
        "papers": "{\n" + ",\n".join(papers) + "\n}",
    }
    text = ",\n".join(f"{compact(name)}:{value}" for name, value in members.items())
    return f"survey.data.descriptions = {{\n{text}\n}};\n"


def chinese_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.descriptionsZh`: the Chinese summary of every described paper."""
    lines = ",\n".join(f"{compact(found.key)}:{compact(found.summary_zh)}" for found in survey.descriptions)
    return f"survey.data.descriptionsZh = {{\n{lines}\n}};\n"


def _english(survey: Survey, anchors: Anchors) -> str:
    return descriptions_script(survey)


def _chinese(survey: Survey, anchors: Anchors) -> str:
    return chinese_script(survey)


SCRIPT = DataScript("descriptions.js", _english)
CHINESE = DataScript("descriptions-zh.js", _chinese)
