"""What papers do as scripts for the catalogue, loaded when it is open: sentences and typed facts, and the Chinese ones apart."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.vocabulary import FACTS
from peft_vlm_survey.show.catalogue import in_order
from peft_vlm_survey.show.facts import chapters_by_paper
from peft_vlm_survey.site.data_script import DataScript, compact


def descriptions_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.descriptions`: of each paper, in the order of the catalogue, what it does.

    `facts` names each typed fact with its values, `summaries` has the sentences, and `places`, per fact, the places of
    each paper's values; `numbers` and `chapters` say with 1 which papers have reported numbers, or are cited by a chapter.
    """
    values: dict[str, list[str]] = {name: [] for name in FACTS}
    labels: dict[str, list[list[str]]] = {name: [] for name in FACTS}
    for term in survey.vocabulary:
        values[term.field].append(term.value)
        labels[term.field].append([term.value, term.zh])
    place = {name: {value: place for place, value in enumerate(known)} for name, known in values.items()}
    papers = in_order(survey, survey.papers)
    described = [survey.description(paper.key) for paper in papers]
    places = (
        [[place[name][value] for value in found.fact(name)] if found else [] for found in described] for name in FACTS
    )
    reported = {number.method_key for number in (*survey.results, *survey.measurements)}
    cited = chapters_by_paper(survey)
    members = {
        "facts": compact([[name, FACTS[name][0], labels[name]] for name in FACTS]),
        "numbers": compact([int(paper.key in reported) for paper in papers]),
        "chapters": compact([int(paper.key in cited) for paper in papers]),
        "licences": compact([paper.code_licence for paper in papers]),
        "places": "[\n" + ",\n".join(map(compact, places)) + "\n]",
        "summaries": compact([found.summary if found else "" for found in described]),
    }
    text = ",\n".join(f"{compact(name)}:{value}" for name, value in members.items())
    return f"survey.data.descriptions = {{\n{text}\n}};\n"


def chinese_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.descriptionsZh`: the Chinese summary of every described paper."""
    lines = ",\n".join(f"{compact(found.key)}:{compact(found.summary_zh)}" for found in survey.descriptions)
    return f"survey.data.descriptionsZh = {{\n{lines}\n}};\n"


SCRIPT = DataScript("descriptions.js", lambda survey, anchors: descriptions_script(survey))
CHINESE = DataScript("descriptions-zh.js", lambda survey, anchors: chinese_script(survey))
