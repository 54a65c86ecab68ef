"""Report sentences on which family of methods leads where that the catalogue no longer bears out."""

from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from peft_vlm_survey.data import ROOT, the_survey
from peft_vlm_survey.model import Survey
from peft_vlm_survey.read.families import FAMILIES
from peft_vlm_survey.read.papers import CATEGORIES
from peft_vlm_survey.read.tasks import GROUPS, TASKS

Holds = Callable[[Survey], bool]
LARGE = ("adapter", "prompt", "reparameterisation")
DOMAINS = "domain generalisation and adaptation"


def families_by_group(survey: Survey) -> Mapping[str, Counter[str]]:
    """Return how many papers of each group of tasks have each family; a paper counts once in every group and family."""
    count: dict[str, Counter[str]] = {group: Counter() for group in GROUPS}
    for paper in survey.papers:
        for group in paper.groups:
            count[group].update(paper.families)
    return {group: families for group, families in count.items() if families}


def ranked(survey: Survey, category: str, task: str) -> list[tuple[str, int]]:
    """Return the families of a category's papers on a task, the commonest first, as `tables.subareas` counts them."""
    assert category in CATEGORIES
    assert task in TASKS
    found = [paper.family for paper in survey.papers if paper.category == category and task in paper.task]
    return Counter(filter(None, found)).most_common()


def leads(category: str, family: str, *tasks: str) -> Holds:
    """Hold if a family is the commonest, without a tie, of a category's papers on each of the tasks."""

    def holds(survey: Survey) -> bool:
        boards = [ranked(survey, category, task) for task in tasks]
        return all(
            board and board[0][0] == family and (len(board) == 1 or board[0][1] > board[1][1]) for board in boards
        )

    return holds


def leads_groups(family: str, *groups: str) -> Holds:
    """Hold if a family is the commonest of all papers on each group of tasks."""
    assert set(groups) <= set(GROUPS)

    def holds(survey: Survey) -> bool:
        boards = [
            families_by_group(survey)[group].most_common(2) for group in groups if group in families_by_group(survey)
        ]
        return len(boards) == len(groups) and all(board[0][0] == family for board in boards)

    return holds


def near(first: str, second: str, group: str, within: float = 0.1) -> Holds:
    """Hold if in a group of tasks the second family has nearly as many papers as the first."""

    def holds(survey: Survey) -> bool:
        count = families_by_group(survey).get(group, Counter())
        return count[first] >= count[second] >= (1 - within) * count[first] > 0

    return holds


def together(*claims: Holds) -> Holds:
    return lambda survey: all(claim(survey) for claim in claims)


def by_year(survey: Survey, family: str) -> Counter[int]:
    return Counter(survey.references[paper.key].year for paper in survey.papers if paper.family == family)


def last_whole_year(survey: Survey) -> int:
    return int(survey.edition.date[:4]) - 1


def categories(survey: Survey, family: str, year: int) -> list[str]:
    """Return the categories of a family's papers of a year, the one with most of them first."""
    years = survey.references
    count = Counter(p.category for p in survey.papers if p.family == family and years[p.key].year == year)
    return [category for category, _ in count.most_common()]


def growth(survey: Survey, family: str) -> float:
    count, year = by_year(survey, family), last_whole_year(survey)
    return count[year] / max(count[year - 1], 1)


def leading_category(family: str, category: str, since: int) -> Holds:
    """Hold if a category has most papers of a family in every year from one to the last whole one."""
    return lambda survey: all(
        categories(survey, family, year)[:1] == [category] for year in range(since, last_whole_year(survey) + 1)
    )


def level(category: str, first: str, second: str, task: str, within: float = 0.1) -> Holds:
    """Hold if two families of a task differ by no more than a part of the more frequent one."""

    def holds(survey: Survey) -> bool:
        count = dict(ranked(survey, category, task))
        return min(count[first], count[second]) >= (1 - within) * max(count[first], count[second]) > 0

    return holds


