"""Report clauses on which family of methods leads on a group of tasks that the catalogue no longer bears out."""

from collections import Counter

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.read.tasks import GROUPS

FIELD = (ROOT / "book" / "field.md").read_text(encoding="utf-8")
# Words of The Field, the family that they speak of, and the groups of tasks that it leads.
CLAIMS = [
    ("prompts dominate the CLIP rows", "prompt", [group for group in GROUPS if group.startswith("CLIP")]),
    (
        "reparameterisation the rows on large language models and on generation",
        "reparameterisation",
        ["LLM adaptation", "Generation"],
    ),
    (
        "adapters the rows on Segment Anything and on applied domains",
        "adapter",
        ["Segment Anything", "Applied domains"],
    ),
]


@pytest.mark.parametrize(("words", "family", "groups"), CLAIMS, ids=[family for _, family, _ in CLAIMS])
def test_what_a_clause_says_of_families_holds_in_the_catalogue(words, family, groups):
    assert words in FIELD, "The clause has been rewritten: change its row here, or delete it."
    papers = the_survey().papers
    for group in groups:
        count = Counter(family for paper in papers if group in paper.groups for family in paper.families)
        assert count.most_common(1)[0][0] == family, f"{group}: {count.most_common(3)}"
