"""The rule that a term named in a chapter has an entry in the glossary."""

import re
from collections.abc import Iterator

from peft_vlm_survey.model import Survey
from peft_vlm_survey.problems import Problem, suggest
from peft_vlm_survey.read.chapters import FOLDER
from peft_vlm_survey.read.sources import read_source

_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`")


def term_without_entry(survey: Survey) -> Iterator[Problem]:
    """Yield every `{term}` of a chapter that has no entry; chapters that cannot be read are reported elsewhere."""
    names = {name for term in survey.glossary for name in term.names}
    for path in sorted((survey.root / FOLDER).glob("*.md")):
        source = read_source(survey.root, f"{FOLDER}/{path.name}")
        for match in _TERM.finditer(source.text):
            term = " ".join(match.group(1).split())
            if term not in names:
                yield Problem(
                    path=source.path,
                    line=source.text.count("\n", 0, match.start()) + 1,
                    message=f"term '{term}' has no entry in data/glossary.csv.",
                    remedy=suggest(term, names, "Add its entry, or correct the term."),
                )
