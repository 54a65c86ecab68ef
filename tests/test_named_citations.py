"""Citations and drawings in chapters: what stands behind the name of a method is the paper of that method."""

import re
from collections import defaultdict

import pytest

from peft_vlm_survey.compare.choosable import slug
from peft_vlm_survey.data import ROOT, the_survey

CHAPTERS = sorted((ROOT / "book").glob("*.md"))
# A name that ends another one, or stands where the paper is the source of the sentence: read one by one.
ANOTHERS = {
    ("LoRA", "jie2023binaryadapter"),  # Binary LoRA, which that paper has beside its adapter
    ("Prompt Tuning", "jia2022vpt"),  # Visual Prompt Tuning
    ("LoRA", "talla2025neutralresidues"),  # who compares with LoRA
}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_citation_behind_a_name_is_of_a_paper_that_bears_it(path):
    bearers = defaultdict(set)
    for paper in the_survey().papers:
        for name in (paper.name, *paper.aliases):
            bearers[name].add(paper.key)
    wrong = []
    for words, keys in re.findall(r"([\w()+-]+(?: [\w+-]+)?) \{cite:p\}`([\w,]+)`", path.read_text(encoding="utf-8")):
        name = next((one for one in (words, words.split(" ")[-1]) if len(one) > 2 and one in bearers), "")
        cited = set(keys.split(","))
        if name and not bearers[name] & cited and not any((name, key) in ANOTHERS for key in cited):
            wrong.append((name, keys))
    assert wrong == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_drawing_is_labelled_by_the_name_of_its_method(path):
    drawn = re.findall(r'figures\.drawing\("(\w+)".*label="fig-drawing-([\w-]+)"', path.read_text(encoding="utf-8"))
    first = {(slug(the_survey().name(key)).split("-")[0], label.split("-")[0]) for key, label in drawn}
    assert [(name, word) for name, word in first if not word.startswith(name)] == []
