"""The scripts below zh/ that give pages in Chinese what scripts write: messages with the rules by which they are found, and summaries."""

import re
from functools import cache

from peft_vlm_survey.choose.answer import names
from peft_vlm_survey.choose.evidence import idea_of
from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.messages.catalogues import chapters
from peft_vlm_survey.messages.chinese import BETWEEN, RULES, Chinese, placeholders
from peft_vlm_survey.site.data_script import compact


@cache
def chinese() -> Chinese:
    """Return what is translated for all pages."""
    return Chinese(ROOT, the_survey())


@cache
def interface_script() -> str:
    """Return the script of the messages."""
    words = {
        "rules": RULES,
        "between": BETWEEN,
        "templates": chinese().templates,
        "messages": chinese().words,
        "chapters": [*chapters(ROOT), "search"],
    }
    return f"survey.data.interface = {compact(words)};\n"


def summaries_script() -> str:
    """Return the script of what methods with comparable numbers do: their summaries, and the first clauses of these."""
    survey, found = the_survey(), {}
    for key in names(survey):
        if described := survey.description(key) if key in survey.papers_by_key else None:
            found[f"{idea_of(survey, key)}."] = re.split("[；。]", described.summary_zh)[0] + "。"
            found[described.summary] = described.summary_zh
    return f"survey.data.summaries = {compact({placeholders(text)[0]: zh for text, zh in found.items()})};\n"
