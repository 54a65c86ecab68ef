"""The chapters of the book in the order of its contents."""

import yaml

from peft_vlm_survey.data import ROOT

_CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
START = _CONTENTS["root"]
PARTS = {part["caption"]: [chapter["file"] for chapter in part["chapters"]] for part in _CONTENTS["parts"]}
BELOW = {
    chapter["file"]: [below["file"] for below in chapter["sections"]]
    for part in _CONTENTS["parts"]
    for chapter in part["chapters"]
    if "sections" in chapter
}
CHAPTERS = [each for names in PARTS.values() for name in names for each in (name, *BELOW.get(name, ()))]
