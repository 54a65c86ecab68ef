"""The BibTeX entries as a script, for tables that readers export: a page opened from disk may not fetch a file."""

import json
from collections.abc import Mapping

from peft_vlm_survey.downloads import paper_bib
from peft_vlm_survey.model import Survey
from peft_vlm_survey.site.data_script import DataScript


def bibtex_script(survey: Survey, anchors: Mapping[str, str]) -> str:
    """Return the script that sets `survey.data.bibtex`: every entry by its key, and the keys by their anchors."""
    members = {"anchors": anchors, "entries": {key: paper_bib(survey, key) for key in sorted(survey.references)}}
    return f"survey.data.bibtex = {json.dumps(members, ensure_ascii=False, indent=0)};\n"


SCRIPT = DataScript(
    "bibtex.js", lambda survey, anchors: bibtex_script(survey, {anchor: key for key, anchor in anchors})
)