def core(survey: Survey, *categories: str) -> Counter[str]:
    return Counter(p.family for p in survey.papers if p.depth == "core" and p.category in categories)


def others_are_few(survey: Survey) -> bool:
    count = Counter(paper.family for paper in survey.papers if paper.family)
    return min(count[family] for family in LARGE) > 4 * max(count[family] for family in FAMILIES if family not in LARGE)


# A chapter, words of it, and what they say of the catalogue.
CLAIMS: list[tuple[str, str, Holds]] = [
    ("field", "Three families carry the field.", others_are_few),
    ("field", "Prompts came early and still grow, adapters grow faster, low-rank and other reparameterised updates fastest of all", lambda s: 1 < growth(s, "prompt") < growth(s, "adapter") < growth(s, "reparameterisation")),
    ("field", "passed from language to vision, which has held the largest part of its papers since 2024", leading_category("adapter", "vision", 2024)),
    ("field", "prompts dominate the CLIP rows", leads_groups("prompt", *(group for group in GROUPS if group.startswith("CLIP")))),
    ("field", "reparameterisation the rows on large language models and on generation", leads_groups("reparameterisation", "LLM adaptation", "Generation")),
    ("field", "adapters the rows on Segment Anything and on applied domains", leads_groups("adapter", "Segment Anything", "Applied domains")),
    ("field", "as CLIP has, prompts dominate", leads_groups("prompt", "CLIP few-shot and base-to-novel")),
    ("field", "adapters are the first choice; on video, prompts are nearly as common", together(leads_groups("adapter", "Segment Anything"), near("adapter", "prompt", "Video and 3D"))),
    ("grounding", "in promptable and medical segmentation, the field of SAM, adapters lead", leads("grounding", "adapter", "promptable segmentation", "medical image analysis")),
    ("grounding", "while in detection, with an open vocabulary or without, and in the search for anomalies prompts do", leads("grounding", "prompt", "open-vocabulary detection", "object detection", "anomaly detection")),
    ("grounding", "In open-vocabulary segmentation the two are close.", level("grounding", "prompt", "adapter", "open-vocabulary segmentation", within=0.15)),
    ("grounding", "Referring segmentation, the row of ETRIS, sides with the adapters.", leads("grounding", "adapter", "referring segmentation")),
    ("language", "Prompts lead on language understanding and adapters in the transfer between languages", together(leads("language", "prompt", "natural language understanding"), leads("language", "adapter", "cross-lingual transfer"))),
    ("language", "consists mainly of reparameterisations", leads("language", "reparameterisation", "LLM adaptation")),
    ("qa", "Adapters lead where an image has to be matched with a sentence, in question answering on images and on video, in captioning and with sound", leads("qa", "adapter", "image-text retrieval", "visual question answering", "video question answering", "visual captioning", "audio-visual understanding")),
    ("qa", "prompts in the retrieval of images and where inputs of several kinds are classified together", leads("qa", "prompt", "image retrieval", "multimodal classification")),
    ("qa", "and reparameterisations, which are LoRA and its relatives, in continual learning", leads("qa", "reparameterisation", "continual learning")),
    ("vision", "prompts are most common in continual learning and under a shift of domain", leads("vision", "prompt", "continual learning", DOMAINS)),
    ("vision", "adapters in video recognition and control", leads("vision", "adapter", "video recognition", "controllable generation")),
    ("vision", "reparameterisations in personalisation and composition", leads("vision", "reparameterisation", "personalised generation", "module composition")),
]  # fmt: skip


@pytest.mark.parametrize(("chapter", "words", "holds"), CLAIMS, ids=[f"{c}-{w[:40]}" for c, w, _ in CLAIMS])
def test_what_a_sentence_says_of_families_holds_in_the_catalogue(chapter, words, holds):
    if words not in (ROOT / "book" / f"{chapter}.md").read_text(encoding="utf-8"):
        pytest.skip("The sentence has been rewritten: remove it here.")
    assert holds(the_survey()), f"book/{chapter}.md says “{words}”, and the catalogue does not."
