"""Report sentences of *What May Be Compared* on who is ahead of whom that the tables no longer bear out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from peft_vlm_survey.compare.groups import groups
from peft_vlm_survey.data import ROOT, the_survey

FULL = "Full fine-tuning"


@dataclass(frozen=True)
class Meeting:
    """One table and backbone in which two methods have a number on the benchmark that ranks: which of them is ahead."""

    ahead: str
    category: str
    task: str
    backbone: str
    paper: str


@cache
def meetings(first: str, second: str) -> tuple[Meeting, ...]:
    """Return the meetings of two methods, as `tables.wins` counts them."""
    survey, found = the_survey(), []
    for g in groups(survey):
        sign = 1 if g.main.direction == "higher" else -1
        for origin in dict.fromkeys(e.origin for e in g.entries if e.read_in not in ("notes", "plot")):
            numbers = [(e.method, e.on(g.main.benchmark)) for e in g.entries if e.origin == origin]
            scores: dict[str, float] = {}
            for method, number in numbers:
                if number:
                    scores[method] = max(sign * float(number.value), scores.get(method, float("-inf")))
            if first in scores and second in scores:
                gap = scores[first] - scores[second]
                ahead = "first" if gap > 0 else "behind" if gap < 0 else "even"
                paper = survey.origin(origin).key
                found.append(Meeting(ahead, g.main.category, g.main.task, g.backbone, paper))
    return tuple(found)


Found = Sequence[Meeting]


def won(found: Found) -> int:
    return sum(meeting.ahead == "first" for meeting in found)


def lost(found: Found) -> int:
    return sum(meeting.ahead == "behind" for meeting in found)


def of(found: Found, *, category: str = "", task: str = "", backbone: str = "") -> list[Meeting]:
    return [
        meeting
        for meeting in found
        if category in meeting.category and task in meeting.task and backbone in meeting.backbone
    ]


def half_of_wins_in_one_study(found: Found) -> bool:
    wins = [meeting for meeting in found if meeting.ahead == "first"]
    return 2 * sum(meeting.paper == "mai2025lessons" for meeting in wins) > len(wins)


def prompts_win_on_one_backbone(found: Found) -> bool:
    """Hold if all wins of the second method but one are on the supervised ViT-B/16, and none of the first is."""
    usual = of(found, backbone="ViT-B/16 (IN-21k)")
    return lost(found) - lost(usual) == 1 and not won(usual) and won(found) > 1


CLAIMS: list[tuple[str, tuple[str, str], Callable[[Found], bool]]] = [
    ("Bias tuning loses to full fine-tuning in most meetings", ("BitFit", FULL), lambda m: lost(m) > won(m) > 0),
    ("more than half of its wins are those of one study", ("BitFit", FULL), half_of_wins_in_one_study),
    (
        "Over all meetings LoRA and full fine-tuning win about equally often",
        ("LoRA", FULL),
        lambda m: 0.75 < won(m) / lost(m) < 1.34,
    ),
    (
        "LoRA is ahead in all meetings on language but one",
        ("LoRA", FULL),
        lambda m: lost(of(m, category="language")) == 1 < won(of(m, category="language")),
    ),
    (
        "and in most on image classification",
        ("LoRA", FULL),
        lambda m: won(of(m, task="image classification")) > lost(of(m, task="image classification")),
    ),
    (
        "full fine-tuning in all on image–text tasks with BART and T5, on video and on grounding",
        ("LoRA", FULL),
        lambda m: not any(
            won(of(m, **where))
            for where in ({"backbone": "BART"}, {"backbone": "CLIP-RN101 + T5"}, {"task": "video"}, {"category": "grounding"})
        ),
    ),
    (
        "on detection each is ahead once",
        ("LoRA", FULL),
        lambda m: won(of(m, task="object detection")) == lost(of(m, task="object detection")) == 1,
    ),
    (
        "all wins of the prompts but one are on the supervised ViT-B/16",
        (FULL, "VPT-deep"),
        prompts_win_on_one_backbone,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "pair", "holds"), CLAIMS, ids=[words[:40] for words, *_ in CLAIMS])
def test_what_the_chapter_says_of_two_methods_holds_in_the_tables(words, pair, holds):
    if words not in (ROOT / "book" / "results.md").read_text(encoding="utf-8"):
        pytest.skip("The sentence has been rewritten: remove it here.")
    assert holds(meetings(*pair)), f"The tables do not say “{words}”."
