"""What papers do as scripts for the catalogue, loaded when it is there: sentences, in two halves, and the Chinese ones apart."""

from peft_vlm_survey.model import Survey
from peft_vlm_survey.show.catalogue import weightiest_first
from peft_vlm_survey.site import packed
from peft_vlm_survey.site.data_script import DataScript, compact

HALVES = ("former", "latter")


def descriptions_script(survey: Survey, half: str) -> str:
    """Return the script that sets `survey.data.former` or `survey.data.latter`: what each paper of a half does, packed.

    The halves follow each other in the order of the catalogue: each stays at what a phone bears, and both come at once.
    """
    papers = weightiest_first(survey)
    middle = (len(papers) + 1) // 2
    described = [survey.description(paper.key) for paper in (papers[:middle] if half == HALVES[0] else papers[middle:])]
    members = packed.texts([description.summary if description else "" for description in described])
    lines = ",\n".join(f"{compact(name)}:{compact(value)}" for name, value in members.items())
    return f"survey.data.{half} = {{\n{lines}\n}};\n"


def chinese_script(survey: Survey) -> str:
    """Return the script that sets `survey.data.descriptionsZh`: the Chinese summary of every described paper."""
    lines = ",\n".join(
        f"{compact(description.key)}:{compact(description.summary_zh)}" for description in survey.descriptions
    )
    return f"survey.data.descriptionsZh = {{\n{lines}\n}};\n"


FORMER = DataScript("descriptions-former.js", lambda survey, anchors: descriptions_script(survey, "former"))
LATTER = DataScript("descriptions-latter.js", lambda survey, anchors: descriptions_script(survey, "latter"))
CHINESE = DataScript("descriptions-zh.js", lambda survey, anchors: chinese_script(survey))
