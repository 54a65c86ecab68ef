"""The ranked lists of the chooser as a script: a page opened from disk may not fetch a file."""

import base64
import json
import zlib

from peft_vlm_survey.choose.answer import names
from peft_vlm_survey.choose.page import page_data
from peft_vlm_survey.model import Survey
from peft_vlm_survey.site.data_script import Anchors, DataScript


def choose_script(survey: Survey, anchors: Anchors) -> str:
    """Return the script that sets `survey.data.choose`, packed small: the lists, and where the papers of their methods lead."""
    said = page_data(survey)
    places = dict(anchors)
    keys = sorted(method for method in names(survey) if method in survey.references)
    text = json.dumps(
        {**said, "cites": {key: _citation(survey, key, places) for key in keys}},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return f'survey.data.choose = "{_packed(text)}";\n'


def _packed(text: str) -> str:
    """Return a text deflated and in letters; the page unpacks it by what every browser has."""
    made = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(made.compress(text.encode()) + made.flush()).decode()


def _citation(survey: Survey, key: str, anchors: dict[str, str]) -> dict[str, str]:
    reference = survey.references[key]
    cited = f"references.html#{anchors[key]}" if key in anchors else reference.address  # no chapter need cite it
    place = f"papers/{key}.html" if key in survey.papers_by_key else cited
    return {"text": f"{reference.short_authors} ({reference.year})", "address": place}


SCRIPT = DataScript("choose-lists.js", choose_script)
